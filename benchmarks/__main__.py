"""`python -m benchmarks`: measure, and print the tables of docs/performance.md."""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import apply, configurations, helm_template, measures
from benchmarks.rows import Row, markdown, milliseconds, table
from tests.control_plane.binaries import advice, missing


def rows(folder: Path, turns: int, chart: Path | None) -> Iterator[Row]:
    """All measurements, the slow ones with fewer turns."""
    files = {"small": configurations.small(), "large": configurations.large(folder)}
    for name, config in files.items():
        yield from measures.cold(name, config, folder, turns)
    if not missing(helm_template.NEEDED):
        yield helm_template.row(files["small"], folder, turns, chart)
    for name, config in files.items():
        yield measures.warm(name, config, turns)
    yield measures.building(turns)
    yield measures.reaching(files["large"], turns)
    yield measures.by_profiles(folder, turns)
    yield from measures.by_configurations(folder, max(turns // 10, 3))


def main() -> int:
    """Print the table of ratios, then where the time of a cold render goes, then apply beside Helm."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description="Measure chart_py against its floors.")
    parser.add_argument("--turns", type=int, default=30, metavar="N", help="how often each pair is measured (30)")
    parser.add_argument("--chart", type=Path, metavar="FILE", help="the packaged chart for `helm template` (none)")
    arguments = parser.parse_args()
    turns = max(arguments.turns, 3)
    processor = f"{os.cpu_count()} processors, {platform.system()} {platform.machine()}"
    print(f"Python {platform.python_version()}, {processor}, medians of {turns} turns\n", flush=True)
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        found = []
        for row in rows(folder, turns, arguments.chart):
            found.append(row)
            if sys.stderr.isatty():
                print(f"\r\033[K{row.what}: {row.ratio}", end="", file=sys.stderr, flush=True)
        if sys.stderr.isatty():
            print("\r\033[K", end="", file=sys.stderr)
        print(table(found))
        spent = measures.spent(configurations.small(), 5)
    total = sum(cost for _, cost in spent)
    parts = [(what, milliseconds(cost), f"{cost / total:.0%}") for what, cost in spent]
    print(markdown(("a cold render, small", "time", "share"), parts))
    lacking = missing(apply.NEEDED)
    print(f"apply: {advice(lacking)}\n" if lacking else table(apply.rows(max(turns // 3, 3))), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
