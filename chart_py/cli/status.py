"""`chart-py status`: how a release is now."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from chart_py.cli.cluster import Where, cluster_options, opened, output_option
from chart_py.cli.screen import tell, to_the_second
from chart_py.health.causes import told
from chart_py.secrecy import HIDDEN

if TYPE_CHECKING:
    from chart_py.engine.entrance import Entrances
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
    from chart_py.engine.dns import resolve
    from chart_py.engine.entrance import with_dns
    from chart_py.engine.hub import status as read

    state = read(opened(where))
    found = with_dns(state.entrances, resolve)
    if output == "json":
        click.echo(json.dumps(_data(state, found), indent=2, ensure_ascii=False))
    else:
        _print(state, found, where)
    return 0 if state.is_ready and not state.drifts and state.word == "deployed" else 1


def _print(state: ReleaseState, found: Entrances, where: Where) -> None:
    from chart_py.cli.entrance_view import print_entrances

    record = state.record
    is_well = state.word == "deployed" and state.is_ready
    head = f"{record.name} in {record.namespace}: revision {record.version}, {state.word} ({record.description})"
    tell(head, colour="green" if is_well else "yellow" if state.word == "deployed" else "red")
    click.echo(f"{record.chart_name}, {to_the_second(record.last_deployed)}")
    print_entrances(found, where)
    click.echo("")
    _print_objects(state)
    if state.drifts:
        tell("\nNot as it was applied:", colour="yellow")
        for drift in state.drifts:
            tell(f"  {drift.about} {drift.field}: {_change(drift)}{_who(drift)}")
    for note in state.notes:
        tell(f"note: {note}", colour="cyan", upto=5)


def _print_objects(state: ReleaseState) -> None:
    """Each object in a line; below one that waits, why. A cause that several have in common is said once."""
    said: dict[tuple[str, str], str] = {}
    for each in state.objects:
        mark, colour = ("ready", "green") if each.state.is_ready else ("WAITS", "yellow")
        tell(f"{mark:<6} {each.about}{_tail(each.state.waits_for)}", colour=colour, upto=5)
        new = [cause for cause in each.causes if cause.key not in said]
        known = {said[cause.key] for cause in each.causes if cause.key in said}
        said |= {cause.key: each.about for cause in new}
        for line in told(new):
            tell("\n".join(f"       {part}" for part in line.split("\n")), colour="yellow")
        if known:
            tell(f"       for the same reason as {' and '.join(sorted(known))}")


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


def _data(state: ReleaseState, found: Entrances) -> dict[str, Any]:
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
        "addresses": list(found.urls),
        "entrances": [
            {"url": each.url, "way": each.way.value, "target": list(each.target), "dns": each.dns and list(each.dns)}
            for each in found.ways
        ],
        "portForward": found.forward and asdict(found.forward),
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
