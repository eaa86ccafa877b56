"""Planning the end of a release: its objects go in reverse order, data stays unless it is meant to go."""

from __future__ import annotations

from chart_py.changes.change import Change, Operation
from chart_py.changes.plan import Aim, Plan
from chart_py.cluster.interface import Ref, ref_of
from chart_py.engine.apply import check_plan, pulled_by
from chart_py.engine.execute import World
from chart_py.engine.owner import is_kept
from chart_py.engine.planning import Planner, in_parallel
from chart_py.engine.prepared import Prepared
from chart_py.engine.standing import Standing, need_release, objects_in
from chart_py.manifest import Manifest
from chart_py.manifest.key import Key, key_of

HOMES = "component=singleuser-storage"
"""The label of the claims that KubeSpawner makes for the users' homes."""
SERVERS = "component=singleuser-server"
"""The label of the users' servers."""


def plan_uninstall(world: World, standing: Standing, *, delete_data: bool = False) -> Prepared:
    """What has to be done so that nothing of the release is left; with `delete_data`, not even the data.

    Without it the hub's database claim and the users' homes are kept, and named in the plan. Objects that ask to be
    kept always are.
    """
    latest = need_release(standing)
    planner = Planner(world.cluster, standing.owner, standing.recorded)
    objects = {**standing.recorded, **_pullers(standing)}
    found = in_parallel(planner.deletion, objects.values())
    changes = [_with_data(each, delete_data) for each in found if each is not None]
    changes += _homes(world, standing, {each.key for each in changes}, delete_data)
    plan = Plan(
        Aim.UNINSTALL,
        standing.release,
        standing.namespace,
        standing.last_version,
        latest.version,
        tuple(changes),
        resumes=True,
        notes=_notes(world, standing),
    )
    check_plan(world.cluster, plan, ())
    return Prepared(plan, latest, latest)


def _pullers(standing: Standing) -> dict[Key, Manifest]:
    """What an interrupted image pull may have left."""
    hooks = [
        manifest
        for record in standing.unfinished
        for hook in record.hooks
        for manifest in objects_in(record, str(hook.get("manifest", "")))
    ]
    return {key_of(each): each for each in pulled_by(hooks)}


def _with_data(change: Change, delete_data: bool) -> Change:
    live = change.live
    if live is None or change.operation is not Operation.KEEP or live["kind"] != "PersistentVolumeClaim":
        reason = "" if change.operation is Operation.DELETE else change.reason
        return Change(change.operation, live=live, reason=reason)
    if delete_data and not is_kept(live):
        return Change(Operation.DELETE, live=live, reason="its data is lost")
    return change


def _homes(world: World, standing: Standing, known: set[Key], delete_data: bool) -> list[Change]:
    claims = world.cluster.find(Ref("v1", "PersistentVolumeClaim", standing.namespace), labels=HOMES).items
    operation = Operation.DELETE if delete_data else Operation.KEEP
    reason = "a user's home: its data is lost" if delete_data else "a user's home"
    return [
        Change(Operation.KEEP if is_kept(each) else operation, live=each, reason=reason)
        for each in claims
        if key_of(each) not in known
    ]


def _notes(world: World, standing: Standing) -> tuple[str, ...]:
    pods = world.cluster.find(Ref("v1", "Pod", standing.namespace), labels=SERVERS, only_metadata=True).items
    if not pods:
        return ()
    names = ", ".join(str(ref_of(each)) for each in pods[:3]) + (", …" if len(pods) > 3 else "")
    return (f"{len(pods)} servers of users go on running without a hub: {names}",)
