"""Tests of pods that fail: by a word in an image's tag, and by the test's hand."""

from __future__ import annotations

import pytest
from kubernetes import client

from tests.control_plane import ControlPlane, ControlPlaneError
from tests.control_plane.fixtures import Apply
from tests.control_plane.workloads import is_backed_off, is_ready, pod, waiting


@pytest.mark.parametrize(
    ("images", "reasons", "phase"),
    [
        ({"containers": ["example/web:missing", "example/log:1"]}, ["ImagePullBackOff", ""], "Running"),
        ({"containers": ["example/web:exits-7"]}, ["CrashLoopBackOff"], "Running"),
        ({"containers": ["example/web:missing"]}, ["ImagePullBackOff"], "Pending"),
        ({"initContainers": ["i:exits-1", "j:1"], "containers": ["w:1"]}, ["PodInitializing"], "Pending"),
        ({"initContainers": ["i:1", "j:missing"], "containers": ["w:1"]}, ["PodInitializing"], "Pending"),
    ],
)
def test_an_images_tag_says_how_its_pod_fails(
    control_plane: ControlPlane,
    namespace: str,
    apply: Apply,
    images: dict[str, list[str]],
    reasons: list[str],
    phase: str,
) -> None:
    spec = {
        kind: [{"name": f"{kind.lower()}-{number}", "image": image} for number, image in enumerate(listed)]
        for kind, listed in images.items()
    }
    apply({**pod("failing"), "spec": spec})
    live = control_plane.wait_for(pod("failing"), is_backed_off, namespace)
    assert waiting(live) == reasons
    assert live["status"]["phase"] == phase
    assert not is_ready(live)


def test_a_held_pod_is_scheduled_and_no_more(control_plane: ControlPlane, namespace: str, apply: Apply) -> None:
    apply(pod("held", image="example/web:held"))
    control_plane.wait_for(pod("held"), lambda live: live["spec"].get("nodeName"), namespace)
    running = {"name": "web", "image": "x", "imageID": "", "ready": True, "restartCount": 0}
    status = {"phase": "Running", "containerStatuses": [running]}
    assert control_plane.set_pod_status(namespace, "held", status)["status"]["phase"] == "Running"


def test_a_failing_image_is_named_and_a_crash_has_its_exit_code(
    control_plane: ControlPlane, namespace: str, apply: Apply
) -> None:
    apply(pod("pulling", image="example/web:missing"))
    apply(pod("crashing", image="example/web:exits-7"))
    pulling = control_plane.wait_for(pod("pulling"), is_backed_off, namespace)
    crashing = control_plane.wait_for(pod("crashing"), is_backed_off, namespace)
    assert '"example/web:missing"' in pulling["status"]["containerStatuses"][0]["state"]["waiting"]["message"]
    [status] = crashing["status"]["containerStatuses"]
    assert (status["lastState"]["terminated"]["exitCode"], status["restartCount"]) == (7, 1)


def test_a_running_pod_is_made_to_fail_and_heals(control_plane: ControlPlane, namespace: str, apply: Apply) -> None:
    apply(pod("web"))
    control_plane.wait_for(pod("web"), is_ready, namespace)
    control_plane.fail_pull(namespace, "web", reason="ErrImagePull")
    assert waiting(control_plane.api.get(pod("web"), namespace)) == ["ErrImagePull"]
    control_plane.heal(namespace, "web")
    control_plane.wait_for(pod("web"), is_ready, namespace)
    control_plane.crash(namespace, "web", 3, restarts=4)
    live = control_plane.api.get(pod("web"), namespace)
    [status] = live["status"]["containerStatuses"]
    assert (waiting(live), is_ready(live)) == (["CrashLoopBackOff"], False)
    assert (status["lastState"]["terminated"]["exitCode"], status["restartCount"]) == (3, 4)
    control_plane.heal(namespace, "web")
    control_plane.wait_for(pod("web"), is_ready, namespace)


def test_an_unknown_reason_is_told(control_plane: ControlPlane, namespace: str) -> None:
    with pytest.raises(ControlPlaneError, match="reason is one of ErrImagePull, ImagePullBackOff, not Typo"):
        control_plane.fail_pull(namespace, "web", reason="Typo")


@pytest.mark.parametrize("tag", ["missing", "exits-1", "held"])
def test_a_pod_with_a_failing_tag_heals(control_plane: ControlPlane, namespace: str, apply: Apply, tag: str) -> None:
    apply(pod("web", image=f"example/web:{tag}"))
    control_plane.wait_for(pod("web"), lambda live: live["spec"].get("nodeName"), namespace)
    if tag != "held":
        control_plane.wait_for(pod("web"), is_backed_off, namespace)
    control_plane.heal(namespace, "web")
    control_plane.wait_for(pod("web"), is_ready, namespace)


def test_a_containers_log_is_read_through_the_server(control_plane: ControlPlane, namespace: str, apply: Apply) -> None:
    apply(pod("web", image="example/web:exits-1"))
    control_plane.wait_for(pod("web"), is_backed_off, namespace)
    control_plane.set_container_log("starting", "no such database")
    with control_plane.client() as api_client:
        core = client.CoreV1Api(api_client)
        logs = [core.read_namespaced_pod_log("web", namespace, previous=previous) for previous in (False, True)]
        last = core.read_namespaced_pod_log("web", namespace, tail_lines=1)
    control_plane.set_container_log()
    assert logs == ["starting\nno such database\n"] * 2
    assert last == "no such database\n"
