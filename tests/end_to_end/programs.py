"""Owns the programs that these tests need beside the control plane's: where they are, and what to do where they lack.

`scripts/end-to-end build` fills a folder in the cache for each pinned version: configurable-http-proxy by npm, traefik,
pebble and cyclonus by Go. PostgreSQL comes from the machine's distribution.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from tests.control_plane import binaries

NODE = Path(__file__).with_name("node")
TRAEFIK = "v3.6.12"
PEBBLE = "v2.10.1"
SCHEDULER = "v1.30.14"
"""The versions of the images that the chart renders, but for pebble."""
CYCLONUS = "v0.5.6"
"""Another reading of NetworkPolicies, with which ours is compared."""

_OLDEST_NODE = 20
_PACKAGES = ("jupyterhub", "kubespawner", "jupyterhub_idle_culler", "jupyter_server", "psycopg2", "pycurl")


def cache() -> Path:
    """The folder of all of them."""
    return binaries.cache_folder().parent.parent / "end-to-end"


def proxy_folder() -> Path:
    """Where npm installs configurable-http-proxy: another folder for each lock file."""
    lock = (NODE / "package-lock.json").read_bytes()
    return cache() / f"proxy-{hashlib.sha256(lock).hexdigest()[:12]}"


def proxy_program() -> Path:
    """configurable-http-proxy's command."""
    return proxy_folder() / "node_modules" / ".bin" / "configurable-http-proxy"


def proxy_version() -> str:
    """The pinned version of configurable-http-proxy."""
    pinned = json.loads((NODE / "package.json").read_text(encoding="utf-8"))
    return str(pinned["dependencies"]["configurable-http-proxy"])


def traefik() -> Path:
    """traefik's binary."""
    return cache() / f"traefik-{TRAEFIK}"


def scheduler() -> Path:
    """kube-scheduler's binary, of the rendered image's version: newer ones want more rights than the rendered ones."""
    return cache() / f"kube-scheduler-{SCHEDULER}"


def pebble() -> Path:
    """The binary of pebble, Let's Encrypt's certificate authority for tests."""
    return cache() / f"pebble-{PEBBLE}"


def cyclonus() -> Path:
    """The binary of cyclonus, which answers what a set of NetworkPolicies allows."""
    return cache() / f"cyclonus-{CYCLONUS}"


def postgres_folder() -> Path | None:
    """Where initdb and postgres are, or None."""
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda file: int(file.parts[-3]))
    return found[-1].parent if found else None


def node_is_new_enough() -> bool:
    """Whether there is a node that configurable-http-proxy runs on."""
    if not shutil.which("node"):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    found = re.match(r"v(\d+)", said)
    return found is not None and int(found[1]) >= _OLDEST_NODE


def namespaces_work() -> bool:
    """Whether this machine lets its users make namespaces."""
    command = ["unshare", "-Urnmp", "--fork", "true"]
    return bool(shutil.which("unshare")) and subprocess.run(command, capture_output=True, check=False).returncode == 0


def hub_is_installed() -> bool:
    """Whether this Python has what the images of hub and notebook have."""
    return all(importlib.util.find_spec(name) for name in _PACKAGES)


_BUILD = "run `scripts/end-to-end build` (it needs Go, and Node.js 20 or newer with npm)"
WHAT_TO_DO: dict[str, tuple[Callable[[], bool], str]] = {
    "hub": (hub_is_installed, "run `python -m pip install -e '.[hub]'`"),
    "node": (node_is_new_enough, "install Node.js 20 or newer with npm (Debian 13: `apt-get install nodejs npm`)"),
    "proxy": (lambda: proxy_program().exists(), _BUILD),
    "scheduler": (lambda: scheduler().exists(), _BUILD),
    "traefik": (lambda: traefik().exists(), _BUILD),
    "pebble": (lambda: pebble().exists(), _BUILD),
    "cyclonus": (lambda: cyclonus().exists(), _BUILD),
    "postgres": (lambda: postgres_folder() is not None, "install PostgreSQL (Debian: `apt-get install postgresql`)"),
    "namespaces": (
        namespaces_work,
        "let users make namespaces: `unshare -Urnmp --fork true` has to work "
        "(Ubuntu: `sysctl kernel.apparmor_restrict_unprivileged_userns=0`)",
    ),
}
"""What may lack: how to see whether it is there, and the sentence that says what to do."""
