"""The parts of a pod that several builders write alike: images, variables, probes, affinity, tolerations."""

from __future__ import annotations

from typing import Any, Literal

from chart_py.resources.names import Names
from chart_py.values.base import Map
from chart_py.values.parts import Image, Probe
from chart_py.values.root import Values

Purpose = Literal["core", "user"]


def image_name(image: Image) -> str:
    """The image as a container names it; without a colon where there is no tag."""
    return f"{image.name}:{image.tag}" if image.tag else image.name


def pull_secrets(values: Values, names: Names, *images: Image) -> list[Map] | None:
    """The Secrets that a pod with `images` is pulled with: the created one, the global ones, the images' own."""
    wanted: list[Any] = []
    if values.imagePullSecret.create and values.imagePullSecret.automaticReferenceInjection:
        wanted.append(names.named("image-pull-secret"))
    wanted += values.imagePullSecrets
    for image in images:
        wanted += image.pullSecrets
    found = {secret["name"] if isinstance(secret, dict) else str(secret): None for secret in wanted}
    return [{"name": name} for name in sorted(found)] or None


def variables(env: Map | list[Map] | None) -> list[Map]:
    """Environment variables as a container has them; a map is sorted by its keys and holds texts or whole variables."""
    if isinstance(env, list):
        return env
    return [
        {"name": name, **value}
        if isinstance(value, dict)
        else {"name": name, "value": None if value is None else str(value)}
        for name, value in sorted((env or {}).items())
    ]


def probe(words: Probe, path: str, *, port: str = "http", scheme: str | None = None) -> Map | None:
    """A container's probe of `path`; None where it is not enabled. Words without a field go in as they are."""
    if not words.enabled:
        return None
    return {
        "initialDelaySeconds": words.initialDelaySeconds,
        "periodSeconds": words.periodSeconds,
        "timeoutSeconds": words.timeoutSeconds,
        "failureThreshold": words.failureThreshold,
        **(words.__pydantic_extra__ or {}),
        "httpGet": {"path": path, "port": port, "scheme": scheme},
    }


def tolerations(values: Values, purpose: Purpose, more: list[Any] | None = None) -> list[Any] | None:
    """What a pod of `purpose` tolerates, and `more`."""
    own = values.scheduling.corePods.tolerations if purpose == "core" else values.scheduling.userPods.tolerations
    return [*own, *(more or [])] or None


def node_purpose(values: Values, purpose: Purpose) -> tuple[list[Map], list[Map]]:
    """The terms about nodes labelled for `purpose`: those that are required, those that are preferred."""
    own = values.scheduling.corePods if purpose == "core" else values.scheduling.userPods
    term = {"matchExpressions": [{"key": "hub.jupyter.org/node-purpose", "operator": "In", "values": [purpose]}]}
    match = own.nodeAffinity.matchNodePurpose
    return [term] if match == "require" else [], [{"weight": 100, "preference": term}] if match == "prefer" else []


def core_affinity(values: Values) -> Map | None:
    """The affinity of hub, proxy, autohttps and user-scheduler."""
    required, preferred = node_purpose(values, "core")
    return affinity(required, preferred)


def affinity(
    required: list[Any],
    preferred: list[Any],
    pod: tuple[list[Any], list[Any]] = ([], []),
    anti: tuple[list[Any], list[Any]] = ([], []),
) -> Map | None:
    """An affinity of terms about nodes, and of (required, preferred) terms about pods to be near to or far from."""
    made: Map = {}
    if required or preferred:
        made["nodeAffinity"] = {
            "requiredDuringSchedulingIgnoredDuringExecution": {"nodeSelectorTerms": required} if required else None,
            "preferredDuringSchedulingIgnoredDuringExecution": preferred or None,
        }
    for name, (must, should) in (("podAffinity", pod), ("podAntiAffinity", anti)):
        if must or should:
            made[name] = {
                "requiredDuringSchedulingIgnoredDuringExecution": must or None,
                "preferredDuringSchedulingIgnoredDuringExecution": should or None,
            }
    return made or None


def laid_over(spec: Map, more: Map | None) -> Map:
    """A pod's spec with the user's own fields over it; theirs win, whole."""
    return {**spec, **(more or {})}
