"""`chart-py upgrade`: what another chart version would do to a configuration or a release."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from chart_py.cli import suggestions
from chart_py.cli.cluster import Where, cluster_options, opened
from chart_py.cli.options import sources_options
from chart_py.cli.screen import tell, wants_colour
from chart_py.cli.sources import Given, chosen
from chart_py.editions import TODAY

if TYPE_CHECKING:
    from chart_py.editions.change import Severity
    from chart_py.values.layer import Layer


@click.command()
@sources_options
@cluster_options
@click.option(
    "--from",
    "older",
    metavar="VERSION",
    shell_complete=suggestions.chart_version,
    help="The chart version that the configuration is for. Not given: the release's own.",
)
@click.option(
    "--to",
    "newer",
    default=TODAY,
    show_default=True,
    metavar="VERSION",
    shell_complete=suggestions.chart_version,
    help="The chart version to go to.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for a pull request.",
)
def upgrade(given: Given, where: Where, older: str | None, newer: str, output: str) -> None:
    """Explain what another chart version changes. Nothing is applied: `apply` upgrades.

    Lists the changes that affect this configuration or every hub, most serious first, with what to do beforehand;
    then, in one line, those that do not. Without --from it is about the release in the cluster: its chart version,
    and its own values where no file is given.

    \b
    Examples:
      chart-py upgrade --from 3.3.8 -f config.yaml
      chart-py upgrade --from 3.3.8 --to 4.0.0 -f config.yaml
      chart-py upgrade
      chart-py upgrade --from 2.0.0 --output markdown > comment.md
    """
    from chart_py.engine.releases import DEFAULT
    from chart_py.upgrade.explanation import explain
    from chart_py.upgrade.reaching import reach_shifts
    from chart_py.views import upgrade as views

    if older is None:
        older, layers, release, namespace = _of_release(where, given)
    else:
        release = where.release or DEFAULT
        namespace = where.namespace or release
        layers = _layers(chosen(given, or_defaults=True))
    found = explain(layers, older, newer, release=release, namespace=namespace)
    shifts = reach_shifts(layers, older, newer, release=release, namespace=namespace)
    if output == "json":
        click.echo(json.dumps(views.upgrade_data(found, shifts), indent=2, ensure_ascii=False))
    elif output == "markdown":
        click.echo("\n".join(views.upgrade_markdown(found, shifts)))
    else:
        paint = _coloured if wants_colour(sys.stdout) else views.plain
        click.echo("\n".join(views.upgrade_lines(found, shifts, whole=where.verbose > 0, paint=paint)))


def _layers(given: Given) -> list[Layer]:
    from chart_py.values.load import read_layers

    return read_layers(given.files, settings=given.settings, file_settings=given.file_settings, at=given.at)


def _of_release(where: Where, given: Given) -> tuple[str, list[Layer], str, str]:
    """The chart version of a release, the values that are meant, and the release's names."""
    from chart_py.engine.hub import revision
    from chart_py.errors import ClusterError, ValuesError
    from chart_py.finding import Finding
    from chart_py.values.data_layer import from_data

    try:
        hub = opened(where)
        record = revision(hub)
    except ClusterError:
        tell("note: without --from it is about a release in a cluster; `apply` upgrades one", err=True)
        raise
    version = str((record.chart.get("metadata") or {}).get("version", ""))
    tell(f"note: {hub.release} in {hub.namespace} is at chart {version}, revision {record.version}", err=True)
    if not given.says_nothing:
        return version, _layers(chosen(given)), hub.release, hub.namespace
    refused: list[Finding] = []
    layer = from_data(record.config, f"revision {record.version}", refused.append)
    if refused:
        raise ValuesError(refused)
    return version, [layer], hub.release, hub.namespace


def _coloured(text: str, severity: Severity) -> str:
    colours = {1: "red", 2: "yellow", 3: "cyan", 4: "green"}
    return click.style(text, fg=colours[int(severity)], bold=True)
