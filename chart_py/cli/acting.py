"""Owns how a plan is acted upon, the same for every verb that writes: it is shown, asked about, and executed."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import click

from chart_py.errors import UsageError

if TYPE_CHECKING:
    from chart_py.changes.dangers import Danger
    from chart_py.changes.plan import Plan
    from chart_py.engine.opening import Hub
    from chart_py.engine.prepared import Options, Prepared

_ASKED = {
    "install": "Install release {release} in namespace {namespace}",
    "upgrade": "Upgrade release {release} in namespace {namespace}",
    "rollback": "Roll back release {release} in namespace {namespace}",
    "uninstall": "Uninstall release {release} from namespace {namespace}",
}

yes_option = click.option(
    "-y", "--yes", is_flag=True, help="Do not ask. Needed where nobody can be asked: in scripts and CI."
)
"""`--yes`, which every verb that writes to a cluster has."""


def act(
    hub: Hub,
    prepared: Prepared,
    options: Options,
    agrees: Callable[[], bool],
    *,
    dry_run: bool = False,
    verbose: int = 0,
) -> bool | None:
    """Show a plan, ask, execute it: True where something was written, False where nothing differs or nobody agrees.

    With `dry_run` the plan is only shown, and the answer is None.
    """
    from chart_py.cli.plan_view import print_plan
    from chart_py.engine.hub import execute

    plan = prepared.plan
    print_plan(plan, verbose=verbose)
    if dry_run:
        return None
    if plan.is_empty:
        execute(hub, prepared, options)
        click.echo(f"No changes; revision {plan.base} stays deployed.")
        return False
    if not agrees():
        click.echo("Nothing was written.")
        return False
    execute(hub, prepared, options)
    return True


def agreed(hub: Hub, plan: Plan, *, yes: bool, instead: str = "") -> bool:
    """Whether a plan may be executed; as `agreed_to` asks."""
    from chart_py.changes.dangers import dangers

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
            "nothing was written: nobody can be asked for consent here, as this is not a terminal\n"
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
