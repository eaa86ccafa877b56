"""Whether an object does what it is there for, and what it still waits for: one pure function for each kind."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

from chart_py.manifest import Manifest


class Readiness(NamedTuple):
    """Whether an object is ready, else what it waits for; `note` is for people and holds nothing up."""

    is_ready: bool
    waits_for: str = ""
    note: str = ""


READY = Readiness(True)


def readiness(manifest: Manifest | None) -> Readiness:
    """Whether the live object is ready; a kind without a state of its own is, as soon as it is there."""
    if manifest is None:
        return Readiness(False, "to be created")
    if (manifest.get("metadata") or {}).get("deletionTimestamp"):
        return Readiness(False, "to be gone, so that it can be created again")
    judge = _JUDGES.get(str(manifest.get("kind")))
    return judge(manifest) if judge else READY


def _status(manifest: Manifest) -> dict[str, Any]:
    return manifest.get("status") or {}


def _observed(manifest: Manifest) -> Readiness | None:
    """Not ready where the controller has not yet seen the last change."""
    generation = int((manifest.get("metadata") or {}).get("generation") or 0)
    if int(_status(manifest).get("observedGeneration") or 0) < generation:
        return Readiness(False, "its controller to see the change")
    return None


def _condition(manifest: Manifest, kind: str) -> dict[str, Any]:
    found = [each for each in _status(manifest).get("conditions") or [] if each.get("type") == kind]
    return found[0] if found else {}


def _pods(count: int, kind: str = "") -> str:
    return f"{count} {kind}pod" + ("" if count == 1 else "s")


def _deployment(manifest: Manifest) -> Readiness:
    status, spec = _status(manifest), manifest.get("spec") or {}
    wanted = int(spec.get("replicas", 1))
    updated, available = int(status.get("updatedReplicas") or 0), int(status.get("availableReplicas") or 0)
    if unseen := _observed(manifest):
        return unseen
    if spec.get("paused"):
        return Readiness(False, "someone to resume it: it is paused")
    if updated < wanted:
        return Readiness(False, f"new pods: {updated} of {wanted} are there")
    if int(status.get("replicas") or 0) > updated:
        return Readiness(False, f"{_pods(int(status['replicas']) - updated, 'old ')} to end")
    if available < wanted:
        return Readiness(False, f"pods to be ready: {available} of {wanted} are")
    return READY


def _daemon_set(manifest: Manifest) -> Readiness:
    status = _status(manifest)
    wanted = int(status.get("desiredNumberScheduled") or 0)
    updated, available = int(status.get("updatedNumberScheduled") or 0), int(status.get("numberAvailable") or 0)
    if unseen := _observed(manifest):
        return unseen
    strategy = ((manifest.get("spec") or {}).get("updateStrategy") or {}).get("type", "RollingUpdate")
    if strategy == "RollingUpdate" and updated < wanted:
        return Readiness(False, f"new pods: {updated} of {wanted} nodes have theirs")
    if available < wanted:
        return Readiness(False, f"pods to be ready: {available} of {wanted} nodes are")
    return READY


def _stateful_set(manifest: Manifest) -> Readiness:
    status, spec = _status(manifest), manifest.get("spec") or {}
    wanted = int(spec.get("replicas", 1))
    updated, ready = int(status.get("updatedReplicas") or 0), int(status.get("readyReplicas") or 0)
    if unseen := _observed(manifest):
        return unseen
    strategy = spec.get("updateStrategy") or {}
    if strategy.get("type", "RollingUpdate") == "RollingUpdate":
        partition = int((strategy.get("rollingUpdate") or {}).get("partition") or 0)
        if updated < wanted - partition and status.get("currentRevision") != status.get("updateRevision"):
            return Readiness(False, f"new pods: {updated} of {wanted - partition} are there")
    if ready < wanted:
        return Readiness(False, f"pods to be ready: {ready} of {wanted} are")
    return READY


def _job(manifest: Manifest) -> Readiness:
    status, spec = _status(manifest), manifest.get("spec") or {}
    if spec.get("suspend") or _condition(manifest, "Complete").get("status") == "True":
        return READY
    failed = _condition(manifest, "Failed")
    if failed.get("status") == "True":
        return Readiness(False, f"success, which it will not have: {failed.get('message') or failed.get('reason')}")
    return Readiness(
        False, f"{int(status.get('succeeded') or 0)} of {int(spec.get('completions') or 1)} pods to succeed"
    )


def _pod(manifest: Manifest) -> Readiness:
    phase = _status(manifest).get("phase")
    if phase == "Succeeded" or _condition(manifest, "Ready").get("status") == "True":
        return READY
    return Readiness(False, f"it to be ready: it is {phase or 'Pending'}")


def _claim(manifest: Manifest) -> Readiness:
    phase = _status(manifest).get("phase")
    return READY if phase == "Bound" else Readiness(False, f"a volume: it is {phase or 'Pending'}")


def _service(manifest: Manifest) -> Readiness:
    if (manifest.get("spec") or {}).get("type") != "LoadBalancer":
        return READY
    if (_status(manifest).get("loadBalancer") or {}).get("ingress"):
        return READY
    name = manifest["metadata"]["name"]
    return Readiness(
        True,
        note=f"Service/{name} has no address yet: the cluster's load balancer has to give one. Where there is none, "
        "set proxy.service.type to NodePort or ClusterIP, or use an Ingress.",
    )


def _namespace(manifest: Manifest) -> Readiness:
    phase = _status(manifest).get("phase", "Active")
    return READY if phase == "Active" else Readiness(False, f"it to be Active: it is {phase}")


def _definition(manifest: Manifest) -> Readiness:
    if _condition(manifest, "Established").get("status") == "True":
        return READY
    return Readiness(False, "the API server to serve it")


_JUDGES: dict[str, Callable[[Manifest], Readiness]] = {
    "CustomResourceDefinition": _definition,
    "DaemonSet": _daemon_set,
    "Deployment": _deployment,
    "Job": _job,
    "Namespace": _namespace,
    "PersistentVolumeClaim": _claim,
    "Pod": _pod,
    "Service": _service,
    "StatefulSet": _stateful_set,
}

JUDGED = frozenset(_JUDGES)
"""The kinds that have a state to wait for."""
