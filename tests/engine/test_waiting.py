"""Waiting on a real cluster: the first cause is told at once, what cannot heal ends it, the rest runs to the end."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import Any

import pytest

from chart_py.changes.change import Change
from chart_py.engine.aftermath import Aftermath
from chart_py.engine.apply import plan_apply, read_standing
from chart_py.engine.errors import Interrupted
from chart_py.engine.execute import World, execute
from chart_py.engine.prepared import Options, Release
from chart_py.engine.status import read_state
from chart_py.errors import NotReadyError
from tests.control_plane import ControlPlane, wait_until
from tests.engine import small
from tests.engine.observer import Memory
from tests.engine.state import history


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def world(control_plane: ControlPlane, memory: Memory) -> World:
    return small.world(control_plane.kubeconfig(), memory)


def applied(world: World, release: Release, timeout: float) -> None:
    standing = read_standing(world, release.name, release.namespace)
    execute(world, plan_apply(world, release, standing), Options(timeout=timeout))


def refused(world: World, release: Release, timeout: float = 60) -> str:
    with pytest.raises(NotReadyError) as caught:
        applied(world, release, timeout)
    assert caught.value.exit_code == 4
    return str(caught.value)


def pod_of(plane: ControlPlane, namespace: str, app: str = "web") -> dict[str, Any]:
    path = f"/api/v1/namespaces/{namespace}/pods?labelSelector=app%3D{app}"

    def look() -> dict[str, Any] | None:
        items: list[dict[str, Any]] = plane.api.json("GET", path)["items"]
        return items[0] if items else None

    return wait_until("there is a pod", look)


def test_a_wrong_tag_is_told_with_image_and_node(world: World, memory: Memory, namespace: str) -> None:
    said = refused(world, small.release(namespace, small.deployment(image="web:missing")))
    assert said.startswith("error: this will not become ready: Pod/web-")
    assert "on node node-1 cannot pull the image web:missing" in said
    assert "Deployment/web waits for pods to be ready: 0 of 1 are" in said
    assert any("web:missing" in cause for cause in memory.causes)


def test_an_image_that_is_not_there_ends_the_wait(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str
) -> None:
    """As the kubelet says it, with what the registry answered."""
    message = 'Back-off pulling image "web:held": ErrImagePull: rpc error: code = NotFound desc = web:held: not found'

    def deny(pending: object) -> None:
        if "denied" in memory.phases:
            return
        memory.phases.append("denied")
        pod = pod_of(control_plane, namespace)
        state = {"waiting": {"reason": "ImagePullBackOff", "message": message}}
        status = {"name": "web", "image": "web:held", "imageID": "", "ready": False, "restartCount": 0, "state": state}
        wait_until("the pod has a node", lambda: pod_of(control_plane, namespace)["spec"].get("nodeName"))
        control_plane.set_pod_status(namespace, pod["metadata"]["name"], {"containerStatuses": [status]})

    memory._on_wait = deny
    said = refused(world, small.release(namespace, small.deployment(image="web:held")))
    assert said.startswith("error: this will not become ready: Pod/web-")
    assert "ErrImagePull: rpc error: code = NotFound desc = web:held: not found" in said
    assert history(control_plane, namespace) == {1: "failed"}


def test_a_crash_is_told_with_exit_code_and_last_lines(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str
) -> None:
    control_plane.set_container_log("starting", "no such table: users")
    said = refused(world, small.release(namespace, small.deployment(image="web:exits-3")), timeout=4)
    assert "the container web crashes (exit code 3" in said
    assert "| no such table: users" in said
    assert any("exit code 3" in cause for cause in memory.causes)


def test_a_pod_without_a_node_is_told_with_the_schedulers_reasons(world: World, namespace: str) -> None:
    said = refused(world, small.release(namespace, small.deployment(nodeSelector={"disk": "fast"})), timeout=2)
    assert "cannot be scheduled: 0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector" in said
    assert "preemption" not in said


def test_a_claim_without_a_volume_is_told_with_the_reason(world: World, namespace: str) -> None:
    volumes = [{"name": "data", "persistentVolumeClaim": {"claimName": "data"}}]
    lacking = small.claim(storage_class="nowhere")
    said = refused(world, small.release(namespace, lacking, small.deployment(volumes=volumes)), timeout=3)
    assert "PersistentVolumeClaim/data waits for a volume: it is Pending" in said
    assert 'storageclass.storage.k8s.io "nowhere" not found' in said


def told_alike(world: World, memory: Memory, release: Release) -> dict[str, bool]:
    """What `status` says is ready, after it has told the same notes as the apply before."""
    state = read_state(world, read_standing(world, release.name, release.namespace))
    assert tuple(memory.notes) == state.notes
    return {each.about: each.state.is_ready for each in state.objects}


def test_a_claim_that_nobody_uses_is_waited_for_by_nobody(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str
) -> None:
    """Its volume comes with the first pod that names it; and `status` says of it what `apply` says."""
    late = control_plane.add_storage_class("late", provisioner="kubernetes.io/no-provisioner")
    try:
        release = small.release(namespace, small.claim(storage_class="late"))
        applied(world, release, timeout=5)
        assert memory.notes == [
            "PersistentVolumeClaim/data has no volume yet; no pod uses it, and nothing waits for it."
        ]
        assert told_alike(world, memory, release) == {"PersistentVolumeClaim/data": True}
    finally:
        control_plane.api.delete(late)


def test_placeholders_without_room_hold_nothing_up(world: World, memory: Memory, namespace: str) -> None:
    """They keep room for users and give way to them; the scheduler has none for these."""
    pods = small.deployment("user-placeholder")["spec"]["template"]
    pods["spec"]["containers"][0]["resources"] = {"requests": {"cpu": "9000"}}
    selector = {"matchLabels": pods["metadata"]["labels"]}
    spec = {"replicas": 2, "selector": selector, "template": pods, "serviceName": "x"}
    labels = {"component": "user-placeholder"}
    placeholders = {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": {"name": "user-placeholder", "labels": labels},
        "spec": {**spec, "podManagementPolicy": "Parallel"},
    }
    release = small.release(namespace, small.deployment(), placeholders)
    applied(world, release, timeout=20)
    assert [note.partition(" waits for ")[0] for note in memory.notes] == ["StatefulSet/user-placeholder"]
    assert memory.notes[0].endswith("; its pods give way to users, and nothing waits for them.")
    # What their own controller has seen by then is chance.
    state = read_state(world, read_standing(world, release.name, release.namespace))
    assert [note.partition(" waits for ")[0] for note in state.notes] == ["StatefulSet/user-placeholder"]
    ready = {each.about: each.state.is_ready for each in state.objects}
    assert ready == {"Deployment/web": True, "StatefulSet/user-placeholder": True}


def test_a_deployment_that_took_too_long_is_told_and_waited_for(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str
) -> None:
    """Its controller goes on, so the wait does too; it is over when the pods are ready."""
    slow = small.deployment(image="web:held")
    slow["spec"]["progressDeadlineSeconds"] = 1

    def heal(pending: object) -> None:
        if any("made no progress for 1 s" in cause for cause in memory.causes) and "healed" not in memory.phases:
            memory.phases.append("healed")
            control_plane.heal(namespace, pod_of(control_plane, namespace)["metadata"]["name"])

    memory._on_wait = heal
    applied(world, small.release(namespace, slow), timeout=60)
    assert "healed" in memory.phases
    told = next(cause for cause in memory.causes if "made no progress" in cause)
    assert told.startswith("Deployment/web made no progress for 1 s: ReplicaSet ")


def test_a_quota_is_told(control_plane: ControlPlane, world: World, namespace: str) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    control_plane.api.apply(quota, namespace)
    wait_until("the quota is known", lambda: control_plane.api.get(quota, namespace).get("status", {}).get("hard"))
    said = refused(world, small.release(namespace), timeout=3)
    assert "Deployment/web cannot create pods" in said
    assert "exceeded quota: none" in said


def test_what_admission_denies_ends_the_wait(control_plane: ControlPlane, world: World, namespace: str) -> None:
    control_plane.api.patch(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}},
        {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}},
    )
    said = refused(world, small.release(namespace))
    assert said.startswith("error: this will not become ready: Deployment/web may not create pods")
    assert 'violates PodSecurity "restricted' in said


@pytest.mark.parametrize(
    ("reason", "message", "said"),
    [
        ("CreateContainerConfigError", 'secret "keys" not found', 'cannot start: secret "keys" not found'),
        ("RunContainerError", 'exec: "nope": executable file not found in $PATH', "executable file not found"),
    ],
)
def test_a_container_that_cannot_start_is_told(
    control_plane: ControlPlane, memory: Memory, world: World, namespace: str, reason: str, message: str, said: str
) -> None:
    def deny(pending: object) -> None:
        if "denied" in memory.phases:
            return
        memory.phases.append("denied")
        wait_until("the pod has a node", lambda: pod_of(control_plane, namespace)["spec"].get("nodeName"))
        state = {"waiting": {"reason": reason, "message": message}}
        status = {"name": "web", "image": "web:held", "imageID": "", "ready": False, "restartCount": 0, "state": state}
        name = pod_of(control_plane, namespace)["metadata"]["name"]
        control_plane.set_pod_status(namespace, name, {"containerStatuses": [status]})

    memory._on_wait = deny
    assert said in refused(world, small.release(namespace, small.deployment(image="web:held")), timeout=5)


@pytest.mark.parametrize(
    ("reason", "message"),
    [
        ("FailedMount", 'MountVolume.SetUp failed for volume "keys" : secret "keys" not found'),
        ("FailedAttachVolume", "Multi-Attach error for volume"),
    ],
)
def test_a_volume_that_cannot_be_mounted_is_told(
    control_plane: ControlPlane, memory: Memory, world: World, namespace: str, reason: str, message: str
) -> None:
    """What only the kubelet's events tell."""

    def warn(pending: object) -> None:
        if "warned" in memory.phases:
            return
        memory.phases.append("warned")
        pod = wait_until("the pod has a node", lambda: _on_a_node(pod_of(control_plane, namespace)))
        about = {"apiVersion": "v1", "kind": "Pod", "namespace": namespace}
        about |= {key: pod["metadata"][key] for key in ("name", "uid")}
        event = {"apiVersion": "v1", "kind": "Event", "metadata": {"name": "mount"}, "involvedObject": about}
        event |= {"type": "Warning", "reason": reason, "message": message, "lastTimestamp": "2026-01-01T00:00:00Z"}
        control_plane.api.apply(event, namespace)

    memory._on_wait = warn
    said = refused(world, small.release(namespace, small.deployment(image="web:held")), timeout=4)
    assert f"cannot mount its volumes: {message}" in said
    assert any(message in cause for cause in memory.causes)


def _on_a_node(pod: dict[str, Any]) -> dict[str, Any] | None:
    return pod if pod["spec"].get("nodeName") else None


def test_the_wait_ends_with_the_news_and_not_with_a_tick(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chart_py.engine.waiting._TICK", 600.0)

    def heal(pending: object) -> None:
        if "healed" not in memory.phases:
            memory.phases.append("healed")
            control_plane.heal(namespace, pod_of(control_plane, namespace)["metadata"]["name"])

    memory._on_wait = heal
    begun = time.monotonic()
    applied(world, small.release(namespace, small.deployment(image="web:held")), timeout=600)
    assert time.monotonic() - begun < 300


def test_a_load_balancer_without_an_address_is_a_note(world: World, memory: Memory, namespace: str) -> None:
    public = small.service()
    public["spec"]["type"] = "LoadBalancer"
    applied(world, small.release(namespace, public), timeout=5)
    assert [note.partition(" yet")[0] for note in memory.notes] == ["Service/web has no address"]


def test_old_trouble_does_not_fail_a_new_try(world: World, namespace: str) -> None:
    """Pods of the template before are none of this revision's business."""
    refused(world, small.release(namespace, small.deployment(image="web:exits-127")))
    applied(world, small.release(namespace, small.deployment(image="web:good")), timeout=30)


def test_a_failed_revision_whose_objects_heal_is_finished(
    control_plane: ControlPlane, world: World, namespace: str
) -> None:
    release = small.release(namespace, small.deployment(image="web:held"))
    refused(world, release, timeout=1)
    assert history(control_plane, namespace) == {1: "failed"}
    control_plane.heal(namespace, pod_of(control_plane, namespace)["metadata"]["name"])
    plan = plan_apply(world, release, read_standing(world, release.name, namespace)).plan
    assert plan.notes == ("revision 1 did not come to its end (failed): this finishes it",)
    applied(world, release, timeout=30)
    assert history(control_plane, namespace) == {1: "deployed"}
    description = read_standing(world, release.name, namespace).latest
    assert description and description.description.startswith("Install complete after this: Install failed: not ready")


class Interrupting(Memory):
    """Somebody presses Ctrl-C when the first object has been written."""

    def did(self, change: Change) -> None:
        super().did(change)
        raise KeyboardInterrupt


def test_ctrl_c_says_what_has_been_done_and_what_not(control_plane: ControlPlane, namespace: str) -> None:
    memory = Interrupting()
    world = small.world(control_plane.kubeconfig(), memory)
    release = small.release(namespace)
    with pytest.raises(Interrupted) as caught:
        applied(world, release, timeout=30)
    after = caught.value.aftermath
    assert isinstance(after, Aftermath)
    assert "Deployment/web" in after.left
    assert (after.total, after.done) == (5, len(memory.done))
    assert after.done == 5 - len(after.left)
    assert not {text.partition(" ")[2] for text in memory.done} & set(after.left)
    assert (after.revision, after.is_recorded, after.good) == (1, True, 0)
    assert history(control_plane, namespace) == {1: "failed"}
    applied(replace(world, observer=Memory()), release, timeout=30)
    assert history(control_plane, namespace) == {1: "deployed"}


def test_ctrl_c_stops_and_the_next_apply_goes_on(control_plane: ControlPlane, namespace: str) -> None:
    def interrupt(pending: object) -> None:
        raise KeyboardInterrupt

    memory = Memory(interrupt)
    world = small.world(control_plane.kubeconfig(), memory)
    release = small.release(namespace, small.config_map(), small.deployment(image="web:held"))
    with pytest.raises(Interrupted, match=r"All 2 objects were written, and stay so\."):
        applied(world, release, timeout=30)
    assert history(control_plane, namespace) == {1: "failed"}
    control_plane.heal(namespace, pod_of(control_plane, namespace)["metadata"]["name"])
    applied(replace(world, observer=Memory()), release, timeout=30)
    assert history(control_plane, namespace) == {1: "deployed"}
