"""The placeholders' objects."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.resources.user_placeholder import pdb, priority_class, stateful_set
from tests.resources.conftest import Make
from tests.resources.variant import changed, shown

EXPECTED = shown(__file__)
POD = "spec template spec"
RESOURCES = f"{POD} containers 0 resources"
BUILDERS: dict[str, Any] = {
    "StatefulSet/user-placeholder": stateful_set.stateful_set,
    "PodDisruptionBudget/user-placeholder": pdb.pdb,
    "PriorityClass/jhub-user-placeholder-priority": priority_class.priority_class,
}
SET, PRIORITY = "StatefulSet/user-placeholder", "PriorityClass/jhub-user-placeholder-priority"
PREFERRED = EXPECTED[SET]["spec"]["template"]["spec"]["affinity"]["nodeAffinity"][
    "preferredDuringSchedulingIgnoredDuringExecution"
]
TOLERATIONS = EXPECTED[SET]["spec"]["template"]["spec"]["tolerations"]
MUST, SHOULD = "requiredDuringSchedulingIgnoredDuringExecution", "preferredDuringSchedulingIgnoredDuringExecution"

VARIANTS: list[tuple[str, str, dict[str, Any] | None]] = [
    (SET, "", {}),
    ("PodDisruptionBudget/user-placeholder", "", {}),
    (PRIORITY, "", None),
    (PRIORITY, "scheduling: {podPriority: {enabled: true}}", {}),
    (PRIORITY, "scheduling: {podPriority: {enabled: true, userPlaceholderPriority: -99}}", {"value": -99}),
    *((key, "scheduling: {podPriority: {enabled: true}, userPlaceholder: {enabled: false}}", None) for key in BUILDERS),
    (SET, "scheduling: {userScheduler: {enabled: false}}", {f"{POD} schedulerName": None}),
    (
        SET,
        "scheduling: {podPriority: {enabled: true}}",
        {f"{POD} priorityClassName": "jhub-user-placeholder-priority"},
    ),
    (
        SET,
        "scheduling: {userPlaceholder: {replicas: 2, revisionHistoryLimit: 5, labels: {a: b}, annotations: {c: d}, "
        "resources: {requests: {cpu: 1}}, image: {name: p, tag: null, pullPolicy: Always, pullSecrets: [own]}, "
        "extraPodSpec: {nodeName: n1, schedulerName: default-scheduler}}}",
        {
            "spec replicas": 2,
            "spec revisionHistoryLimit": 5,
            "spec template metadata labels a": "b",
            "spec template metadata annotations": {"c": "d"},
            f"{POD} nodeName": "n1",
            f"{POD} schedulerName": "default-scheduler",
            f"{POD} imagePullSecrets": [{"name": "own"}],
            f"{POD} containers 0 image": "p",
            f"{POD} containers 0 imagePullPolicy": "Always",
            RESOURCES: {"requests": {"cpu": 1}},
        },
    ),
    (
        SET,
        "{singleuser: {nodeSelector: {pool: user}, extraTolerations: [{key: gpu}], extraNodeAffinity: "
        "{required: [{a: 1}], "
        "preferred: [{b: 1}]}, extraPodAffinity: {required: [{c: 1}], preferred: [{d: 1}]}, extraPodAntiAffinity: "
        "{required: [{e: 1}], preferred: [{f: 1}]}}}",
        {
            f"{POD} nodeSelector": {"pool": "user"},
            f"{POD} tolerations": [*TOLERATIONS, {"key": "gpu"}],
            f"{POD} affinity": {
                "nodeAffinity": {MUST: {"nodeSelectorTerms": [{"a": 1}]}, SHOULD: [*PREFERRED, {"b": 1}]},
                "podAffinity": {MUST: [{"c": 1}], SHOULD: [{"d": 1}]},
                "podAntiAffinity": {MUST: [{"e": 1}], SHOULD: [{"f": 1}]},
            },
        },
    ),
    (
        SET,
        "{singleuser: {extraTolerations: null}, scheduling: {userPods: {tolerations: null, nodeAffinity: "
        "{matchNodePurpose: ignore}}}}",
        {f"{POD} tolerations": None, f"{POD} affinity": None},
    ),
    (SET, "singleuser: {memory: {guarantee: 0, limit: null}}", {RESOURCES: None}),
    (SET, "singleuser: {memory: {guarantee: 512K}}", {RESOURCES: {"requests": {"memory": "512Ki"}}}),
    (
        SET,
        "singleuser: {cpu: {guarantee: 0.5, limit: 2}, memory: {limit: 4294967296}, extraResource: {guarantees: "
        "{nvidia.com/gpu: 1, none: null}, limits: {nvidia.com/gpu: '1'}}}",
        {
            RESOURCES: {
                "requests": {"cpu": 0.5, "memory": "1G", "nvidia.com/gpu": "1"},
                "limits": {"cpu": 2, "memory": 4294967296.0, "nvidia.com/gpu": "1"},
            }
        },
    ),
]


@pytest.mark.parametrize(("key", "text", "changes"), VARIANTS)
def test_object(make: Make, key: str, text: str, changes: dict[str, Any] | None) -> None:
    assert make(BUILDERS[key], text) == (None if changes is None else changed(EXPECTED[key], changes))
