"""`chart-py rollback`: go back to an earlier revision."""

from __future__ import annotations

from functools import partial

import click

from chart_py.cli.acting import yes_option
from chart_py.cli.cluster import Where, cluster_options, lock_option, opened, timeout_option


@click.command()
@click.argument("revision", type=click.IntRange(min=1), required=False)
@cluster_options
@yes_option
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until all is ready.")
@timeout_option
@lock_option
@click.option(
    "--allow-replace",
    is_flag=True,
    help="Delete and recreate what cannot be changed in place, but never volume claims.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
def rollback(
    revision: int | None,
    where: Where,
    yes: bool,
    wait: bool,
    timeout: float,
    patience: float,
    allow_replace: bool,
    dry_run: bool,
) -> int:
    """Go back to REVISION, or to the last good one before this; it becomes a new revision.

    \b
    Examples:
      chart-py rollback
      chart-py rollback 3 --yes
    """
    from chart_py.cli.acting import Manner, act, agreed
    from chart_py.cli.progress import watched
    from chart_py.engine.hub import plan_rollback
    from chart_py.engine.prepared import Options

    options = Options(wait, timeout)
    with watched() as watcher:
        hub = opened(where, watcher)
        planned = partial(plan_rollback, hub, revision, allow_replace=allow_replace)
        manner = Manner(dry_run, where.verbose, patience)
        done = act(hub, planned, options, partial(agreed, hub, yes=yes), manner)
    if done.wrote:
        click.echo(f"{hub.release} in {hub.namespace}: revision {done.prepared.plan.revision} is deployed.")
    return 1 if dry_run and not done.prepared.plan.is_empty else 0
