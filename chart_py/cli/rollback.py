"""`chart-py rollback`: go back to an earlier revision."""

from __future__ import annotations

import click

from chart_py.cli.acting import yes_option
from chart_py.cli.cluster import Where, cluster_options, opened, seconds


@click.command()
@click.argument("revision", type=click.IntRange(min=1), required=False)
@cluster_options
@yes_option
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until all is ready.")
@click.option("--timeout", default="10m", show_default=True, metavar="TIME", help="How long to wait: 90s, 10m, 1h.")
@click.option("--allow-replace", is_flag=True, help="Delete and create again what cannot be changed. Never claims.")
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
def rollback(
    revision: int | None,
    where: Where,
    yes: bool,
    wait: bool,
    timeout: str,
    allow_replace: bool,
    dry_run: bool,
) -> int:
    """Go back to REVISION, or to the last good one before this; it becomes a new revision.

    \b
    Examples:
      chart-py rollback
      chart-py rollback 3 --yes
    """
    from chart_py.cli.acting import act, agreed
    from chart_py.cli.progress import watched
    from chart_py.engine.hub import plan_rollback
    from chart_py.engine.prepared import Options

    options = Options(wait, seconds(timeout))
    with watched() as watcher:
        hub = opened(where, watcher)
        prepared = plan_rollback(hub, revision, allow_replace=allow_replace)
        wrote = act(
            hub,
            prepared,
            options,
            lambda: agreed(hub, prepared.plan, yes=yes),
            dry_run=dry_run,
            verbose=where.verbose,
        )
    if wrote:
        click.echo(f"{hub.release} in {hub.namespace}: revision {prepared.plan.revision} is deployed.")
    return 1 if wrote is None and not prepared.plan.is_empty else 0
