"""Owns the nodes' part: runs the pods that are bound to a node, tells how they are, and wires their Services.

Real are the containers whose image is `software`, their volumes, variables, tokens, probes and ends. A container of
another image is played: it runs, ready, and does nothing; an init container is done at once. Not played are limits of
memory and processor, network policies and pulls.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.control_plane.api import ApiError
from tests.control_plane.objects import pod_reference
from tests.control_plane.plane import ControlPlane
from tests.control_plane.processes import Processes
from tests.end_to_end import pod_status
from tests.end_to_end.containers import Containers, Pod
from tests.end_to_end.network import Network
from tests.end_to_end.pod_files import Volumes
from tests.end_to_end.probe import succeeds
from tests.end_to_end.software import Software

Json = dict[str, Any]

_PASS_SECONDS = 0.2
_LONGEST_GRACE = 15.0


@dataclass
class Running:
    """A pod on a node: its address, and for each of its real containers the process, starts so far, last exit code."""

    pod: Pod
    processes: dict[str, str] = field(default_factory=dict)
    restarts: dict[str, int] = field(default_factory=dict)
    ended: dict[str, int] = field(default_factory=dict)
    ready: dict[str, bool] = field(default_factory=dict)
    told: Json = field(default_factory=dict)


class Kubelet:
    """Looks at all pods again and again in a thread of its own, from `start` to `stop`."""

    def __init__(
        self, plane: ControlPlane, network: Network, root: Path, logs: Path, software: Mapping[str, Software]
    ) -> None:
        self._api = plane.api
        self._network = network
        self._root = root
        self._software = software
        self.logs = logs
        self._processes = Processes(logs)
        self._containers = Containers(self._processes, network)
        self._running: dict[str, Running] = {}
        self._end = threading.Event()
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name="kubelet")

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End all containers; raise what ended the kubelet before, if anything did."""
        self._end.set()
        self._thread.join()
        self._processes.close()
        self.check()

    def check(self) -> None:
        """Raise the error that ended the kubelet, if there was one."""
        if self._error:
            raise self._error

    @property
    def containers(self) -> Containers:
        """Where tests run programs of their own beside the pods."""
        return self._containers

    def log(self, pod: str, container: str) -> str:
        """All that a pod's container has printed, over its restarts."""
        return self._containers.log(f"{pod}-{container}").read_text(encoding="utf-8", errors="replace")

    # ---- its thread

    def _run(self) -> None:
        try:
            while not self._end.wait(_PASS_SECONDS):
                self._pass()
        except Exception as error:
            self._error = error

    def _pass(self) -> None:
        services = self._api.json("GET", "/api/v1/services")["items"]
        slices = self._api.json("GET", "/apis/discovery.k8s.io/v1/endpointslices")["items"]
        self._network.route(services, slices)
        pods = [pod for pod in self._api.json("GET", "/api/v1/pods")["items"] if pod["spec"].get("nodeName")]
        for pod in pods:
            uid = pod["metadata"]["uid"]
            if pod["metadata"].get("deletionTimestamp"):
                self._remove(pod)
            elif uid in self._running:
                self._look_after(self._running[uid])
            elif pod["status"].get("phase", "Pending") == "Pending":
                self._start(pod, services)
        # A pod that was deleted by force has no object that would say so.
        for uid in self._running.keys() - {pod["metadata"]["uid"] for pod in pods}:
            self._end_containers(self._running.pop(uid), 0)

    def _start(self, live: Json, services: list[Json]) -> None:
        metadata = live["metadata"]
        folder = self._root / "pods" / metadata["uid"]

        def read(kind: str, name: str) -> Json:
            wanted = {"apiVersion": "v1", "kind": kind, "metadata": {"name": name}}
            return self._api.get(wanted, metadata["namespace"])

        volumes = Volumes(live, folder / "volumes", self._root / "claims", read, lambda words: self._token(live, words))
        pod = Pod(live, self._network.pod_address(), folder, services, read, volumes)
        running = Running(pod)
        try:
            for container in live["spec"]["containers"]:
                self._start_container(running, container)
        except ApiError as error:
            if error.status != 404:
                raise
            return  # a Secret or a claim that is still to come: again with the next pass
        self._running[metadata["uid"]] = running
        self._look_after(running)

    def _start_container(self, running: Running, container: Json) -> None:
        software = self._software.get(container["image"].rpartition(":")[0])
        if software is None:
            return
        name = container["name"]
        process = f"{running.pod.live['metadata']['name']}-{name}"
        self._containers.start(process, running.pod, container, software)
        running.processes[name] = process
        running.ready[name] = "readinessProbe" not in container

    def _token(self, live: Json, words: Json) -> str:
        metadata = live["metadata"]
        account = live["spec"]["serviceAccountName"]
        bound = {"apiVersion": "v1", "kind": "Pod", "name": metadata["name"], "uid": metadata["uid"]}
        spec = {"expirationSeconds": words.get("expirationSeconds", 3600), "boundObjectRef": bound}
        request = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": spec}
        path = f"/api/v1/namespaces/{metadata['namespace']}/serviceaccounts/{account}/token"
        return str(self._api.json("POST", path, request)["status"]["token"])

    def _look_after(self, running: Running) -> None:
        """See what has ended and what has become ready, start again what has to run, and tell the API server."""
        policy = running.pod.live["spec"].get("restartPolicy", "Always")
        for container in running.pod.live["spec"]["containers"]:
            name = container["name"]
            if name not in running.processes or (name in running.ended and policy == "Never"):
                continue
            code = self._containers.exit_code(running.processes[name])
            if code is None:
                if not running.ready[name]:
                    running.ready[name] = self._is_ready(running.pod.address, container)
                continue
            running.ended[name], running.ready[name] = code, False
            if policy == "Always" or (policy == "OnFailure" and code):
                running.restarts[name] = running.restarts.get(name, 0) + 1
                self._start_container(running, container)
        self._tell(running)

    def _is_ready(self, address: str, container: Json) -> bool:
        probe = container["readinessProbe"]["httpGet"]
        named = {each.get("name"): each["containerPort"] for each in container.get("ports", [])}
        port = named.get(probe["port"], probe["port"])
        return succeeds(self._network, address, port, probe.get("path", "/"), probe.get("scheme", "HTTP"))

    def _tell(self, running: Running) -> None:
        status = pod_status.status(
            running.pod.live, running.pod.address, running.ready, running.ended, running.restarts
        )
        if status == running.told:
            return
        metadata = running.pod.live["metadata"]
        try:
            self._api.patch(pod_reference(metadata["name"]), {"status": status}, "/status", metadata["namespace"])
        except ApiError as error:
            if error.status != 404:
                raise
        running.told = status

    def _remove(self, live: Json) -> None:
        metadata = live["metadata"]
        running = self._running.pop(metadata["uid"], None)
        if running:
            self._end_containers(running, min(metadata.get("deletionGracePeriodSeconds", 0), _LONGEST_GRACE))
        path = f"/api/v1/namespaces/{metadata['namespace']}/pods/{metadata['name']}"
        options = {"gracePeriodSeconds": 0, "preconditions": {"uid": metadata["uid"]}}
        try:
            self._api.json("DELETE", path, options)
        except ApiError as error:
            if error.status not in (404, 409):
                raise

    def _end_containers(self, running: Running, seconds: float) -> None:
        for name, process in running.processes.items():
            if name not in running.ended or self._containers.exit_code(process) is None:
                self._containers.stop(process, seconds)
