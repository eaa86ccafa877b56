"""Owns random sets of NetworkPolicies and questions about them, all that the API server takes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from chart_py.reach.addresses import network
from chart_py.reach.party import ContainerPort, Outside, Party, PodParty, space

Labels = dict[str, str]
KEYS, TEXTS = ("app", "tier", "hub.jupyter.org/access"), ("web", "db", "true", "")
NAMESPACES = {"jhub": {"team": "a"}, "other": {"team": "b", "app": "web"}, "third": {}}
PORT_NAMES = ("http", "https", "dns", "metrics")
NUMBERS = (53, 80, 443, 5432, 8000, 8080, 8081, 8888, 65535)
PROTOCOLS = ("TCP", "UDP", "SCTP")
CIDRS = ("10.0.0.0/8", "10.4.0.0/16", "10.4.2.0/24", "0.0.0.0/0", "192.168.0.0/16", "169.254.169.254/32")
CIDRS_6 = ("::/0", "fd00::/8", "fd00:4::/32", "2001:db8::/32")
ADDRESSES = ("10.4.2.9", "10.4.3.9", "10.9.9.9", "192.168.7.7", "169.254.169.254", "203.0.113.5", "8.8.8.8")
ADDRESSES_6 = ("fd00:4::9", "fd00:5::9", "2001:db8::1", "2606:4700::1")


@dataclass(frozen=True)
class Question:
    """One connection that is asked about."""

    who: Party
    whom: Party
    protocol: str
    port: int


@dataclass(frozen=True)
class Case:
    """A set of policies, as manifests, and the questions about it."""

    policies: list[dict[str, Any]]
    questions: list[Question]


def case(seed: int, questions: int = 30) -> Case:
    """The case of a seed."""
    pick = random.Random(seed)
    policies = [_policy(pick, index) for index in range(pick.randint(1, 6))]
    return Case(policies, [_question(pick) for _ in range(questions)])


def _policy(pick: random.Random, index: int) -> dict[str, Any]:
    spec: dict[str, Any] = {"podSelector": _selector(pick)}
    types = pick.choice((None, ["Ingress"], ["Egress"], ["Ingress", "Egress"]))
    if types is not None:
        spec["policyTypes"] = types
    for word, end in (("ingress", "from"), ("egress", "to")):
        if (found := pick.random()) < 0.15:
            spec[word] = []
        elif found < 0.85:
            spec[word] = [_rule(pick, end) for _ in range(pick.randint(1, 3))]
    metadata = {"name": f"p{index}", "namespace": pick.choice(list(NAMESPACES))}
    return {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": metadata, "spec": spec}


def _rule(pick: random.Random, end: str) -> dict[str, Any]:
    rule: dict[str, Any] = {}
    for word, make, most in ((end, _peer, 3), ("ports", _port, 3)):
        if (found := pick.random()) < 0.12:
            rule[word] = []
        elif found < 0.8:
            rule[word] = [make(pick) for _ in range(pick.randint(1, most))]
    return rule


def _peer(pick: random.Random) -> dict[str, Any]:
    if pick.random() < 0.35:
        six = pick.random() < 0.3
        block: dict[str, Any] = {"cidr": pick.choice(CIDRS_6 if six else CIDRS)}
        if pick.random() < 0.5:
            whole = network(block["cidr"])
            inside = [each for each in (CIDRS_6 if six else CIDRS) if network(each) <= whole and each != block["cidr"]]
            block["except"] = pick.sample(inside, min(len(inside), pick.randint(0, 2)))
        return {"ipBlock": block}
    peer = {}
    if pick.random() < 0.7:
        peer["podSelector"] = _selector(pick)
    if not peer or pick.random() < 0.4:
        peer["namespaceSelector"] = _selector(pick, namespaces=True)
    return peer


def _selector(pick: random.Random, *, namespaces: bool = False) -> dict[str, Any]:
    keys = ("team", "app", "kubernetes.io/metadata.name") if namespaces else KEYS
    texts = ("a", "b", "web", *NAMESPACES) if namespaces else TEXTS
    found: dict[str, Any] = {}
    if pick.random() < 0.55:
        found["matchLabels"] = {key: pick.choice(texts) for key in pick.sample(keys, pick.choice((0, 1, 1, 2)))}
    if pick.random() < 0.4:
        found["matchExpressions"] = [_requirement(pick, keys, texts) for _ in range(pick.randint(1, 2))]
    return found


def _requirement(pick: random.Random, keys: tuple[str, ...], texts: tuple[str, ...]) -> dict[str, Any]:
    operator = pick.choice(("In", "NotIn", "Exists", "DoesNotExist"))
    made: dict[str, Any] = {"key": pick.choice(keys), "operator": operator}
    if operator in ("In", "NotIn"):
        made["values"] = pick.sample(texts, pick.randint(1, 2))
    return made


def _port(pick: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = {}
    if pick.random() < 0.7:
        made["protocol"] = pick.choice(PROTOCOLS)
    kind = pick.random()
    if kind < 0.3:
        made["port"] = pick.choice(PORT_NAMES)
    elif kind < 0.85:
        made["port"] = pick.choice(NUMBERS)
        if pick.random() < 0.4:
            made["endPort"] = pick.choice([each for each in NUMBERS if each >= made["port"]])
    return made


def _pod(pick: random.Random) -> PodParty:
    labels = {key: pick.choice(TEXTS) for key in pick.sample(KEYS, pick.randint(0, 3))}
    name = pick.choice(list(NAMESPACES))
    numbers = pick.sample(NUMBERS, 4)
    ports = tuple(
        ContainerPort(number, pick.choice(PROTOCOLS), port_name)
        for number, port_name in zip(numbers, PORT_NAMES, strict=True)
    )
    address = pick.choice(ADDRESSES if pick.random() < 0.8 else ADDRESSES_6)
    return PodParty("pod", space(name, NAMESPACES[name]), labels, ports, network(address))


def _question(pick: random.Random) -> Question:
    parties: list[Party] = [_pod(pick), _pod(pick)]
    if pick.random() < 0.3:
        address = pick.choice(ADDRESSES if pick.random() < 0.7 else ADDRESSES_6)
        parties[pick.choice((0, 1, 1))] = Outside(address, network(address))
    whom = parties[1]
    protocol, port = pick.choice(PROTOCOLS), pick.choice(NUMBERS) + pick.choice((0, 0, 0, -1))
    if isinstance(whom, PodParty) and pick.random() < 0.6:
        listed = pick.choice(whom.ports)
        protocol, port = listed.protocol, listed.number
    return Question(parties[0], whom, protocol, port)
