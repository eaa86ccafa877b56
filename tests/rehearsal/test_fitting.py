"""Whether a pod fits on a node, and why not, is what the real kube-scheduler says."""

from __future__ import annotations

import random
import re
import time
from typing import Any

from chart_py.rehearsal.fitting import Node, how_many, reasons, requests_of, units
from tests.control_plane import ControlPlane

Json = dict[str, Any]
NUMBER = 300
AT_ONCE = 100
POOLS = ["user", "gpu", "core"]
TAINTS = [
    {"key": "hub.jupyter.org_dedicated", "value": "user", "effect": "NoSchedule"},
    {"key": "nvidia.com/gpu", "value": "present", "effect": "NoSchedule"},
    {"key": "spot", "effect": "NoExecute"},
    {"key": "slow", "value": "yes", "effect": "PreferNoSchedule"},
]
TOLERATIONS = [
    {"key": "hub.jupyter.org_dedicated", "operator": "Equal", "value": "user", "effect": "NoSchedule"},
    {"key": "hub.jupyter.org_dedicated", "value": "core", "effect": "NoSchedule"},
    {"key": "nvidia.com/gpu", "operator": "Exists"},
    {"key": "spot", "operator": "Exists", "effect": "NoSchedule"},
    {"operator": "Exists"},
    {"key": "spot", "operator": "Exists", "effect": "NoExecute"},
]


def random_node(rng: random.Random, name: str) -> Json:
    capacity: Json = {
        "cpu": rng.choice(["1", "3920m", "7910m", "16"]),
        "memory": rng.choice(["2Gi", "7935488Ki", "32G", "120Gi"]),
        "pods": rng.choice(["1", "29", "110"]),
    }
    if rng.random() < 0.3:
        capacity["nvidia.com/gpu"] = rng.choice(["1", "4"])
    labels: dict[str, str] = {}
    if rng.random() < 0.6:
        labels["pool"] = rng.choice(POOLS)
    if rng.random() < 0.3:
        labels["size"] = rng.choice(["2", "10"])
    taints = rng.sample(TAINTS, rng.choice([0, 0, 0, 1, 2]))
    return {"name": name, "capacity": capacity, "labels": labels, "taints": taints}


def random_spec(rng: random.Random, name: str) -> Json:
    def container(called: str, *, restarts: bool = False) -> Json:
        resources: Json = {}
        if rng.random() < 0.7:
            cpu = rng.choice(["50m", "0.1", "1", "3950m", "4"])
            resources["requests"] = {"cpu": cpu, "memory": rng.choice(["512M", "1Gi", "7Gi", "30Gi"])}
        elif rng.random() < 0.4:
            resources["limits"] = {"cpu": rng.choice(["1", "20"]), "memory": "1Gi"}
        if rng.random() < 0.15:
            gpus = rng.choice(["1", "2"])
            resources.setdefault("limits", {})["nvidia.com/gpu"] = gpus
        more = {"restartPolicy": "Always"} if restarts else {}
        return {"name": called, "image": "example/web:1", "resources": resources, **more}

    spec: Json = {"containers": [container("web")], "nodeSelector": {}}
    if rng.random() < 0.3:
        spec["containers"].append(container("side"))
    if rng.random() < 0.4:
        spec["initContainers"] = [container("before"), container("beside", restarts=True), container("then")]
    if rng.random() < 0.6:
        spec["tolerations"] = rng.sample(TOLERATIONS, rng.choice([1, 1, 2]))
    if rng.random() < 0.3:
        spec["nodeSelector"]["pool"] = rng.choice(POOLS)
    # A field narrows the scheduler's look to the pair's own node, so that its reasons are that node's.
    field = {"key": "metadata.name", "operator": "In", "values": [name]}
    terms: list[Json] = [{"matchFields": [field]}]
    if rng.random() < 0.4:
        demands = [
            {"key": "pool", "operator": rng.choice(["In", "NotIn"]), "values": rng.sample(POOLS, 2)},
            {"key": "size", "operator": rng.choice(["Gt", "Lt"]), "values": ["5"]},
            {"key": "pool", "operator": rng.choice(["Exists", "DoesNotExist"])},
        ]
        numbers = rng.choice([[1], [2], [1, 2]])
        terms = [{"matchFields": [field], "matchExpressions": rng.sample(demands, number)} for number in numbers]
    node = {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": terms}}
    spec["affinity"] = {"nodeAffinity": node}
    return spec


def as_node(given: Json) -> Node:
    return Node(given["name"], units(given["capacity"]), given["labels"], tuple(given["taints"]))


def ours(spec: Json, node: Node) -> set[str]:
    """Why not, as the kube-scheduler says it."""
    said = set()
    for reason in reasons(spec, node):
        if reason.kind == "taint":
            said.add("taint " + reason.name)
        elif reason.kind == "affinity":
            said.add("affinity")
        else:
            said.add("pods" if reason.name == "pods" else reason.name)
    return said


def theirs(plane: ControlPlane, namespace: str, name: str) -> set[str] | None:
    """Why not, from the pod's condition; None while the scheduler has not said it."""
    pod = plane.api.json("GET", f"/api/v1/namespaces/{namespace}/pods/{name}")
    if pod["spec"].get("nodeName"):
        return set()
    for condition in pod.get("status", {}).get("conditions", []):
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            return said(condition["message"])
    return None


def said(message: str) -> set[str]:
    """The reasons in the scheduler's sentence."""
    first = message.partition(" preemption:")[0]
    if "didn't match Pod's node affinity/selector" in first:
        return {"affinity"}
    found = {f"taint {key}" for key in re.findall(r"untolerated taint \{([^:}]+)", first)}
    found |= {"pods" if name == "pods" else name for name in re.findall(r"Insufficient ([\w./-]+)", first)}
    return found | ({"pods"} if "Too many pods" in first else set())


def test_requests_are_those_of_the_largest_moment() -> None:
    spec = {
        "initContainers": [
            {"resources": {"requests": {"cpu": "3"}}},
            {"restartPolicy": "Always", "resources": {"requests": {"cpu": "500m"}}},
            {"resources": {"requests": {"memory": "2Gi"}}},
        ],
        "containers": [{"resources": {"limits": {"cpu": "1", "nvidia.com/gpu": "1"}, "requests": {"cpu": "0.1"}}}],
        "overhead": {"cpu": "10m"},
    }
    assert requests_of(spec) == {"cpu": 3010, "memory": 2 << 30, "nvidia.com/gpu": 1}


def test_how_many_fit_is_what_the_scarcest_resource_allows() -> None:
    node = Node("a", units({"cpu": "4", "memory": "16Gi", "pods": "10"}), used=units({"cpu": "100m", "pods": "2"}))
    spec = {"containers": [{"resources": {"requests": {"cpu": "500m", "memory": "1Gi"}}}]}
    assert how_many(spec, node) == 7
    assert how_many({"containers": [{}]}, node) == 8
    assert how_many({"containers": [{"resources": {"requests": {"nvidia.com/gpu": "1"}}}]}, node) == 0


def test_pods_fit_as_the_kube_scheduler_says(control_plane: ControlPlane, namespace: str) -> None:
    rng = random.Random(154)
    wrong = []
    for start in range(0, NUMBER, AT_ONCE):
        names = [f"pair-{number}" for number in range(start, start + AT_ONCE)]
        pairs = {name: (random_node(rng, name), random_spec(rng, name)) for name in names}
        try:
            wrong += differing(control_plane, namespace, pairs)
        finally:
            for name in names:
                control_plane.api.delete({"apiVersion": "v1", "kind": "Node", "metadata": {"name": name}})
    assert wrong == []


def differing(plane: ControlPlane, namespace: str, pairs: dict[str, tuple[Json, Json]]) -> list[Any]:
    """The pairs of which the scheduler says something else."""
    for name, (given, _) in pairs.items():
        node: Json = {"apiVersion": "v1", "kind": "Node", "metadata": {"name": name, "labels": given["labels"]}}
        node["spec"] = {"taints": given["taints"]}
        node["status"] = {
            "capacity": given["capacity"],
            "allocatable": given["capacity"],
            "conditions": [{"type": "Ready", "status": "True"}],
        }
        plane.api.json("POST", "/api/v1/nodes", node)
        plane.api.json("PATCH", f"/api/v1/nodes/{name}/status", {"status": node["status"]}, MERGE)
    for name, (_, spec) in pairs.items():
        pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": spec}
        plane.api.json("POST", f"/api/v1/namespaces/{namespace}/pods", pod)
    wrong = []
    for name, (given, spec) in pairs.items():
        end = time.monotonic() + 60
        while (found := theirs(plane, namespace, name)) is None and time.monotonic() < end:
            time.sleep(0.1)
        mine = ours(spec, as_node(given))
        fits = bool(plane.api.json("GET", f"/api/v1/namespaces/{namespace}/pods/{name}")["spec"].get("nodeName"))
        if fits != (not mine) or found != mine:
            wrong.append((given, spec, mine, found))
    return wrong


MERGE = "application/merge-patch+json"
