"""What is done with a hub, by each verb and each program: plan, look at the plan, execute.

Whoever comes through here cannot harm a running release by accident: its objects are rendered here, with the secrets
that it has, and what is executed is a plan that somebody can look at first.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from chart_py.engine import handover, rollback, saved, uninstall
from chart_py.engine import status as state
from chart_py.engine.apply import plan_apply
from chart_py.engine.execute import execute as run
from chart_py.engine.execute import wait_ready
from chart_py.engine.hub_facts import checksums_kept, context_of
from chart_py.engine.lock import held_by
from chart_py.engine.opening import Hub
from chart_py.engine.prepared import Options, Prepared, Release
from chart_py.engine.releases import hubs, revisions
from chart_py.engine.standing import Standing, need_release, store_of
from chart_py.engine.undo import go_back
from chart_py.errors import ClusterError, UsageError
from chart_py.release.record import Record
from chart_py.rendering import render
from chart_py.values.load import Loaded
from chart_py.values.merge import layered

_LOOK_SECONDS = 1.0


def plan(
    hub: Hub,
    values: Loaded,
    *,
    adopt: bool = False,
    allow_replace: bool = False,
    create_namespace: bool = False,
    standing: Standing | None = None,
) -> Prepared:
    """What has to be done so that the hub is as `values` say; nothing is written.

    Secrets that the values do not set are those that the release has; they are made only for a release that has none.
    `adopt` takes objects that belong to no release, `allow_replace` deletes and creates again what cannot be changed
    (claims never), `create_namespace` creates the namespace if it is missing. `standing` is how the release stands,
    where that has been read already.

    Raises ValuesError where a template in the values cannot be filled in, PlanRefusedError with all that the cluster
    refuses, NoReleaseError where the namespace is missing.
    """
    standing = standing or hub.standing()
    manifests = checksums_kept(render(values, context_of(hub.world.cluster, values, standing)), standing)
    wanted = Release(
        hub.release,
        hub.namespace,
        manifests,
        layered({}, [layer.tree for layer in values.sources.layers]),
        chart_version=values.edition.chart,
        app_version=values.edition.jupyterhub,
        pull_patience=values.values.prePuller.hook.podSchedulingWaitDuration,
    )
    choices = {"adopt": adopt, "allow_replace": allow_replace, "create_namespace": create_namespace}
    return replace(plan_apply(hub.world, wanted, standing, **choices), server=hub.server)


def plan_rollback(hub: Hub, revision: int | None = None, *, allow_replace: bool = False) -> Prepared:
    """What has to be done so that the hub is as it was in `revision`, or in the last good one before this.

    Raises NoReleaseError where there is no such revision, PlanRefusedError with all that the cluster refuses.
    """
    found = rollback.plan_rollback(hub.world, hub.standing(), revision, allow_replace=allow_replace)
    return replace(found, server=hub.server)


def plan_uninstall(hub: Hub, *, delete_data: bool = False) -> Prepared:
    """What has to be done so that the release is gone; the hub's database and the users' homes stay.

    With `delete_data` they go too. Raises NoReleaseError where there is no release, PlanRefusedError with all that the
    cluster refuses.
    """
    return replace(uninstall.plan_uninstall(hub.world, hub.standing(), delete_data=delete_data), server=hub.server)


def save_plan(hub: Hub, prepared: Prepared, file: str | Path) -> None:
    """Keep a plan that `plan` has made in a file of mode 0600, as it holds secrets. Raises FileError."""
    saved.save_plan(file, prepared, saved.identity(hub.world.cluster))


def saved_plan(hub: Hub, file: str | Path) -> Prepared:
    """The plan that `save_plan` has kept, ready to be executed exactly as it was.

    Raises FileError where the file holds none, UsageError where it is for another release, OtherClusterError and
    MovedOnError where the cluster is another one or has changed since.
    """
    release, choices, kept = saved.load_plan(file)
    if (release.name, release.namespace) != (hub.release, hub.namespace):
        raise UsageError(
            f"{file} is a plan for {release.name} in {release.namespace}, not for {hub.release} in {hub.namespace}"
        )
    saved.need_cluster(hub.world.cluster, kept)
    prepared = plan_apply(hub.world, release, hub.standing(), **choices)
    saved.need_same(prepared.plan, kept)
    return replace(prepared, server=hub.server)


def releases(hub: Hub, namespace: str = "") -> list[Record]:
    """The last record of each release of a hub in a namespace, or in all; those that Helm made are there too."""
    return hubs(hub.world, namespace)


def hand_over(hub: Hub) -> int:
    """Give the release to Helm: the ownership of its fields moves, and nothing else. How many objects that was.

    Raises NoReleaseError where there is no release, PlanRefusedError where rights are missing, LockedError where
    another run is at work.
    """
    standing = hub.standing()
    objects = handover.plan_handover(hub.world, standing)
    return handover.hand_over(hub.world, standing, objects) if objects else 0


def wait_until_free(hub: Hub, seconds: float) -> None:
    """Wait until no other run is at work on the release; raises LockedError where one still is after `seconds`."""
    world = hub.world
    end, told = world.clock() + seconds, False
    while (other := held_by(world.cluster, hub.release, hub.namespace, world.now())) is not None:
        if world.clock() >= end:
            raise other
        if not told:
            world.observer.note(f"waiting for another run to end: {other.holder}, since {other.since}")
            told = True
        world.sleep(_LOOK_SECONDS)


def execute(hub: Hub, prepared: Prepared, options: Options | None = None) -> None:
    """Do what a plan says, and wait until the hub is ready unless `options` say otherwise.

    A plan that is empty writes nothing. Raises UsageError where the plan is another hub's, MovedOnError or LockedError
    before anything is written, StoppedError or UnreachableError where writes were refused, NotReadyError where the
    objects did not become ready; and RolledBackError instead where `options` ask to go back then.
    """
    options = options or Options()
    plan = prepared.plan
    if (plan.release, plan.namespace, prepared.server) != (hub.release, hub.namespace, hub.server):
        where = f" at {prepared.server}" if prepared.server else ""
        raise UsageError(f"this plan is for {plan.release} in {plan.namespace}{where}; nothing was written")
    if plan.is_empty:
        if options.wait:
            wait_ready(hub.world, plan, options.timeout)
        return
    try:
        run(hub.world, prepared, options)
    except ClusterError as error:
        if options.rollback_on_failure:
            go_back(hub, options, error)
        raise


def status(hub: Hub) -> state.ReleaseState:
    """How the release is now: what is ready, why something is not, and what others have changed."""
    return state.read_state(hub.world, hub.standing())


def revision(hub: Hub, number: int | None = None) -> Record:
    """The record of a revision, or of the last one. Raises ClusterError where it is not kept."""
    store = store_of(hub.world.cluster, hub.namespace, hub.world.now)
    heads = store.heads(hub.release)
    wanted = number or (heads[-1].version if heads else 0)
    record = store.read(hub.namespace, hub.release, wanted)
    if record is None:
        kept = ", ".join(str(head.version) for head in heads) or "none"
        what = f"revision {number}" if number else "revision"
        raise ClusterError(f"{hub.release} in {hub.namespace} has no {what}", f"Revisions that are kept: {kept}")
    return record


def history(hub: Hub) -> list[Record]:
    """The revisions that are kept, the oldest first; raises NoReleaseError where there is no release."""
    kept = revisions(hub.world, hub.release, hub.namespace)
    if not kept:
        need_release(hub.standing())
    return kept
