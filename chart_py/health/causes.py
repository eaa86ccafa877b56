"""Why an object is not ready: what its pods, its claims and the cluster's events say, and whether it can heal."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chart_py.manifest import Manifest

CRASHES = 3
"""How often a container may crash before it counts as one that will not heal."""


class Cause(NamedTuple):
    """Why something is not ready.

    `about` is the object at fault (`Pod/hub-…`), `reason` Kubernetes' word, `text` a sentence. `is_final` says that
    waiting cannot help. `container` is where the log of a crashed one is to be read, as (namespace, pod, container).
    `shared` is what several objects may suffer from alike, without their names; empty where each has its own trouble.
    """

    about: str
    reason: str
    text: str
    is_final: bool = False
    container: tuple[str, str, str] | None = None
    shared: str = ""

    @property
    def key(self) -> tuple[str, str]:
        """What tells this cause from others, whichever objects suffer from it."""
        return ("", self.shared) if self.shared else (self.reason, self.text)


@dataclass(frozen=True)
class Surroundings:
    """What is around the objects that are waited for: a namespace's pods, ReplicaSets, claims and warnings (Events).

    `spare` names workloads whose pods may wait for room for ever, as `StatefulSet/user-placeholder`.
    """

    pods: Sequence[Manifest] = ()
    replica_sets: Sequence[Manifest] = ()
    claims: Sequence[Manifest] = ()
    warnings: Sequence[Manifest] = field(default=())
    spare: frozenset[str] = frozenset()


def causes(manifest: Manifest, around: Surroundings) -> list[Cause]:
    """The causes for which `manifest` is not ready, those that cannot heal first."""
    kind = manifest.get("kind")
    if kind == "PersistentVolumeClaim":
        found = list(_claim_causes(manifest, around))
    elif kind == "Pod":
        found = list(_pod_causes(manifest, around))
    else:
        found = [*_controller_causes(manifest, around)]
        for pod in pods_of(manifest, around):
            found += _pod_causes(pod, around)
        found += _too_slow(manifest)
    unique = list(dict.fromkeys(found))
    return sorted(unique, key=lambda cause: not cause.is_final)


def grouped(found: Iterable[Cause]) -> list[tuple[Cause, tuple[str, ...]]]:
    """Each cause once, with the other objects that suffer from it, in the order in which they come."""
    groups: dict[tuple[str, str], tuple[Cause, list[str]]] = {}
    for cause in found:
        first, others = groups.setdefault(cause.key, (cause, []))
        if cause.about != first.about and cause.about not in others:
            others.append(cause.about)
    return [(first, tuple(others)) for first, others in groups.values()]


def told(found: Iterable[Cause], most: int = 3) -> list[str]:
    """A line for each cause, with those who share it."""
    lines = []
    for cause, others in grouped(found):
        more = f" and {len(others) - most} more" if len(others) > most else ""
        lines.append(cause.text + (f"\n   Likewise: {', '.join(others[:most])}{more}" if others else ""))
    return lines


def pods_of(manifest: Manifest, around: Surroundings) -> list[Manifest]:
    """The pods that a workload has made for its present template, those that are being deleted left out."""
    uid = manifest["metadata"].get("uid")
    if manifest.get("kind") == "Deployment":
        sets = [each for each in around.replica_sets if _owner(each) == uid and _is_of_template(each, manifest)]
        uid = sets[0]["metadata"].get("uid") if sets else None
    if not uid:
        return []
    pods = [pod for pod in around.pods if _owner(pod) == uid and not pod["metadata"].get("deletionTimestamp")]
    return [pod for pod in pods if _is_present(pod, manifest)]


def _owner(manifest: Manifest) -> str:
    owners = [each for each in manifest["metadata"].get("ownerReferences") or [] if each.get("controller")]
    return str(owners[0].get("uid", "")) if owners else ""


def _is_of_template(replica_set: Manifest, deployment: Manifest) -> bool:
    """Whether a ReplicaSet makes the pods that the Deployment wants now, and not those of an earlier template."""
    template = replica_set["spec"]["template"]
    meta = template.get("metadata") or {}
    labels = {key: value for key, value in (meta.get("labels") or {}).items() if key != "pod-template-hash"}
    bare = {**template, "metadata": {**meta, "labels": labels}}
    return bool(bare == deployment["spec"]["template"])


def _is_present(pod: Manifest, workload: Manifest) -> bool:
    """Whether a pod is of the workload's present template, where the pod's labels say so."""
    labels = pod["metadata"].get("labels") or {}
    if workload.get("kind") == "StatefulSet":
        update = (workload.get("status") or {}).get("updateRevision")
        return not update or labels.get("controller-revision-hash", update) == update
    if workload.get("kind") == "DaemonSet":
        generation = (workload["metadata"].get("annotations") or {}).get("deprecated.daemonset.template.generation")
        return not generation or labels.get("pod-template-generation", generation) == generation
    return True


# ---- controllers: pods that cannot even be made


def _controller_causes(manifest: Manifest, around: Surroundings) -> Iterator[Cause]:
    name = f"{manifest['kind']}/{manifest['metadata']['name']}"
    conditions = (manifest.get("status") or {}).get("conditions") or []
    for condition in conditions:
        if condition.get("type") == "ReplicaFailure" and condition.get("status") == "True":
            yield _not_created(name, str(condition.get("message", "")))
    if manifest.get("kind") != "Deployment":
        for warning in _warnings(around, str(manifest["metadata"].get("uid", ""))):
            if warning.get("reason") == "FailedCreate":
                yield _not_created(name, str(warning.get("message", "")))
    for condition in conditions:
        if manifest["kind"] == "Job" and condition.get("type") == "Failed" and condition.get("status") == "True":
            yield Cause(name, str(condition.get("reason")), f"{name} failed: {condition.get('message')}", True)


def _too_slow(manifest: Manifest) -> Iterator[Cause]:
    """That a Deployment took longer than it may; its controller goes on trying, so what is missing may still come."""
    for condition in (manifest.get("status") or {}).get("conditions") or []:
        if condition.get("reason") == "ProgressDeadlineExceeded" and condition.get("status") == "False":
            name = f"{manifest['kind']}/{manifest['metadata']['name']}"
            seconds = (manifest.get("spec") or {}).get("progressDeadlineSeconds", 600)
            text = f"{name} made no progress for {seconds} s: {condition.get('message', '')}"
            yield Cause(name, "ProgressDeadlineExceeded", text.rstrip(": "))


def _not_created(name: str, message: str) -> Cause:
    said = re.sub(r"^Error creating: ", "", message)
    if "exceeded quota" in said:
        return Cause(name, "ExceededQuota", f"{name} cannot create pods: {said}", shared=_anonymous(said))
    if "PodSecurity" in said or "denied the request" in said:
        return Cause(name, "Forbidden", f"{name} may not create pods: {said}", True, shared=_anonymous(said))
    return Cause(name, "FailedCreate", f"{name} cannot create pods: {said}", shared=_anonymous(said))


def _anonymous(said: str) -> str:
    """What the server said of a pod, without its name, which it gives in quotes."""
    return re.sub(r'^pods "[^"]*" is ', "pods are ", said)


# ---- pods


def _pod_causes(pod: Manifest, around: Surroundings) -> Iterator[Cause]:
    status = pod.get("status") or {}
    name = f"Pod/{pod['metadata']['name']}"
    if not (pod.get("spec") or {}).get("nodeName"):
        yield from _unscheduled(pod, name, around)
        return
    statuses = [*(status.get("initContainerStatuses") or []), *(status.get("containerStatuses") or [])]
    for container in statuses:
        found = _container_cause(pod, name, container, around)
        if found:
            yield found
    if not any(each.get("state", {}).get("running") for each in statuses):
        yield from _mounts(pod, name, around)


def _unscheduled(pod: Manifest, name: str, around: Surroundings) -> Iterator[Cause]:
    for claim in _claims_of(pod, around):
        yield from _claim_causes(claim, around)
    for condition in (pod.get("status") or {}).get("conditions") or []:
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            said = str(condition.get("message") or condition.get("reason") or "")
            reasons = reasons_per_node(said)
            yield Cause(name, "Unschedulable", f"{name} cannot be scheduled: {reasons}", shared=reasons)


def reasons_per_node(message: str) -> str:
    """The scheduler's message with one reason after the other, without what it says about preemption."""
    head = message.partition(" preemption:")[0].rstrip(". ")
    total, colon, reasons = head.partition(": ")
    if not colon:
        return head
    parts = [part.strip() for part in re.split(r", (?=\d+ )", reasons)]
    return f"{total.strip()}: " + "; ".join(parts)


def _claims_of(pod: Manifest, around: Surroundings) -> list[Manifest]:
    volumes = (pod.get("spec") or {}).get("volumes") or []
    names = {(each.get("persistentVolumeClaim") or {}).get("claimName") for each in volumes}
    return [claim for claim in around.claims if claim["metadata"]["name"] in names]


_NO_SUCH_IMAGE = re.compile(
    r"(?i)not ?found|manifest unknown|unauthorized|denied|forbidden|no basic auth|invalid reference|does not exist"
    r"|couldn't parse image"
)
_PULLING = frozenset({"ErrImagePull", "ImagePullBackOff", "ImageInspectError", "RegistryUnavailable"})
_NEVER = frozenset({"InvalidImageName", "ErrImageNeverPull"})


def _container_cause(pod: Manifest, name: str, container: Mapping[str, Any], around: Surroundings) -> Cause | None:
    waiting = (container.get("state") or {}).get("waiting") or {}
    reason, said = str(waiting.get("reason", "")), str(waiting.get("message", ""))
    node = (pod.get("spec") or {}).get("nodeName", "")
    image = container.get("image", "")
    if reason in _PULLING | _NEVER:
        why = _pull_reason(pod, str(image), said, around)
        is_final = reason in _NEVER or bool(_NO_SUCH_IMAGE.search(why))
        trouble = f"cannot pull the image {image}"
        text = f"{name} on node {node} {trouble}: {reason}" + (f": {why}" if why else "")
        return Cause(name, reason, text, is_final, shared=trouble)
    if reason == "CrashLoopBackOff" or _has_crashed(container):
        return _crash(pod, name, container)
    if reason in ("CreateContainerConfigError", "CreateContainerError", "RunContainerError"):
        is_final = "executable file not found" in said
        return Cause(name, reason, f"{name}: the container {container.get('name')} cannot start: {said}", is_final)
    return None


def _pull_reason(pod: Manifest, image: str, said: str, around: Surroundings) -> str:
    """What the registry said: the kubelet keeps it in the status, or in an event."""
    if said and not said.startswith("Back-off pulling image"):
        return said
    if ": " in said:
        return said.partition(": ")[2]
    for warning in _warnings(around, str(pod["metadata"].get("uid", ""))):
        message = str(warning.get("message", ""))
        if warning.get("reason") == "Failed" and message.startswith(f'Failed to pull image "{image}"'):
            return message.partition(": ")[2]
    return ""


def _has_crashed(container: Mapping[str, Any]) -> bool:
    """Whether a container has just ended with an error, and is not yet said to be in a loop."""
    ended = (container.get("state") or {}).get("terminated") or {}
    return bool(ended.get("exitCode"))


def _crash(pod: Manifest, name: str, container: Mapping[str, Any]) -> Cause:
    state, last = container.get("state") or {}, container.get("lastState") or {}
    ended = state.get("terminated") or last.get("terminated") or {}
    code, restarts = ended.get("exitCode"), int(container.get("restartCount") or 0)
    why = f"exit code {code}" + (f", {ended['reason']}" if ended.get("reason") not in (None, "Error") else "")
    times = f", {restarts} restart{'s' if restarts > 1 else ''}" if restarts else ""
    # 126 and 127 are the shell's words for a command that cannot be run; a few crashes are nothing to wait for.
    is_final = code in (126, 127) or restarts >= CRASHES
    where = (str(pod["metadata"].get("namespace", "")), str(pod["metadata"]["name"]), str(container.get("name")))
    text = f"{name}: the container {container.get('name')} crashes ({why}{times})"
    return Cause(name, "CrashLoopBackOff", text, is_final, where)


def _mounts(pod: Manifest, name: str, around: Surroundings) -> Iterator[Cause]:
    """What keeps a pod's volumes from it, which only events tell."""
    for warning in _warnings(around, str(pod["metadata"].get("uid", ""))):
        if warning.get("reason") in ("FailedMount", "FailedAttachVolume", "FailedMapVolume"):
            yield Cause(name, str(warning["reason"]), f"{name} cannot mount its volumes: {warning.get('message', '')}")


# ---- claims


def _claim_causes(claim: Manifest, around: Surroundings) -> Iterator[Cause]:
    if (claim.get("status") or {}).get("phase") == "Bound":
        return
    name = f"PersistentVolumeClaim/{claim['metadata']['name']}"
    said = [str(each.get("message", "")) for each in _warnings(around, str(claim["metadata"].get("uid", "")))]
    spec = claim.get("spec") or {}
    if said:
        yield Cause(name, "ProvisioningFailed", f"{name} has no volume: {said[0]}")
    elif "storageClassName" not in spec:
        text = f"{name} has no volume: it names no StorageClass, and the cluster has no default"
        yield Cause(name, "NoStorageClass", text)


def _warnings(around: Surroundings, uid: str) -> list[Manifest]:
    """The warnings about an object, the last one first."""
    found = [each for each in around.warnings if (each.get("involvedObject") or {}).get("uid") == uid]
    return sorted(found, key=_time, reverse=True)


def _time(event: Manifest) -> str:
    series = event.get("series") or {}
    times: Iterable[Any] = (series.get("lastObservedTime"), event.get("lastTimestamp"), event.get("eventTime"))
    return next((str(time) for time in times if time), "")
