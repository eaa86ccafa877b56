"""NetworkPolicies as data: what an object of the API says, with what the API server fills in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from chart_py.errors import InputError
from chart_py.manifest import Manifest
from chart_py.reach.addresses import Addresses, block
from chart_py.reach.selector import Selector, selector

INGRESS, EGRESS = "Ingress", "Egress"
PROTOCOLS = ("TCP", "UDP", "SCTP")
LAST_PORT = 65535


@dataclass(frozen=True)
class Port:
    """What a rule says of ports: numbers from `first` to `last`, or a `name` that pods give to one of theirs."""

    protocol: str
    first: int = 1
    last: int = LAST_PORT
    name: str = ""


@dataclass(frozen=True)
class Pods:
    """A peer that is made of pods: those that `pods` selects, in the namespaces that `namespaces` selects.

    Without `namespaces` they are in the policy's own namespace.
    """

    pods: Selector
    namespaces: Selector | None = None


class Fault(NamedTuple):
    """What of a rule no API server takes, and where in the rule it is.

    `is_shape` says that already the schema, or the format of a network, refuses it.
    """

    text: str
    is_shape: bool = False
    at: tuple[str | int, ...] = ()


class _ShapeError(ValueError):
    """A part that is not made as its schema says."""


@dataclass(frozen=True)
class Rule:
    """One rule of a policy, `index` in its list.

    `peers` is None for all peers, `ports` for all ports. `faults` says what of it is not valid: a peer or port that is
    not valid matches nothing.
    """

    policy: str
    namespace: str
    direction: str
    index: int
    peers: tuple[Pods | Addresses | None, ...] | None
    ports: tuple[Port | None, ...] | None
    raw: Any = field(default=None, compare=False)
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True)
class Policy:
    """A NetworkPolicy: which pods it selects in its namespace, and its rules for each direction that it governs."""

    name: str
    namespace: str
    pods: Selector
    ingress: tuple[Rule, ...] | None
    egress: tuple[Rule, ...] | None

    def rules(self, direction: str) -> tuple[Rule, ...] | None:
        """The rules of a direction; None where the policy leaves it alone."""
        return self.ingress if direction == INGRESS else self.egress


class InvalidPolicyError(InputError):
    """A NetworkPolicy that no API server takes: its `name`, and `reason`."""

    def __init__(self, name: str, reason: str) -> None:
        self.name = name
        self.reason = reason
        super().__init__(name, reason)

    def __str__(self) -> str:
        return f"error: NetworkPolicy/{self.name}: {self.reason}"


def policies(manifests: Iterable[Manifest], namespace: str) -> list[Policy]:
    """The NetworkPolicies among `manifests`; without a namespace of their own they are in `namespace`.

    Raises InvalidPolicyError where one selects pods by what is not a selector, or has no lists of rules.
    """
    return [policy(each, namespace) for each in manifests if is_policy(each)]


def is_policy(manifest: Manifest) -> bool:
    """Whether an object is a NetworkPolicy of Kubernetes' own."""
    group = str(manifest.get("apiVersion", "")).partition("/")[0]
    return manifest.get("kind") == "NetworkPolicy" and group in ("networking.k8s.io", "extensions")


def policy(manifest: Manifest, namespace: str) -> Policy:
    """A NetworkPolicy as the API server has it. Raises InvalidPolicyError."""
    meta, spec = manifest.get("metadata") or {}, manifest.get("spec") or {}
    name, where = str(meta.get("name", "")), str(meta.get("namespace") or namespace)
    try:
        pods = selector(spec.get("podSelector") or {})
    except ValueError as error:
        raise InvalidPolicyError(name, f"spec.podSelector: {error}") from None
    lists = {}
    for direction, word in ((INGRESS, "ingress"), (EGRESS, "egress")):
        rules = spec.get(word) or []
        if not isinstance(rules, list):
            raise InvalidPolicyError(name, f"spec.{word}: expected a list")
        lists[direction] = tuple(_rule(raw, name, where, direction, index) for index, raw in enumerate(rules))
    types = _types(spec, name)
    return Policy(
        name,
        where,
        pods,
        lists[INGRESS] if INGRESS in types else None,
        lists[EGRESS] if EGRESS in types else None,
    )


def _types(spec: Any, name: str) -> list[Any]:
    """The directions that a policy governs; where it says none, ingress, and egress if it has any egress rule."""
    types = spec.get("policyTypes") or []
    if not isinstance(types, list):
        raise InvalidPolicyError(name, "spec.policyTypes: expected a list")
    return types or [INGRESS, *([EGRESS] if spec.get("egress") else [])]


def _rule(raw: Any, name: str, namespace: str, direction: str, index: int) -> Rule:
    if not isinstance(raw, dict):
        return Rule(name, namespace, direction, index, (), (), raw, (Fault("a rule is a map", True),))
    faults: list[Fault] = []
    # Empty lists say the same as missing ones: all peers, all ports.
    end = "from" if direction == INGRESS else "to"
    peers = _listed(raw.get(end), end, _peer, faults)
    ports = _listed(raw.get("ports"), "ports", _port, faults)
    return Rule(name, namespace, direction, index, peers, ports, raw, tuple(faults))


def _listed(value: Any, word: str, read: Any, faults: list[Fault]) -> tuple[Any, ...] | None:
    if not value:
        return None
    if not isinstance(value, list):
        faults.append(Fault("from, to and ports are lists", True, (word,)))
        return ()
    found = []
    for index, each in enumerate(value):
        try:
            found.append(read(each))
        except ValueError as error:
            faults.append(Fault(str(error), isinstance(error, _ShapeError), (word, index)))
            # The place is kept: others count by it.
            found.append(None)
    return tuple(found)


def _peer(value: Any) -> Pods | Addresses:
    if not isinstance(value, dict):
        raise _ShapeError("a peer is a map")
    given = [word for word in ("ipBlock", "podSelector", "namespaceSelector") if value.get(word) is not None]
    if not given:
        raise ValueError("a peer needs podSelector, namespaceSelector or ipBlock")
    if "ipBlock" in given:
        if len(given) > 1:
            raise ValueError("a peer with an ipBlock has no other selector")
        try:
            return block(value["ipBlock"])
        except ValueError as error:
            raise _ShapeError(str(error)) from None
    namespaces = selector(value["namespaceSelector"]) if "namespaceSelector" in given else None
    return Pods(selector(value.get("podSelector") or {}), namespaces)


def _port(value: Any) -> Port:
    if not isinstance(value, dict):
        raise _ShapeError("a port is a map")
    protocol = value.get("protocol") or "TCP"
    if protocol not in PROTOCOLS:
        raise ValueError(f"protocol: expected one of {', '.join(PROTOCOLS)}; got {protocol!r}")
    port, last = value.get("port"), value.get("endPort")
    if port is None:
        if last is not None:
            raise ValueError("endPort needs a port")
        return Port(protocol)
    if isinstance(port, str):
        if last is not None:
            raise ValueError("endPort needs a port that is a number")
        return Port(protocol, 0, 0, port)
    for number in (port, last if last is not None else port):
        if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= LAST_PORT:
            raise ValueError(f"a port is a number from 1 to {LAST_PORT}, got {number!r}")
    if last is not None and last < port:
        raise ValueError(f"endPort {last} is less than port {port}")
    return Port(protocol, port, last if last is not None else port)


def selecting(found: Iterable[Policy], direction: str, namespace: str, labels: Any) -> Iterator[Policy]:
    """The policies that govern a direction of the pods with `labels` in `namespace`."""
    for each in found:
        if each.rules(direction) is not None and each.namespace == namespace and each.pods.selects(labels):
            yield each
