"""Why an edge is as it is: the policies, rules and settings that decide it, and what to write to change it."""

from __future__ import annotations

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from chart_py.finding import Path
from chart_py.reach import release as parties
from chart_py.reach.decision import Answer, Decision, Grant, side
from chart_py.reach.matrix import Edge, joined
from chart_py.reach.pair import ANY, Piece, Ports
from chart_py.reach.party import NAME_LABEL, Outside, Party, PodParty
from chart_py.reach.policy import EGRESS, INGRESS, PROTOCOLS, Policy, policy
from chart_py.reach.settings import BLOCK, Cause, Setting, Settings
from chart_py.resources.network_rules import READY_MADE

_ACCESS = "hub.jupyter.org/network-access-"
# The label that lets pods in at a component's ports.
_OWN = ("app", "component", "release")
_LABELS = {"hub": "hub", "proxy": "proxy-http", "user": "singleuser"}


class Act(enum.Enum):
    """What is to be done with a setting."""

    SET = "set"
    """It gets the value."""
    ADD = "add"
    """The rule is added to its list."""
    REMOVE = "remove"
    """It goes; a rule with it."""
    TAKE_OUT = "take-out"
    """The port goes from its list."""


@dataclass(frozen=True)
class Change:
    """What to write so that an answer is another one: what to do with which setting, and with which value."""

    act: Act
    path: Path
    value: Any = None


@dataclass(frozen=True)
class Explanation:
    """Why a piece of an edge is as it is: `opening` allows it for certain, `closing` refuses it; all of each is needed.

    Both are empty where nothing in the settings does it. They are for the ports `asked`.
    """

    causes: tuple[Cause, ...] = ()
    opening: tuple[Change, ...] = ()
    closing: tuple[Change, ...] = ()
    asked: Ports = field(default_factory=Ports)


def explain(edge: Edge, pieces: Sequence[Piece], settings: Settings | None) -> Explanation:
    """Why some pieces of an edge, all with the same answer, have it; settings are named where they are known."""
    piece = replace(pieces[0], ports=_asked(edge, pieces))
    whom = edge.target.party
    sides = ((EGRESS, edge.who, whom, piece.egress), (INGRESS, whom, edge.who, piece.ingress))
    causes: list[Cause] = []
    opening: list[Change] = []
    closing: list[Change] = []
    if piece.dropped:
        block = settings.at(BLOCK) if settings else None
        causes.append(Cause("", EGRESS, None, block, dropped=True))
        opening += [Change(Act.SET, block.path, False)] if block else []
    for direction, subject, other, decision in sides:
        closed = decision.answer is not Answer.YES
        # Of an edge that is not open only the directions matter that do not let it through.
        if piece.answer is Answer.YES or closed:
            causes += _causes(direction, subject, other, decision, piece.ports, settings)
        if settings is not None and closed:
            opening += _openings(direction, subject, other, piece.ports, decision, settings)
        if settings is not None and piece.answer is not Answer.NO and not closing:
            closing += _closings(direction, subject, other, piece.ports, decision, settings)
    if piece.answer is Answer.YES:
        opening = []
    return Explanation(tuple(_once(causes)), tuple(_once(opening)), tuple(_once(closing)), piece.ports)


def _asked(edge: Edge, pieces: Sequence[Piece]) -> Ports:
    """The ports that an advice is for: those that were asked for, or on which the pods listen, before any others."""
    spans = joined([each.ports for each in pieces])
    whom = edge.target.party
    if not edge.target.ports and isinstance(whom, PodParty):
        for each in whom.ports:
            listed = Ports(each.protocol, each.number, each.number)
            if any(s.protocol in (ANY, each.protocol) and s.first <= each.number <= s.last for s in spans):
                return listed
    return Ports() if len(spans) == len(PROTOCOLS) and all(each.all for each in spans) else spans[0]


T = TypeVar("T")


def _once(found: list[T]) -> Iterator[T]:
    """Each thing once; settings' values can be lists, so they are compared and not hashed."""
    for index, each in enumerate(found):
        if each not in found[:index]:
            yield each


def _causes(
    direction: str, subject: Party, other: Party, decision: Decision, ports: Ports, settings: Settings | None
) -> Iterator[Cause]:
    """The causes of what one direction says."""
    if not decision.policies:
        # Of other namespaces nobody knows the policies.
        if isinstance(subject, PodParty) and (not settings or subject.space.name == settings.context.namespace):
            section = _section_of(subject, settings)
            enabled = settings.at((*section, "enabled")) if settings and section else None
            yield Cause("", direction, None, enabled if enabled and enabled.value is False else None)
        return
    for grant in decision.grants:
        setting = settings.of_grant(grant) if settings else None
        own = settings is not None and setting is None and settings.section(grant.rule.policy) is not None
        yield Cause(grant.rule.policy, direction, grant.rule.index, setting, always=own)
    if not decision.grants:
        for each in decision.policies:
            found = list(_off(each, direction, subject, other, ports, settings)) if settings else []
            yield from found or [Cause(each.name, direction)]


def _off(
    governing: Policy, direction: str, subject: Party, other: Party, ports: Ports, settings: Settings
) -> Iterator[Cause]:
    """The settings of a policy that would allow it if they were on."""
    section = settings.section(governing.name)
    if section is None:
        return
    for name in _ready_made(governing, direction, subject, other, ports, settings):
        yield Cause(governing.name, direction, None, settings.at((*section, "egressAllowRules", name)))


def _ready_made(
    governing: Policy, direction: str, subject: Party, other: Party, ports: Ports, settings: Settings
) -> list[str]:
    """Which of `egressAllowRules` would allow it for certain: the narrowest first."""
    if direction != EGRESS or not settings.has_ready_made:
        return []
    rules = [(each.setting, _rule_of(each.peers, each.ports)) for each in READY_MADE]
    return [name for name, rule in rules if _allows(rule, direction, subject, other, ports) is Answer.YES]


def _rule_of(peers: Any, ports: Any) -> dict[str, Any]:
    return {"to": peers} | ({"ports": ports} if ports else {})


def _allows(rule: Any, direction: str, subject: Party, other: Party, ports: Ports) -> Answer:
    """What a rule by itself would say of some ports, in a policy that selects the subject's pods."""
    if not isinstance(subject, PodParty):
        return Answer.NO
    word = "egress" if direction == EGRESS else "ingress"
    spec = {"podSelector": {}, "policyTypes": [direction], word: [rule]}
    said = side([policy({"spec": spec}, subject.space.name)], direction, subject, other)
    return min(said.at(protocol, port).answer for protocol in _protocols(ports) for port in {ports.first, ports.last})


def _protocols(ports: Ports) -> tuple[str, ...]:
    return ("TCP", "UDP") if ports.protocol == ANY else (ports.protocol,)


def _section_of(party: Party, settings: Settings | None) -> Path | None:
    """The section of the policy that a party's pods would have."""
    if settings is None or not isinstance(party, PodParty):
        return None
    name = "singleuser" if party.name.partition("/")[0] == parties.USER else party.name
    return settings.section_of(name)


def _openings(
    direction: str, subject: Party, other: Party, ports: Ports, decision: Decision, settings: Settings
) -> Iterator[Change]:
    """What would allow it, policy by policy: any governing policy may."""
    for each in decision.policies:
        section = settings.section(each.name)
        if section is None:
            continue
        if ready := _ready_made(each, direction, subject, other, ports, settings):
            yield Change(Act.SET, (*section, "egressAllowRules", ready[0]), True)
            return
        label = _label(subject, ports) if direction == INGRESS else ""
        if label and isinstance(other, PodParty) and other.name.partition("/")[0] == parties.USER:
            yield Change(Act.SET, ("singleuser", "extraLabels", label), "true")
            return
        word, end = ("ingress", "from") if direction == INGRESS else ("egress", "to")
        rule: dict[str, Any] = {end: peers} if (peers := _peers(subject, other)) else {}
        if not ports.all:
            rule["ports"] = [_port(ports)]
        yield Change(Act.ADD, (*section, word), rule)
        return


def _label(subject: Party, ports: Ports) -> str:
    """The access label that lets other pods in at these ports of the subject; empty where there is none."""
    if not isinstance(subject, PodParty) or ports.first != ports.last:
        return ""
    name = subject.name.partition("/")[0]
    listed = next((each.name for each in subject.ports if each.number == ports.first), "")
    if name == "proxy" and listed == "api":
        return f"{_ACCESS}proxy-api"
    return f"{_ACCESS}{_LABELS[name]}" if name in _LABELS and listed else ""


def _port(ports: Ports) -> dict[str, Any]:
    made: dict[str, Any] = {"port": ports.first}
    if ports.last != ports.first:
        made["endPort"] = ports.last
    if ports.protocol not in (ANY, "TCP"):
        made["protocol"] = ports.protocol
    return made


def _peers(subject: Party, other: Party) -> list[dict[str, Any]]:
    """The other end as a rule of the subject's policy names it; [] where only the ports can be named.

    What is unknown is in capitals, to be filled in.
    """
    if isinstance(other, Outside):
        if other.one and len([*other.addresses.networks()]) > 1:
            return [{"ipBlock": {"cidr": "ADDRESS/32"}}]
        return [{"ipBlock": {"cidr": str(each)}} for each in other.addresses.networks()][:8]
    labels = {key: other.labels[key] for key in _OWN if key in other.labels} or dict(other.labels)
    here = isinstance(subject, PodParty) and subject.space.name == other.space.name
    peer: dict[str, Any] = {}
    if not here:
        peer["namespaceSelector"] = {"matchLabels": {NAME_LABEL: other.space.name or "NAMESPACE"}}
    if labels or here:
        peer["podSelector"] = {"matchLabels": labels or {"app": "NAME"}}
    return [peer]


def _closings(
    direction: str, subject: Party, other: Party, ports: Ports, decision: Decision, settings: Settings
) -> Iterator[Change]:
    """What would close it on one side: every rule that allows it has to go."""
    # Those, too, that would be in question if the certain ones went.
    grants = _granting(decision.policies, direction, subject, other, ports)
    if not decision.policies:
        section = _section_of(subject, settings)
        if section is None or settings.at((*section, "enabled")).value is not False:
            return
        # The policy as it would be may allow it still.
        enabled = settings.policy_of(section)
        grants = _granting([enabled] if enabled else [], direction, subject, other, ports)
    found = [settings.of_grant(grant) for grant in grants]
    if any(each is None for each in found):
        # A rule that no setting makes stays whatever is written.
        return
    if not decision.policies and section is not None:
        yield Change(Act.SET, (*section, "enabled"), True)
    for each in found:
        if each is not None:
            yield _closed(each)


def _granting(governing: Sequence[Policy], direction: str, subject: Party, other: Party, ports: Ports) -> list[Grant]:
    """The rules of some policies that may allow any of some ports."""
    said = side(governing, direction, subject, other)
    return [each for each in said.grants if each.overlaps(_protocols(ports), ports.first, ports.last)]


def _closed(setting: Setting) -> Change:
    if "egressAllowRules" in setting.path:
        return Change(Act.SET, setting.path, False)
    if setting.path[-1] == "interNamespaceAccessLabels":
        return Change(Act.SET, setting.path, "ignore")
    return Change(Act.TAKE_OUT if setting.path[-1] == "allowedIngressPorts" else Act.REMOVE, setting.path)
