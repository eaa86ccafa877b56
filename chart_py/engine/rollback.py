"""Planning a rollback: the objects of an earlier revision, wanted again as a new one."""

from __future__ import annotations

from chart_py.changes.plan import Aim, Plan
from chart_py.engine.apply import check_plan, with_old_claims
from chart_py.engine.errors import NoReleaseError
from chart_py.engine.execute import World
from chart_py.engine.planning import Planner
from chart_py.engine.prepared import Prepared
from chart_py.engine.standing import Standing, manifests_of, need_release, store_of
from chart_py.release.making import finishing, going_back, rfc3339, same_release
from chart_py.release.record import Record, Status
from chart_py.release.store import ROOM, check_size

GOOD = (Status.DEPLOYED, Status.SUPERSEDED)
"""How a revision stands that one can go back to without being asked."""


def plan_rollback(
    world: World, standing: Standing, revision: int | None = None, *, allow_replace: bool = False
) -> Prepared:
    """What has to be done so that the cluster has an earlier revision again: `revision`, or the last good one.

    Raises NoReleaseError where there is no such revision, PlanRefusedError where something stands in the way.
    """
    latest = need_release(standing)
    target = _target(world, standing, revision)
    objects = manifests_of(target)
    planner = Planner(world.cluster, standing.owner, standing.recorded, True, allow_replace)
    changes, problems = planner.changes(objects)
    changes += planner.deletions(objects)
    record = going_back(target, latest, standing.last_version + 1, rfc3339(world.now()))
    unfinished = latest.status is not Status.DEPLOYED
    if latest.status in (Status.PENDING_ROLLBACK, Status.FAILED) and same_release(record, latest):
        record = finishing(record, latest)
    changed = bool(unfinished or not same_release(record, latest))
    plan = Plan(
        Aim.ROLLBACK,
        standing.release,
        standing.namespace,
        standing.last_version,
        record.version,
        tuple(changes),
        resumes=changed,
        notes=(f"back to revision {target.version}: {target.description}",),
    )
    plan = with_old_claims(world.cluster, plan)
    check_plan(world.cluster, plan, problems)
    check_size(record, ROOM)
    return Prepared(plan, record, latest)


def _target(world: World, standing: Standing, revision: int | None) -> Record:
    store = store_of(world.cluster, standing.namespace, world.now)
    if revision is None:
        earlier = [head for head in standing.heads if head.status in GOOD and head.version < standing.last_version]
        if not earlier:
            raise NoReleaseError(
                f"{standing.release} has no good revision before {standing.last_version}", "See `history`."
            )
        revision = earlier[-1].version
    found = store.read(standing.namespace, standing.release, revision)
    if found is None:
        kept = ", ".join(str(head.version) for head in standing.heads)
        raise NoReleaseError(f"{standing.release} has no revision {revision}", f"Revisions that are kept: {kept}")
    return found
