"""The phase in which images are pulled: a DaemonSet that names them is watched node by node, then removed.

Only nodes that take part are waited for: a full, cordoned or unready one holds nothing up.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from chart_py.changes.plan import PATIENCE
from chart_py.cluster.errors import RefusedError
from chart_py.cluster.follow import Follower, Topic
from chart_py.cluster.interface import Cluster, Ref, ref_of
from chart_py.context import MANAGER
from chart_py.engine.owner import Owner, as_owned
from chart_py.engine.progress import Observer, Pending
from chart_py.errors import NotReadyError
from chart_py.health.causes import Cause, Surroundings, causes
from chart_py.manifest import Manifest

_TICK = 1.0


class Pull(enum.Enum):
    """What the image-pull phase can hold up: everything (`wait`), only itself (`best-effort`), or it is left out."""

    WAIT = "wait"
    BEST_EFFORT = "best-effort"
    OFF = "off"


@dataclass
class Puller:
    """Pulls the images of a release's hook. `clock` gives seconds that only go forward; `check` may raise to end it.

    `patience` is how many seconds a puller that no node has room for is waited for; below zero, to the end.
    """

    cluster: Cluster
    owner: Owner
    clock: Callable[[], float]
    observer: Observer
    check: Callable[[], None] = field(default=lambda: None)
    patience: float = PATIENCE

    def pull(self, hooks: Sequence[Manifest], mode: Pull, seconds: float) -> None:
        """Pull the images of the DaemonSets in `hooks`, and remove what was made for it.

        With `Pull.WAIT`, NotReadyError where an image cannot be pulled or is not there after `seconds`; with
        `Pull.BEST_EFFORT` that is a note.
        """
        made = [as_owned(each, self.owner) for each in hooks]
        if mode is Pull.OFF or not made:
            return
        try:
            for each in made:
                self.check()
                self.cluster.apply(each, manager=MANAGER)
            for each in made:
                if each["kind"] == "DaemonSet":
                    self._watch(each, seconds)
        except (NotReadyError, RefusedError) as error:
            if mode is Pull.WAIT:
                raise
            self.observer.note(f"images were not pulled everywhere, going on: {error}")
        finally:
            for each in reversed(made):
                self.cluster.delete(ref_of(each))

    def _watch(self, daemon_set: Manifest, seconds: float) -> None:
        ref = ref_of(daemon_set)
        topics = [Topic(ref._replace(name="")), Topic(Ref("v1", "Pod", ref.namespace)), Topic(Ref("v1", "Node"))]
        topics.append(Topic(Ref("v1", "Event", ref.namespace), "type=Warning"))
        start = self.clock()
        patience = self.patience if self.patience >= 0 else math.inf
        with Follower(self.cluster, topics) as follower:
            while True:
                self.check()
                passed = self.clock() - start
                live = follower.find(ref)
                around = Surroundings(pods=follower.objects("Pod"), warnings=follower.objects("Event"))
                nodes = (
                    None
                    if "Node" in follower.forbidden
                    else {n["metadata"]["name"]: n for n in follower.objects("Node")}
                )
                pending, done = _progress(live, around, nodes, passed, patience)
                self.observer.waits(pending, done)
                if live is not None and not pending:
                    self._say_left_out(live, around, nodes)
                    return
                final = [cause for each in pending for cause in each.causes if cause.is_final]
                if final:
                    raise NotReadyError(f"images cannot be pulled: {final[0].text}", _ADVICE)
                if passed >= seconds:
                    raise NotReadyError(_late(pending, seconds), _ADVICE)
                follower.wait(min(max(seconds - passed, 0.0), _TICK))

    def _say_left_out(self, live: Manifest, around: Surroundings, nodes: dict[str, Manifest] | None) -> None:
        """Name the nodes that had no room for the puller, and say why others have none."""
        pods = [each for each in around.pods if _is_of(each, live)]
        for each in _to_come(live, len(pods), around, 0.0, math.inf):
            why = f": {each.causes[0].text}" if each.causes else ""
            self.observer.note(f"{each.about} did not get {each.waits_for}, images were not pulled there{why}")
        waiting = [each for each in pods if not (each.get("spec") or {}).get("nodeName")]
        full = sorted({node for each in waiting if _takes_part(node := _node_of(each), nodes)})
        if full:
            self.observer.note(f"no room for the puller on {', '.join(full)}: images were not pulled there")


_ADVICE = "No pod of the hub was touched. Correct the image's name or tag, or go on without with --pull off."


def _late(pending: Sequence[Pending], seconds: float) -> str:
    texts = [f"{each.about}: {each.causes[0].text if each.causes else each.waits_for}" for each in pending]
    return f"images are not pulled after {round(seconds)} s: {'; '.join(texts) or 'no node has begun'}"


def _progress(
    live: Manifest | None,
    around: Surroundings,
    nodes: dict[str, Manifest] | None,
    passed: float,
    patience: float,
) -> tuple[list[Pending], int]:
    """What is still pulled, image by image and node by node, and how many nodes have all."""
    if live is None:
        return [], 0
    pods = [each for each in around.pods if _is_of(each, live)]
    pending = _to_come(live, len(pods), around, passed, patience)
    done = 0
    for pod in pods:
        node = _node_of(pod)
        if not (pod.get("spec") or {}).get("nodeName"):
            # A full node is given a little time, and then left alone.
            if passed < patience and _takes_part(node, nodes):
                pending.append(Pending(f"node {node}", "room for the puller", passed))
            continue
        if not _takes_part(node, nodes):
            continue
        images = list(_missing(pod))
        if images:
            why = tuple(causes(pod, around))
            pending += [Pending(f"node {node}", f"the image {image}", passed, _about(why, image)) for image in images]
        else:
            done += 1
    return pending, done


def _is_of(pod: Manifest, daemon_set: Manifest) -> bool:
    meta, uid = pod["metadata"], daemon_set["metadata"].get("uid")
    is_owned = any(owner.get("uid") == uid for owner in meta.get("ownerReferences") or [])
    return is_owned and not meta.get("deletionTimestamp")


def _to_come(live: Manifest, there: int, around: Surroundings, passed: float, patience: float) -> list[Pending]:
    """The pullers that the controller has not made yet: each node has one, also one that is full or cordoned."""
    status, about = live.get("status") or {}, str(ref_of(live))
    if int(status.get("observedGeneration") or 0) < int(live["metadata"].get("generation") or 0):
        return [Pending(about, "its controller to see it", passed)]
    left = int(status.get("desiredNumberScheduled") or 0) - there
    if left <= 0 or passed >= patience:
        return []
    why = tuple(cause for cause in causes(live, around) if cause.about == about)
    return [Pending(about, f"its pods on {left} node{'s' if left > 1 else ''}", passed, why)]


def _about(why: tuple[Cause, ...], image: str) -> tuple[Cause, ...]:
    return tuple(cause for cause in why if image in cause.text)


def _missing(pod: Manifest) -> Iterator[str]:
    """The images of a puller's pod that are not on its node yet: those of containers that have not been started."""
    started = {
        each.get("name")
        for each in (pod.get("status") or {}).get("initContainerStatuses") or []
        if {"running", "terminated"} & set(each.get("state") or {})
    }
    is_running = (pod.get("status") or {}).get("phase") in ("Running", "Succeeded")
    for container in pod["spec"].get("initContainers") or []:
        if container["name"] not in started and not is_running:
            yield str(container["image"])


def _node_of(pod: Manifest) -> str:
    """The node of a DaemonSet's pod, also while it is not bound to it: the controller asks for it by name."""
    spec: dict[str, Any] = pod.get("spec") or {}
    if spec.get("nodeName"):
        return str(spec["nodeName"])
    node_affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    terms = (node_affinity.get("requiredDuringSchedulingIgnoredDuringExecution") or {}).get("nodeSelectorTerms") or []
    for term in terms:
        for field_ in term.get("matchFields") or []:
            if field_.get("key") == "metadata.name" and field_.get("values"):
                return str(field_["values"][0])
    return "?"


def _takes_part(name: str, nodes: dict[str, Manifest] | None) -> bool:
    """Whether a node is there, ready and not cordoned; where nodes may not be read, all are taken to be."""
    if nodes is None:
        return True
    node = nodes.get(name)
    if node is None or (node.get("spec") or {}).get("unschedulable"):
        return False
    conditions = (node.get("status") or {}).get("conditions") or []
    return any(each.get("type") == "Ready" and each.get("status") == "True" for each in conditions)
