"""Owns where the servers of each profile fit: how many on each kind of node, or why none, and which setting decides."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from chart_py.finding import Finding, Level, Path
from chart_py.manifest import Manifest
from chart_py.rehearsal.fitting import Node, Reason, all_reasons, how_many, reasons, used_on_every_node
from chart_py.rehearsal.flaws import Flaw
from chart_py.rehearsal.hub_findings import profile_path
from chart_py.rehearsal.origins import Origin, Origins
from chart_py.rehearsal.result import Rehearsal, Server
from chart_py.rehearsal.server_findings import origin_of

_SETTINGS = {
    "taint": "singleuser.extraTolerations, or tolerations in the profile's override",
    "affinity": "singleuser.nodeSelector, or node_selector in the profile's override",
    "memory": "singleuser.memory.guarantee, or mem_guarantee in the profile's override",
    "cpu": "singleuser.cpu.guarantee, or cpu_guarantee in the profile's override",
    "": "singleuser.extraResource, or extra_resource_limits in the profile's override",
}
_SHARED = ("cpu", "memory", "pods", "ephemeral-storage")


@dataclass(frozen=True)
class Fit:
    """How many `servers` with one profile and its `choices` fit on one node of a kind; `reasons` why none does."""

    profile: str
    choices: Mapping[str, str]
    node: Node
    servers: int
    reasons: tuple[Reason, ...] = ()

    @property
    def most(self) -> int | None:
        """How many fit on all nodes of the kind; None where nobody said how many of these there can be."""
        return None if self.node.most is None else self.servers * self.node.most


def fits_of(rehearsal: Rehearsal, manifests: Sequence[Manifest], nodes: Sequence[Node]) -> list[tuple[Server, Fit]]:
    """Each way to start a server on each kind of node, beside what the release runs on every node."""
    daemons = [m["spec"]["template"]["spec"] for m in manifests if m["kind"] == "DaemonSet"]
    found, seen = [], set()
    for server in rehearsal.servers:
        way = (server.display_name or "", tuple(server.choices.items()))
        if server.pod is None or way in seen:
            continue
        seen.add(way)
        spec: Any = server.pod["spec"]
        for node in (_with(each, daemons) for each in nodes):
            why = tuple(reasons(spec, node))
            fit = Fit(server.display_name or "", server.choices, node, 0 if why else how_many(spec, node), why)
            found.append((server, fit))
    return found


def _with(node: Node, daemons: Sequence[Any]) -> Node:
    """A node with the pods of the release that run on every node that they tolerate."""
    here = [spec for spec in daemons if not any(reason.kind != "resource" for reason in reasons(spec, node))]
    more = used_on_every_node(here)
    used = {key: node.used.get(key, 0) + more.get(key, 0) for key in {*node.used, *more}}
    return replace(node, used=used)


def fit_findings(found: Sequence[tuple[Server, Fit]], origins: Origins) -> list[Finding]:
    """Ways to start a server that fit on no node, each at the setting that the nearest node fails by."""
    ways: dict[int, list[tuple[Server, Fit]]] = {}
    for server, fit in found:
        ways.setdefault(server.id, []).append((server, fit))
    said: dict[tuple[Any, ...], Finding] = {}
    for same in ways.values():
        if any(fit.servers and fit.node.most != 0 for _, fit in same):
            continue
        server = same[0][0]
        _, nearest = max(same, key=lambda pair: _nearness(*pair))
        finding = _finding(server, nearest, [fit for _, fit in same], origins)
        said.setdefault((finding.path, finding.place, finding.message), finding)
    return list(said.values())


def _nearness(server: Server, fit: Fit) -> tuple[int, int]:
    """How little keeps a server from a node: few of the scheduler's filters, an amount rather than a device."""
    kept = all_reasons((server.pod or {})["spec"], fit.node)
    small = all(each.free or each.name in _SHARED for found in kept for each in found if each.kind == "resource")
    return -len(kept), int(small)


def _finding(server: Server, nearest: Fit, all_kinds: Sequence[Fit], origins: Origins) -> Finding:
    reason = nearest.reasons[0] if nearest.reasons else Reason("none", "max", "there can be none of these nodes")
    origin, setting = _origin(server, reason, origins)
    name = f"the profile {server.display_name}" if server.display_name else "a user's server"
    choices = ", ".join(server.choices.values())
    message = f"{name}{f' ({choices})' if choices else ''} fits on no node; on {nearest.node.name}, {reason.message}"
    others = [fit for fit in all_kinds if fit is not nearest and fit.reasons][:6]
    advice = [f"On {fit.node.name}: {'; '.join(each.message for each in fit.reasons)}." for fit in others]
    advice += [f"Change {setting}, or add nodes."] if setting else []
    return Finding(Level.ERROR, "server-fit", origin.path, message, origin.place, tuple(advice))


def _origin(server: Server, reason: Reason, origins: Origins) -> tuple[Origin, str]:
    """The setting that a requirement comes from, and what to change where it is not written."""
    field: Path = ("spec", "containers", 0, "resources", "requests", reason.name)
    setting = _SETTINGS.get(reason.name, _SETTINGS[""])
    if reason.kind == "taint":
        field, setting = ("spec", "tolerations"), _SETTINGS["taint"]
    elif reason.kind == "affinity":
        selector = ((server.pod or {}).get("spec") or {}).get("nodeSelector") or {}
        part = "nodeSelector" if reason.name in selector else "affinity"
        field, setting = ("spec", part), _SETTINGS["affinity"]
    elif reason.kind != "resource":
        return Origin((), None), ""
    origin = origin_of(server, Flaw("server-fit", field, reason.message, name=reason.name), origins)
    if origin.place is None and (path := profile_path(origins, server)):
        origin = origins.setting(path)
    return origin, setting
