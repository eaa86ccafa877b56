"""Owns what the hub's container sees of a rendered release: its files, its variables, its arguments; pure."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chart_py.manifest import Manifest

CONFIG = "/usr/local/etc/jupyterhub/jupyterhub_config.py"
# What stands for a value that only the cluster knows.
UNKNOWN = "known-in-the-cluster"
_REFERENCE = re.compile(r"\$(\$|\(([^)]*)\))")


@dataclass(frozen=True)
class Container:
    """The hub's container: `files` by their paths, `variables`, the `arguments` behind `jupyterhub`.

    `unknown` are the folders and files, and `secret` the variables, that come from objects which are not rendered here,
    each with its source as `Secret/name`. All of it may be secret, and is never shown.
    """

    files: Mapping[str, str] = field(repr=False)
    variables: Mapping[str, str] = field(repr=False)
    arguments: tuple[str, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    secret: Mapping[str, str] = field(default_factory=dict)


def container_of(manifests: Sequence[Manifest]) -> Container:
    """The container of the hub's Deployment among `manifests`."""
    stored = {(m["kind"], m["metadata"]["name"]): _texts(m) for m in manifests if m["kind"] in ("ConfigMap", "Secret")}
    deployment = next(m for m in manifests if m["kind"] == "Deployment" and _component(m) == "hub")
    pod = deployment["spec"]["template"]["spec"]
    hub = next(c for c in pod["containers"] if c["name"] == "hub")
    volumes = {volume["name"]: volume for volume in pod.get("volumes") or [] if isinstance(volume, dict)}
    files: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for mount in hub.get("volumeMounts") or []:
        volume = volumes.get(mount.get("name"))
        if volume is not None:
            _mount(mount, volume, stored, files, unknown)
    variables, secret = _variables(hub, deployment, stored)
    for name, value in _service_variables(manifests):
        variables.setdefault(name, value)
    return Container(files, variables, tuple(_arguments(hub, variables)), unknown, secret)


def _component(manifest: Manifest) -> Any:
    return (manifest["metadata"].get("labels") or {}).get("component")


def _texts(manifest: Manifest) -> dict[str, str]:
    data = dict(manifest.get("data") or {})
    if manifest["kind"] == "Secret":
        data = {key: base64.b64decode(value).decode("utf-8", "replace") for key, value in data.items()}
    return {**data, **(manifest.get("stringData") or {})}


Stored = Mapping[tuple[str, str], Mapping[str, str]]


def _mount(
    mount: Mapping[str, Any], volume: Mapping[str, Any], stored: Stored, files: dict[str, str], unknown: dict[str, str]
) -> None:
    """Add what a mount shows; where only the cluster knows, what it is of."""
    target, source = str(mount["mountPath"]), _source(volume)
    texts = stored.get(source[0]) if source else None
    if source is None or texts is None:
        unknown[target.rstrip("/")] = "/".join(source[0]) if source else f"volume {volume['name']}"
        return
    if items := source[1]:
        texts = {item["path"]: texts[item["key"]] for item in items if item["key"] in texts}
    if within := mount.get("subPath"):
        if within in texts:
            files[target] = texts[within]
    else:
        files.update({f"{target.rstrip('/')}/{name}": text for name, text in texts.items()})


def _source(volume: Mapping[str, Any]) -> tuple[tuple[str, str], Any] | None:
    for kind, word, key in (("ConfigMap", "configMap", "name"), ("Secret", "secret", "secretName")):
        if isinstance(found := volume.get(word), dict) and found.get(key):
            return (kind, str(found[key])), found.get("items")
    return None


def _variables(hub: Mapping[str, Any], deployment: Manifest, stored: Stored) -> tuple[dict[str, str], dict[str, str]]:
    """The variables that the container is given, references within them filled in, and which of them are unknown."""
    found: dict[str, str] = {}
    unknown: dict[str, str] = {}
    for variable in hub.get("env") or []:
        name, source = str(variable["name"]), variable.get("valueFrom") or {}
        if not source:
            found[name] = expanded(str(variable.get("value") or ""), found)
            continue
        for word, kind in (("secretKeyRef", "Secret"), ("configMapKeyRef", "ConfigMap")):
            if reference := source.get(word):
                text = stored.get((kind, str(reference.get("name"))), {}).get(str(reference.get("key")))
                if text is None:
                    unknown[name] = f"{kind}/{reference.get('name')}"
                    if reference.get("optional"):
                        break
                found[name] = UNKNOWN if text is None else text
        if (source.get("fieldRef") or {}).get("fieldPath") == "metadata.namespace":
            found[name] = str(deployment["metadata"]["namespace"])
        elif "fieldRef" in source or "resourceFieldRef" in source:
            found[name] = UNKNOWN
    return found, unknown


def expanded(text: str, known: Mapping[str, str]) -> str:
    """`$(NAME)` filled in as Kubernetes does: what is not known stays, `$$` is a dollar."""

    def value(found: re.Match[str]) -> str:
        return "$" if found[1] == "$" else known.get(found[2], found[0])

    return _REFERENCE.sub(value, text)


def _service_variables(manifests: Sequence[Manifest]) -> Iterator[tuple[str, str]]:
    """What Kubernetes tells each pod of the Services of its namespace."""
    for service in manifests:
        if service["kind"] == "Service" and (ports := service["spec"].get("ports")):
            name = service["metadata"]["name"].upper().replace("-", "_")
            yield f"{name}_SERVICE_HOST", "10.0.0.10"
            yield f"{name}_SERVICE_PORT", str(ports[0]["port"])
    yield "KUBERNETES_SERVICE_HOST", "10.0.0.1"
    yield "KUBERNETES_SERVICE_PORT", "443"


def _arguments(hub: Mapping[str, Any], variables: Mapping[str, str]) -> list[str]:
    """What stands behind `jupyterhub`; where another program is started, the configuration's file alone."""
    words = [expanded(str(word), variables) for word in (*(hub.get("command") or ()), *(hub.get("args") or ()))]
    words = words[1:] if words[:1] and words[0].endswith(("tini",)) else words
    words = words[1:] if words[:1] == ["--"] else words
    if words[:1] and words[0].rpartition("/")[2] == "jupyterhub":
        return [word for word in words[1:] if word != "--upgrade-db"]
    return ["--config", CONFIG]
