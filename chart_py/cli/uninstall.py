"""`chart-py uninstall`: end a release."""

from __future__ import annotations

import sys

import click

from chart_py.cli.cluster import Where, cluster_options, confirmed, opened, seconds
from chart_py.errors import UsageError


@click.command()
@cluster_options
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--delete-data", is_flag=True, help="Delete the hub's database and the users' homes too.")
@click.option("--yes-delete-data", is_flag=True, help="The same, without typing the release's name.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until all is gone.")
@click.option("--timeout", default="10m", show_default=True, metavar="TIME", help="How long to wait: 90s, 10m, 1h.")
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
def uninstall(
    where: Where,
    yes: bool,
    delete_data: bool,
    yes_delete_data: bool,
    wait: bool,
    timeout: str,
    dry_run: bool,
) -> int:
    """Remove a release. The hub's database and the users' homes stay, unless --delete-data is given.

    \b
    Examples:
      chart-py uninstall
      chart-py uninstall --delete-data
    """
    from chart_py.cli.plan_view import print_plan
    from chart_py.cli.progress import observer
    from chart_py.engine.execute import execute
    from chart_py.engine.prepared import Options
    from chart_py.engine.uninstall import plan_uninstall

    options = Options(wait, seconds(timeout))
    watcher = observer()
    session = opened(where, watcher)
    with_data = delete_data or yes_delete_data
    prepared = plan_uninstall(session.world, session.standing(), delete_data=with_data)
    print_plan(prepared.plan, verbose=where.verbose)
    if dry_run:
        return 1
    if with_data and not yes_delete_data:
        _need_name(session.release)
    elif not (yes or yes_delete_data or sys.stdin.isatty()):
        # A pipe may well have said no: what cannot be undone is done only where somebody has said yes.
        raise UsageError("nobody can be asked here whether to remove the release; give --yes")
    elif not confirmed(f"Remove {session.release} from {session.namespace}?", yes or yes_delete_data):
        click.echo("Nothing was written.")
        return 0
    try:
        execute(session.world, prepared, options)
    finally:
        getattr(watcher, "close", lambda: None)()
    click.echo(f"{session.release} is gone from {session.namespace}.")
    return 0


def _need_name(release: str) -> None:
    """Have the release's name typed; raises UsageError where nobody can, or another name is."""
    if not sys.stdin.isatty():
        raise UsageError("--delete-data asks for the release's name on a terminal; elsewhere, give --yes-delete-data")
    typed = click.prompt(f"All data of {release} will be lost. Type its name to go on", default="", err=True)
    if typed != release:
        raise UsageError(f"that is not {release}; nothing was written")
