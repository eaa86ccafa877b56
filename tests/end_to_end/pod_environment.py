"""Owns the variables of a container, as a kubelet makes them: of Services, of the pod, of Secrets and ConfigMaps."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from typing import Any

Json = dict[str, Any]
Read = Callable[[str, str], Json]
"""Reads an object of the pod's namespace by kind and name."""

_REFERENCE = re.compile(r"\$\$|\$\(([A-Za-z_][A-Za-z0-9_.-]*)\)")


def environment(pod: Json, container: Json, address: str, services: list[Json], read: Read) -> dict[str, str]:
    """All variables of a pod's container but those of its image; KeyError where a Secret lacks the key."""
    known: dict[str, str] = {}
    namespace = pod["metadata"]["namespace"]
    for service in services:
        home = service["metadata"]["namespace"]
        is_api = (home, service["metadata"]["name"]) == ("default", "kubernetes")
        if is_api or (home == namespace and pod["spec"].get("enableServiceLinks", True)):
            known.update(_of_service(service))
    for variable in container.get("env", []):
        value = _value(variable, pod, address, read)
        if value is not None:
            known[variable["name"]] = expanded(value, known) if "value" in variable else value
    return known


def expanded(text: str, known: Mapping[str, str]) -> str:
    """`text` with each $(NAME) replaced; unknown names stay as they are, $$ is a $."""
    return _REFERENCE.sub(lambda found: "$" if found[0] == "$$" else known.get(found[1], found[0]), text)


def _of_service(service: Json) -> dict[str, str]:
    name = service["metadata"]["name"].upper().replace("-", "_")
    address, ports = service["spec"].get("clusterIP"), service["spec"].get("ports", [])
    if address in (None, "None") or not ports:
        return {}
    made = {f"{name}_SERVICE_HOST": address, f"{name}_SERVICE_PORT": str(ports[0]["port"])}
    made[f"{name}_PORT"] = f"tcp://{address}:{ports[0]['port']}"
    for port in ports:
        number = str(port["port"])
        if port.get("name"):
            made[f"{name}_SERVICE_PORT_{port['name'].upper().replace('-', '_')}"] = number
        link = f"{name}_PORT_{number}_TCP"
        made |= {link: f"tcp://{address}:{number}", f"{link}_PROTO": "tcp"}
        made |= {f"{link}_PORT": number, f"{link}_ADDR": address}
    return made


def _value(variable: Json, pod: Json, address: str, read: Read) -> str | None:
    source = variable.get("valueFrom")
    if not source:
        return str(variable.get("value", ""))
    if "fieldRef" in source:
        return field(pod, source["fieldRef"]["fieldPath"], address)
    kind, word = ("Secret", "secretKeyRef") if "secretKeyRef" in source else ("ConfigMap", "configMapKeyRef")
    reference = source[word]
    texts = contents(read(kind, reference["name"]))
    if reference["key"] not in texts and reference.get("optional"):
        return None
    return texts[reference["key"]].decode()


def field(pod: Json, path: str, address: str) -> str:
    """A field of a pod, as a fieldRef names it; KeyError for one that a kubelet would know but this one does not."""
    if path == "status.podIP":
        return address
    found = re.fullmatch(r"metadata\.(labels|annotations)\['(.*)'\]", path)
    if found:
        return str(pod["metadata"].get(found[1], {}).get(found[2], ""))
    value: Any = pod
    for word in path.split("."):
        value = value[word]
    return str(value)


def contents(stored: Json) -> dict[str, bytes]:
    """The files of a ConfigMap or a Secret."""
    if stored["kind"] == "Secret":
        return {key: base64.b64decode(text) for key, text in (stored.get("data") or {}).items()}
    binary = {key: base64.b64decode(text) for key, text in (stored.get("binaryData") or {}).items()}
    return {**{key: text.encode() for key, text in (stored.get("data") or {}).items()}, **binary}
