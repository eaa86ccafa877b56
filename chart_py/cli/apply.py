"""`chart-py apply`: install or upgrade a hub."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from chart_py.cli import suggestions
from chart_py.cli.cluster import Session, Where, cluster_options, confirmed, opened_ahead, seconds
from chart_py.cli.options import loaded, values_options
from chart_py.errors import ClusterError, UsageError

if TYPE_CHECKING:
    from chart_py.changes.plan import Plan
    from chart_py.engine.prepared import Options, Prepared, Release
    from chart_py.engine.progress import Observer
    from chart_py.engine.standing import Standing
    from chart_py.values.load import Loaded


@click.command()
@values_options
@cluster_options
@click.option("-y", "--yes", is_flag=True, help="Do not ask.")
@click.option("--wait/--no-wait", default=True, show_default=True, help="Wait until all is ready.")
@click.option("--timeout", default="10m", show_default=True, metavar="TIME", help="How long to wait: 90s, 10m, 1h.")
@click.option(
    "--pull",
    type=click.Choice(["wait", "best-effort", "off"]),
    default="wait",
    show_default=True,
    help="Pull images before the hub changes: wait for them, try to, or do not.",
)
@click.option("--rollback-on-failure", is_flag=True, help="Go back to the last good revision if this one fails.")
@click.option("--create-namespace", is_flag=True, help="Make the namespace if it is missing.")
@click.option("--adopt", is_flag=True, help="Take objects of these names that belong to no release.")
@click.option("--allow-replace", is_flag=True, help="Delete and make anew what cannot be changed. Never claims.")
@click.option(
    "--plan",
    "plan_file",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Run the plan that `diff --save FILE` has made.",
)
@click.option("--dry-run", is_flag=True, help="Show the plan and stop: the same as `diff`.")
def apply(
    files: tuple[str, ...],
    settings: tuple[str, ...],
    file_settings: tuple[str, ...],
    chart_version: str,
    where: Where,
    yes: bool,
    wait: bool,
    timeout: str,
    pull: str,
    rollback_on_failure: bool,
    create_namespace: bool,
    adopt: bool,
    allow_replace: bool,
    plan_file: str | None,
    dry_run: bool,
) -> int:
    """Install or upgrade a hub: make a plan, show it, ask, run it, wait until the hub is ready.

    Nothing is written where nothing differs. Exit code 3 where the cluster refuses, 4 where it does not become ready.

    \b
    Examples:
      chart-py apply -f config.yaml
      chart-py apply -f config.yaml --namespace jhub --create-namespace --yes
      chart-py diff -f config.yaml --save plan.json && chart-py apply --plan plan.json
    """
    from chart_py.cli.progress import observer
    from chart_py.engine.prepared import Options
    from chart_py.engine.pulling import Pull

    options = Options(wait, seconds(timeout), Pull(pull))
    if plan_file and (files or settings or file_settings or adopt or allow_replace):
        raise UsageError(
            "--plan FILE runs a plan as it is; leave -f, --set, --set-file, --adopt and --allow-replace out"
        )
    watcher = observer()
    choices = {"adopt": adopt, "allow_replace": allow_replace, "create_namespace": create_namespace or dry_run}
    if plan_file:
        session, prepared = _saved(plan_file, where, watcher)
    else:
        ahead = opened_ahead(where, watcher)
        values = loaded(files, settings, file_settings, chart_version)
        session, standing = ahead()
        prepared = planned(session, standing, values, choices)[0]
    try:
        return _run(session, prepared, options, yes, dry_run, rollback_on_failure, where.verbose)
    finally:
        getattr(watcher, "close", lambda: None)()


def planned(session: Session, standing: Standing, values: Loaded, choices: dict[str, bool]) -> tuple[Prepared, Release]:
    """The plan for a configuration, and the release that it makes."""
    from chart_py.engine.apply import plan_apply
    from chart_py.engine.hub_facts import context_of
    from chart_py.rendering import render

    manifests = render(values, context_of(session.world.cluster, values, standing))
    release = release_of(session, values, manifests)
    return plan_apply(session.world, release, standing, **choices), release


def release_of(session: Session, values: Loaded, manifests: list[dict[str, Any]]) -> Release:
    """A release of a hub as its record describes it."""
    from chart_py.cli import JUPYTERHUB_VERSION
    from chart_py.engine.prepared import Release
    from chart_py.values.merge import layered
    from chart_py.values.parts import CHART_VERSION

    config = layered({}, [layer.tree for layer in values.sources.layers])
    return Release(
        session.release,
        session.namespace,
        manifests,
        config,
        chart_version=CHART_VERSION,
        app_version=JUPYTERHUB_VERSION,
        pull_patience=values.values.prePuller.hook.podSchedulingWaitDuration,
    )


def _saved(plan_file: str, where: Where, watcher: Observer) -> tuple[Session, Prepared]:
    from chart_py.cli.cluster import opened_world
    from chart_py.engine.apply import plan_apply
    from chart_py.engine.saved import load_plan, need_cluster, need_same

    release, choices, saved = load_plan(plan_file)
    asked = (where.release or release.name, where.namespace or release.namespace)
    if asked != (release.name, release.namespace):
        raise UsageError(
            f"{plan_file} is a plan for {release.name} in {release.namespace}, not for {asked[0]} in {asked[1]}"
        )
    world, _ = opened_world(where, watcher)
    need_cluster(world.cluster, saved)
    session = Session(world, release.name, release.namespace)
    prepared = plan_apply(world, release, session.standing(), **choices)
    need_same(prepared.plan, saved)
    return session, prepared


def _run(
    session: Session,
    prepared: Prepared,
    options: Options,
    yes: bool,
    dry_run: bool,
    rollback_on_failure: bool,
    verbose: int,
) -> int:
    from chart_py.cli.plan_view import print_plan
    from chart_py.engine.execute import execute, wait_ready

    plan = prepared.plan
    print_plan(plan, verbose=verbose)
    if dry_run:
        return 0 if plan.is_empty else 1
    if plan.is_empty:
        if options.wait:
            wait_ready(session.world, plan, options.timeout)
        click.echo(f"{plan.release} is as it should be: nothing was written, revision {plan.base} stays.")
        return 0
    if not confirmed(f"Do this to {plan.release} in {plan.namespace}?", yes):
        click.echo("Nothing was written.")
        return 0
    try:
        execute(session.world, prepared, options)
    except ClusterError as error:
        if rollback_on_failure:
            _go_back(session, options, error)
        raise
    click.echo(f"{plan.release} in {plan.namespace}: revision {plan.revision} is deployed.")
    _say_addresses(session, plan)
    return 0


def _say_addresses(session: Session, plan: Plan) -> None:
    """Say where the hub is reached, as far as that is known."""
    from chart_py.engine.status import read_addresses

    for address in read_addresses(session.world, (each.wanted for each in plan.changes if each.wanted)):
        click.echo(f"The hub: {address}")


def _go_back(session: Session, options: Options, error: ClusterError) -> None:
    """Bring the last good revision back after `error`; where there was none, what was installed goes again."""
    from chart_py.engine.execute import execute
    from chart_py.engine.rollback import plan_rollback
    from chart_py.engine.uninstall import plan_uninstall

    standing = session.standing()
    if standing.latest is None or not standing.unfinished:
        # It failed before anything was written.
        return
    click.echo(f"{error}\ngoing back", err=True)
    first = standing.deployed is None
    prepared = plan_uninstall(session.world, standing) if first else plan_rollback(session.world, standing)
    execute(session.world, prepared, options)
    what = "removed again" if first else f"back, as revision {prepared.plan.revision}"
    click.echo(f"{session.release} is {what}.", err=True)
