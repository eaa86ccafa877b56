"""Owns a certificate authority outside the cluster: pebble, which is Let's Encrypt's own for tests."""

from __future__ import annotations

import asyncio
import contextlib
import json
import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timezone

from tests.certificate import self_signed
from tests.end_to_end import programs
from tests.end_to_end.cluster import Cluster
from tests.end_to_end.network import hosts_file, is_served, wait_for_port
from tests.end_to_end.probe import WireConnection

NAME = "acme.example.org"
URL = f"https://{NAME}:14000/dir"
_PORT, _MANAGEMENT_PORT, _USER = 14000, 15000, 1000


@dataclass(frozen=True)
class Authority:
    """A running authority: the certificate of its own server, and the root of those that it gives; both PEM."""

    own_certificate: str
    root: str


@contextlib.contextmanager
def running(cluster: Cluster, host: str, address: str) -> Iterator[Authority]:
    """Start an authority to which `host` is at `address`, where it asks by HTTP whether a name is the asker's.

    Nobody reaches it before `address` is served. Let's Encrypt takes its seconds, this one takes none, and would be
    there before the cluster has led the Service's address to the pod that asks.
    """
    folder = cluster.root / "authority"
    folder.mkdir()
    certificate, key = self_signed(datetime.now(timezone.utc), NAME)
    words = {
        "listenAddress": f"0.0.0.0:{_PORT}",
        "managementListenAddress": f"0.0.0.0:{_MANAGEMENT_PORT}",
        "certificate": str(folder / "certificate.pem"),
        "privateKey": str(folder / "key.pem"),
        "httpPort": 80,
        "tlsPort": 443,
    }
    for file, text in (
        ("certificate.pem", certificate),
        ("key.pem", key),
        ("pebble.json", json.dumps({"pebble": words})),
        ("hosts", hosts_file({host: address}, [], "")),
    ):
        (folder / file).write_text(text, encoding="utf-8")
    network, own_address = cluster.network, cluster.network.outside_address()
    cluster.kubelet.containers.run(
        "authority",
        folder,
        own_address,
        program=[str(programs.pebble()), "-config", str(folder / "pebble.json")],
        environment={"PEBBLE_VA_NOSLEEP": "1", "PEBBLE_WFE_NONCEREJECT": "0"},
        folder="/",
        uid=_USER,
        gid=_USER,
        no_new_privileges=True,
        mounts=[{"source": str(folder / "hosts"), "target": "/etc/hosts", "read_only": True}],
        serves=[_PORT, _MANAGEMENT_PORT],
    )

    async def once_it_can_ask_back() -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        while not is_served(network, address, 80):
            await asyncio.sleep(0.05)
        return await asyncio.open_unix_connection(network.socket_path(own_address, _PORT))

    network.lead(network.outside_address(NAME), _PORT, once_it_can_ask_back)
    try:
        wait_for_port(network, own_address, _MANAGEMENT_PORT)
        trusted = ssl.create_default_context(cadata=certificate)
        root = cluster.wait("the authority answers", lambda: _root(cluster, own_address, trusted))
        yield Authority(certificate, root)
    finally:
        cluster.kubelet.containers.stop("authority", 5.0)


def _root(cluster: Cluster, address: str, trusted: ssl.SSLContext) -> str | None:
    with contextlib.closing(WireConnection(cluster.network, address, _MANAGEMENT_PORT, NAME, trusted)) as connection:
        try:
            connection.request("GET", "/roots/0")
            return connection.getresponse().read().decode()
        except OSError:
            return None
