"""`chart-py handover`: give a release to Helm."""

from __future__ import annotations

import click

from chart_py.cli.acting import agreed_to, yes_option
from chart_py.cli.cluster import Where, cluster_options, lock_option, opened


@click.command()
@cluster_options
@yes_option
@lock_option
@click.option("--dry-run", is_flag=True, help="Show what would be done and stop.")
def handover(
    where: Where,
    yes: bool,
    patience: float,
    dry_run: bool,
) -> int:
    """Give a release to Helm: the ownership of its fields moves to Helm, and nothing else changes.

    After it, `helm upgrade` and `helm rollback` work without --force-conflicts. The next `apply` takes it back.

    \b
    Examples:
      chart-py handover
      chart-py handover --dry-run
    """
    from chart_py.cluster.interface import ref_of
    from chart_py.engine.handover import hand_over, plan_handover
    from chart_py.engine.hub import wait_until_free

    hub = opened(where)
    if patience and not dry_run:
        wait_until_free(hub, patience)
    standing = hub.standing()
    objects = plan_handover(hub.world, standing)
    for each in objects:
        click.echo(f"~ {ref_of(each)}: its fields move from chart_py to helm")
    if not objects:
        click.echo(f"{hub.release} in {hub.namespace} is Helm's already.")
        return 0
    if dry_run:
        return 1
    if not agreed_to(hub, f"Give release {hub.release} in namespace {hub.namespace} to Helm", yes=yes):
        click.echo("Nothing was written.")
        return 0
    moved = hand_over(hub.world, standing, objects)
    click.echo(f"{moved} objects are Helm's now: helm upgrade {hub.release} CHART --namespace {hub.namespace}")
    return 0
