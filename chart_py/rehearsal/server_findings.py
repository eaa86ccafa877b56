"""Owns what is said of the pods and claims of a rehearsal's servers, at the settings that made them what they are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from chart_py.checks.objects.json_schema import violations
from chart_py.checks.objects.schemas import LATEST, fields_at, of_version
from chart_py.finding import Finding, Level, Path
from chart_py.manifest import Manifest
from chart_py.rehearsal.flaws import Flaw, flaws, label_flaws
from chart_py.rehearsal.hub_findings import overrides, profile_path, server_name
from chart_py.rehearsal.origins import Origin, Origins
from chart_py.rehearsal.result import Rehearsal, Server
from chart_py.secrecy import masked
from chart_py.spelling import nearest

_LEVELS = {"server-pod": Level.ERROR, "server-cut-off": Level.ERROR, "server-home": Level.WARNING}
# The traits that a field of the pod comes from, the likeliest first; of a container's field, those of the user's own.
_OF_POD: dict[str, tuple[str, ...]] = {
    "volumes": ("volumes",),
    "initContainers": ("init_containers",),
    "containers": ("extra_containers",),
    "tolerations": ("tolerations",),
    "nodeSelector": ("node_selector",),
    "affinity": (
        "node_affinity_required",
        "node_affinity_preferred",
        "pod_affinity_required",
        "pod_affinity_preferred",
        "pod_anti_affinity_required",
        "pod_anti_affinity_preferred",
    ),
    "serviceAccountName": ("service_account",),
    "imagePullSecrets": ("image_pull_secrets",),
    "priorityClassName": ("priority_class_name",),
    "schedulerName": ("scheduler_name",),
    "securityContext": ("pod_security_context", "fs_gid", "supplemental_gids"),
}
_OF_CONTAINER: dict[str, tuple[str, ...]] = {
    "volumeMounts": ("volume_mounts",),
    "env": ("environment",),
    "image": ("image",),
    "imagePullPolicy": ("image_pull_policy",),
    "args": ("cmd", "args"),
    "command": ("cmd",),
    "lifecycle": ("lifecycle_hooks",),
    "ports": ("port",),
    "securityContext": ("container_security_context", "uid", "gid", "privileged", "allow_privilege_escalation"),
}
_RESOURCES = {
    ("requests", "cpu"): ("cpu_guarantee", "cpu_limit"),
    ("limits", "cpu"): ("cpu_limit",),
    ("requests", "memory"): ("mem_guarantee", "mem_limit"),
    ("limits", "memory"): ("mem_limit",),
}
_OF_METADATA = {
    "labels": ("extra_labels", "common_labels"),
    "annotations": ("extra_annotations",),
    "name": ("pod_name_template",),
}
# Settings that add to a trait: the item that a flaw names may stand there.
_ADDING: dict[str, Path] = {
    "volumes": ("singleuser", "storage", "extraVolumes"),
    "volume_mounts": ("singleuser", "storage", "extraVolumeMounts"),
    "extra_containers": ("singleuser", "extraContainers"),
    "init_containers": ("singleuser", "initContainers"),
    "extra_labels": ("singleuser", "extraLabels"),
    "extra_annotations": ("singleuser", "extraAnnotations"),
    "environment": ("singleuser", "extraEnv"),
}
_OF_CLAIM = ("storage_extra_labels", "storage_capacity", "storage_class", "storage_access_modes", "storage_selector")


def server_findings(rehearsal: Rehearsal, origins: Origins, manifests: Sequence[Manifest]) -> list[Finding]:
    """What is wrong with the servers' pods and claims, each flaw once, with the servers that have it."""
    groups: dict[tuple[str, Path, Any, str], list[tuple[Server, Flaw, Origin]]] = {}
    told = {id(server): server for server in rehearsal.servers if server.pod is not None}
    for server, flaw in _all(list(told.values()), origins, manifests):
        origin = origin_of(server, flaw, origins)
        groups.setdefault((flaw.code, origin.path, origin.place, _alike(flaw, server)), []).append(
            (server, flaw, origin)
        )
    return [_finding(same, len(told)) for same in groups.values()]


def _alike(flaw: Flaw, server: Server) -> str:
    """A flaw's message without what is another one for each server."""
    return flaw.message.replace(server.pod_name or "\0", "").replace(server.claim_name or "\0", "")


def _finding(same: list[tuple[Server, Flaw, Origin]], number: int) -> Finding:
    _, flaw, origin = same[0]
    names = list(dict.fromkeys(server_name(server) for server, _, _ in same))
    shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    advice = [flaw.advice] if flaw.advice else []
    if len({server.id for server, _, _ in same}) < number:
        advice.append(f"Affected: {shown}.")
    elif flaw.code == "server-pod":
        advice.append("Kubernetes refuses every server.")
    said = tuple(masked(line) for line in advice)
    return Finding(_LEVELS[flaw.code], flaw.code, origin.path, masked(flaw.message), origin.place, said)


def _all(servers: Sequence[Server], origins: Origins, manifests: Sequence[Manifest]) -> Iterator[tuple[Server, Flaw]]:
    seen: set[str] = set()
    for server in servers:
        for flaw in (*flaws(server), *label_flaws(server, manifests)):
            yield server, flaw
        shape = _shape(server)
        if shape not in seen:
            seen.add(shape)
            for flaw in schema_flaws(server):
                yield server, flaw
    yield from _homes(servers, origins)
    yield from _same_names(servers)


def _shape(server: Server) -> str:
    """A server's objects without what only tells users apart: their schemas say the same of both."""
    text = json.dumps([server.pod, server.claim], sort_keys=True)
    for own in sorted({server.pod_name, server.claim_name, server.user}, key=len, reverse=True):
        text = text.replace(own, "") if own else text
    pod = server.pod or {}
    for container in (pod.get("spec") or {}).get("containers") or []:
        for variable in container.get("env") or [] if isinstance(container, dict) else []:
            if isinstance(variable, dict) and isinstance(value := variable.get("value"), str) and value:
                text = text.replace(json.dumps(value), '""')
    return text


def schema_flaws(server: Server) -> Iterator[Flaw]:
    """What Kubernetes' schemas refuse in the pod and the claim; a pod's is that of a Deployment's template."""
    inner = ("spec", "template")
    template = {key: value for key, value in (server.pod or {}).items() if key in ("metadata", "spec")}
    labels = {"matchLabels": {"app": "user"}}
    wrapped: dict[str, Any] = {"selector": labels, "template": template}
    pod = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "user"}, "spec": wrapped}
    objects: list[tuple[dict[str, Any], Path]] = [(pod, inner)]
    if server.claim is not None:
        objects.append((dict(server.claim), ()))
    for manifest, prefix in objects:
        for found in violations([manifest], LATEST):
            field = found.pointer[len(prefix) :]
            message = found.message
            shown = ".".join(str(step) for step in field)
            advice = ""
            if found.unknown:
                stem = "deployment-apps-v1" if prefix else "persistentvolumeclaim-v1"
                near = nearest(str(field[-1]), fields_at(of_version(LATEST)[stem], found.pointer[:-1]))
                message = f"Kubernetes has no field {shown}" + (f"; did you mean {near[0]}?" if near else "")
                advice = "The API server drops it, with a warning."
            else:
                message = f"{shown}: {message}"
            name = next((str(step) for step in reversed(field) if isinstance(step, str)), "")
            yield Flaw("server-pod", field, message, advice, name, claim=not prefix)


def _homes(servers: Sequence[Server], origins: Origins) -> Iterator[tuple[Server, Flaw]]:
    """The home is mounted where the values say, and is one claim for all profiles of a user."""
    storage = origins.loaded.values.singleuser.storage
    path = str(storage.homeMountPath).rstrip("/")
    if storage.type == "none" or "{" in path:
        return
    first: dict[tuple[str, str], tuple[Server, Any]] = {}
    for server in servers:
        spec: Any = (server.pod or {}).get("spec") or {}
        mounts = [m for m in server.container.get("volumeMounts") or [] if isinstance(m, dict)]
        home = next((m for m in mounts if str(m.get("mountPath")).rstrip("/") == path), None)
        if home is None:
            field: Path = ("spec", "containers", 0, "volumeMounts")
            message = f"no volume is mounted at {path}, so files there are lost when the server stops"
            advice = "Lists replace: to add volumes, use singleuser.storage.extraVolumes and extraVolumeMounts."
            yield server, Flaw("server-home", field, message, advice, missing=True)
            continue
        volume: dict[str, Any] = next((v for v in spec.get("volumes") or [] if v.get("name") == home.get("name")), {})
        source = {key: value for key, value in volume.items() if key != "name"}
        same = {"source": source, "subPath": home.get("subPath")}
        before = first.setdefault((server.user, server.name), (server, same))
        if before[1] != same:
            message = f"the home of {server_name(server)} is another volume than that of {server_name(before[0])}"
            advice = "A user's files are then seen with one profile, and not with the other."
            yield server, Flaw("server-home", ("spec", "volumes"), message, advice, str(volume.get("name") or ""))


def _same_names(servers: Sequence[Server]) -> Iterator[tuple[Server, Flaw]]:
    """Servers that can run at the same time have pods with names of their own."""
    owners: dict[tuple[str, str], tuple[str, str]] = {}
    for server in servers:
        owner = (server.user, server.name)
        other = owners.setdefault((server.namespace, server.pod_name), owner)
        if other != owner:
            message = f"the pod of {_whose(owner)} has the name of that of {_whose(other)}: {server.pod_name}"
            advice = "Have {username} and {servername} in the template of the name."
            yield server, Flaw("server-pod", ("metadata", "name"), message, advice)


def _whose(owner: tuple[str, str]) -> str:
    return f"{owner[0]}'s server" + (f" {owner[1]}" if owner[1] else "")


def traits_of(field: Path, *, claim: bool = False) -> tuple[str, ...]:
    """The traits that a field of the pod or of the claim may come from, the likeliest first."""
    if claim:
        return ("pvc_name_template", *_OF_CLAIM) if field == ("metadata", "name") else _OF_CLAIM
    if field[:1] == ("metadata",):
        return (*_OF_METADATA.get(str(field[1]) if len(field) > 1 else "", ()), "extra_pod_config")
    part = str(field[1]) if len(field) > 1 else ""
    if field[:3] == ("spec", "containers", 0):
        inner = str(field[3]) if len(field) > 3 else ""
        if inner == "resources":
            resource = (str(field[4]), str(field[5])) if len(field) > 5 else ("", "")
            named = _RESOURCES.get(resource, (f"extra_resource_{resource[0].replace('requests', 'guarantees')}",))
            return (*named, "extra_container_config")
        return (*_OF_CONTAINER.get(inner, ()), "extra_container_config")
    return (*_OF_POD.get(part, ()), "extra_pod_config")


def origin_of(server: Server, flaw: Flaw, origins: Origins) -> Origin:
    """The setting, or the line of a hook, that a flaw comes from."""
    hook = origins.of_line(server.modified_by)
    if hook and flaw.missing:
        return hook
    path = profile_path(origins, server)
    traits = traits_of(flaw.field, claim=flaw.claim)
    for step in reversed(server.steps):
        if step.name != "load_user_options" and set(traits) & set(step.traits) and (by := origins.of_line(step.by)):
            return by
    for trait in traits if path else ():
        for place in overrides(origins, server, path or (), trait):
            return _narrowed(place, flaw, origins)
    for trait in traits:
        added = _ADDING.get(trait)
        if added and flaw.name and (named := _narrowed(added, flaw, origins)).path != added:
            return named
        for cls in ("KubeSpawner", "Spawner"):
            if found := origins.of_setter(cls, trait):
                is_python = found.path[:2] == ("hub", "extraConfig")
                return found if is_python else _narrowed(found.path, flaw, origins)
    return hook or Origin((), None)


def _narrowed(path: Path, flaw: Flaw, origins: Origins) -> Origin:
    """The item or key of a setting that a flaw names, else the setting."""
    inner: Path = (*path, flaw.name)
    if flaw.name and origins.written(inner):
        return origins.setting(inner)
    return origins.setting(origins.below(path, flaw.name) if flaw.name else path)
