"""The pods and claims that KubeSpawner makes of the values, compared whole with the small release's plain ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.hub_files import small_release
from tests.hub_files.mounted_hub import Server, mounted
from tests.hub_files.plain_server import BLOCK, CLAIM, POD, TOLERATION, USER_NODES, environment
from tests.hub_files.small_release import ABSENT, VARIABLES, changed

pytestmark = pytest.mark.usefixtures("hub_software")


def server(folder: Path, values: dict[str, Any], **options: Any) -> Server:
    with mounted(folder, small_release.files(values), VARIABLES) as hub:
        return hub.server("wash", **options)


def notebook(**changes: Any) -> dict[str, Any]:
    """Changes of a pod: those of its notebook's container."""
    return {"spec": {"containers": {0: changes}}}


def spec(**changes: Any) -> dict[str, Any]:
    return {"spec": changes}


def singleuser(**words: Any) -> dict[str, Any]:
    return {"singleuser": words}


ROWS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "plain": ({}, {}),
    "image": (
        singleuser(image={"name": "other", "tag": None, "pullPolicy": "Always"}),
        notebook(
            image="other", imagePullPolicy="Always", env=environment(JUPYTER_IMAGE="other", JUPYTER_IMAGE_SPEC="other")
        ),
    ),
    "pull secrets of three places": (
        {
            "imagePullSecret": {"create": True},
            "imagePullSecrets": ["all", {"name": "too"}],
            **singleuser(image={"pullSecrets": ["users"]}),
        },
        spec(imagePullSecrets=[{"name": name} for name in ("image-pull-secret", "all", "too", "users")]),
    ),
    "pull secret that is not to be injected": (
        {"imagePullSecret": {"create": True, "automaticReferenceInjection": False}, "imagePullSecrets": None},
        {},
    ),
    "pod": (
        singleuser(
            podNameTemplate="nb-{username}",
            serviceAccountName="users",
            extraLabels={"l": "1"},
            extraAnnotations={"a": "2"},
            nodeSelector={"pool": "users"},
            extraPodConfig={"dnsPolicy": "Default", "hostAliases": [{"ip": "1.2.3.4"}]},
        ),
        {
            "metadata": {"name": "nb-wash", "labels": {"l": "1"}, "annotations": {"a": "2"}},
            **spec(
                serviceAccountName="users",
                automountServiceAccountToken=ABSENT,
                nodeSelector={"pool": "users"},
                dnsPolicy="Default",
                hostAliases=[{"ip": "1.2.3.4"}],
            ),
        },
    ),
    "names and versions of a release": (
        {"nameOverride": "notebooks", "Chart": {"Version": None}, "Release": {"Name": "other"}},
        {
            "metadata": {
                "labels": {
                    "app": "notebooks",
                    "app.kubernetes.io/name": "notebooks",
                    "app.kubernetes.io/instance": "other",
                    "release": "other",
                    "chart": ABSENT,
                    "helm.sh/chart": ABSENT,
                }
            }
        },
    ),
    "no release": (
        {"Chart": None, "Release": None},
        {
            "metadata": {
                "labels": dict.fromkeys(("app.kubernetes.io/instance", "release", "chart", "helm.sh/chart"), ABSENT)
            }
        },
    ),
    "users and privileges": (
        singleuser(uid=0, fsGid=0, allowPrivilegeEscalation=True),
        {
            "spec": {
                "securityContext": {"fsGroup": 0},
                "containers": {0: {"securityContext": {"runAsUser": 0, "allowPrivilegeEscalation": True}}},
            }
        },
    ),
    "users and privileges left to the image": (
        singleuser(uid=None, fsGid=None, allowPrivilegeEscalation=None),
        {"spec": {"securityContext": ABSENT, "containers": {0: {"securityContext": ABSENT}}}},
    ),
    "command": (
        singleuser(cmd=["start.sh", "jupyter-labhub"], defaultUrl="/lab"),
        notebook(args=["start.sh", "jupyter-labhub"], env=environment(JUPYTERHUB_DEFAULT_URL="/lab")),
    ),
    "command of the image": (singleuser(cmd=None), notebook(args=ABSENT)),
    "command of the image, taken away": (singleuser(cmd=ABSENT), notebook(args=ABSENT)),
    "memory, cpu and more": (
        singleuser(
            memory={"limit": "2G", "guarantee": "512M"},
            cpu={"limit": 2, "guarantee": 0.5},
            extraResource={"limits": {"example.org/gpu": "1"}, "guarantees": {"example.org/gpu": "1"}},
        ),
        notebook(
            env=environment(CPU_GUARANTEE="0.5", CPU_LIMIT="2.0", MEM_GUARANTEE="536870912", MEM_LIMIT="2147483648"),
            resources={
                "limits": {"cpu": 2.0, "memory": 2147483648, "example.org/gpu": "1"},
                "requests": {"cpu": 0.5, "memory": 536870912, "example.org/gpu": "1"},
            },
        ),
    ),
    "no memory promised": (
        singleuser(memory={"guarantee": None}),
        notebook(env=environment(MEM_GUARANTEE=ABSENT), resources={"limits": {}, "requests": {"memory": ABSENT}}),
    ),
    "environment as a map": (
        singleuser(extraEnv={"EDITOR": "vim", "NODE": {"valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}}}),
        notebook(env=environment(EDITOR="vim", NODE={"valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}})),
    ),
    "environment as a list": (
        singleuser(
            extraEnv=[
                {"name": "EDITOR", "value": "vim"},
                {"name": "EMPTY"},
                {"name": "NODE", "valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}},
            ]
        ),
        notebook(
            env=environment(EDITOR="vim", EMPTY="", NODE={"valueFrom": {"fieldRef": {"fieldPath": "spec.nodeName"}}})
        ),
    ),
    "hooks and other containers": (
        singleuser(
            lifecycleHooks={"postStart": {"exec": {"command": ["gitpuller"]}}},
            initContainers=[{"name": "perms", "image": "busybox:1"}],
            extraContainers=[{"name": "sidecar", "image": "envoy:1"}],
        ),
        {
            "spec": {
                "initContainers": [{"name": "perms", "image": "busybox:1"}, BLOCK],
                "containers": [
                    changed(
                        POD["spec"]["containers"][0], {"lifecycle": {"postStart": {"exec": {"command": ["gitpuller"]}}}}
                    ),
                    {"name": "sidecar", "image": "envoy:1"},
                ],
            }
        },
    ),
    "cloud metadata at another address": (
        singleuser(cloudMetadata={"ip": "10.0.0.1"}, networkTools={"resources": {"limits": {"cpu": 1}}}),
        {
            "spec": {
                "initContainers": {
                    0: {"command": {5: "--destination", 6: "10.0.0.1"}, "resources": {"limits": {"cpu": 1}}}
                }
            }
        },
    ),
    "cloud metadata allowed": (
        singleuser(cloudMetadata={"blockWithIptables": False}, initContainers=[{"name": "perms", "image": "b"}]),
        spec(initContainers=[{"name": "perms", "image": "b"}]),
    ),
    "no word about cloud metadata": (singleuser(cloudMetadata=None, initContainers=None), spec(initContainers=ABSENT)),
    "no user scheduler, priorities": (
        {"scheduling": {"userScheduler": {"enabled": False}, "podPriority": {"enabled": True}}},
        spec(schedulerName=ABSENT, priorityClassName="lab-default-priority"),
    ),
    "tolerations": (
        singleuser(extraTolerations=[{"key": "gpu", "operator": "Exists"}]),
        spec(tolerations=[TOLERATION, {"key": "gpu", "operator": "Exists"}]),
    ),
    "no tolerations": (
        {"scheduling": {"userPods": {"tolerations": None}}, **singleuser(extraTolerations=None)},
        spec(tolerations=ABSENT),
    ),
    "nodes for users required": (
        {
            "scheduling": {"userPods": {"nodeAffinity": {"matchNodePurpose": "require"}}},
            **singleuser(extraNodeAffinity={"required": [{"matchFields": [{"key": "n", "operator": "Exists"}]}]}),
        },
        spec(
            affinity={
                "nodeAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": {
                        "nodeSelectorTerms": [{"matchFields": [{"key": "n", "operator": "Exists"}]}, USER_NODES]
                    },
                    "preferredDuringSchedulingIgnoredDuringExecution": ABSENT,
                }
            }
        ),
    ),
    "any nodes": (
        {"scheduling": {"userPods": {"nodeAffinity": {"matchNodePurpose": "ignore"}}}},
        spec(affinity=ABSENT),
    ),
    "any nodes, by null": ({"scheduling": {"userPods": None}}, spec(affinity=ABSENT, tolerations=ABSENT)),
    "affinities": (
        singleuser(
            extraNodeAffinity={"preferred": [{"weight": 5, "preference": {"matchExpressions": []}}]},
            extraPodAffinity={"required": [{"topologyKey": "a"}], "preferred": [{"weight": 1, "podAffinityTerm": {}}]},
            extraPodAntiAffinity={
                "required": [{"topologyKey": "b"}],
                "preferred": [{"weight": 2, "podAffinityTerm": {}}],
            },
        ),
        spec(
            affinity={
                "nodeAffinity": {
                    "preferredDuringSchedulingIgnoredDuringExecution": [
                        {"weight": 5, "preference": {"matchExpressions": []}},
                        {"weight": 100, "preference": USER_NODES},
                    ]
                },
                "podAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "a"}],
                    "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 1, "podAffinityTerm": {}}],
                },
                "podAntiAffinity": {
                    "requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "b"}],
                    "preferredDuringSchedulingIgnoredDuringExecution": [{"weight": 2, "podAffinityTerm": {}}],
                },
            }
        ),
    ),
}


@pytest.mark.parametrize(("values", "changes"), ROWS.values(), ids=ROWS)
def test_values_become_a_pod(tmp_path: Path, values: dict[str, Any], changes: dict[str, Any]) -> None:
    assert server(tmp_path, values).pod == changed(POD, changes)


def test_a_claim_for_each_server(tmp_path: Path) -> None:
    assert server(tmp_path, {}).claim == CLAIM


def test_named_servers_have_volumes_of_their_own(tmp_path: Path) -> None:
    made = server(tmp_path, {"hub": {"allowNamedServers": True}}, name="gpu")
    assert made.claim is not None
    assert made.claim["metadata"]["name"] == "claim-wash--gpu"
    assert made.pod["metadata"]["name"] == "jupyter-wash--gpu"
    assert made.pod["spec"]["volumes"] == [
        {"name": "volume-wash--gpu", "persistentVolumeClaim": {"claimName": "claim-wash--gpu"}}
    ]
    assert made.pod["spec"]["containers"][0]["volumeMounts"] == [
        {"name": "volume-wash--gpu", "mountPath": "/home/jovyan"}
    ]


def test_start_timeout_and_events_are_the_spawners_own(tmp_path: Path) -> None:
    values = singleuser(startTimeout=7, events=False)
    with mounted(tmp_path, small_release.files(values), VARIABLES) as hub:
        assert (hub.config.KubeSpawner.start_timeout, hub.config.KubeSpawner.events_enabled) == (7, False)
        assert hub.config.KubeSpawner.namespace == "school"


@pytest.mark.parametrize(
    "changes", [{"display_name": "Small"}, {"display_name": "S", "kubespawner_override": {"x": None}}]
)
def test_the_profile_list_is_passed_on_as_it_is(tmp_path: Path, changes: dict[str, Any]) -> None:
    with mounted(tmp_path, small_release.files(singleuser(profileList=[changes])), VARIABLES) as hub:
        assert hub.config.KubeSpawner.profile_list == [changes]


def test_a_profile_changes_the_pod(tmp_path: Path) -> None:
    override = {"image": "example/gpu:1", "mem_limit": "4G", "environment": {"A": "b"}, "tolerations": []}
    profiles = [
        {"display_name": "Small", "default": True},
        {"display_name": "With GPU", "kubespawner_override": override},
    ]
    values = singleuser(profileList=profiles, memory={"limit": "2G"})
    small = changed(
        POD,
        notebook(
            env=environment(MEM_LIMIT="2147483648"),
            resources={"limits": {"memory": 2147483648}, "requests": {"memory": 1073741824}},
        ),
    )
    large = changed(
        small,
        {
            "spec": {
                "tolerations": ABSENT,
                "containers": {
                    0: {
                        "image": "example/gpu:1",
                        "env": environment(
                            A="b",
                            JUPYTER_IMAGE="example/gpu:1",
                            JUPYTER_IMAGE_SPEC="example/gpu:1",
                            MEM_LIMIT="4294967296",
                        ),
                        "resources": {"limits": {"memory": 4294967296}},
                    }
                },
            }
        },
    )
    with mounted(tmp_path, small_release.files(values), VARIABLES) as hub:
        pods = {slug: hub.server("wash", options={"profile": slug}).pod for slug in ("small", "with-gpu")}
    assert pods == {"small": small, "with-gpu": large}
