"""Runs jupyterhub_config.py in the environment of one hub image, and tells what the hub and KubeSpawner made of it.

It runs on the Pythons of all hub images, from 3.8 on, and imports nothing of chart_py: the folder with the files is its
argument, the variables of the container are its environment, JSON is what it prints.
"""

from __future__ import annotations

import asyncio
import json
import sys
import warnings
from typing import Any
from unittest import mock

warnings.simplefilter("ignore")


# What reaches for a cluster, by the names that it has had.
OUTSIDE = ("load_config", "shared_client")
STARTS = ("_set_k8s_client_configuration", "_start_watching_pods", "_start_watching_events", "_start_reflector")


def plain(value: Any) -> Any:
    """Configuration and Kubernetes' objects as plain data."""
    if hasattr(value, "openapi_types") or hasattr(value, "swagger_types"):
        try:
            from kubernetes_asyncio.client import ApiClient
        except ImportError:
            from kubernetes.client import ApiClient
        return ApiClient.__new__(ApiClient).sanitize_for_serialization(value)
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner) for inner in value]
    return value if isinstance(value, (str, int, float, bool, type(None))) else f"<{type(value).__name__}>"


def hub_config(folder: str) -> Any:
    """What the configuration is once the file has run, as JupyterHub runs it."""
    from tornado.httpclient import AsyncHTTPClient
    from traitlets.config import PyFileConfigLoader

    # The client in C is not part of these environments.
    with mock.patch.object(AsyncHTTPClient, "configure"):
        return PyFileConfigLoader("jupyterhub_config.py", path=folder).load_config()


async def server(config: Any, user_name: str, server_name: str) -> tuple[Any, Any]:
    """The pod and the claim that KubeSpawner would ask for."""
    import kubespawner.spawner
    from jupyterhub import orm
    from jupyterhub.objects import Hub
    from jupyterhub.user import User

    settings = {
        "config": config,
        "spawner_class": kubespawner.spawner.KubeSpawner,
        "hub": Hub(base_url="/hub/", public_host="", ip="hub", port=8081),
    }
    session = orm.new_session_factory("sqlite://")()
    row = orm.User(name=user_name)
    session.add(row)
    session.commit()
    user = User(row, settings)
    for owner, names in ((kubespawner.spawner, OUTSIDE), (kubespawner.spawner.KubeSpawner, STARTS)):
        for name in names:
            if hasattr(owner, name):
                mock.patch.object(owner, name).start()
    spawner = user.get_spawner(server_name) if hasattr(user, "get_spawner") else user.spawners[server_name]
    spawner.api_token = "token-of-the-server"
    spawner.user_options = {}
    await spawner.load_user_options()
    pod = await spawner.get_pod_manifest()
    return plain(pod), plain(spawner.get_pvc_manifest()) if spawner.storage_pvc_ensure else None


def main() -> None:
    import jupyterhub.app
    import kubespawner

    config = hub_config(sys.argv[1])
    classes = (("KubeSpawner", kubespawner.KubeSpawner), ("JupyterHub", jupyterhub.app.JupyterHub))
    pod, claim = asyncio.run(server(config, sys.argv[2], sys.argv[3]))
    told = {
        "versions": [jupyterhub.__version__, kubespawner.__version__],
        "unknown traits": {
            section: sorted(name for name in config[section] if not hasattr(cls, name)) for section, cls in classes
        },
        "config": plain({section: dict(config[section]) for section in ("JupyterHub", "KubeSpawner", "Spawner")}),
        "pod": pod,
        "claim": claim,
    }
    sys.stdout.write("\n" + json.dumps(told) + "\n")


if __name__ == "__main__":
    main()
