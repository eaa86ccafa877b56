"""Owns what a kubelet would say of a pod: statuses that a test writes by its own hand."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

HELD = "control-plane.test/held"
"""The annotation that says whether kwok leaves a pod alone ("true", "false"); failing-pods.yaml reads it."""

PULL_REASONS = ("ErrImagePull", "ImagePullBackOff")


def pull_failure(container: Json, reason: str) -> Json:
    """Return the status of a container (an entry of the pod's spec) whose image cannot be pulled."""
    message = f'Back-off pulling image "{container["image"]}"'
    waiting = {"reason": reason, "message": message}
    return _container(container, {"waiting": waiting})


def crash(container: Json, exit_code: int, restarts: int, now: str) -> Json:
    """Return the status of a container that exited with `exit_code` and waits to be started again; `now` RFC 3339."""
    message = f"back-off restarting failed container {container['name']}"
    ended = {"exitCode": exit_code, "reason": "Error", "startedAt": now, "finishedAt": now}
    state = {"waiting": {"reason": "CrashLoopBackOff", "message": message}}
    return {**_container(container, state), "restartCount": restarts, "lastState": {"terminated": ended}}


def failing_pod(pod: Json, status: Json, phase: str) -> Json:
    """Return the patch of `pod` that makes the container of `status` fail, wherever it stands, and the pod unready."""
    is_init = any(each["name"] == status["name"] for each in pod["spec"].get("initContainers", []))
    unready = [
        {"type": name, "status": "False", "reason": "ContainersNotReady"} for name in ("Ready", "ContainersReady")
    ]
    listed = "initContainerStatuses" if is_init else "containerStatuses"
    return {"status": {"phase": "Pending" if is_init else phase, "conditions": unready, listed: [status]}}


def container(pod: Json, name: str | None) -> Json:
    """Return the container `name` of a pod's spec, init containers included, or the first; KeyError if it has none."""
    spec = pod["spec"]
    everyone: list[Json] = [*spec["containers"], *spec.get("initContainers", [])]
    return everyone[0] if name is None else {each["name"]: each for each in everyone}[name]


def _container(container: Json, state: Json) -> Json:
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": False,
        "started": False,
        "restartCount": 0,
        "state": state,
    }
