"""`chart-py rehearse`: the hub starts and every server spawns, before anything is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chart_py.cli import suggestions
from chart_py.cli.options import LEVEL_COLOURS, release_options, say, values_options
from chart_py.cli.screen import tell
from chart_py.cli.sources import Given, chosen
from chart_py.errors import FileError, ValuesError
from chart_py.finding import Finding, Level

if TYPE_CHECKING:
    from chart_py.rehearsal.rehearse import Rehearsed
    from chart_py.rehearsal.result import Rehearsal


@click.command()
@values_options
@release_options
@click.option("--user", "users", multiple=True, metavar="NAME", help="Who starts a server; four usual users otherwise.")
@click.option("--profile", metavar="NAME", help="Only this profile, by its slug or display name.")
@click.option(
    "--with",
    "packages",
    multiple=True,
    metavar="PACKAGE",
    help="A package that your hub's image has beside those of the chart's image.",
)
@click.option(
    "--nodes",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="On which nodes every profile has to fit: kubectl get nodes -o json, or a list of machine types.",
)
@click.option(
    "--pod-security",
    "pod_security",
    type=click.Choice(["baseline", "restricted"]),
    help="The level of the namespace: tell which pods it refuses.",
)
@click.option("--hub-python", "python", metavar="PATH", help="A Python that has the hub's packages.")
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="CODE",
    shell_complete=suggestions.code,
    help="Silence findings with this code.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, for code scanning, or as GitHub's annotations.",
)
def rehearse(
    given: Given,
    release: str,
    namespace: str,
    users: tuple[str, ...],
    profile: str | None,
    packages: tuple[str, ...],
    nodes: str | None,
    pod_security: str | None,
    python: str | None,
    strict: bool,
    ignored: tuple[str, ...],
    output: str,
) -> int:
    """Start the hub and every user's server without a cluster.

    The JupyterHub and the KubeSpawner of the chart's image load the rendered configuration, hub.extraConfig included,
    in a process of its own: without your environment, network, home or cluster, for at most 60 seconds. Each failure is
    reported at the line that causes it. The exit code is 0 without errors, 1 with some, and 2 where the values cannot
    be used at all.

    \b
    Examples:
      chart-py rehearse -f config.yaml
      chart-py rehearse -f config.yaml --user ada --profile gpu
      chart-py rehearse -f config.yaml --with jupyterhub-campus-login
      chart-py rehearse -f config.yaml --nodes nodes.yaml --pod-security baseline
    """
    from chart_py.checks.codes import check_names
    from chart_py.rehearsal.nodes import read_nodes

    check_names(ignored)
    given = chosen(given)
    told = {"release": release, "ignored": ignored, "strict": strict}
    asked: dict[str, Any] = {"namespace": namespace, "users": users, "profile": profile}
    asked |= {"nodes": read_nodes(nodes) if nodes else (), "pod_security": pod_security or ""}
    try:
        result = _rehearsed(given, packages, python, told, asked)
    except ValuesError as error:
        return _refused(error.findings, output)
    except FileError as error:
        if output == "text":
            raise
        advice = (error.advice,) if error.advice else ()
        return _refused((Finding(Level.ERROR, "unreadable", (), error.reason, error.place, advice),), output)
    return _printed(result, output)


def _rehearsed(
    given: Given, packages: tuple[str, ...], python: str | None, told: dict[str, Any], asked: dict[str, Any]
) -> Rehearsed:
    """The rehearsal of the values that the options name; its Python loads JupyterHub while they are read."""
    from chart_py.checks.loading import load
    from chart_py.context import Context
    from chart_py.editions import edition
    from chart_py.rehearsal.rehearse import rehearse as rehearse_loaded
    from chart_py.rehearsal.software import software
    from chart_py.rehearsal.worker import Worker

    found = software(edition(given.version).chart, more=packages, python=python, say=_progress)
    with Worker(found.python) as worker:
        loaded = load(
            given.files,
            settings=given.settings,
            file_settings=given.file_settings,
            chart_version=given.version,
            at=given.at,
            **told,
        )
        context = Context(release=told.pop("release"), namespace=asked.pop("namespace"))
        result = rehearse_loaded(loaded, worker, context=context, **asked, **told)
    if found.note:
        tell(f"note: {found.note}", err=True)
    return result


def _progress(line: str) -> None:
    """What the installation of packages is at: a line for each part of it, on a terminal one that is written over."""
    import sys

    if not line.startswith("\r"):
        tell(line, err=True)
    elif sys.stderr.isatty():
        click.echo(f"{line:<60}\r", err=True, nl=False)


def _refused(findings: tuple[Finding, ...], output: str) -> int:
    """Print why the values cannot be used."""
    from chart_py.checks.everything import Result
    from chart_py.cli.validate import printed

    printed(Result(findings, refused=True), output)
    return 2


def _printed(result: Rehearsed, output: str) -> int:
    """Print findings: for people to standard error, for programs to standard output."""
    from chart_py import __version__
    from chart_py.checks.everything import Result
    from chart_py.views import findings as report
    from chart_py.views.rehearsal import fits_text, rehearsal_json, rehearsal_summary

    findings, rehearsal = result.findings, result.rehearsal
    if output == "text":
        say(findings)
        click.echo(fits_text(result.fits), nl=False)
        worst = next((level for level in Level if any(f.level is level for f in findings)), None)
        colour = LEVEL_COLOURS[worst] if worst else "green"
        tell(rehearsal_summary(rehearsal, findings), err=True, colour=colour)
        _not_walled(rehearsal)
    elif output == "json":
        click.echo(rehearsal_json(rehearsal, findings, result.fits), nl=False)
    elif output == "sarif":
        click.echo(report.to_sarif(Result(findings), __version__), nl=False)
    else:
        click.echo(report.to_github(Result(findings)), nl=False)
    return 1 if any(finding.level is Level.ERROR for finding in findings) else 0


def _not_walled(rehearsal: Rehearsal) -> None:
    """Say from what the configuration's Python could not be kept on this system."""
    walls = rehearsal.walls
    open_to = [name for name, kept in (("the network", walls.network), ("your files", walls.files)) if not kept]
    if open_to:
        kept = f"this system cannot keep the hub's Python from {' and '.join(open_to)}"
        tell(f"note: {kept} (docs/rehearse.md)", err=True)
