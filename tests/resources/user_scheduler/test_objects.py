"""The user scheduler's objects."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.resources.user_scheduler import config_map, deployment, pdb, rbac
from tests.resources.conftest import Make
from tests.resources.variant import changed, read, shown

EXPECTED = shown(__file__)
POD = "spec template spec"
SUM = "spec template metadata annotations checksum/config-map"
BUILDERS: dict[str, Any] = {
    "ConfigMap/user-scheduler": config_map.config_map,
    "Deployment/user-scheduler": deployment.deployment,
    "PodDisruptionBudget/user-scheduler": pdb.pdb,
    "ServiceAccount/user-scheduler": rbac.service_account,
    "ClusterRole/jhub-user-scheduler": rbac.cluster_role,
    "ClusterRoleBinding/jhub-user-scheduler": rbac.cluster_role_binding,
}
TOLERATIONS = EXPECTED["Deployment/user-scheduler"]["spec"]["template"]["spec"]["tolerations"]

VARIANTS: list[tuple[str, str, dict[str, Any] | None]] = [
    *((key, "", {}) for key in BUILDERS),
    *((key, "scheduling: {userScheduler: {enabled: false}}", None) for key in BUILDERS),
    *((key, "rbac: {create: false}", None) for key in BUILDERS if "Role" in key),
    ("ServiceAccount/user-scheduler", "rbac: {create: false}", {}),
    ("PodDisruptionBudget/user-scheduler", "scheduling: {userScheduler: {pdb: {enabled: false}}}", None),
    (
        "PodDisruptionBudget/user-scheduler",
        "scheduling: {userScheduler: {pdb: {maxUnavailable: null, minAvailable: 1}}}",
        {"spec maxUnavailable": None, "spec minAvailable": 1},
    ),
    (
        "ServiceAccount/user-scheduler",
        "scheduling: {userScheduler: {serviceAccount: {name: mine, annotations: {a: b}}}}",
        {"metadata name": "mine", "metadata annotations": {"a": "b"}},
    ),
    ("ServiceAccount/user-scheduler", "scheduling: {userScheduler: {serviceAccount: {create: false}}}", None),
    (
        "ClusterRoleBinding/jhub-user-scheduler",
        "scheduling: {userScheduler: {serviceAccount: {create: false}}}",
        {"subjects 0 name": "default"},
    ),
    (
        "ClusterRole/jhub-user-scheduler",
        "fullnameOverride: campus",
        {"metadata name": "campus-user-scheduler", "rules 2 resourceNames": ["campus-user-scheduler-lock"]},
    ),
    (
        "ConfigMap/user-scheduler",
        "fullnameOverride: campus",
        {
            "metadata name": "campus-user-scheduler",
            "data config.yaml leaderElection resourceName": "campus-user-scheduler-lock",
            "data config.yaml profiles 0 schedulerName": "campus-user-scheduler",
        },
    ),
    (
        "Deployment/user-scheduler",
        "{imagePullSecrets: [shared], scheduling: {podPriority: {enabled: true}, corePods: {nodeAffinity: "
        "{matchNodePurpose: ignore}}, userScheduler: {replicas: 1, logLevel: 8, revisionHistoryLimit: 2, "
        "labels: {a: b}, "
        "annotations: {c: d}, nodeSelector: {pool: core}, tolerations: [{key: s}], resources: {limits: {cpu: "
        "1}}, image: "
        "{tag: v1, pullPolicy: Always, pullSecrets: [own]}, serviceAccount: {name: mine}, "
        "extraPodSpec: {priorityClassName: system-cluster-critical}}}}",
        {
            "spec replicas": 1,
            "spec revisionHistoryLimit": 2,
            "spec template metadata labels a": "b",
            "spec template metadata annotations c": "d",
            f"{POD} serviceAccountName": "mine",
            f"{POD} priorityClassName": "system-cluster-critical",
            f"{POD} nodeSelector": {"pool": "core"},
            f"{POD} tolerations": [*TOLERATIONS, {"key": "s"}],
            f"{POD} affinity": None,
            f"{POD} imagePullSecrets": [{"name": "own"}, {"name": "shared"}],
            f"{POD} containers 0 image": "registry.k8s.io/kube-scheduler:v1",
            f"{POD} containers 0 imagePullPolicy": "Always",
            f"{POD} containers 0 command -1": "--v=8",
            f"{POD} containers 0 resources": {"limits": {"cpu": 1}},
        },
    ),
]


@pytest.mark.parametrize(("key", "text", "changes"), VARIANTS)
def test_object(make: Make, key: str, text: str, changes: dict[str, Any] | None) -> None:
    made = make(BUILDERS[key], text)
    if key.startswith("ConfigMap"):
        made = read(made)
    assert made == (None if changes is None else changed(EXPECTED[key], changes))


@pytest.mark.parametrize(
    ("text", "replaces"),
    [
        ("scheduling: {userScheduler: {plugins: {score: {enabled: null}}}}", True),
        ("scheduling: {userScheduler: {pluginConfig: []}}", True),
        ("scheduling: {userPlaceholder: {replicas: 5}}", False),
        ("hub: {labels: {a: b}}", False),
    ],
)
def test_only_its_configuration_replaces_the_pods(make: Make, text: str, replaces: bool) -> None:
    made, expected = make(deployment.deployment, text), EXPECTED["Deployment/user-scheduler"]
    assert made
    found = made["spec"]["template"]["metadata"]["annotations"]["checksum/config-map"]
    assert made == changed(expected, {SUM: found})
    assert (made != expected) is replaces


def test_a_lease_of_the_releases_own_namespace(make: Make) -> None:
    made = read(make(config_map.config_map, namespace="elsewhere", release="r"))
    changes = {
        "metadata namespace": "elsewhere",
        "metadata labels release": "r",
        "metadata labels app.kubernetes.io/instance": "r",
        "data config.yaml leaderElection resourceNamespace": "elsewhere",
        "data config.yaml profiles 0 schedulerName": "r-user-scheduler",
    }
    assert made == changed(EXPECTED["ConfigMap/user-scheduler"], changes)
