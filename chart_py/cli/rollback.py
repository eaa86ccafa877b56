"""`chart-py rollback`: go back to an earlier revision."""

from __future__ import annotations

import click

from chart_py.cli.cluster import Where, cluster_options, confirmed, opened, seconds


@click.command()
@click.argument("revision", type=click.IntRange(min=1), required=False)
@cluster_options
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until all is ready.")
@click.option("--timeout", default="10m", show_default=True, metavar="TIME", help="How long to wait: 90s, 10m, 1h.")
@click.option("--allow-replace", is_flag=True, help="Delete and make anew what cannot be changed. Never claims.")
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
    from chart_py.cli.plan_view import print_plan
    from chart_py.cli.progress import observer
    from chart_py.engine.execute import execute
    from chart_py.engine.prepared import Options
    from chart_py.engine.rollback import plan_rollback

    options = Options(wait, seconds(timeout))
    watcher = observer()
    session = opened(where, watcher)
    prepared = plan_rollback(session.world, session.standing(), revision, allow_replace=allow_replace)
    print_plan(prepared.plan, verbose=where.verbose)
    if dry_run:
        return 0 if prepared.plan.is_empty else 1
    if prepared.plan.is_empty:
        click.echo(f"{session.release} is as that revision was: nothing was written.")
        return 0
    if not confirmed(f"Do this to {session.release} in {session.namespace}?", yes):
        click.echo("Nothing was written.")
        return 0
    try:
        execute(session.world, prepared, options)
    finally:
        getattr(watcher, "close", lambda: None)()
    click.echo(f"{session.release} in {session.namespace}: revision {prepared.plan.revision} is deployed.")
    return 0
