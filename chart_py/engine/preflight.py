"""What is asked before the first write: may the user do all of this, and will new claims get volumes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from chart_py.changes.change import Change, Operation
from chart_py.changes.plan import Plan
from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import EVERYTHING, Cluster, Ref, ref_of
from chart_py.engine.errors import Problem
from chart_py.engine.lock import lease_ref
from chart_py.engine.planning import in_parallel
from chart_py.manifest import Manifest

_VERBS = {
    Operation.CREATE: ("patch", "create"),
    Operation.UPDATE: ("patch",),
    Operation.REPLACE: ("delete", "patch", "create"),
    Operation.DELETE: ("delete",),
}
_DEFAULT_CLASS = ("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class")


_WIDE = (
    "What lies outside of the namespace needs an administrator; a hub without scheduling.userScheduler and "
    "scheduling.podPriority has none of it."
)


def rights_needed(plan: Plan, forbidden: Iterable[Manifest] = ()) -> list[tuple[str, Ref]]:
    """What the user must be allowed to do for a plan: verbs and objects, each kind of right once.

    `forbidden` are objects about which not even a question was answered.
    """
    needed: dict[tuple[str, Ref], Ref] = {}

    def need(verbs: Iterable[str], ref: Ref) -> None:
        for verb in verbs:
            needed.setdefault((verb, ref._replace(name="")), ref)

    for manifest in forbidden:
        need(("get", "patch", "create"), ref_of(manifest))
    for change in plan.writing:
        need(_VERBS[change.operation], ref_of(change.manifest))
    for pull in plan.pulls:
        need(("patch", "create", "delete"), ref_of(pull))
    need(("create", "update", "delete"), lease_ref(plan.release, plan.namespace))
    need(("create", "update"), Ref("v1", "Secret", plan.namespace, "sh.helm.release.v1"))
    if plan.creates_namespace:
        need(("create",), Ref("v1", "Namespace", name=plan.namespace))
    return [(verb, ref) for (verb, _), ref in needed.items()]


def missing_rights(cluster: Cluster, needed: Sequence[tuple[str, Ref]]) -> list[Problem]:
    """Which of the rights the user lacks, all of them, by verb and kind.

    An administrator is asked one question, whether he may do anything to everything; others one for each right.
    """
    if cluster.may("*", EVERYTHING):
        return []

    def lacks(right: tuple[str, Ref]) -> Problem | None:
        verb, ref = right
        if cluster.may(verb, ref._replace(name="")) or (ref.name and verb != "create" and cluster.may(verb, ref)):
            return None
        where = f"in the namespace {ref.namespace}" if ref.namespace else "in the cluster"
        group = f" of {ref.group}" if ref.group else ""
        text = f"you lack the right to {verb} objects of kind {ref.kind}{group} {where}"
        return Problem(f"{verb} {ref.kind}", text, "" if ref.namespace else _WIDE)

    return [problem for problem in in_parallel(lacks, needed) if problem is not None]


def storage_problems(cluster: Cluster, changes: Iterable[Change]) -> list[Problem]:
    """New claims that name no StorageClass in a cluster that has no default one, nor a volume without a class."""
    claims = [
        each.result
        for each in changes
        if each.operation is Operation.CREATE and each.key.kind == "PersistentVolumeClaim" and each.result
    ]
    open_claims = [each for each in claims if "storageClassName" not in (each.get("spec") or {})]
    if not open_claims or _has_default_class(cluster):
        return []
    advice = "Name one (hub.db.pvc.storageClassName), make one the default, or try with hub.db.type sqlite-memory."
    return [
        Problem(str(ref_of(claim)), "it names no StorageClass, and the cluster has no default one", advice)
        for claim in open_claims
    ]


def _has_default_class(cluster: Cluster) -> bool:
    try:
        classes = cluster.find(Ref("storage.k8s.io/v1", "StorageClass")).items
        if any(_is_default(each) for each in classes):
            return True
        volumes = cluster.find(Ref("v1", "PersistentVolume")).items
    except RefusedError as error:
        if error.is_forbidden:
            # Who may not look at the cluster's storage cannot be told anything about it.
            return True
        raise
    return any(_is_free(each) for each in volumes)


def _is_default(storage_class: Manifest) -> bool:
    notes = storage_class["metadata"].get("annotations") or {}
    return any(notes.get(word) == "true" for word in _DEFAULT_CLASS)


def _is_free(volume: Manifest) -> bool:
    phase = (volume.get("status") or {}).get("phase")
    return not volume["spec"].get("storageClassName") and phase in ("Available", "Pending")
