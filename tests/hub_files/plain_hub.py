"""Owns what JupyterHub is told in the small release when nobody changed its values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.hub_files import small_release
from tests.hub_files.mounted_hub import mounted
from tests.hub_files.small_release import VARIABLES

CULLER = {
    "name": "jupyterhub-idle-culler",
    "command": [
        "python3",
        "-m",
        "jupyterhub_idle_culler",
        "--url=http://localhost:8081/hub/api",
        "--timeout=3600",
        "--cull-every=600",
        "--concurrency=10",
    ],
}
CULLER_ROLE = {
    "name": "jupyterhub-idle-culler",
    "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"],
    "services": ["jupyterhub-idle-culler"],
}
CONFIG: dict[str, Any] = {
    "JupyterHub": {
        "spawner_class": "kubespawner.KubeSpawner",
        "hub_bind_url": "http://:8081",
        "hub_connect_url": "http://hub:8081",
        "cleanup_servers": False,
        "last_activity_interval": 60,
        "tornado_settings": {"slow_spawn_timeout": 0},
        "concurrent_spawn_limit": 64,
        "base_url": "/",
        "allow_named_servers": False,
        "template_paths": [],
        "template_vars": {},
        "db_url": "sqlite:///jupyterhub.sqlite",
        "services": [CULLER],
        "load_roles": [CULLER_ROLE],
        "cookie_secret": "c0" * 32,
        "admin_access": True,
        "authenticator_class": "dummy",
    },
    "ConfigurableHTTPProxy": {"should_start": False, "api_url": "http://proxy-api:8001"},
    "CryptKeeper": {"keys": ["ab" * 32]},
    "Spawner": {"consecutive_failure_limit": 5, "cmd": "jupyterhub-singleuser"},
}


def config(folder: Path, values: dict[str, Any], **files: Any) -> dict[str, Any]:
    """All sections that the hub with these values has, but for KubeSpawner's."""
    with mounted(folder, small_release.files(values, **files), VARIABLES) as hub:
        return {name: hub.section(name) for name in hub.config if name != "KubeSpawner"}


def jupyterhub(**traits: Any) -> dict[str, Any]:
    return {"JupyterHub": traits}
