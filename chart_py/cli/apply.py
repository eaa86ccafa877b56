"""`chart-py apply`: install or upgrade a hub."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import click

from chart_py.cli import suggestions
from chart_py.cli.acting import yes_option
from chart_py.cli.cluster import (
    Where,
    cluster_options,
    loaded_for,
    lock_option,
    opened_ahead,
    opened_for,
    timeout_option,
)
from chart_py.cli.options import values_options
from chart_py.cli.sources import Given, chosen
from chart_py.errors import UsageError

if TYPE_CHECKING:
    from chart_py.engine.opening import Hub
    from chart_py.engine.prepared import Prepared
    from chart_py.engine.progress import Observer


_INSTEAD = "run `diff --save FILE`, then `apply --plan FILE`"


@click.command()
@values_options
@cluster_options
@yes_option
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until all is ready.")
@timeout_option
@lock_option
@click.option(
    "--pull",
    type=click.Choice(["wait", "best-effort", "off"]),
    default="wait",
    show_default=True,
    help="Pull images before the hub changes: wait for them, try to, or do not.",
)
@click.option("--rollback-on-failure", is_flag=True, help="Go back to the last good revision if this one fails.")
@click.option("--create-namespace", is_flag=True, help="Create the namespace if it is missing.")
@click.option("--adopt", is_flag=True, help="Take over objects of these names that belong to no release.")
@click.option(
    "--allow-replace",
    is_flag=True,
    help="Delete and recreate what cannot be changed in place, but never volume claims.",
)
@click.option(
    "--plan",
    "plan_file",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Run the plan that `diff --save FILE` has made.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and stop: the same as `diff`.")
def apply(
    given: Given,
    where: Where,
    yes: bool,
    wait: bool,
    timeout: float,
    patience: float,
    pull: str,
    rollback_on_failure: bool,
    create_namespace: bool,
    adopt: bool,
    allow_replace: bool,
    plan_file: str | None,
    dry_run: bool,
) -> int:
    """Install or upgrade a hub: plan, show the plan, ask, run it, and wait until the hub is ready.

    If nothing differs, nothing is written. Exit code 3 if the cluster refuses, 4 if the hub does not become ready.

    \b
    Examples:
      chart-py apply -f config.yaml
      chart-py apply -f config.yaml --namespace jhub --create-namespace --yes
      chart-py diff -f config.yaml --save plan.json && chart-py apply --plan plan.json
    """
    from chart_py.cli.acting import Manner, act, agreed, can_be_asked
    from chart_py.cli.progress import watched
    from chart_py.engine.prepared import Options
    from chart_py.engine.pulling import Pull

    options = Options(wait, timeout, Pull(pull), rollback_on_failure)
    choices = {"adopt": adopt, "allow_replace": allow_replace, "create_namespace": create_namespace or dry_run}
    with watched() as watcher:
        if plan_file:
            need_as_it_is(given, adopt or allow_replace)
            hub, planned = _saved(plan_file, where, watcher)
        else:
            hub, planned = _planned(given, where, watcher, choices, reads_ahead=not patience)
        # Who runs a plan that was kept has seen it; on a terminal there is a question all the same.
        yes = yes or bool(plan_file and not can_be_asked())
        agrees = partial(agreed, hub, yes=yes, instead=_INSTEAD)
        done = act(hub, planned, options, agrees, Manner(dry_run, where.verbose, patience))
    if done.wrote:
        click.echo(f"{hub.release} in {hub.namespace}: revision {done.prepared.plan.revision} is deployed.")
        _say_entrances(hub, done.prepared, where)
    return 1 if dry_run and not done.prepared.plan.is_empty else 0


def need_as_it_is(given: Given, changed: bool) -> None:
    """Raise UsageError where a plan that was kept is to be run with something else than what it was made of."""
    if changed or not given.says_nothing:
        raise UsageError(
            "--plan FILE runs a plan as it is; leave out -f, --set, --set-file, --defaults, --adopt and --allow-replace"
        )


Planned = Callable[[], "Prepared"]
"""Makes the plan, again whenever it is called."""


def _planned(
    given: Given, where: Where, watcher: Observer, choices: dict[str, bool], *, reads_ahead: bool
) -> tuple[Hub, Planned]:
    from chart_py.engine.hub import plan

    given = chosen(given)
    ahead = opened_ahead(where, watcher)
    values = loaded_for(given, ahead)
    hub, standing = ahead()
    read = [standing] if reads_ahead else []
    return hub, lambda: plan(hub, values, **choices, standing=read.pop() if read else None)


def _saved(plan_file: str, where: Where, watcher: Observer) -> tuple[Hub, Planned]:
    from chart_py.engine.hub import saved_plan
    from chart_py.engine.saved import load_plan

    kept = load_plan(plan_file)[0]
    hub = opened_for(where, where.release or kept.name, where.namespace or kept.namespace, watcher)
    return hub, lambda: saved_plan(hub, plan_file)


def _say_entrances(hub: Hub, prepared: Prepared, where: Where) -> None:
    """Say where people log in, as far as that is known."""
    from chart_py.cli.entrance_view import print_entrances
    from chart_py.engine.dns import resolve
    from chart_py.engine.entrance import read_entrances, with_dns

    wanted = [each.wanted for each in prepared.plan.changes if each.wanted]
    print_entrances(with_dns(read_entrances(hub.world.cluster, wanted, prepared.record.config), resolve), where)
