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
from chart_py.errors import FileError, UsageError
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
    "--since",
    "reference",
    metavar="COMMIT",
    help="Compare with what the configurations render at a commit, branch or tag; golden files are not looked at.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "markdown", "github"]),
    default="text",
    show_default=True,
    help="For people or programs; with --since for a pull request or GitHub's annotations, too.",
)
@release_options
def golden(
    names: tuple[str, ...],
    update: bool,
    values_dir: str,
    golden_dir: str,
    chart_version: str,
    reference: str | None,
    output: str,
    release: str,
    namespace: str,
) -> int:
    """Compare what configurations render with the golden files beside them, and show what changed.

    Exit code 1 where any differs, is missing, or is left over. Secrets that no configuration sets are masked. With
    --since both states of the repository are rendered; what several hubs share is shown once.

    \b
    Examples:
      chart-py golden
      chart-py golden minimal https-letsencrypt --update
      chart-py golden --values hubs/ --golden hubs/golden/
      chart-py golden --values hubs/ --since origin/main --output markdown
    """
    if update and os.environ.get("CI", "").lower() not in ("", "0", "false"):
        raise UsageError("--update is refused in CI: golden files are written by a person who reads what changed")
    check_names(release, namespace)
    context = Context(release=release, namespace=namespace)
    if reference is not None:
        if update:
            raise UsageError("--since compares two states and writes nothing; leave out --update")
        return _since(reference, Path(values_dir), names, context, chart_version, output)
    if output in ("markdown", "github"):
        raise UsageError(f"--output {output} is for --since COMMIT")
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


def _since(
    reference: str, folder: Path, names: tuple[str, ...], context: Context, chart_version: str, output: str
) -> int:
    """Print which configurations render otherwise than at a commit; 1 where any does."""
    from chart_py.fleet.files import AtCommit, OnDisk
    from chart_py.fleet.since import Outcome as Became
    from chart_py.fleet.since import Question, compare
    from chart_py.views import since

    if not folder.is_dir():
        raise FileError(str(folder), "no such folder", "--values names the folder with the configurations.")
    asked = Question(AtCommit(folder, reference), OnDisk(folder), context, chart_version, str(folder))
    found = compare(asked, names)
    if missing := [name for name in names if name not in {each.name for each in found}]:
        raise UsageError(f"{folder} has no {missing[0]}.yaml, now or at {reference}")
    if output == "json":
        click.echo(json.dumps(since.since_data(found), indent=2, ensure_ascii=False))
    elif output == "markdown":
        click.echo(since.since_markdown(found), nl=False)
    else:
        click.echo("\n".join(since.since_github(found) if output == "github" else since.since_lines(found)))
    return 0 if all(each.outcome is Became.SAME for each in found) else 1


def _print(found: list[Golden]) -> None:
    width = max(len(g.name) for g in found)
    for one in found:
        click.echo(f"{one.outcome.value:<8} {one.name:<{width}}".rstrip())
        for line in one.lines if one.outcome is not Outcome.SAME else ():
            click.echo(f"    {line}")
    count = {outcome: sum(g.outcome is outcome for g in found) for outcome in Outcome}
    click.echo(", ".join(f"{n} {outcome.value}" for outcome, n in count.items() if n))
