"""What the policies say of one connection: allowed, refused, or left to the network plugin, and by which rules."""

from __future__ import annotations

import enum
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from chart_py.reach.addresses import NONE, Addresses
from chart_py.reach.party import Outside, Party, PodParty
from chart_py.reach.policy import EGRESS, INGRESS, LAST_PORT, PROTOCOLS, Policy, Port, Rule, selecting
from chart_py.reach.policy import Pods as PodPeer


class Answer(enum.IntEnum):
    """Whether a connection is possible; the order is that of how open it is."""

    NO = 0
    DEPENDS = 1
    YES = 2

    @property
    def word(self) -> str:
        """The answer as it is written."""
        return self.name.lower()


class Reason(enum.Enum):
    """Why an answer depends on what no manifest says."""

    BLOCK = "pod-address"
    """An ipBlock holds the address of a pod; whether it counts for pods is the plugin's choice."""
    RANGE = "pod-range"
    """An ipBlock holds some of the addresses that pods may have, and which they have is not known."""
    NAMED = "named-port"
    """An egress rule names a port of the pods at the other end; not every plugin looks it up."""
    HOST = "host-network"
    """The pods use their node's network, where policies need not hold."""
    SOURCE = "source-address"
    """A rule goes by the address that the connection comes from, which load balancers and nodes replace."""
    PART = "some-addresses"
    """Some of the addresses can be reached, others cannot."""
    UNKNOWN = "unknown-address"
    """The address behind the name decides, and it is not known."""


@dataclass(frozen=True)
class Grant:
    """A rule that may allow a connection: by its peer `peer` (None for all), on these ports, to these addresses.

    `addresses` are those of the party that its ipBlock holds, None where it holds for the whole party; `reasons` say on
    what it depends.
    """

    rule: Rule
    peer: int | None
    ports: tuple[tuple[str, int, int], ...]
    addresses: Addresses | None = None
    reasons: frozenset[Reason] = frozenset()

    def covers(self, protocol: str, port: int) -> bool:
        """Whether it holds for a port."""
        return any(p == protocol and first <= port <= last for p, first, last in self.ports)

    def overlaps(self, protocols: Collection[str], first: int, last: int) -> bool:
        """Whether it holds for any of a range of ports."""
        return any(p in protocols and start <= last and first <= end for p, start, end in self.ports)


@dataclass(frozen=True)
class Side:
    """One direction of one pair: the policies that govern it, and the rules that may allow it.

    Without a policy everything is allowed. `host` says that the governed pods use their node's network.
    """

    direction: str
    other: Party
    policies: tuple[Policy, ...] = ()
    grants: tuple[Grant, ...] = ()
    host: bool = False

    def at(self, protocol: str, port: int) -> Decision:
        """What this direction says of a port."""
        if not self.policies:
            return Decision(Answer.YES)
        found = tuple(each for each in self.grants if each.covers(protocol, port))
        sure = tuple(each for each in found if not each.reasons)
        if self._whole(sure):
            return Decision(Answer.YES, sure, policies=self.policies)
        reasons: frozenset[Reason] = frozenset().union(*(each.reasons for each in found))
        if found and not self._whole(found):
            reasons |= {self._part()}
        if self.host:
            reasons |= {Reason.HOST}
        answer = Answer.DEPENDS if found or self.host else Answer.NO
        return Decision(answer, found, reasons, self.policies)

    def _part(self) -> Reason:
        """Why it matters that the rules hold for some of the other party's addresses only."""
        if isinstance(self.other, PodParty):
            return Reason.RANGE
        return Reason.UNKNOWN if self.other.one else Reason.PART

    def _whole(self, grants: Sequence[Grant]) -> bool:
        """Whether the grants together hold for the whole other party; pods of two families are reached by either."""
        if any(each.addresses is None for each in grants):
            return True
        covered, own = NONE, self.other.addresses
        for each in grants:
            covered |= each.addresses or NONE
        if isinstance(self.other, Outside):
            return own <= covered
        return any(family and family <= covered for family in (Addresses(v4=own.v4), Addresses(v6=own.v6)))


@dataclass(frozen=True)
class Decision:
    """What one direction says: its answer, the rules that give it, on what it depends, the policies that govern it."""

    answer: Answer
    grants: tuple[Grant, ...] = ()
    reasons: frozenset[Reason] = frozenset()
    policies: tuple[Policy, ...] = field(default=())


def side(policies: Iterable[Policy], direction: str, subject: Party, other: Party) -> Side:
    """How the policies of `subject` see connections from or to `other`."""
    if isinstance(subject, Outside):
        return Side(direction, other)
    governing = tuple(selecting(policies, direction, subject.space.name, subject.labels))
    grants = tuple(
        grant for each in governing for rule in each.rules(direction) or () for grant in _grants(rule, subject, other)
    )
    return Side(direction, other, governing, grants, subject.host_network)


def _grants(rule: Rule, subject: PodParty, other: Party) -> Iterator[Grant]:
    """What a rule allows between two parties, by each of its peers."""
    ports, named = _ports(rule, subject if rule.direction == INGRESS else other)
    by_name = frozenset({Reason.NAMED}) if rule.direction == EGRESS else frozenset[Reason]()
    for spans, reasons in ((ports, frozenset[Reason]()), (named, by_name)):
        if not spans:
            continue
        if rule.peers is None:
            yield Grant(rule, None, spans, reasons=reasons)
        for index, peer in enumerate(rule.peers or ()):
            if isinstance(peer, PodPeer):
                if isinstance(other, PodParty) and _is(peer, rule.namespace, other):
                    more = {Reason.HOST} if other.host_network else set()
                    yield Grant(rule, index, spans, reasons=reasons | more)
            elif peer is not None and (common := peer & other.addresses):
                more = {Reason.SOURCE} if rule.direction == INGRESS else set()
                if isinstance(other, PodParty):
                    more = {Reason.BLOCK}
                yield Grant(rule, index, spans, common, reasons | more)


def _is(peer: PodPeer, namespace: str, other: PodParty) -> bool:
    if peer.namespaces is None:
        return other.space.name == namespace and peer.pods.selects(other.labels)
    return peer.namespaces.selects(other.space.labels) and peer.pods.selects(other.labels)


Spans = tuple[tuple[str, int, int], ...]


def _ports(rule: Rule, asked: Party) -> tuple[Spans, Spans]:
    """The ports of a rule as numbers, and those that it names, as the pods that are `asked` number them."""
    if rule.ports is None:
        return tuple((protocol, 1, LAST_PORT) for protocol in PROTOCOLS), ()
    given = [each for each in rule.ports if each is not None]
    plain = tuple((each.protocol, each.first, each.last) for each in given if not each.name)
    return plain, tuple(span for each in given if each.name for span in _named(each, asked))


def _named(port: Port, asked: Party) -> Iterator[tuple[str, int, int]]:
    if isinstance(asked, PodParty):
        for number in asked.numbers(port.name, port.protocol):
            yield port.protocol, number, number
