"""Owns what is wrong with one server's pod and claim, as the API server would say it, or as its user would notice."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from chart_py.finding import Path
from chart_py.manifest import Manifest
from chart_py.quantity import amount
from chart_py.rehearsal.result import Server
from chart_py.values.formats import image_reference

_LABEL = r"[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?"
_NAME = rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*"
_VALUE = r"(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?"
_KEY = rf"(?:{_LABEL}(?:\.{_LABEL})*/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{{0,61}}[A-Za-z0-9])?"
_PORT = r"(?=.*[a-z])(?!.*--)[a-z0-9](?:[-a-z0-9]{0,13}[a-z0-9])?"
# What may be fractions; of everything else a container asks for whole pieces, as many as its limit.
_SHARED = re.compile(r"cpu|memory|ephemeral-storage|hugepages-.+")
_NEEDED = ("JUPYTERHUB_API_TOKEN", "JUPYTERHUB_API_URL", "JUPYTERHUB_CLIENT_ID", "JUPYTERHUB_SERVICE_PREFIX")


class Flaw(NamedTuple):
    """What is wrong: the finding's `code`, the `field` of the pod or (`claim`) of the claim, `message` and `advice`.

    `name` is the item of a list or the key of a map that is to blame, and `missing` is true where something is gone.
    """

    code: str
    field: Path
    message: str
    advice: str = ""
    name: str = ""
    claim: bool = False
    missing: bool = False


def flaws(server: Server) -> Iterator[Flaw]:
    """All that is wrong with a server's pod and claim, but for what their schemas say."""
    pod = server.pod
    if pod is None:
        return
    spec = pod.get("spec") or {}
    yield from _names(pod)
    yield from _volumes(spec)
    for field, container in containers(spec):
        for check in _OF_CONTAINER:
            yield from check(field, container, spec)
    if server.claim is not None and not _is(_NAME, server.claim_name):
        message = f"{server.claim_name!r} is not a valid name of a claim"
        yield Flaw("server-pod", ("metadata", "name"), message, _NAMES, claim=True)
    yield from _of_hub(server)


_NAMES = "A name has at most 253 lowercase letters, digits, dashes and dots."
_LABELS = "A name has at most 63 lowercase letters, digits and dashes."


def _is(pattern: str, value: Any) -> bool:
    return isinstance(value, str) and len(value) <= 1000 and re.fullmatch(pattern, value) is not None


def containers(spec: Mapping[str, Any]) -> list[tuple[Path, Mapping[str, Any]]]:
    """Every container of a pod with its field, the user's own first."""
    found: list[tuple[Path, Mapping[str, Any]]] = []
    for key in ("containers", "initContainers"):
        listed = spec.get(key) if isinstance(spec.get(key), list) else []
        found += [(("spec", key, at), each) for at, each in enumerate(listed or []) if isinstance(each, dict)]
    return found


def _items(container: Mapping[str, Any], key: str) -> list[tuple[int, Mapping[str, Any]]]:
    """The items of a list of maps."""
    listed = container.get(key)
    return [(at, each) for at, each in enumerate(listed) if isinstance(each, dict)] if isinstance(listed, list) else []


def _names(pod: Mapping[str, Any]) -> Iterator[Flaw]:
    """The names and labels of the pod."""
    metadata = pod.get("metadata") or {}
    if not _is(_NAME, metadata.get("name")):
        yield Flaw("server-pod", ("metadata", "name"), f"{metadata.get('name')!r} is not a valid name of a pod", _NAMES)
    for part in ("labels", "annotations"):
        for key, value in (metadata.get(part) or {}).items():
            field: Path = ("metadata", part, key)
            if not _is(_KEY, key):
                yield Flaw("server-pod", field, f"{key!r} is not a valid key of {part}", name=str(key))
            elif not isinstance(value, str):
                message = f"the value of {key} is not text, but Kubernetes takes only text"
                yield Flaw("server-pod", field, message, f'Write it in quotes: "{value}"', name=key)
            elif part == "labels" and not _is(_VALUE, value):
                advice = "A label's value has at most 63 letters, digits, dashes, dots and underscores."
                yield Flaw("server-pod", field, f"{value!r} is not a valid value of a label", advice, name=key)
    seen: set[str] = set()
    for field, container in containers(pod.get("spec") or {}):
        name = container.get("name")
        if not _is(_LABEL, name):
            yield Flaw("server-pod", field, f"{name!r} is not a valid name of a container", _LABELS, str(name or ""))
        elif name in seen:
            yield Flaw("server-pod", field, f"two containers have the name {name}", "Rename one of them.", str(name))
        seen.add(str(name))


def _volumes(spec: Mapping[str, Any]) -> Iterator[Flaw]:
    """Volumes: a valid name each, not twice, and one source."""
    seen: set[str] = set()
    for at, volume in _items(spec, "volumes"):
        name, field = str(volume.get("name") or ""), ("spec", "volumes", at)
        sources = sorted(key for key, value in volume.items() if key != "name" and value is not None)
        if not _is(_LABEL, name):
            yield Flaw("server-pod", field, f"{name!r} is not a valid name of a volume", _LABELS, name)
        elif name in seen:
            yield Flaw("server-pod", field, f"two volumes have the name {name}", "Rename one of them.", name)
        if not sources:
            advice = "Say what it is: emptyDir: {}, persistentVolumeClaim, secret, configMap or another."
            yield Flaw("server-pod", field, f"the volume {name} has no source", advice, name)
        elif len(sources) > 1:
            message = f"the volume {name} has more than one source: {', '.join(sources)}"
            yield Flaw("server-pod", field, message, "Keep one of them.", name)
        seen.add(name)


def _mounts(field: Path, container: Mapping[str, Any], spec: Mapping[str, Any]) -> Iterator[Flaw]:
    """Mounts: each has its volume, and no path occurs twice."""
    volumes = {str(volume.get("name")) for _, volume in _items(spec, "volumes")}
    seen: dict[str, str] = {}
    for at, mount in _items(container, "volumeMounts"):
        name, path = str(mount.get("name") or ""), str(mount.get("mountPath") or "")
        here = (*field, "volumeMounts", at)
        if name not in volumes:
            advice = "Add the volume, or use the name of one of these: " + ", ".join(sorted(volumes)) + "."
            yield Flaw("server-pod", here, f"no volume has the name {name}, which is mounted at {path}", advice, name)
        if not path:
            yield Flaw("server-pod", here, f"the mount of {name} has no mountPath", name=name)
        elif path in seen:
            both = name if name == seen[path] else f"{seen[path]} and {name}"
            yield Flaw("server-pod", here, f"{path} is mounted twice: {both}", "Choose another path for one.", name)
        seen.setdefault(path, name)


def _variables(field: Path, container: Mapping[str, Any], _: Any) -> Iterator[Flaw]:
    """Variables: a name, and text as the value."""
    for at, variable in _items(container, "env"):
        name, here = variable.get("name"), (*field, "env", at)
        if not isinstance(name, str) or not name or re.search(r"[^\x20-\x7e]|=", name):
            message = f"{name!r} is not a valid name of an environment variable"
            yield Flaw("server-pod", here, message, name=str(name or ""))
        elif variable.get("value") is not None and variable.get("valueFrom"):
            yield Flaw("server-pod", here, f"{name} has both a value and a valueFrom", "Keep one of them.", name)


def _ports(field: Path, container: Mapping[str, Any], _: Any) -> Iterator[Flaw]:
    """Ports: a valid number, and names that are valid and not there twice."""
    seen: set[str] = set()
    for at, port in _items(container, "ports"):
        number, name, here = port.get("containerPort"), port.get("name"), (*field, "ports", at)
        if isinstance(number, int) and not 0 < number < 65536:
            yield Flaw("server-pod", here, f"{number} is not a port", "A port is a number from 1 to 65535.")
        if name is not None and not _is(_PORT, name):
            advice = "A port's name has at most 15 lowercase letters, digits and dashes, with a letter among them."
            yield Flaw("server-pod", here, f"{name!r} is not a valid name of a port", advice, str(name))
        elif name is not None and name in seen:
            yield Flaw("server-pod", here, f"two ports have the name {name}", "Rename one of them.", str(name))
        seen.add(str(name))


def _resources(field: Path, container: Mapping[str, Any], _: Any) -> Iterator[Flaw]:
    """Requests within limits; of devices, as many as the limit."""
    given = container.get("resources") or {}
    requests, limits = given.get("requests") or {}, given.get("limits") or {}
    for name in dict.fromkeys((*requests, *limits)):
        here: Path = (*field, "resources")
        asked, most = amount(requests.get(name)), amount(limits.get(name))
        for part, value, number in (("requests", requests.get(name), asked), ("limits", limits.get(name), most)):
            if value is not None and (number is None or number < 0):
                yield Flaw("server-pod", (*here, part, name), f"{value!r} is not a quantity", "For example: 2Gi", name)
        if asked is None and most is None:
            continue
        if asked is not None and most is not None and asked > most:
            message = f"it requests {requests[name]} of {name}, more than its limit of {limits[name]}"
            yield Flaw("server-pod", (*here, "requests", name), message, "Raise the limit, or request less.", name)
        elif not _SHARED.fullmatch(name) and asked is not None and asked != most:
            message = f"it requests {requests[name]} of {name}, and the limit has to be the same"
            yield Flaw("server-pod", (*here, "requests", name), message, f"Set the limit to {requests[name]}.", name)


def _image(field: Path, container: Mapping[str, Any], _: Any) -> Iterator[Flaw]:
    """The image: there, and a valid reference."""
    image, here = container.get("image"), (*field, "image")
    if not image:
        yield Flaw("server-pod", here, f"the container {container.get('name')} has no image", missing=True)
        return
    for fault in image_reference(image):
        yield Flaw("server-pod", here, f"{fault.message}, got {image!r}", f"for example: {fault.example}")


_Check = Callable[[Path, Mapping[str, Any], Mapping[str, Any]], Iterator[Flaw]]
_OF_CONTAINER: tuple[_Check, ...] = (_mounts, _variables, _ports, _resources, _image)


def _of_hub(server: Server) -> Iterator[Flaw]:
    """What a server cannot do without: the variables by which it finds and knows its hub."""
    variables = {str(name) for name in server.environment}
    gone = [name for name in _NEEDED if name not in variables]
    if gone:
        message = f"the server's container lacks {', '.join(gone)}, by which it finds its hub"
        advice = "Add variables with singleuser.extraEnv, which keeps the hub's own."
        yield Flaw("server-cut-off", ("spec", "containers", 0, "env"), message, advice, missing=True)


def label_flaws(server: Server, manifests: Sequence[Manifest]) -> Iterator[Flaw]:
    """Labels that the release's network policies ask of a server, and that its pod lacks."""
    pod = server.pod
    labels = ((pod or {}).get("metadata") or {}).get("labels") or {}
    for policy in manifests if pod else ():
        if policy["kind"] != "NetworkPolicy":
            continue
        component = (policy["metadata"].get("labels") or {}).get("component")
        wanted = (policy["spec"].get("podSelector") or {}).get("matchLabels") or {}
        if wanted.get("component") == "singleuser-server" or component == "singleuser":
            gone = [f"{key}: {value}" for key, value in wanted.items() if labels.get(key) != value]
            if gone:
                message = f"the pod lacks the label {gone[0]}: no network policy protects it, and the hub is kept out"
                yield Flaw("server-cut-off", ("metadata", "labels"), message, _KEEP, missing=True)
        elif component == "hub" and not _lets_in(policy, labels):
            message = f"the pod lacks the label {_ACCESS}, so the hub's network policy shuts it out"
            yield Flaw("server-cut-off", ("metadata", "labels"), message, _KEEP, missing=True)


_ACCESS = "hub.jupyter.org/network-access-hub"
_KEEP = "Add labels with singleuser.extraLabels, which keeps the chart's own."


def _lets_in(policy: Manifest, labels: Mapping[str, Any]) -> bool:
    """Whether a policy lets anybody in who has the labels; its own rules may name others."""
    rules = policy["spec"].get("ingress") or []
    if "Ingress" not in (policy["spec"].get("policyTypes") or ["Ingress"]):
        return True
    for rule in rules:
        peers = rule.get("from")
        if not peers:
            return True
        for peer in peers:
            selector = peer.get("podSelector")
            if selector is None or selector.get("matchExpressions"):
                return True
            wanted = selector.get("matchLabels") or {}
            if all(labels.get(key) == value for key, value in wanted.items()):
                return True
    return False
