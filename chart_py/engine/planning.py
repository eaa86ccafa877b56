"""What becomes of each object, asked of the server by dry runs: two requests for an object, many at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeVar

from chart_py.changes.change import Change, Operation
from chart_py.changes.content import content
from chart_py.cluster import fields
from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, ref_of
from chart_py.context import MANAGER
from chart_py.engine.errors import Problem
from chart_py.engine.owner import Owner, as_owned, is_kept, owner_of
from chart_py.manifest import Manifest
from chart_py.manifest.difference import differences, spelled
from chart_py.manifest.key import Key, key_of
from chart_py.manifest.kinds import is_binding

HELM = "helm"
THREADS = 6
# An object that others write all the time is planned by what was read last.
READINGS = 5
_FIXED = ("apiVersion", "kind", "metadata", "status")

_CLASH = (
    "Apply to another namespace (--namespace NAME), or give this hub its own names (fullnameOverride); "
    "to upgrade that release, name it with --release."
)

T = TypeVar("T")
R = TypeVar("R")


def in_parallel(work: Callable[[T], R], items: Iterable[T]) -> list[R]:
    """`work` done to all items, several at a time; the answers in the items' order."""
    listed = list(items)
    if len(listed) < 2:
        return [work(each) for each in listed]
    with ThreadPoolExecutor(max_workers=min(THREADS, len(listed))) as pool:
        return list(pool.map(work, listed))


class Refused(NamedTuple):
    """An object that the server refuses, and what it said."""

    wanted: Manifest
    error: RefusedError


@dataclass(frozen=True)
class Planner:
    """Plans objects of the release `owner`.

    `recorded` are the objects that its records name. With `adopt`, objects that belong to nobody are taken; with
    `allow_replace`, objects whose immutable fields change are deleted and created again. Without `has_namespace` the
    server cannot be asked about what will be in it.
    """

    cluster: Cluster
    owner: Owner
    recorded: dict[Key, Manifest]
    adopt: bool = False
    allow_replace: bool = False
    has_namespace: bool = True

    def changes(self, wanted: Sequence[Manifest]) -> tuple[list[Change], list[Problem | Refused]]:
        """What becomes of all wanted objects, in their order, and what stands in the way of some."""
        owned = [as_owned(each, self.owner) for each in wanted]
        new = {key_of(each) for each in owned}
        outcomes = in_parallel(lambda each: self._outcome(each, new), owned)
        changes = [each for each in outcomes if isinstance(each, Change)]
        return changes, [each for each in outcomes if not isinstance(each, Change)]

    def deletions(self, wanted: Iterable[Manifest]) -> list[Change]:
        """What becomes of the recorded objects that are not wanted any more; those that are gone are left out."""
        kept = {key_of(as_owned(each, self.owner)) for each in wanted}
        gone = [manifest for key, manifest in self.recorded.items() if key not in kept]
        return [change for change in in_parallel(self.deletion, gone) if change is not None]

    def deletion(self, manifest: Manifest) -> Change | None:
        """What becomes of one object that is not wanted any more; None where it is gone already."""
        try:
            live = self.cluster.get(ref_of(manifest))
        except RefusedError as error:
            if not error.is_missing:
                raise
            # Its kind is gone from the cluster, and all objects of it.
            return None
        if live is None:
            return None
        mine = owner_of(live)
        if live["kind"] == "PersistentVolumeClaim":
            return Change(Operation.KEEP, live=live, reason="claims are kept: they hold data")
        if is_kept(live) or is_kept(manifest):
            return Change(Operation.KEEP, live=live, reason="it asks to be kept by helm.sh/resource-policy")
        if mine is not None and mine != self.owner:
            return Change(Operation.KEEP, live=live, reason=f"it belongs to {mine}")
        return Change(Operation.DELETE, live=live, reason="no longer wanted")

    # ---- inside

    def _outcome(self, wanted: Manifest, new: set[Key]) -> Change | Problem | Refused:
        ref = ref_of(wanted)
        if ref.namespace and not self.has_namespace:
            return Change(Operation.CREATE, wanted, reason="not checked yet")
        try:
            for _ in range(READINGS):
                live = self.cluster.get(ref)
                stranger = self._stranger(live, wanted)
                if stranger:
                    return stranger
                change = self._existing(wanted, live) if live is not None else self._new(wanted, new)
                # What a controller writes between the two requests would be taken for a change of ours.
                if not (isinstance(change, Change) and was_written_between(change.live, change.after)):
                    break
            return change
        except RefusedError as error:
            return Refused(wanted, error)

    def _stranger(self, live: Manifest | None, wanted: Manifest) -> Problem | None:
        """What to say where an object of another owner stands in the way."""
        if live is None:
            return None
        about, mine = f"{ref_of(wanted)}", owner_of(live)
        if mine is not None and mine != self.owner:
            return Problem(about, f"already exists and belongs to {mine}", _CLASH)
        if mine is None and key_of(wanted) not in self.recorded and not self.adopt:
            by = ", ".join(sorted(fields.managers(live) - {""})) or "somebody"
            return Problem(
                about, f"already exists, was created by {by}, and belongs to no release", "--adopt takes it."
            )
        return None

    def _new(self, wanted: Manifest, new: set[Key]) -> Change:
        try:
            after = self.cluster.apply(wanted, manager=MANAGER, dry_run=True)
        except RefusedError as error:
            role = wanted.get("roleRef") or {}
            names = {(key.kind, key.name) for key in new}
            # Who is no administrator is asked for the role's own rights, and the role comes with the same plan.
            is_early = is_binding(wanted["kind"]) and (role.get("kind"), role.get("name")) in names
            if not (is_early and (error.is_missing or error.is_forbidden)):
                raise
            return Change(Operation.CREATE, wanted, reason="not checked yet: its role is new")
        return Change(Operation.CREATE, wanted, after=after)

    def _existing(self, wanted: Manifest, live: Manifest) -> Change | Problem:
        sources = self._sources(live)
        # What Helm has applied and nobody else touched ends as it would if Helm applied what we want.
        as_helm = _is_helms_alone(live)
        try:
            answer = self.cluster.apply(wanted, manager=HELM if as_helm else MANAGER, dry_run=True)
        except RefusedError as error:
            if not error.is_invalid:
                raise
            return self._immutable(wanted, live, error)
        after = answer if as_helm else self._predicted(answer, live, sources)
        changed = differences(content(live), content(after))
        if not changed and not sources and _own(live) == _own(answer):
            return Change(Operation.UNCHANGED, wanted, live, after)
        reason = "" if changed or sources else "its fields become chart_py's"
        return Change(Operation.UPDATE, wanted, live, after, reason, tuple(sorted(sources)))

    def _predicted(self, answer: Manifest, live: Manifest, sources: set[str]) -> Manifest:
        """What the object will be when the fields of `sources` are ours: without those that we do not want.

        Some of them are defaults that the server has put in for Helm, and will put in again: so it is asked.
        """
        rough = without_leftovers(answer, live, sources)
        if rough == answer:
            return answer
        changes: list[dict[str, Any]] = [
            {"op": "add", "path": f"/{key}", "value": rough[key]} for key in rough if key not in _FIXED
        ]
        changes += [{"op": "remove", "path": f"/{key}"} for key in live if key not in rough and key not in _FIXED]
        meta = rough["metadata"]
        changes += [
            {"op": "add", "path": f"/metadata/{word}", "value": meta.get(word) or {}}
            for word in ("annotations", "labels")
        ]
        try:
            return self.cluster.patch(ref_of(live), changes, manager=MANAGER, dry_run=True)
        except RefusedError as error:
            if not error.is_invalid:
                raise
            return rough

    def _sources(self, live: Manifest) -> set[str]:
        """The managers whose fields become ours: Helm, and what we ourselves wrote in another way than by applying."""
        updated = any(e.get("manager") == MANAGER and e.get("operation") != fields.APPLY for e in fields.entries(live))
        return (fields.managers(live) & {HELM}) | ({MANAGER} if updated else set())

    def _immutable(self, wanted: Manifest, live: Manifest, error: RefusedError) -> Change | Problem:
        """An update that is invalid: of an immutable field, if the object could be made like that."""
        about = str(ref_of(wanted))
        try:
            self.cluster.create(_bare(wanted), manager=MANAGER, dry_run=True)
        except RefusedError as other:
            if not other.is_conflict:
                raise error from None
        named = [field for field, _ in error.causes if field] or [
            spelled(each.path) for each in differences(content(live), content(wanted)) if each.path[0] == "spec"
        ]
        what = f"{', '.join(dict.fromkeys(named)) or 'a field'} cannot be changed"
        if live["kind"] == "PersistentVolumeClaim":
            advice = "Claims are never replaced, as they hold data. Set the value back, or make a new claim and copy."
            return Problem(about, what, advice)
        if not self.allow_replace:
            return Problem(about, what, "--allow-replace deletes the object and creates it again.")
        return Change(Operation.REPLACE, wanted, live, None, f"{what}: it is deleted and created again")


def was_written_between(live: Manifest | None, answer: Manifest | None) -> bool:
    """Whether the answer of a dry run stands on another state of the object than the one that was read before.

    The server answers with the resourceVersion of what it has; where nothing differs, nobody needs to know.
    """
    if live is None or answer is None or content(live) == content(answer):
        return False
    return _version(live) != _version(answer)


def _version(manifest: Manifest) -> str:
    return str(manifest["metadata"].get("resourceVersion", ""))


def without_leftovers(answer: Manifest, live: Manifest, sources: Iterable[str]) -> Manifest:
    """What the server would answer if the fields of `sources` had been ours: those that we do not want are gone."""
    sources = frozenset(sources)
    others = fields.managers(live) - {*sources, MANAGER}
    mine = fields.union(fields.owned(answer, [MANAGER], fields.APPLY), fields.owned(answer, others))
    left = fields.minus(fields.owned(live, sources), mine) if sources else {}
    return fields.without(answer, left) if left else answer


def _is_helms_alone(live: Manifest) -> bool:
    """Whether Helm owns fields of an object, all by applying it, and we own none."""
    mine = [each for each in fields.entries(live) if each.get("manager") in (HELM, MANAGER)]
    return bool(mine) and all(e.get("manager") == HELM and e.get("operation") == fields.APPLY for e in mine)


def _own(manifest: Manifest) -> fields.FieldSet:
    return fields.owned(manifest, [MANAGER], fields.APPLY)


def _bare(wanted: Manifest) -> Manifest:
    meta = {key: value for key, value in wanted["metadata"].items() if key != "resourceVersion"}
    return {**wanted, "metadata": meta}
