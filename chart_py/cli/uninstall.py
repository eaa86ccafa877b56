"""`chart-py uninstall`: end a release."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import click

from chart_py.cli.acting import can_be_asked, named, yes_option
from chart_py.cli.cluster import Where, cluster_options, lock_option, opened, timeout_option
from chart_py.errors import UsageError

if TYPE_CHECKING:
    from chart_py.engine.opening import Hub
    from chart_py.engine.prepared import Prepared


@click.command()
@cluster_options
@yes_option
@click.option("--delete-data", is_flag=True, help="Delete the hub's database and the users' homes too.")
@click.option("--yes-delete-data", is_flag=True, help="The same, without typing the release's name.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until all is gone.")
@timeout_option
@lock_option
@click.option("--dry-run", is_flag=True, help="Show the plan and stop.")
def uninstall(
    where: Where,
    yes: bool,
    delete_data: bool,
    yes_delete_data: bool,
    wait: bool,
    timeout: float,
    patience: float,
    dry_run: bool,
) -> int:
    """Remove a release. The hub's database and the users' homes stay, unless --delete-data is given.

    \b
    Examples:
      chart-py uninstall
      chart-py uninstall --delete-data
    """
    from chart_py.cli.acting import Manner, act, agreed
    from chart_py.cli.progress import watched
    from chart_py.engine.hub import plan_uninstall
    from chart_py.engine.prepared import Options

    options = Options(wait, timeout)
    with_data = delete_data or yes_delete_data
    with watched() as watcher:
        hub = opened(where, watcher)
        planned = partial(plan_uninstall, hub, delete_data=with_data)

        def agrees(prepared: Prepared) -> bool:
            if with_data and not yes_delete_data:
                _need_name(hub)
                return True
            return agreed(hub, prepared, yes=yes or yes_delete_data)

        done = act(hub, planned, options, agrees, Manner(dry_run, where.verbose, patience))
    if done.wrote:
        click.echo(f"{hub.release} is gone from {hub.namespace}.")
    return 1 if dry_run else 0


def _need_name(hub: Hub) -> None:
    """Have the release's name typed; raises UsageError where nobody can, or another name is."""
    if not can_be_asked():
        raise UsageError(
            "nothing was written: --delete-data asks for the release's name, and this is not a terminal\n"
            "   Give --yes-delete-data instead."
        )
    click.echo(
        f"All data of release {hub.release} in namespace {hub.namespace}\n   on {named(hub)} will be lost.", err=True
    )
    typed = click.prompt("Type the release's name to go on", default="", show_default=False, err=True)
    if typed != hub.release:
        raise UsageError(f"that is not {hub.release}; nothing was written")
