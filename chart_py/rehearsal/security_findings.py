"""Owns what is said of pods that a level of Pod Security refuses, the release's and the users', with the setting."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from chart_py.finding import Finding, Level, Path, dotted
from chart_py.manifest import Manifest
from chart_py.rehearsal.flaws import Flaw
from chart_py.rehearsal.origins import Origins
from chart_py.rehearsal.pod_security import Refusal, refusals
from chart_py.rehearsal.result import Rehearsal
from chart_py.rehearsal.server_findings import origin_of

# The settings of a component's pods, by the label `component` of their workload.
_SECTIONS: dict[str, Path] = {
    "hub": ("hub",),
    "proxy": ("proxy", "chp"),
    "autohttps": ("proxy", "traefik"),
    "user-scheduler": ("scheduling", "userScheduler"),
    "user-placeholder": ("scheduling", "userPlaceholder"),
    "continuous-image-puller": ("prePuller",),
    "hook-image-puller": ("prePuller",),
    "image-puller": ("prePuller",),
}
_BLOCKER = "block-cloud-metadata"
_BLOCKS: Path = ("singleuser", "cloudMetadata", "blockWithIptables")


def security_findings(
    level: str, rehearsal: Rehearsal, origins: Origins, manifests: Sequence[Manifest]
) -> list[Finding]:
    """What `level` refuses of the pods of a release and of the first server of each profile."""
    found = [*_of_release(level, origins, manifests), *_of_servers(level, rehearsal, origins)]
    return list({(f.path, f.place, f.message): f for f in found}.values())


def _of_release(level: str, origins: Origins, manifests: Sequence[Manifest]) -> Iterator[Finding]:
    for manifest in manifests:
        template = (manifest.get("spec") or {}).get("template")
        if manifest["kind"] not in ("Deployment", "DaemonSet", "StatefulSet", "Job") or not isinstance(template, dict):
            continue
        component = str((manifest["metadata"].get("labels") or {}).get("component", ""))
        section = _SECTIONS.get(component)
        name = f"the pods of {manifest['kind']} {manifest['metadata']['name']}"
        for refusal in refusals(level, template.get("metadata") or {}, template["spec"]):
            setting = _setting(refusal, section) if section else ()
            origin = origins.setting(setting)
            message = f"{level} refuses {name}: {_where(template['spec'], refusal)}"
            advice = [f"Needed: {refusal.wanted}."]
            if setting and origin.place is None:
                advice.append(f"Set {dotted(setting)}.")
            yield Finding(Level.ERROR, "pod-security", setting, message, origin.place, tuple(advice))


def _setting(refusal: Refusal, section: Path) -> Path:
    """The setting of a component that a refused field comes from."""
    field = refusal.field
    if field[1:2] == ("volumes",):
        return (*section, "extraVolumes")
    if "securityContext" in field:
        of_pod = field[1] == "securityContext"
        return (*section, "podSecurityContext" if of_pod else "containerSecurityContext")
    if field[1:2] == ("initContainers",):
        return (*section, "initContainers")
    return (*section, "extraPodSpec")


def _where(spec: Any, refusal: Refusal) -> str:
    """The check, and the container or volume that it is about."""
    field = refusal.field
    if len(field) > 2 and field[1] in ("containers", "initContainers", "volumes") and isinstance(field[2], int):
        kind = "volume" if field[1] == "volumes" else "container"
        return f"{refusal.check} ({kind} {spec[field[1]][field[2]].get('name')})"
    return refusal.check


def _of_servers(level: str, rehearsal: Rehearsal, origins: Origins) -> Iterator[Finding]:
    seen: set[tuple[Any, ...]] = set()
    for server in rehearsal.servers:
        pod: Any = server.pod
        way = (server.display_name, tuple(server.choices.items()))
        if pod is None or way in seen:
            continue
        seen.add(way)
        containers = pod["spec"].get("initContainers") or []
        at = next((n for n, each in enumerate(containers) if each.get("name") == _BLOCKER), None)
        spec = dict(pod["spec"])
        if at is not None and refusals(level, {}, {"containers": [], "initContainers": [containers[at]]}):
            place = origins.setting(_BLOCKS).place
            message = f"{level} refuses the pods of all servers: the init container {_BLOCKER} is privileged"
            advice = "Set it to false, and block the metadata server by singleuser.networkPolicy instead."
            yield Finding(Level.ERROR, "pod-security", _BLOCKS, message, place, (advice,))
            spec["initContainers"] = [each for each in containers if each.get("name") != _BLOCKER]
        for refusal in refusals(level, pod["metadata"], spec):
            flaw = Flaw("pod-security", refusal.field, refusal.check, name=_item(spec, refusal))
            origin = origin_of(server, flaw, origins)
            message = f"{level} refuses the pods of users' servers: {_where(spec, refusal)}"
            advice = f"Needed: {refusal.wanted}, for example in {_EXAMPLES.get(refusal.field[1], _TRAIT)}."
            yield Finding(Level.ERROR, "pod-security", origin.path, message, origin.place, (advice,))


_TRAIT = "hub.config.KubeSpawner.container_security_context"
_EXAMPLES: dict[Any, str] = {
    "securityContext": "hub.config.KubeSpawner.pod_security_context",
    "volumes": "singleuser.storage.extraVolumes",
    "initContainers": "singleuser.initContainers",
}


def _item(spec: Any, refusal: Refusal) -> str:
    """The name of the volume or of the further container that is refused."""
    field = refusal.field
    if len(field) > 2 and field[1] in ("volumes", "initContainers", "containers") and field[2] != 0:
        return str(spec[field[1]][field[2]].get("name") or "")
    return str(spec[field[1]][0].get("name") or "") if field[1] in ("volumes", "initContainers") else ""
