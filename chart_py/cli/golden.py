"""`chart-py golden`: did any hub's manifests change?"""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from chart_py.cli import suggestions
from chart_py.cli.options import release_options
from chart_py.context import Context, check_names
from chart_py.editions import TODAY
from chart_py.errors import UsageError
from chart_py.golden import Golden, Outcome, jobs, run

FINE = (Outcome.SAME, Outcome.WRITTEN)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--update", is_flag=True, help="Write the golden files again. Refused in CI.")
@click.option(
    "--values",
    "values_dir",
    default="values",
    show_default=True,
    metavar="DIR",
    shell_complete=suggestions.folder,
    help="The configurations, one file each.",
)
@click.option(
    "--golden",
    "golden_dir",
    default="tests/golden",
    show_default=True,
    metavar="DIR",
    shell_complete=suggestions.folder,
    help="What each of them renders.",
)
@click.option(
    "--chart-version",
    default=TODAY,
    show_default=True,
    metavar="VERSION",
    shell_complete=suggestions.chart_version,
    help="Whose defaults to start from.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="How to list what was found.",
)
@release_options
def golden(
    names: tuple[str, ...],
    update: bool,
    values_dir: str,
    golden_dir: str,
    chart_version: str,
    output: str,
    release: str,
    namespace: str,
) -> int:
    """Compare what configurations render with the files kept of it, and say what changed.

    Exit code 1 where any differs, is missing, or is left over. Secrets that no configuration sets are masked.

    \b
    Examples:
      chart-py golden
      chart-py golden minimal https-letsencrypt --update
      chart-py golden --values hubs/ --golden hubs/golden/
    """
    if update and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise UsageError("--update is refused in CI: golden files are written by a person who reads what changed")
    check_names(release, namespace)
    context = Context(release=release, namespace=namespace)
    work, found = jobs(
        Path(values_dir), Path(golden_dir), names, context=context, chart_version=chart_version, update=update
    )
    found = run(work) + found
    if output == "json":
        click.echo(
            json.dumps([{"name": g.name, "outcome": g.outcome.value, "lines": g.lines} for g in found], indent=2)
        )
    else:
        _print(found)
    return 0 if all(g.outcome in FINE for g in found) else 1


def _print(found: list[Golden]) -> None:
    width = max(len(g.name) for g in found)
    for one in found:
        click.echo(f"{one.outcome.value:<8} {one.name:<{width}}".rstrip())
        for line in one.lines if one.outcome is not Outcome.SAME else ():
            click.echo(f"    {line}")
    count = {outcome: sum(g.outcome is outcome for g in found) for outcome in Outcome}
    click.echo(", ".join(f"{n} {outcome.value}" for outcome, n in count.items() if n))
