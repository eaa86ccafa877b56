"""What a level of Pod Security refuses is what the real API server refuses."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from chart_py.rehearsal.pod_security import LEVELS, refusals
from tests.control_plane import ControlPlane
from tests.control_plane.api import ApiError

Json = dict[str, Any]
# Kubernetes names what a level replaces by the stricter check alone.
REPLACED = {"restricted": {"non-default capabilities", "hostPath volumes"}}


def _picked(rng: random.Random, options: dict[str, list[Any]], chance: float) -> Json:
    return {key: rng.choice(values) for key, values in options.items() if rng.random() < chance}


PROFILES = [{"type": "RuntimeDefault"}, {"type": "Unconfined"}, {"type": "Localhost", "localhostProfile": "a.json"}]
SHARED: dict[str, list[Any]] = {
    "runAsNonRoot": [True, True, False],
    "runAsUser": [0, 1000, 1000],
    "seccompProfile": PROFILES,
    "appArmorProfile": [{"type": "RuntimeDefault"}, {"type": "Unconfined"}],
    "seLinuxOptions": [{"type": "container_t"}, {"type": "spc_t"}, {"user": "system_u"}, {"level": "s0"}],
}
CAPABILITIES = [
    *({"drop": ["ALL"]}, {"drop": ["ALL"], "add": ["NET_BIND_SERVICE"]}, {"add": ["NET_ADMIN"]}, {"add": ["CHOWN"]}),
    {"drop": ["NET_RAW"]},
]
NFS = {"nfs": {"server": "nfs", "path": "/"}}
VOLUMES: list[Json] = [{"hostPath": {"path": "/data"}}, {"emptyDir": {}}, NFS, {"secret": {"secretName": "a"}}]
SYSCTLS = [[{"name": "kernel.shm_rmid_forced", "value": "1"}], [{"name": "net.core.somaxconn", "value": "1024"}]]


def random_pod(rng: random.Random, number: int) -> Json:
    """A pod of which some fields, few or many, are such as a level looks at."""
    chance = rng.choice([0.1, 0.3, 0.8])

    def container(name: str) -> Json:
        context = _picked(rng, {**SHARED, "capabilities": CAPABILITIES}, chance)
        # An API server refuses a privileged container that forbids to gain privileges, whatever the level.
        context |= _picked(rng, {"allowPrivilegeEscalation": [False, False, True]}, max(chance, 0.6))
        if context.get("allowPrivilegeEscalation") is not False:
            context |= _picked(rng, {"privileged": [True, False]}, chance / 2)
        ports = [{"containerPort": 80, **_picked(rng, {"hostPort": [80]}, chance / 4)}]
        return {"name": name, "image": "example/web:1", "securityContext": context, "ports": ports}

    pod_context = _picked(rng, {**SHARED, "sysctls": SYSCTLS}, chance)
    spec: Json = {"securityContext": pod_context, "containers": [container("web")]}
    if rng.random() < 0.4:
        spec["initContainers"] = [container("first")]
    spec |= _picked(rng, {"hostPID": [True, False], "hostIPC": [True, False]}, chance / 4)
    if rng.random() < 0.4:
        spec["volumes"] = [{"name": "data", **rng.choice(VOLUMES)}]
    if rng.random() < 0.1:
        spec["hostNetwork"] = True
        for each in (*spec["containers"], *spec.get("initContainers", [])):
            each["ports"] = [{"containerPort": 80, "hostPort": 80}]
    if spec.get("hostNetwork") or spec.get("hostIPC"):
        # Refused whatever the level.
        pod_context.pop("sysctls", None)
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"pod-{number}"}, "spec": spec}


def refused(plane: ControlPlane, namespace: str, pod: Json) -> set[str]:
    """The checks that the API server names when it refuses a pod; empty where it takes it."""
    path = f"/api/v1/namespaces/{namespace}/pods?dryRun=All"
    try:
        plane.api.json("POST", path, pod)
    except ApiError as error:
        message = str(error)
    else:
        return set()
    assert "violates PodSecurity" in message, message
    listed = message.partition('": ')[2]
    # Every check is followed by what is wrong, in parentheses; more may be nested in these.
    while (plain := re.sub(r"\([^()]*\)", "", listed)) != listed:
        listed = plain
    return {name.strip().replace("profiles", "profile") for name in listed.split(",") if name.strip()}


@pytest.mark.parametrize("level", LEVELS)
def test_a_level_refuses_what_the_api_server_refuses(control_plane: ControlPlane, namespace: str, level: str) -> None:
    control_plane.api.patch(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}},
        {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": level}}},
    )
    rng = random.Random(15)
    pods = [random_pod(rng, number) for number in range(100)]
    wrong = []
    for pod in pods:
        ours = {each.check for each in refusals(level, pod["metadata"], pod["spec"])} - REPLACED.get(level, set())
        theirs = refused(control_plane, namespace, pod)
        if ours != theirs:
            wrong.append((pod["spec"], ours - theirs, theirs - ours))
    assert wrong == []
