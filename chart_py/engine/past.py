"""Comparing with the past: from a recorded revision to another one, to what values ask for, or to what is live."""

from __future__ import annotations

from dataclasses import replace

from chart_py.changes.between import plan_between
from chart_py.changes.change import Change, Operation
from chart_py.changes.plan import Aim, Plan
from chart_py.engine.comparing import without_hooks
from chart_py.engine.errors import Problem
from chart_py.engine.hub import revision
from chart_py.engine.hub_facts import context_of
from chart_py.engine.opening import Hub
from chart_py.engine.planning import Planner, Refused
from chart_py.engine.standing import manifests_of
from chart_py.manifest import Manifest
from chart_py.rendering import render
from chart_py.values.load import Loaded

_TURNED = {
    Operation.CREATE: Operation.DELETE,
    Operation.DELETE: Operation.CREATE,
    Operation.KEEP: Operation.CREATE,
    Operation.REPLACE: Operation.UPDATE,
}


def compare_revisions(hub: Hub, first: int, second: int | Loaded | None = None) -> Plan:
    """What changes from a recorded revision to another one, to what values ask for, or, for None, to what is live.

    The plan is to be looked at and cannot be executed. Raises ClusterError for a revision that is not kept, ValuesError
    where a template in the values cannot be filled in.
    """
    before = manifests_of(revision(hub, first))
    if second is None:
        return _to_live(hub, before, (f"from revision {first} to what is live",))
    if isinstance(second, Loaded):
        rendered = render(second, context_of(hub.world.cluster, second, hub.standing()))
        after, what = without_hooks(rendered), "what the configuration asks for"
    else:
        after, what = manifests_of(revision(hub, second)), f"revision {second}"
    found = plan_between(before, after, release=hub.release, namespace=hub.namespace)
    return replace(found, aim=Aim.COMPARISON, notes=(f"from revision {first} to {what}",))


def _to_live(hub: Hub, before: list[Manifest], notes: tuple[str, ...]) -> Plan:
    """What going back would change, the other way round: so the server's own defaults are no difference."""
    standing = hub.standing()
    planner = Planner(hub.world.cluster, standing.owner, standing.recorded, True, True, standing.has_namespace)
    found, problems = planner.changes(before)
    changes = tuple(_turned(each) for each in [*found, *planner.deletions(before)])
    notes += tuple(_left_out(each) for each in problems)
    return Plan(Aim.COMPARISON, hub.release, hub.namespace, 0, 0, changes, notes=notes)


def _turned(change: Change) -> Change:
    """A change back, as the one that came from there."""
    operation = _TURNED.get(change.operation, change.operation)
    return Change(operation, wanted=change.live, live=change.result if change.wanted is not None else None)


def _left_out(problem: Problem | Refused) -> str:
    if isinstance(problem, Problem):
        return f"{problem.about} is not compared: {problem.text}"
    return f"{problem.wanted['kind']}/{problem.wanted['metadata']['name']} is not compared: {problem.error.said}"
