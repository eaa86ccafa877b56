"""Owns the choice of free ports on loopback."""

from __future__ import annotations

import random
import socket

from tests.control_plane.errors import ControlPlaneError

# Below the ports that the kernel gives to outgoing connections (32768 and up on Linux), which come and go between our
# look and the server's start.
_FIRST, _LAST = 20000, 32000
_TRIES = 200

# Not the module's functions: a test that seeds those would make every run ask for the same ports.
_random = random.SystemRandom()


def free_ports(count: int) -> list[int]:
    """Return `count` different ports that nothing listens on at 127.0.0.1."""
    found: set[int] = set()
    for _ in range(_TRIES):
        if len(found) == count:
            return sorted(found)
        port = _random.randint(_FIRST, _LAST)
        if _is_free(port):
            found.add(port)
    raise ControlPlaneError(f"no {count} free ports between {_FIRST} and {_LAST} on 127.0.0.1")


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
