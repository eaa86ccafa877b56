"""What is measured, each with its floor."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from benchmarks import configurations, processes
from benchmarks.pairs import Pair, clock, exponent, fastest, measured, pair_of, processor
from benchmarks.processes import Used
from benchmarks.rows import Row, milliseconds, timed
from chart_py import Context, golden, load_values, render, to_documents
from chart_py.reach.matrix import matrix
from chart_py.reach.release import release

PROFILES = (1, 3, 10, 30, 100, 300)
CONFIGURATIONS = (1, 4, 20, 100, 400)
Objects = list[dict[str, Any]]


def whole(config: Path, context: Context) -> str:
    """Load, render and write one configuration."""
    return to_documents(render(load_values([config]), context))


def written(objects: Objects) -> str:
    """The objects as text by libyaml's emitter: the floor of writing."""
    text: str = yaml.dump_all(objects, Dumper=yaml.CSafeDumper, sort_keys=False)
    return text


def rendered(config: Path) -> tuple[Context, Objects]:
    """A context for a configuration, and its objects."""
    loaded = load_values([config])
    context = configurations.steady(loaded)
    return context, render(loaded, context)


def cold(name: str, config: Path, folder: Path, turns: int) -> Iterator[Row]:
    """Whole processes: their time by the clock and by the processor, their memory and modules."""
    objects = folder / f"{name}.json"
    objects.write_text(json.dumps(rendered(config)[1]), encoding="utf-8")
    runs: dict[str, list[Used]] = {"ours": [], "floor": []}
    commands = {"ours": processes.render_command(config), "floor": processes.floor_command(config, objects)}

    def wall(which: str) -> float:
        runs[which].append(processes.used(commands[which]))
        return runs[which][-1].wall

    yield timed(f"cold start, {name}", pair_of(measured(partial(wall, "ours"), partial(wall, "floor"), turns)), "≤ 1.8")
    turn_by_turn = list(zip(runs["ours"], runs["floor"], strict=True))[1:]
    inside = pair_of([(mine.processor, below.processor) for mine, below in turn_by_turn])
    yield timed(f"cold start, {name}: processor", inside)
    ours, floor = processes.report(processes.RENDER, config), processes.report(processes.FLOOR, config, objects)
    for what, unit, due in (("memory", " MB", "≤ 60 MB"), ("modules", "", "")):
        mine, below = (f"{told[what]:.0f}{unit}" for told in (ours, floor))
        yield Row(f"{what}, {name}", mine, below, f"{ours[what] / floor[what]:.2f}", due)


def warm(name: str, config: Path, turns: int) -> Row:
    """Load, render and write in a process that has done so before, against libyaml writing the same objects."""
    context, objects = rendered(config)
    turned = measured(processor(partial(whole, config, context)), processor(partial(written, objects)), turns)
    return timed(f"load, render, write again, {name}", pair_of(turned), "≤ 2")


def building(turns: int) -> Row:
    """Making the objects of the defaults alone, against reading the same objects from JSON."""
    loaded = load_values()
    context = configurations.steady(loaded)
    text = json.dumps(render(loaded, context))

    def anew() -> None:
        # A context of its own for each turn, so that nothing is remembered from the last one.
        render(loaded, replace(context))

    turned = measured(processor(anew, 10), processor(partial(json.loads, text), 10), turns)
    return timed("build the objects of the defaults", pair_of(turned), "≤ 2 ms")


def reaching(config: Path, turns: int) -> Row:
    """Who can reach whom, the whole matrix of a large hub, against rendering it."""
    loaded = load_values([config])
    context = configurations.steady(loaded)
    manifests = render(loaded, context)

    def asked() -> None:
        matrix(release(manifests, context.namespace))

    turned = measured(processor(asked, 3), processor(lambda: render(loaded, replace(context)), 3), turns)
    return timed("who can reach whom, large", pair_of(turned), "≤ 100 ms")


def grown(what: str, sizes: Sequence[int], pairs: Sequence[Pair]) -> Row:
    """The row of measurements at several sizes: exponents, and both at the largest."""
    ours, floor = (exponent(sizes, [getattr(pair, side) for pair in pairs]) for side in ("thing", "floor"))
    last = pairs[-1]
    mine, below = (f"n^{p:.2f}, {milliseconds(cost)}" for p, cost in ((ours, last.thing), (floor, last.floor)))
    return Row(f"{what}, {sizes[0]} to {sizes[-1]}", mine, below, f"{last.ratio:.2f}", "n^1")


def by_profiles(folder: Path, turns: int) -> Row:
    """How the time of load, render, write grows with the profiles, and how that of writing does."""
    pairs = []
    for count in PROFILES:
        config = configurations.with_profiles(folder, count)
        context, objects = rendered(config)
        turned = measured(processor(partial(whole, config, context)), processor(partial(written, objects)), turns)
        pairs.append(fastest(turned))
    return grown("profiles", PROFILES, pairs)


def compared(work: Sequence[golden.Job]) -> None:
    """Compare all golden files in this process. Raises AssertionError where one is not the same."""
    for job in work:
        assert golden.compare(job).outcome is golden.Outcome.SAME


def by_configurations(folder: Path, turns: int) -> Iterator[Row]:
    """How the time of comparing golden files grows with the configurations, and the whole process with most of them."""
    _, objects = rendered(configurations.small())

    def write_all(count: int) -> None:
        for _ in range(count):
            written(objects)

    pairs = []
    for count in CONFIGURATIONS:
        hubs, kept = configurations.many(folder, count), folder / f"golden-{count}"
        command: list[str | Path] = [sys.executable, "-m", "chart_py", "golden", "--values", hubs, "--golden", kept]
        processes.used([*command, "--update"])
        work, _ = golden.jobs(hubs, kept, (), context=Context())
        compare_all = processor(partial(compared, work))
        pairs.append(fastest(measured(compare_all, processor(partial(write_all, count)), turns)))
        if count == CONFIGURATIONS[-1]:
            turned = measured(clock(partial(processes.used, command)), clock(partial(write_all, count)), turns)
            yield timed(f"`golden`, {count} configurations", pair_of(turned))
        shutil.rmtree(kept)
    yield grown("configurations", CONFIGURATIONS, pairs)


def spent(config: Path, turns: int) -> list[tuple[str, float]]:
    """Seconds of one cold render by what they go to: Python's own start, imports by package, then the work itself."""
    start = min(processes.used([sys.executable, "-c", "pass"]).wall for _ in range(turns))
    imports = min((processes.import_times(config) for _ in range(turns)), key=lambda times: sum(times.values()))
    work = min((processes.work_times(config) for _ in range(turns)), key=lambda times: sum(times.values()))
    shown = {name: cost for name, cost in imports.items() if cost >= 0.001}
    rest = sum(imports.values()) - sum(shown.values())
    return [
        ("Python's own start and end", start),
        *((f"importing {name}", cost) for name, cost in shown.items()),
        ("importing all others", rest),
        *work.items(),
    ]
