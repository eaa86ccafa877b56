"""Owns whether a pod fits on a node, by the rules of the kube-scheduler's filters, and how many do; pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chart_py.quantity import amount

Json = Mapping[str, Any]
_UNSCHEDULABLE = {"key": "node.kubernetes.io/unschedulable", "effect": "NoSchedule"}
_KEEPS_OUT = ("NoSchedule", "NoExecute")


@dataclass(frozen=True)
class Node:
    """One kind of node: what pods can have of it (`cpu` in thousandths, the rest in units), and what runs on it.

    `used` is what the pods that run on every node ask for; `most` is how many such nodes there can be, None if nobody
    said.
    """

    name: str
    allocatable: Mapping[str, int]
    labels: Mapping[str, str] = field(default_factory=dict)
    taints: tuple[Json, ...] = ()
    unschedulable: bool = False
    used: Mapping[str, int] = field(default_factory=dict)
    most: int | None = None


class Reason(NamedTuple):
    """Why a node is ruled out: `kind` is taint, affinity or resource, `name` what it is about, `message` the sentence.

    `asked` and `free` are the amounts of a resource.
    """

    kind: str
    name: str
    message: str
    asked: int = 0
    free: int = 0


def requests_of(spec: Json) -> dict[str, int]:
    """What a pod asks for: its containers together, or its largest init container, and its overhead."""
    total: dict[str, int] = {}
    for container in spec.get("containers") or []:
        _add(total, _asked(container))
    beside: dict[str, int] = {}
    peak: dict[str, int] = {}
    for container in spec.get("initContainers") or []:
        asked = _asked(container)
        if container.get("restartPolicy") == "Always":
            _add(beside, asked)
            asked = beside
        else:
            asked = {key: asked.get(key, 0) + beside.get(key, 0) for key in {*asked, *beside}}
        peak = {key: max(peak.get(key, 0), asked.get(key, 0)) for key in {*peak, *asked}}
    _add(total, beside)
    total = {key: max(total.get(key, 0), peak.get(key, 0)) for key in {*total, *peak}}
    _add(total, units(spec.get("overhead") or {}))
    return total


def _asked(container: Json) -> dict[str, int]:
    """A container's requests; where it has a limit alone, the API server makes that the request."""
    resources = container.get("resources") or {}
    return units({**(resources.get("limits") or {}), **(resources.get("requests") or {})})


def _add(total: dict[str, int], more: Mapping[str, int]) -> None:
    for key, value in more.items():
        total[key] = total.get(key, 0) + value


def units(given: Json) -> dict[str, int]:
    """Quantities as whole numbers, as the scheduler counts: CPU in thousandths, everything rounded up."""
    found = {}
    for name, text in given.items():
        value = amount(text) or 0.0
        found[name] = math.ceil(round(value * 1000, 6)) if name == "cpu" else math.ceil(round(value, 6))
    return found


def reasons(spec: Json, node: Node) -> list[Reason]:
    """Why a node does not take a pod beside what runs on every node: the first filter's reasons; [] where it does."""
    return next(iter(all_reasons(spec, node)), [])


def all_reasons(spec: Json, node: Node) -> list[list[Reason]]:
    """The reasons of every filter that rules a node out, in the filters' order."""
    found = [list(check(spec, node)) for check in (_by_taints, _by_affinity, _by_resources)]
    return [each for each in found if each]


def _by_taints(spec: Json, node: Node) -> Iterator[Reason]:
    tolerations = spec.get("tolerations") or []
    if node.unschedulable and not any(_tolerates(each, _UNSCHEDULABLE) for each in tolerations):
        yield Reason("unschedulable", node.name, "it takes no new pods")
        return
    for taint in node.taints:
        if taint.get("effect") in _KEEPS_OUT and not any(_tolerates(each, taint) for each in tolerations):
            text = f"{taint['key']}={taint['value']}" if taint.get("value") else str(taint["key"])
            yield Reason("taint", str(taint["key"]), f"the taint {text}:{taint['effect']} is not tolerated")
            return


def _tolerates(toleration: Json, taint: Json) -> bool:
    if toleration.get("effect") and toleration["effect"] != taint.get("effect"):
        return False
    if toleration.get("key") and toleration["key"] != taint.get("key"):
        return False
    if (toleration.get("operator") or "Equal") == "Exists":
        return True
    return bool(toleration.get("key")) and (toleration.get("value") or "") == (taint.get("value") or "")


def _by_affinity(spec: Json, node: Node) -> Iterator[Reason]:
    for key, value in (spec.get("nodeSelector") or {}).items():
        if node.labels.get(key) != value:
            yield Reason("affinity", key, f"the node selector asks for the label {key}: {value}")
            return
    affinity = (spec.get("affinity") or {}).get("nodeAffinity") or {}
    required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution")
    if required is None:
        return
    terms = required.get("nodeSelectorTerms") or []
    if not any(_term(term, node) for term in terms):
        demands = [each for term in terms for each in term.get("matchExpressions") or []]
        demand: Json = next((each for each in demands if not _holds(each, node.labels)), {})
        key = str(demand.get("key") or "")
        values = ", ".join(map(str, demand.get("values") or []))
        wanted = f" {demand.get('operator')} {values}".rstrip() if key else ""
        yield Reason("affinity", key, f"the node affinity asks for {key or 'other nodes'}{wanted}")


def _term(term: Json, node: Node) -> bool:
    expressions, fields = term.get("matchExpressions") or [], term.get("matchFields") or []
    if not expressions and not fields:
        return False
    names = {"metadata.name": node.name}
    return all(_holds(each, node.labels) for each in expressions) and all(_holds(each, names) for each in fields)


def _holds(demand: Json, labels: Mapping[str, str]) -> bool:
    key, values = demand.get("key"), demand.get("values") or []
    value = labels.get(str(key))
    operator = demand.get("operator")
    if operator == "In":
        return value is not None and value in values
    if operator == "NotIn":
        return value is None or value not in values
    if operator == "Exists":
        return value is not None
    if operator == "DoesNotExist":
        return value is None
    try:
        here, bound = int(str(value)), int(str(values[0]))
    except (ValueError, IndexError):
        return False
    return here > bound if operator == "Gt" else operator == "Lt" and here < bound


def free_of(node: Node) -> dict[str, int]:
    """What is left of a node beside what runs on every one."""
    return {key: value - node.used.get(key, 0) for key, value in node.allocatable.items()}


def _by_resources(spec: Json, node: Node) -> Iterator[Reason]:
    free = free_of(node)
    if free.get("pods", 1) < 1:
        yield Reason("resource", "pods", "it has no place for a further pod", 1, 0)
    for name, asked in sorted(requests_of(spec).items()):
        if asked > 0 and asked > free.get(name, 0):
            message = f"it asks for {shown(name, asked)} of {name}, and {shown(name, free.get(name, 0))} can be had"
            yield Reason("resource", name, message, asked, free.get(name, 0))


def how_many(spec: Json, node: Node) -> int:
    """How many such pods fit on one node of the kind."""
    if reasons(spec, node):
        return 0
    free = free_of(node)
    counts = [free[name] // asked for name, asked in requests_of(spec).items() if asked > 0 and name in free]
    return max(0, min([*counts, free.get("pods", 110)]))


def shown(name: str, value: int) -> str:
    """An amount of a resource as people write it."""
    if name == "cpu":
        return f"{value / 1000:g}"
    if name in ("memory", "ephemeral-storage"):
        return f"{value / 2**30:.1f}Gi"
    return str(value)


def used_on_every_node(specs: Sequence[Json]) -> dict[str, int]:
    """What pods ask for that run on every node, one of each."""
    total: dict[str, int] = {}
    for spec in specs:
        _add(total, requests_of(spec))
    total["pods"] = total.get("pods", 0) + len(specs)
    return total
