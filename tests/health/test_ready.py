"""When an object of each kind is ready, and what it waits for until then."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.health.ready import readiness


def thing(kind: str, spec: dict[str, Any], status: dict[str, Any], generation: int = 1) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": "x", "generation": generation}, "spec": spec, "status": status}


SEEN = {"observedGeneration": 1}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("Deployment", {"replicas": 2}, {}, "its controller to see the change"),
    ("Deployment", {"replicas": 2}, {**SEEN, "replicas": 2, "updatedReplicas": 1}, "new pods: 1 of 2 are there"),
    (
        "Deployment",
        {"replicas": 1},
        {**SEEN, "replicas": 2, "updatedReplicas": 1, "availableReplicas": 2},
        "1 old pod to end",
    ),
    ("Deployment", {"replicas": 1}, {**SEEN, "replicas": 1, "updatedReplicas": 1}, "pods to be ready: 0 of 1 are"),
    ("Deployment", {"replicas": 1, "paused": True}, SEEN, "someone to resume it: it is paused"),
    ("Deployment", {"replicas": 1}, {**SEEN, "replicas": 1, "updatedReplicas": 1, "availableReplicas": 1}, ""),
    ("Deployment", {"replicas": 0}, SEEN, ""),
    (
        "DaemonSet",
        {},
        {**SEEN, "desiredNumberScheduled": 2, "updatedNumberScheduled": 1},
        "new pods: 1 of 2 nodes have theirs",
    ),
    (
        "DaemonSet",
        {},
        {**SEEN, "desiredNumberScheduled": 1, "updatedNumberScheduled": 1},
        "pods to be ready: 0 of 1 nodes are",
    ),
    (
        "DaemonSet",
        {"updateStrategy": {"type": "OnDelete"}},
        {**SEEN, "desiredNumberScheduled": 1, "numberAvailable": 1},
        "",
    ),
    ("DaemonSet", {}, {**SEEN, "desiredNumberScheduled": 0}, ""),
    (
        "StatefulSet",
        {"replicas": 1},
        {**SEEN, "readyReplicas": 0, "updatedReplicas": 1},
        "pods to be ready: 0 of 1 are",
    ),
    (
        "StatefulSet",
        {"replicas": 2},
        {**SEEN, "readyReplicas": 2, "updatedReplicas": 1, "currentRevision": "a", "updateRevision": "b"},
        "new pods: 1 of 2 are there",
    ),
    ("StatefulSet", {"replicas": 0}, SEEN, ""),
    ("Job", {"completions": 1}, {}, "0 of 1 pods to succeed"),
    ("Job", {}, {"conditions": [{"type": "Complete", "status": "True"}]}, ""),
    ("Job", {"suspend": True}, {}, ""),
    (
        "Job",
        {},
        {"conditions": [{"type": "Failed", "status": "True", "message": "too often"}]},
        "success, which it will not have: too often",
    ),
    ("Pod", {}, {"phase": "Pending"}, "it to be ready: it is Pending"),
    ("Pod", {}, {"conditions": [{"type": "Ready", "status": "True"}]}, ""),
    ("PersistentVolumeClaim", {}, {"phase": "Pending"}, "a volume: it is Pending"),
    ("PersistentVolumeClaim", {}, {"phase": "Bound"}, ""),
    ("Namespace", {}, {"phase": "Terminating"}, "it to be Active: it is Terminating"),
    ("CustomResourceDefinition", {}, {}, "the API server to serve it"),
    ("Service", {"type": "ClusterIP"}, {}, ""),
    ("ConfigMap", {}, {}, ""),
]


@pytest.mark.parametrize(("kind", "spec", "status", "waits_for"), CASES)
def test_readiness(kind: str, spec: dict[str, Any], status: dict[str, Any], waits_for: str) -> None:
    found = readiness(thing(kind, spec, status))
    assert (found.is_ready, found.waits_for) == (not waits_for, waits_for)


def test_what_is_missing_or_going_is_not_ready() -> None:
    assert readiness(None).waits_for == "to be created"
    going = {"kind": "ConfigMap", "metadata": {"name": "x", "deletionTimestamp": "now"}}
    assert not readiness(going).is_ready


def test_a_load_balancer_without_an_address_is_ready_with_a_note() -> None:
    found = readiness(thing("Service", {"type": "LoadBalancer"}, {}))
    assert found.is_ready
    assert found.note.startswith("Service/x has no address yet")
    given = thing("Service", {"type": "LoadBalancer"}, {"loadBalancer": {"ingress": [{"ip": "192.0.2.1"}]}})
    assert readiness(given).note == ""
