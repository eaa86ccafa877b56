"""Owns how a plan is acted upon, the same for every verb that writes: it is shown, asked about, and executed."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from chart_py.errors import UsageError

if TYPE_CHECKING:
    from chart_py.changes.dangers import Danger
    from chart_py.engine.opening import Hub
    from chart_py.engine.prepared import Options, Prepared

_ASKED = {
    "install": "Install release {release} in namespace {namespace}",
    "upgrade": "Upgrade release {release} in namespace {namespace}",
    "rollback": "Roll back release {release} in namespace {namespace}",
    "uninstall": "Uninstall release {release} from namespace {namespace}",
}

yes_option = click.option("-y", "--yes", is_flag=True, help="Do not ask for confirmation. Required in scripts and CI.")
"""`--yes`, which every verb that writes to a cluster has."""


@dataclass(frozen=True)
class Manner:
    """How a plan is acted upon: only shown, how much is shown, how long another run on the release is waited for."""

    dry_run: bool = False
    verbose: int = 0
    patience: float = 0.0


@dataclass(frozen=True)
class Acted:
    """What came of it: the last plan that was made, and whether it was executed."""

    prepared: Prepared
    wrote: bool


def act(
    hub: Hub, planned: Callable[[], Prepared], options: Options, agrees: Callable[[Prepared], bool], manner: Manner
) -> Acted:
    """Make a plan, show it, ask, and execute it; where another run comes first and there is patience, do so again."""
    from chart_py.engine.errors import LockedError, MovedOnError
    from chart_py.engine.hub import execute, wait_until_free

    end = hub.world.clock() + manner.patience
    while True:
        with _nothing_written():
            if manner.patience and not manner.dry_run:
                wait_until_free(hub, end - hub.world.clock())
            prepared = planned()
            may = _may(prepared, agrees, manner)
        if not may and not (prepared.plan.is_empty and not manner.dry_run):
            return Acted(prepared, False)
        try:
            execute(hub, prepared, options)
        except (LockedError, MovedOnError) as error:
            if hub.world.clock() >= end:
                raise
            hub.world.observer.note(f"{error.message}; making a new plan")
            continue
        if not may:
            click.echo(f"No changes; revision {prepared.plan.base} stays deployed.")
        return Acted(prepared, may)


def _may(prepared: Prepared, agrees: Callable[[Prepared], bool], manner: Manner) -> bool:
    """Show a plan; whether there is something to do and somebody agrees to it."""
    from chart_py.cli.plan_view import print_plan

    print_plan(prepared.plan, verbose=manner.verbose)
    if manner.dry_run or prepared.plan.is_empty:
        return False
    if agrees(prepared):
        return True
    click.echo("Nothing was written.")
    return False


@contextlib.contextmanager
def _nothing_written() -> Iterator[None]:
    """Whoever interrupts here is told that nothing was written."""
    from chart_py.engine.aftermath import NOTHING_WRITTEN
    from chart_py.engine.errors import Interrupted

    try:
        yield
    except (KeyboardInterrupt, click.Abort):
        raise Interrupted(NOTHING_WRITTEN) from None


def agreed(hub: Hub, prepared: Prepared, *, yes: bool, instead: str = "") -> bool:
    """Whether a plan may be executed; as `agreed_to` asks."""
    from chart_py.changes.dangers import dangers

    plan = prepared.plan
    what = _ASKED[plan.aim.value].format(release=plan.release, namespace=plan.namespace)
    return agreed_to(hub, what, yes=yes, instead=instead, dangers=dangers(plan))


def agreed_to(hub: Hub, what: str, *, yes: bool, instead: str = "", dangers: Sequence[Danger] = ()) -> bool:
    """Whether somebody agrees to what is about to be written, said as `what`: by `--yes`, or asked on a terminal.

    Raises UsageError elsewhere: silence is no consent. `instead` is another way to give it. `dangers` are said again
    right before the question: the plan above it may be long.
    """
    if yes:
        return True
    from chart_py.cli.plan_view import print_dangers

    if not can_be_asked():
        raise UsageError(
            "nothing was written: consent cannot be asked for here, as this is not a terminal\n"
            f"   Add --yes to agree in advance{instead and f', or {instead}'}."
        )
    print_dangers(dangers, err=True)
    return click.confirm(f"{what}\n   on {named(hub)}?", default=False, err=True)


def can_be_asked() -> bool:
    """Whether there is somebody who sees a question and can answer it."""
    return sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()


def named(hub: Hub) -> str:
    """The cluster as a person knows it: its context and its server."""
    if hub.context:
        return f"cluster {hub.context} ({hub.server})"
    return f"this pod's cluster ({hub.server})" if hub.server else "this cluster"
