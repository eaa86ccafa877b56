"""The pullers' objects: DaemonSets, the Job that waits, accounts and rights, PriorityClass."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.context import Context
from chart_py.resources.image_puller import daemonset, images, job, priority_class, rbac
from tests.resources.conftest import Make, values_of
from tests.resources.variant import changed, shown

EXPECTED = shown(__file__)
POD = "spec template spec"
BUILDERS: dict[str, Any] = {
    "DaemonSet/continuous-image-puller": daemonset.continuous_daemonset,
    "DaemonSet/hook-image-puller": daemonset.hook_daemonset,
    "Job/hook-image-awaiter": job.job,
    "ServiceAccount/continuous-image-puller": rbac.continuous_service_account,
    "ServiceAccount/hook-image-puller": rbac.hook_service_account,
    "ServiceAccount/hook-image-awaiter": rbac.awaiter_service_account,
    "Role/hook-image-awaiter": rbac.awaiter_role,
    "RoleBinding/hook-image-awaiter": rbac.awaiter_role_binding,
    "PriorityClass/jhub-image-puller-priority": priority_class.priority_class,
}
HOOK = [key for key in BUILDERS if "hook" in key]
CONTINUOUS = [key for key in BUILDERS if "continuous" in key]
PRIORITY = "PriorityClass/jhub-image-puller-priority"
DAEMONSETS = ("DaemonSet/continuous-image-puller", "DaemonSet/hook-image-puller")
TOLERATIONS = EXPECTED[DAEMONSETS[0]]["spec"]["template"]["spec"]["tolerations"]
CORE_TOLERATIONS = EXPECTED["Job/hook-image-awaiter"]["spec"]["template"]["spec"]["tolerations"]
HOOK_ANNOTATIONS = EXPECTED["ServiceAccount/hook-image-awaiter"]["metadata"]["annotations"]
NO_ACCOUNTS = (
    "{rbac: {create: false}, prePuller: {continuous: {serviceAccount: {create: false}}, hook: {serviceAccount: "
    "{create: false}, serviceAccountImagePuller: {create: false}}}}"
)
DISK = {"matchExpressions": [{"key": "disk", "operator": "Exists"}]}
PURPOSE = {"matchExpressions": [{"key": "hub.jupyter.org/node-purpose", "operator": "In", "values": ["user"]}]}

VARIANTS: list[tuple[str, str, dict[str, Any] | None]] = [
    *((key, "", {}) for key in BUILDERS if key != PRIORITY),
    *((key, "prePuller: {hook: {enabled: false}}", None if key in HOOK else {}) for key in [*HOOK, *CONTINUOUS]),
    *((key, "prePuller: {continuous: {enabled: false}}", {} if key in HOOK else None) for key in [*HOOK, *CONTINUOUS]),
    *((key, NO_ACCOUNTS, None) for key in BUILDERS if key.startswith(("Role", "ServiceAccount"))),
    *((key, NO_ACCOUNTS, {}) for key in DAEMONSETS),
    ("Job/hook-image-awaiter", NO_ACCOUNTS, {f"{POD} serviceAccountName": "default"}),
    (PRIORITY, "", None),
    (PRIORITY, "scheduling: {podPriority: {enabled: true}}", {}),
    (PRIORITY, "scheduling: {podPriority: {enabled: true, imagePullerPriority: -7}}", {"value": -7}),
    (
        PRIORITY,
        "{scheduling: {podPriority: {enabled: true}}, prePuller: {hook: {enabled: false}, continuous: "
        "{enabled: false}}}",
        None,
    ),
    *(
        (
            key,
            "{scheduling: {podPriority: {enabled: true}}, imagePullSecrets: [{name: shared}], singleuser: {image: "
            "{pullSecrets: [own]}, nodeSelector: {pool: user}, extraTolerations: [{key: a}], extraNodeAffinity: "
            "{required: [{matchExpressions: [{key: disk, operator: Exists}]}], preferred: [{weight: 1}]}}, prePuller: "
            "{revisionHistoryLimit: 1, labels: {a: b}, annotations: {c: d}, extraTolerations: [{key: b}], "
            "pause: {image: "
            "{name: p, tag: ''}}}}",
            {
                "spec revisionHistoryLimit": 1,
                "spec template metadata labels a": "b",
                "spec template metadata annotations": {"c": "d"},
                f"{POD} priorityClassName": "jhub-image-puller-priority",
                f"{POD} nodeSelector": {"pool": "user"},
                f"{POD} tolerations": [*TOLERATIONS, {"key": "a"}, {"key": "b"}],
                f"{POD} affinity": {
                    "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [DISK]}}
                },
                f"{POD} imagePullSecrets": [{"name": "own"}, {"name": "shared"}],
                f"{POD} containers 0 image": "p",
            },
        )
        for key in DAEMONSETS
    ),
    *(
        (
            key,
            "scheduling: {userPods: {tolerations: null, nodeAffinity: {matchNodePurpose: require}}}",
            {
                f"{POD} tolerations": None,
                f"{POD} affinity": {
                    "nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": [PURPOSE]}}
                },
            },
        )
        for key in DAEMONSETS
    ),
    (DAEMONSETS[0], "prePuller: {continuous: {daemonsetAnnotations: {g: h}}}", {"metadata annotations": {"g": "h"}}),
    (DAEMONSETS[1], "prePuller: {hook: {daemonsetAnnotations: {e: f}}}", {"metadata annotations e": "f"}),
    (
        DAEMONSETS[1],
        "prePuller: {hook: {serviceAccountImagePuller: {name: mine}}}",
        {f"{POD} serviceAccountName": "mine"},
    ),
    (
        "ServiceAccount/hook-image-puller",
        "prePuller: {hook: {serviceAccountImagePuller: {name: mine, annotations: {a: b}}}}",
        {"metadata name": "mine", "metadata annotations a": "b"},
    ),
    (
        "ServiceAccount/hook-image-awaiter",
        "prePuller: {hook: {serviceAccount: {annotations: {a: b}}}}",
        {"metadata annotations": {**HOOK_ANNOTATIONS, "a": "b"}},
    ),
    (
        "ServiceAccount/continuous-image-puller",
        "prePuller: {continuous: {serviceAccount: {annotations: {a: b}}}}",
        {"metadata annotations": {"a": "b"}},
    ),
    (
        "RoleBinding/hook-image-awaiter",
        "prePuller: {hook: {serviceAccount: {create: false, name: mine}}}",
        {"subjects 0 name": "mine"},
    ),
    (
        "Job/hook-image-awaiter",
        "prePuller: {labels: {a: b}, annotations: {c: d}, hook: {podSchedulingWaitDuration: -1, nodeSelector: "
        "{pool: core}, "
        "tolerations: [{key: h}], resources: {limits: {cpu: 1}}, image: {pullPolicy: Always, pullSecrets: [s]}}}",
        {
            "spec template metadata labels a": "b",
            "spec template metadata annotations": {"c": "d"},
            f"{POD} nodeSelector": {"pool": "core"},
            f"{POD} tolerations": [*CORE_TOLERATIONS, {"key": "h"}],
            f"{POD} imagePullSecrets": [{"name": "s"}],
            f"{POD} containers 0 imagePullPolicy": "Always",
            f"{POD} containers 0 command -1": "-pod-scheduling-wait-duration=-1",
            f"{POD} containers 0 resources": {"limits": {"cpu": 1}},
        },
    ),
]


@pytest.mark.parametrize(("key", "text", "changes"), VARIANTS)
def test_object(make: Make, key: str, text: str, changes: dict[str, Any] | None) -> None:
    assert make(BUILDERS[key], text) == (None if changes is None else changed(EXPECTED[key], changes))


@pytest.mark.parametrize("key", HOOK)
def test_no_hook_where_the_images_are_the_last_ones(make: Make, key: str) -> None:
    known = images.images_checksum(values_of(""), Context())
    assert make(BUILDERS[key], pulled_images=known) is None
    assert make(BUILDERS[key], pulled_images="another") == EXPECTED[key]
