"""What a plan does that nobody should learn of afterwards: what it deletes, renames, loses or begins empty."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable
from typing import NamedTuple

from chart_py.changes.change import Change, Operation
from chart_py.changes.plan import Aim, Plan
from chart_py.manifest import Manifest
from chart_py.manifest.key import key_of
from chart_py.manifest.kinds import rolls
from chart_py.manifest.order import hook_events

DATABASE = "hub"
"""The label `component` of the claim that holds a hub's database."""
_CLAIM = "PersistentVolumeClaim"
_GONE = (Operation.DELETE, Operation.KEEP)


class Harm(enum.Enum):
    """What is dangerous about a plan, the gravest first."""

    LOSES_DATA = "loses-data"
    EMPTY_DATABASE = "empty-database"
    EMPTY_CLAIM = "empty-claim"
    UNUSED_CLAIM = "unused-claim"
    RENAMES = "renames"
    DELETES = "deletes"
    REPLACES = "replaces"


class Danger(NamedTuple):
    """A danger of a plan and the `objects` that it is about, as `Deployment/hub`.

    `others` are, for RENAMES, the new names in the order of `objects`; for empty claims, the old ones beside.
    """

    harm: Harm
    objects: tuple[str, ...]
    others: tuple[str, ...] = ()


def dangers(plan: Plan) -> tuple[Danger, ...]:
    """The dangers of a plan, the gravest first; empty where there is none, or where nothing is going to happen."""
    if plan.aim is Aim.COMPARISON:
        return ()
    pairs = renamed(plan.changes)
    old = {str(before.key) for before, _ in pairs}
    gone = [each for each in plan.changes if each.operation is Operation.DELETE and not hook_events(each.manifest)]
    beside = tuple(dict.fromkeys(claim for _, claim in plan.claims_beside))
    kept = [each for each in plan.changes if each.operation is Operation.KEEP and plan.aim is not Aim.UNINSTALL]
    found = (
        Danger(Harm.LOSES_DATA, _keys(each for each in gone if each.key.kind == _CLAIM)),
        _empty(Harm.EMPTY_DATABASE, plan, lambda use: use == DATABASE),
        _empty(Harm.EMPTY_CLAIM, plan, lambda use: use != DATABASE),
        Danger(Harm.UNUSED_CLAIM, _keys(e for e in kept if e.key.kind == _CLAIM and str(e.key) not in beside)),
        Danger(Harm.RENAMES, _keys(before for before, _ in pairs), _keys(after for _, after in pairs)),
        Danger(Harm.DELETES, _keys(each for each in gone if each.key.kind != _CLAIM and str(each.key) not in old)),
        Danger(Harm.REPLACES, _keys(each for each in plan.changes if each.operation is Operation.REPLACE)),
    )
    return tuple(each for each in found if each.objects)


def claims_beside(changes: Iterable[Change], others: Iterable[Manifest] = ()) -> tuple[tuple[str, str], ...]:
    """Each claim that is created with each old one of the same use: those that are kept, and `others` that are there.

    The use is the label `component`; a claim without it may be of any.
    """
    listed = list(changes)
    created = [each for each in listed if each.operation is Operation.CREATE and each.key.kind == _CLAIM]
    kept = [each.manifest for each in listed if each.operation is Operation.KEEP and each.key.kind == _CLAIM]
    old = {key_of(each): each for each in (*kept, *others)}
    taken = {each.key for each in listed if each.operation is not Operation.KEEP}
    return tuple(
        (str(new.key), str(key))
        for new in created
        for key, claim in old.items()
        if key not in taken and key.namespace == new.key.namespace and _same_use(new.manifest, claim)
    )


def _use(claim: Manifest) -> str | None:
    use = ((claim.get("metadata") or {}).get("labels") or {}).get("component")
    return None if use is None else str(use)


def _same_use(one: Manifest, other: Manifest) -> bool:
    return None in (_use(one), _use(other)) or _use(one) == _use(other)


def _keys(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(str(each.key) for each in changes)


def _empty(harm: Harm, plan: Plan, is_meant: Callable[[str | None], bool]) -> Danger:
    """The claims that begin empty although something was there before: an old claim, or a release that ran without."""
    claims = [
        str(each.key)
        for each in plan.changes
        if each.operation is Operation.CREATE and each.key.kind == _CLAIM and is_meant(_use(each.manifest))
    ]
    has_old = {new for new, _ in plan.claims_beside}
    found = tuple(name for name in claims if name in has_old or plan.aim is not Aim.INSTALL)
    return Danger(harm, found, tuple(dict.fromkeys(old for new, old in plan.claims_beside if new in found)))


def renamed(changes: Iterable[Change]) -> list[tuple[Change, Change]]:
    """The objects that come again under another name, old and new: those whose names change in the same way.

    A way is a beginning that becomes another one (`` -> `prod-`). It counts where it takes a workload with it, and more
    than one object.
    """
    listed = list(changes)
    ways: dict[tuple[str, str], list[tuple[Change, Change]]] = {}
    created = [each for each in listed if each.operation is Operation.CREATE]
    for before in (each for each in listed if each.operation in _GONE):
        for after in created:
            if (before.key.kind, before.key.namespace) == (after.key.kind, after.key.namespace):
                way = _way(before.key.name, after.key.name)
                if way is not None:
                    ways.setdefault(way, []).append((before, after))
    counting = [pairs for pairs in ways.values() if len(pairs) > 1 and any(rolls(old.key.kind) for old, _ in pairs)]
    return max(counting, key=len, default=[])


def _way(before: str, after: str) -> tuple[str, str] | None:
    """How the beginning of a name changes, where at least its last part stays; parts have dashes between them."""
    old, new = before.split("-"), after.split("-")
    same = 0
    while same < min(len(old), len(new)) and old[-1 - same] == new[-1 - same]:
        same += 1
    return ("-".join(old[:-same]), "-".join(new[:-same])) if same else None
