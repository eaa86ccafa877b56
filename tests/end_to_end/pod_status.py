"""Owns what a kubelet says about a pod."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

Json = dict[str, Any]

_STARTED = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def status(
    pod: Json, address: str, ready: Mapping[str, bool], ended: Mapping[str, int], restarts: Mapping[str, int]
) -> Json:
    """A pod's status: `ready`, exit codes and restarts of its real containers by name; all others run and are ready."""
    policy = pod["spec"].get("restartPolicy", "Always")
    containers = [
        _container(each, ready.get(each["name"], True), ended.get(each["name"]), restarts.get(each["name"], 0), policy)
        for each in pod["spec"]["containers"]
    ]
    states = [each["state"] for each in containers]
    if all("terminated" in state for state in states):
        failed = any(state["terminated"]["exitCode"] for state in states)
        phase = "Failed" if failed else "Succeeded"
    else:
        phase = "Running"
    all_ready = all(each["ready"] for each in containers)
    return {
        "phase": phase,
        "hostIP": "127.0.0.1",
        "podIP": address,
        "podIPs": [{"ip": address}],
        "startTime": _STARTED,
        "conditions": [
            {"type": "Initialized", "status": "True"},
            {"type": "ContainersReady", "status": str(all_ready)},
            {"type": "Ready", "status": str(all_ready)},
        ],
        "initContainerStatuses": [_done(each) for each in pod["spec"].get("initContainers", [])],
        "containerStatuses": containers,
    }


def _container(container: Json, ready: bool, exit_code: int | None, restarts: int, policy: str) -> Json:
    terminated = {"terminated": {"exitCode": exit_code, "reason": "Error" if exit_code else "Completed"}}
    is_over = exit_code is not None and (policy == "Never" or (policy == "OnFailure" and exit_code == 0))
    state = terminated if is_over else {"running": {"startedAt": _STARTED}}
    return {
        "name": container["name"],
        "image": container["image"],
        "imageID": "",
        "ready": ready and not is_over,
        "started": not is_over,
        "restartCount": restarts,
        "state": state,
        **({"lastState": terminated} if exit_code is not None and not is_over else {}),
    }


def _done(container: Json) -> Json:
    state = {"terminated": {"exitCode": 0, "reason": "Completed"}}
    same = {"name": container["name"], "image": container["image"], "imageID": "", "restartCount": 0}
    return {**same, "ready": True, "state": state}
