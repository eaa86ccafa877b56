"""Owns the wires between pods, Services and the test: a folder of Unix sockets, one for each address and port.

A pod's sandbox serves the sockets of its pod (`10.244.0.5:8081`). A Service's address is a link to the pod that the
cluster's EndpointSlices name. What is outside the cluster (the API server, a database) is joined in by `join_in`.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from pathlib import Path
from typing import Any

from tests.control_plane.plane import wait_until
from tests.end_to_end.sandbox import join

Json = dict[str, Any]
Connect = Callable[[], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]

PORTS = (80, 443, 5432, 8000, 8001, 8081, 8888, 14000)
"""The ports that pods may call; one that a pod serves itself it calls only at itself."""

_PODS = ipaddress.ip_network("10.244.0.0/16")
_OUTSIDE = ipaddress.ip_network("10.200.0.0/24")


class Network:
    """All wires of one cluster, below `folder`, whose path has to be short, as a socket's is limited."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.names: dict[str, str] = {}
        """What is outside the cluster: host name → address."""
        self._pods = iter(_PODS.hosts())
        self._outside = iter(_OUTSIDE.hosts())
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="network", daemon=True)
        self._servers: list[asyncio.Server] = []
        folder.mkdir()
        self._thread.start()

    def close(self) -> None:
        """End all that this process relays."""
        self._run(self._end)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def pod_address(self) -> str:
        """A pod's address that was never used."""
        return str(next(self._pods))

    def outside_address(self, *names: str) -> str:
        """An address of something outside the cluster, which pods find by `names`."""
        address = str(next(self._outside))
        self.names.update(dict.fromkeys(names, address))
        return address

    def socket_path(self, address: str, port: int) -> Path:
        """The Unix socket that stands for an address and a port."""
        return self.folder / f"{address}:{port}"

    def connect(self, address: str, port: int, seconds: float = 30.0) -> socket.socket:
        """A connection to whoever serves this; OSError where nobody does."""
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(seconds)
        try:
            connection.connect(str(self.socket_path(address, port)))
        except OSError:
            connection.close()
            raise
        return connection

    def join_in(self, address: str, port: int, host: str, host_port: int) -> None:
        """Let pods reach at `address`:`port` what listens at `host`:`host_port` on this machine."""
        self.lead(address, port, lambda: asyncio.open_connection(host, host_port))

    def lead(self, address: str, port: int, connect: Connect) -> None:
        """Let pods reach at `address`:`port` whatever `connect` connects to."""

        async def serve() -> None:
            async def call(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                await join(reader, writer, connect)

            self._servers.append(await asyncio.start_unix_server(call, self.socket_path(address, port)))

        self._run(serve)

    def route(self, services: list[Json], slices: list[Json]) -> None:
        """Lead each Service's address to a ready pod of its EndpointSlices, and nowhere where there is none."""
        for service in services:
            address = service["spec"].get("clusterIP")
            if address in (None, "None"):
                continue
            targets = _targets(service, slices)
            for port in service["spec"].get("ports", []):
                self._link(self.socket_path(address, port["port"]), targets.get(port.get("name", "")))

    def _link(self, wire: Path, target: str | None) -> None:
        if wire.is_symlink():
            if str(wire.readlink()) == target:
                return
            wire.unlink()
        elif wire.exists():
            return  # joined in from outside
        if target:
            wire.symlink_to(target)

    async def _end(self) -> None:
        for server in self._servers:
            server.close()
        talks = asyncio.all_tasks() - {asyncio.current_task()}
        for talk in talks:
            talk.cancel()
        await asyncio.gather(*talks, return_exceptions=True)

    def _run(self, make: Callable[[], Coroutine[Any, Any, None]]) -> None:
        asyncio.run_coroutine_threadsafe(make(), self._loop).result()


def _targets(service: Json, slices: list[Json]) -> dict[str, str]:
    """ADDRESS:PORT of a ready endpoint for each of a Service's ports, by the port's name."""
    metadata, found = service["metadata"], {}
    for each in slices:
        labels = each["metadata"].get("labels", {})
        same = (labels.get("kubernetes.io/service-name"), each["metadata"]["namespace"])
        if same != (metadata["name"], metadata["namespace"]):
            continue
        ready = [end for end in each.get("endpoints") or [] if end.get("conditions", {}).get("ready")]
        for port in each.get("ports") or []:
            if ready:
                found[port.get("name", "")] = f"{ready[0]['addresses'][0]}:{port['port']}"
    return found


def hosts_file(names: Mapping[str, str], services: list[Json], namespace: str) -> str:
    """What a pod of `namespace` has in place of the cluster's name server: Services and what is outside."""
    lines = ["127.0.0.1 localhost"]
    for service in services:
        name, home, address = (
            service["metadata"]["name"],
            service["metadata"]["namespace"],
            service["spec"]["clusterIP"],
        )
        if address == "None":
            continue
        known = [f"{name}.{home}", f"{name}.{home}.svc", f"{name}.{home}.svc.cluster.local"]
        lines.append(" ".join([address, *([name] if home == namespace else []), *known]))
    lines += [f"{address} {name}" for name, address in names.items()]
    return "\n".join(lines) + "\n"


def is_served(network: Network, address: str, port: int) -> bool:
    """Whether somebody takes a connection there."""
    with contextlib.suppress(OSError), network.connect(address, port):
        return True
    return False


def wait_for_port(network: Network, address: str, port: int) -> None:
    """Wait until the wire of this address and port is there."""
    wait_until(f"{address}:{port} is served", lambda: is_served(network, address, port))
