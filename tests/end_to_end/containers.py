"""Owns the containers that run: each is a sandbox with a program of this machine."""

from __future__ import annotations

import json
import signal
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.control_plane.processes import Processes
from tests.end_to_end.network import PORTS, Network, hosts_file
from tests.end_to_end.pod_environment import Read, environment, expanded
from tests.end_to_end.pod_files import Volumes
from tests.end_to_end.software import Software

Json = dict[str, Any]

_SANDBOX = Path(__file__).with_name("sandbox.py")
_ROOT = "root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/nonexistent:/bin/false\n"
_SYSTEM = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")


@dataclass(frozen=True)
class Pod:
    """A pod that starts: its object, its address, the folder of its files, and what its node reads for it."""

    live: Json
    address: str
    folder: Path
    services: list[Json]
    read: Read
    volumes: Volumes


class Containers:
    """Starts and ends sandboxes; their output is in `processes`' logs."""

    def __init__(self, processes: Processes, network: Network) -> None:
        self._processes = processes
        self._network = network

    def start(self, name: str, pod: Pod, container: Json, software: Software) -> None:
        """Start a pod's container under `name`. KeyError or ApiError where something that it refers to is missing."""
        image = {"PATH": ":".join([*map(str, software.folders), *_SYSTEM]), **software.variables}
        variables = environment(pod.live, container, pod.address, pod.services, pod.read)
        command = container.get("command") or list(software.entry_point)
        program = [*command, *container.get("args", [])]
        security = {**pod.live["spec"].get("securityContext", {}), **container.get("securityContext", {})}
        self.run(
            name,
            pod.folder,
            pod.address,
            program=[expanded(word, variables) for word in program],
            environment=image | variables,
            folder=container.get("workingDir", software.working_folder),
            uid=security.get("runAsUser", software.uid),
            gid=security.get("runAsGroup", security.get("fsGroup", software.gid)),
            no_new_privileges=security.get("allowPrivilegeEscalation") is False,
            mounts=self._mounts(pod, container, software),
            serves=_ports(container),
        )

    def run(self, name: str, own: Path, address: str, *, serves: list[int], **container: Any) -> None:
        """Start a sandbox with the words of `sandbox.py`; `own` is for its own files."""
        scratch = own / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        file = own / "container.json"
        file.touch(mode=0o600)
        words = {
            **container,
            "address": address,
            "serves": serves,
            "reaches": [port for port in PORTS if port not in serves],
            "scratch": str(scratch),
            "wires": str(self._network.folder),
        }
        file.write_text(json.dumps(words), encoding="utf-8")
        self._processes.start(name, [sys.executable, "-I", "-S", _SANDBOX, file])

    def exit_code(self, name: str) -> int | None:
        """The exit code of a container, None while it runs."""
        return self._processes.exit_code(name)

    def stop(self, name: str, seconds: float) -> int:
        """End a container, in peace within `seconds`; return its exit code."""
        return self._processes.stop(name, signal.SIGTERM, seconds)

    def log(self, name: str) -> Path:
        """The file of all that a container and its forerunners have printed."""
        return self._processes.log(name)

    def _mounts(self, pod: Pod, container: Json, software: Software) -> list[Json]:
        own = pod.folder / "image"
        (own / "home").mkdir(parents=True, exist_ok=True)
        (own / "working").mkdir(exist_ok=True)
        namespace = pod.live["metadata"]["namespace"]
        (own / "hosts").write_text(hosts_file(self._network.names, pod.services, namespace), encoding="utf-8")
        user = f"jovyan:x:{software.uid}:{software.gid}::/home/jovyan:/bin/sh\n"
        (own / "passwd").write_text(_ROOT + (user if software.uid == 1000 else ""), encoding="utf-8")
        image = {"/etc/hosts": own / "hosts", "/etc/passwd": own / "passwd", "/home/jovyan": own / "home"}
        if software.working_folder not in ("/", "/home/jovyan"):
            image[software.working_folder] = own / "working"
        image |= dict(software.files)
        mounts = {place: {"source": str(path), "target": place, "read_only": False} for place, path in image.items()}
        # What the pod mounts goes over what the image has.
        mounts |= {mount["target"]: mount for mount in pod.volumes.mounts(container)}
        return list(mounts.values())


def _ports(container: Json) -> list[int]:
    """The ports that a container says it has, and those that its probes ask without saying so."""
    probes = [container[word] for word in ("livenessProbe", "readinessProbe") if word in container]
    asked = {probe["httpGet"]["port"] for probe in probes}
    named = {port["containerPort"] for port in container.get("ports", [])}
    return sorted(named | {port for port in asked if isinstance(port, int)})
