"""Giving a release to Helm: the ownership of its fields moves to Helm's field manager, and nothing else changes."""

from __future__ import annotations

from chart_py.cluster import fields
from chart_py.cluster.interface import ref_of
from chart_py.context import MANAGER
from chart_py.engine.errors import PlanRefusedError
from chart_py.engine.execute import World, move_ownership
from chart_py.engine.history import History
from chart_py.engine.lock import Lock, lease_ref
from chart_py.engine.planning import HELM, in_parallel
from chart_py.engine.preflight import missing_rights
from chart_py.engine.standing import Standing, manifests_of, need_release, store_of
from chart_py.manifest import Manifest
from chart_py.release.making import rfc3339


def plan_handover(world: World, standing: Standing) -> list[Manifest]:
    """The live objects of which we own fields, and which `hand_over` gives to Helm; empty where it has them already."""
    record = need_release(standing)
    live = in_parallel(lambda each: world.cluster.get(ref_of(each)), manifests_of(record))
    return [each for each in live if each is not None and MANAGER in fields.managers(each)]


def hand_over(world: World, standing: Standing, objects: list[Manifest]) -> int:
    """Move our fields of `objects` to Helm; how many objects that was. Raises LockedError or MovedOnError."""
    needed = [("patch", ref_of(each)) for each in objects]
    needed += [(verb, lease_ref(standing.release, standing.namespace)) for verb in ("create", "update", "delete")]
    kinds = {(verb, ref._replace(name="")): (verb, ref) for verb, ref in needed}
    lacking = missing_rights(world.cluster, list(kinds.values()))
    if lacking:
        raise PlanRefusedError(lacking)
    with Lock(world.cluster, standing.release, standing.namespace, world.holder, world.now) as lock:
        store = store_of(world.cluster, standing.namespace, world.now)
        History(store, standing.release, standing.namespace).need_version(standing.last_version)

        def move(live: Manifest) -> bool:
            lock.check()
            return move_ownership(world.cluster, live, [MANAGER], HELM, rfc3339(world.now()))

        return sum(in_parallel(move, objects))
