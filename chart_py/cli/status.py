"""`chart-py status`: how a release is now."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from chart_py.cli.cluster import Where, cluster_options, opened, output_option
from chart_py.cli.screen import tell, to_the_second
from chart_py.secrecy import HIDDEN

if TYPE_CHECKING:
    from chart_py.engine.status import Drift, ReleaseState


@click.command()
@cluster_options
@output_option
def status(
    where: Where,
    output: str,
) -> int:
    """Show a release's objects, whether they are ready, where the hub is reached, and what others have changed.

    Exit code 1 where something is not ready or not as it was applied.

    \b
    Examples:
      chart-py status
      chart-py status --namespace jhub --output json
    """
    from chart_py.engine.hub import status as read

    state = read(opened(where))
    if output == "json":
        click.echo(json.dumps(_data(state), indent=2, ensure_ascii=False))
    else:
        _print(state)
    return 0 if state.is_ready and not state.drifts and state.word == "deployed" else 1


def _print(state: ReleaseState) -> None:
    record = state.record
    tell(f"{record.name} in {record.namespace}: revision {record.version}, {state.word} ({record.description})")
    click.echo(f"{record.chart_name}, {to_the_second(record.last_deployed)}")
    for address in state.addresses:
        click.echo(f"The hub: {address}")
    click.echo("")
    for each in state.objects:
        click.echo(f"{'ready' if each.state.is_ready else 'WAITS':<6} {each.about}" + _tail(each.state.waits_for))
        for cause in each.causes:
            tell(f"       {cause.text}")
    if state.drifts:
        click.echo("\nNot as it was applied:")
        for drift in state.drifts:
            tell(f"  {drift.about} {drift.field}: {_change(drift)}{_who(drift)}")
    for note in state.notes:
        tell(f"note: {note}")


def _tail(waits_for: str) -> str:
    return f" waits for {waits_for}" if waits_for else ""


def _change(drift: Drift) -> str:
    if drift.applied == drift.live == HIDDEN:
        return f"changed {HIDDEN}"
    return f"{_short(drift.applied)} is now {_short(drift.live)}"


def _short(value: Any) -> str:
    text = "(missing)" if value is None else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:59] + "…"


def _who(drift: Drift) -> str:
    return f", by {drift.manager} at {drift.time}" if drift.manager else ""


def _data(state: ReleaseState) -> dict[str, Any]:
    record = state.record
    return {
        "name": record.name,
        "namespace": record.namespace,
        "revision": record.version,
        "status": state.word,
        "description": record.description,
        "chart": record.chart_name,
        "updated": record.last_deployed,
        "ready": state.is_ready,
        "addresses": list(state.addresses),
        "objects": [
            {
                "object": each.about,
                "ready": each.state.is_ready,
                "waitsFor": each.state.waits_for,
                "causes": [cause.text for cause in each.causes],
            }
            for each in state.objects
        ],
        "drift": [asdict(drift) for drift in state.drifts],
        "notes": list(state.notes),
    }
