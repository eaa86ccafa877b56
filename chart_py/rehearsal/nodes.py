"""Owns the nodes that a file tells of: `kubectl get nodes -o json`, or a short list of the node pools of a cluster."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chart_py.errors import UsageError
from chart_py.quantity import amount
from chart_py.rehearsal.fitting import Node, requests_of, units
from chart_py.rehearsal.machines import machine

_KEYS = ("name", "type", "cpu", "memory", "gpu", "pods", "labels", "taints", "max", "used")
_EXAMPLE = "for example: - {type: r5.xlarge, labels: {hub.jupyter.org/node-purpose: user}, max: 20}"


def read_nodes(file: str) -> list[Node]:
    """The kinds of nodes of a file; those that differ in nothing are one kind. Raises UsageError."""
    try:
        text = Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"--nodes {file}: {getattr(error, 'strerror', None) or 'not text'}") from None
    return nodes_of(text, file)


def nodes_of(text: str, file: str) -> list[Node]:
    """The kinds of nodes that a text tells of; `file` is its name in messages. Raises UsageError."""
    import yaml

    try:
        given = json.loads(text) if text.lstrip().startswith("{") else yaml.safe_load(text)
    except (ValueError, yaml.YAMLError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(f"--nodes {file}: neither JSON nor YAML: {reason}") from None
    if isinstance(given, dict) and isinstance(given.get("items"), list):
        found = _of_cluster(given["items"])
    elif isinstance(given, dict) and given.get("kind") == "Node":
        found = _of_cluster([given])
    else:
        listed = given.get("nodes", given) if isinstance(given, dict) else given
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            raise UsageError(f"--nodes {file}: expected the output of kubectl get nodes -o json, or a list; {_EXAMPLE}")
        found = [_of_entry(each, number, file) for number, each in enumerate(listed, 1)]
    if not found:
        raise UsageError(f"--nodes {file}: no node is in it; {_EXAMPLE}")
    return found


def _of_cluster(items: list[Any]) -> list[Node]:
    """Nodes as the API server has them; pods of DaemonSets, where they are in the list too, take their part."""
    used: dict[str, dict[str, int]] = {}
    for pod in (each for each in items if each.get("kind") == "Pod"):
        owners = {owner.get("kind") for owner in pod["metadata"].get("ownerReferences") or []}
        if owners & {"DaemonSet", "Node"} and (on := pod["spec"].get("nodeName")):
            asked = used.setdefault(on, {"pods": 0})
            asked["pods"] += 1
            for name, value in requests_of(pod["spec"]).items():
                asked[name] = asked.get(name, 0) + value
    kinds: dict[str, Node] = {}
    for node in (each for each in items if each.get("kind") == "Node"):
        name, spec = node["metadata"]["name"], node.get("spec") or {}
        labels = {key: str(value) for key, value in (node["metadata"].get("labels") or {}).items()}
        found = Node(
            name=name,
            allocatable=units((node.get("status") or {}).get("allocatable") or {}),
            labels=labels,
            taints=tuple(taint for taint in spec.get("taints") or [] if not str(taint.get("key")).startswith(_PASSING)),
            unschedulable=bool(spec.get("unschedulable")),
            used=used.get(name, {}),
        )
        kinds.setdefault(_kind(found), found)
    return list(kinds.values())


# Taints that come and go with a node's state.
_PASSING = "node.kubernetes.io/"
# Labels that are a node's own.
_OWN_LABELS = ("kubernetes.io/hostname", "topology.", "failure-domain.", "alpha.eksctl.io/instance-id")


def _kind(node: Node) -> str:
    """What makes two nodes the same kind: everything but their names, and a little memory."""
    labels = {key: value for key, value in node.labels.items() if not key.startswith(_OWN_LABELS)}
    amounts = {key: value >> 28 if key in ("memory", "ephemeral-storage") else value
               for key, value in node.allocatable.items()}  # fmt: skip
    return json.dumps([amounts, labels, node.taints, node.unschedulable], sort_keys=True)


def _of_entry(given: Mapping[str, Any], number: int, file: str) -> Node:
    where = f"--nodes {file}: entry {number}"
    for key in given:
        if key not in _KEYS:
            raise UsageError(f"{where}: unknown key {key}; the keys are {', '.join(_KEYS)}")
    labels = given.get("labels") or {}
    if not isinstance(labels, dict):
        raise UsageError(f"{where}: expected labels as a map, for example: {{pool: user}}")
    kind, used = given.get("type"), {}
    allocatable: dict[str, int] = {}
    if kind is not None:
        known = machine(str(kind))
        if known is None and not ("cpu" in given and "memory" in given):
            raise UsageError(f"{where}: unknown machine type {kind}; give its cpu and memory too")
        if known:
            allocatable, used = known.allocatable, known.used
            labels = {"node.kubernetes.io/instance-type": str(kind), **labels}
    elif "cpu" not in given or "memory" not in given:
        raise UsageError(f"{where}: a type is missing, or cpu and memory; {_EXAMPLE}")
    allocatable = {"pods": 110, **allocatable, **dict(_amounts(given, where))}
    most = given.get("max")
    if most is not None and (not isinstance(most, int) or isinstance(most, bool) or most < 0):
        raise UsageError(f"{where}: expected max as a whole number, got {most!r}")
    return Node(
        name=str(given.get("name") or kind or f"node {number}"),
        allocatable=allocatable,
        labels={str(key): str(value) for key, value in labels.items()},
        taints=tuple(_taint(each, where) for each in given.get("taints") or []),
        used=units(given["used"]) if isinstance(given.get("used"), dict) else used,
        most=most,
    )


def _amounts(given: Mapping[str, Any], where: str) -> Iterator[tuple[str, int]]:
    for key, name in (("cpu", "cpu"), ("memory", "memory"), ("gpu", "nvidia.com/gpu"), ("pods", "pods")):
        if key in given:
            if amount(given[key]) is None:
                raise UsageError(f"{where}: expected {key} as a quantity, for example 30Gi, got {given[key]!r}")
            yield name, units({name: given[key]})[name]


def _taint(given: Any, where: str) -> dict[str, Any]:
    """A taint, as a map or as kubectl takes it: `key=value:NoSchedule`."""
    if isinstance(given, dict) and given.get("key") and given.get("effect"):
        return given
    text, _, effect = str(given).rpartition(":")
    key, _, value = text.partition("=")
    if not key or effect not in ("NoSchedule", "NoExecute", "PreferNoSchedule"):
        raise UsageError(f"{where}: expected a taint such as gpu=present:NoSchedule, got {given!r}")
    return {"key": key, "value": value, "effect": effect}
