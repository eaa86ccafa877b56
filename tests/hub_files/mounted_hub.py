"""Owns the hub's container as a test has it: files under a folder of the test's, variables, and the pods it makes.

    files, variables = container(objects)        # rendered objects: what the hub's container would see
    with mounted(tmp_path, files, variables) as hub:
        hub.config["JupyterHub"]["db_url"]       # what jupyterhub_config.py made of them
        hub.server("wash").pod                   # the Pod that the configured spawner would ask for

The real JupyterHub and KubeSpawner do the work; only KubeSpawner's connection to a cluster is left out.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest import mock

HOME = "/usr/local/etc/jupyterhub"
Manifest = Mapping[str, Any]


@dataclass(frozen=True)
class Server:
    """What KubeSpawner would create for one server; `claim` is None where it makes none."""

    pod: dict[str, Any]
    claim: dict[str, Any] | None


@dataclass(frozen=True)
class MountedHub:
    """A hub whose configuration has been run.

    `folder` is where /usr/local/etc/jupyterhub lies, `output` all that it printed, `variables` what it added to
    the environment.
    """

    folder: Path
    config: Any
    output: str
    variables: Mapping[str, str]

    def section(self, name: str) -> dict[str, Any]:
        """One section of the configuration, as plain data."""
        return {trait: plain(value) for trait, value in self.config[name].items()}

    def server(
        self, user: str, name: str = "", options: Mapping[str, Any] | None = None, groups: Sequence[str] = ()
    ) -> Server:
        """The server `name` of `user` started with `options`, say {"profile": "small"}: a pod, and a claim if any."""
        return asyncio.run(self._server(user, name, dict(options or {}), groups))

    async def _server(self, user_name: str, name: str, options: dict[str, Any], groups: Sequence[str]) -> Server:
        from jupyterhub import orm
        from jupyterhub.objects import Hub
        from jupyterhub.user import User
        from traitlets import import_item

        spawner_class = self.config.JupyterHub.spawner_class
        settings = {
            "config": self.config,
            "spawner_class": import_item(spawner_class) if isinstance(spawner_class, str) else spawner_class,
            "hub": Hub(base_url="/hub/", public_host="", ip="hub", port=8081),
        }
        # Which revision of its tables a new database has takes longer to write down than all the rest.
        with mock.patch.object(orm, "check_db_revision"):
            session = orm.new_session_factory("sqlite://")()
        try:
            row = orm.User(name=user_name, groups=[orm.Group(name=group) for group in groups])
            session.add(row)
            session.commit()
            user = User(row, settings)
            with mock.patch("kubespawner.spawner.load_config"), mock.patch("kubespawner.spawner.shared_client"):
                spawner = user.get_spawner(name)
            spawner.api_token = "token-of-the-server"
            spawner.user_options = options
            await spawner.load_user_options()
            pod = plain(await spawner.get_pod_manifest())
            claim = plain(spawner.get_pvc_manifest()) if spawner.storage_pvc_ensure else None
        finally:
            session.get_bind().dispose()
            session.close()
        return Server(pod, claim)


def container(objects: Sequence[Manifest]) -> tuple[dict[str, str], dict[str, str]]:
    """Files (path in the container → text) and variables of the hub's container, read off rendered objects.

    The variables that Kubernetes makes of the Services among `objects` are there too. One that comes from a Secret
    has its text; of those that come from the pod's own fields only its namespace is known.
    """
    stored = {(o["kind"], o["metadata"]["name"]): _texts(o) for o in objects if o["kind"] in ("ConfigMap", "Secret")}
    deployment = next(
        o for o in objects if o["kind"] == "Deployment" and o["metadata"]["labels"].get("component") == "hub"
    )
    pod = deployment["spec"]["template"]["spec"]
    hub = pod["containers"][0]
    volumes = {volume["name"]: volume for volume in pod["volumes"]}
    files: dict[str, str] = {}
    for mount in hub["volumeMounts"]:
        texts = _volume_texts(volumes.get(mount["name"], {}), stored)
        if "subPath" in mount:
            texts = {mount["mountPath"]: texts[mount["subPath"]]} if mount["subPath"] in texts else {}
        else:
            texts = {f"{mount['mountPath'].rstrip('/')}/{path}": text for path, text in texts.items()}
        files.update(texts)
    variables = {}
    for service in (o for o in objects if o["kind"] == "Service"):
        name = f"{service['metadata']['name']}_SERVICE_PORT".upper().replace("-", "_")
        variables[name] = str(service["spec"]["ports"][0]["port"])
    for variable in hub.get("env", []):
        source = variable.get("valueFrom", {})
        if "secretKeyRef" in source:
            reference = source["secretKeyRef"]
            variables[variable["name"]] = stored["Secret", reference["name"]][reference["key"]]
        elif source.get("fieldRef", {}).get("fieldPath") == "metadata.namespace":
            variables[variable["name"]] = deployment["metadata"]["namespace"]
        elif "value" in variable:
            variables[variable["name"]] = variable["value"]
    return files, variables


def _texts(obj: Manifest) -> dict[str, str]:
    data = dict(obj.get("data") or {})
    if obj["kind"] == "Secret":
        data = {key: base64.b64decode(value).decode(errors="replace") for key, value in data.items()}
    return {**data, **(obj.get("stringData") or {})}


def _volume_texts(volume: Manifest, stored: Mapping[tuple[str, str], Mapping[str, str]]) -> Mapping[str, str]:
    if "configMap" in volume:
        source, texts = volume["configMap"], stored.get(("ConfigMap", volume["configMap"]["name"]), {})
    elif "secret" in volume:
        source, texts = volume["secret"], stored.get(("Secret", volume["secret"]["secretName"]), {})
    else:
        return {}
    items = source.get("items")
    return {item["path"]: texts[item["key"]] for item in items} if items else texts


def write(folder: Path, files: Mapping[str, str]) -> None:
    """Lay the container's files under `folder`, which stands for its root."""
    for path, text in files.items():
        target = folder / path.lstrip("/")
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


@contextlib.contextmanager
def mounted(folder: Path, files: Mapping[str, str], variables: Mapping[str, str]) -> Iterator[MountedHub]:
    """Lay out the files under `folder`, run jupyterhub_config.py as JupyterHub does, take all back at the end.

    What the configuration raises comes out of here, SystemExit too.
    """
    from traitlets.config import PyFileConfigLoader

    write(folder, files)
    home = folder / HOME.lstrip("/")
    with _process_as_it_was(), mock.patch.dict(os.environ, variables):
        before = dict(os.environ)
        with contextlib.redirect_stdout(io.StringIO()) as output:
            config = PyFileConfigLoader("jupyterhub_config.py", path=str(home)).load_config()
        added = {name: value for name, value in os.environ.items() if before.get(name) != value}
        yield MountedHub(home, config, output.getvalue(), added)


@contextlib.contextmanager
def _process_as_it_was() -> Iterator[None]:
    """Undo what the hub's files change in the process that runs them: modules, their path, HTTP client."""
    from tornado.httpclient import AsyncHTTPClient

    path, client = list(sys.path), AsyncHTTPClient._save_configuration()
    sys.modules.pop("z2jh", None)
    try:
        yield
    finally:
        sys.modules.pop("z2jh", None)
        sys.path[:] = path
        AsyncHTTPClient._restore_configuration(client)


def plain(value: Any) -> Any:
    """Configuration and KubeSpawner's objects as plain data, to be compared whole; functions and classes stay."""
    from kubernetes_asyncio.client import ApiClient
    from traitlets.config import LazyConfigValue

    if hasattr(value, "openapi_types"):
        # The method needs nothing of an ApiClient that is connected.
        return ApiClient.__new__(ApiClient).sanitize_for_serialization(value)
    if isinstance(value, LazyConfigValue):
        return plain(value.to_dict())
    if isinstance(value, dict):
        return {key: plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value
