"""Why something is not ready, and whether it can heal, from what the cluster says."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.health.causes import Surroundings, causes, pods_of, reasons_per_node

Json = dict[str, Any]


def controlled(kind: str, name: str, owner: str, spec: Json | None = None, **more: Any) -> Json:
    owners = [{"uid": owner, "controller": True}]
    meta = {"name": name, "namespace": "ns", "uid": f"uid-{name}", "ownerReferences": owners, **more.pop("meta", {})}
    return {"kind": kind, "metadata": meta, "spec": spec or {}, **more}


TEMPLATE = {"metadata": {"labels": {"app": "web"}}, "spec": {"containers": []}}
HASHED = {"metadata": {"labels": {"app": "web", "pod-template-hash": "abc"}}, "spec": {"containers": []}}
DEPLOYMENT: Json = {
    "kind": "Deployment",
    "metadata": {"name": "web", "uid": "uid-web"},
    "spec": {"template": TEMPLATE},
    "status": {},
}
NEW = controlled("ReplicaSet", "new", "uid-web", {"template": HASHED})
OLD = controlled("ReplicaSet", "old", "uid-web", {"template": {**HASHED, "spec": {"containers": [{"name": "old"}]}}})


def pod(state: Json, restarts: int = 0, last: Json | None = None, owner: str = "uid-new", **more: Any) -> Json:
    status = {"name": "web", "image": "web:1", "restartCount": restarts, "state": state, "lastState": last or {}}
    return controlled("Pod", "web-1", owner, {"nodeName": "n1"}, status={"containerStatuses": [status]}, **more)


def found(*pods: Json, warnings: tuple[Json, ...] = ()) -> list[tuple[str, str, bool]]:
    around = Surroundings(pods, (OLD, NEW), (), warnings)
    return [(cause.reason, cause.text, cause.is_final) for cause in causes(DEPLOYMENT, around)]


def waiting(reason: str, message: str = "") -> Json:
    return {"waiting": {"reason": reason, "message": message}}


def test_only_pods_of_the_present_template_count() -> None:
    theirs = pod(waiting("ImagePullBackOff"), owner="uid-old")
    going = pod(waiting("ImagePullBackOff"), meta={"deletionTimestamp": "now"})
    assert found(theirs, going) == []
    assert pods_of(DEPLOYMENT, Surroundings([theirs], [OLD])) == []


@pytest.mark.parametrize(
    ("reason", "message", "is_final"),
    [
        ("ErrImagePull", "rpc error: code = NotFound: manifest unknown", True),
        ("ImagePullBackOff", 'Back-off pulling image "web:1": ErrImagePull: pull access denied', True),
        ("ErrImagePull", "dial tcp: i/o timeout", False),
        ("ImagePullBackOff", 'Back-off pulling image "web:1"', False),
        ("InvalidImageName", "couldn't parse image", True),
    ],
)
def test_an_image(reason: str, message: str, is_final: bool) -> None:
    [(said, text, final)] = found(pod(waiting(reason, message)))
    assert (said, final) == (reason, is_final)
    assert text.startswith(f"Pod/web-1 on node n1 cannot pull the image web:1: {reason}")


def test_what_the_registry_said_is_looked_up_in_the_events() -> None:
    message = 'Failed to pull image "web:1": not found'
    warning = {"involvedObject": {"uid": "uid-web-1"}, "reason": "Failed", "message": message, "lastTimestamp": "2"}
    [(_, text, final)] = found(pod(waiting("ImagePullBackOff", 'Back-off pulling image "web:1"')), warnings=(warning,))
    assert final
    assert text.endswith("ImagePullBackOff: not found")


@pytest.mark.parametrize(
    ("code", "restarts", "is_final"), [(1, 1, False), (1, 3, True), (127, 1, True), (126, 0, True)]
)
def test_a_crash(code: int, restarts: int, is_final: bool) -> None:
    last = {"terminated": {"exitCode": code, "reason": "Error"}}
    [(reason, text, final)] = found(pod(waiting("CrashLoopBackOff"), restarts, last))
    assert (reason, final) == ("CrashLoopBackOff", is_final)
    assert f"exit code {code}" in text


def test_out_of_memory_is_named() -> None:
    [(_, text, _)] = found(pod({"terminated": {"exitCode": 137, "reason": "OOMKilled"}}))
    assert text == "Pod/web-1: the container web crashes (exit code 137, OOMKilled)"


def test_a_mount_that_fails_is_told_by_an_event() -> None:
    message = 'MountVolume.SetUp failed for volume "config": secret "hub" not found'
    warning = {"involvedObject": {"uid": "uid-web-1"}, "reason": "FailedMount", "message": message}
    [(reason, text, final)] = found(pod(waiting("ContainerCreating")), warnings=(warning,))
    assert (reason, final) == ("FailedMount", False)
    assert text == f"Pod/web-1 cannot mount its volumes: {message}"


def test_causes_that_cannot_heal_come_first() -> None:
    heals = pod(waiting("ImagePullBackOff"))
    never = {**pod(waiting("InvalidImageName")), "metadata": {**heals["metadata"], "name": "web-2", "uid": "2"}}
    assert [final for _, _, final in found(heals, never)] == [True, False]


def test_the_schedulers_reasons_one_by_one() -> None:
    message = (
        "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {a: b}. "
        "preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    )
    assert reasons_per_node(message) == (
        "0/3 nodes are available: 1 Insufficient cpu; 2 node(s) had untolerated taint {a: b}"
    )
    assert reasons_per_node("no nodes") == "no nodes"
