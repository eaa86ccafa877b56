"""`Pair`: what one party can reach of another, as ranges of ports with one answer each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from chart_py.reach.decision import Answer, Decision, Reason, Side, side
from chart_py.reach.party import Outside, Party, PodParty
from chart_py.reach.policy import EGRESS, INGRESS, LAST_PORT, PROTOCOLS, Policy

ANY = "any"
"""Stands for all protocols at once."""


@dataclass(frozen=True)
class Ports:
    """The ports from `first` to `last` of one protocol, or of all (`ANY`)."""

    protocol: str = ANY
    first: int = 1
    last: int = LAST_PORT

    @property
    def all(self) -> bool:
        """Whether these are all ports there are, of the protocol."""
        return (self.first, self.last) == (1, LAST_PORT)

    def __str__(self) -> str:
        number = str(self.first) if self.first == self.last else f"{self.first}-{self.last}"
        if self.all:
            return "any port" if self.protocol == ANY else f"any {self.protocol} port"
        return number if self.protocol in ("TCP", ANY) else f"{number}/{self.protocol.lower()}"


def others(ports: Iterable[Ports]) -> list[Ports]:
    """All ports but these, protocol by protocol."""
    given = list(ports)
    return [left for protocol in PROTOCOLS for left in _gaps(protocol, given)]


def _gaps(protocol: str, given: Iterable[Ports]) -> Iterator[Ports]:
    start = 1
    for each in sorted((p for p in given if p.protocol in (protocol, ANY)), key=lambda p: p.first):
        if start < each.first:
            yield Ports(protocol, start, each.first - 1)
        start = max(start, each.last + 1)
    if start <= LAST_PORT:
        yield Ports(protocol, start, LAST_PORT)


@dataclass(frozen=True)
class Piece:
    """One answer for a range of ports: what each direction says, and whether the pod itself drops the packets."""

    ports: Ports
    egress: Decision
    ingress: Decision
    dropped: Reason | bool = False

    @property
    def answer(self) -> Answer:
        """Whether a connection to these ports is possible."""
        if self.dropped is True:
            return Answer.NO
        found = min(self.egress.answer, self.ingress.answer)
        return min(found, Answer.DEPENDS) if self.dropped else found

    @property
    def reasons(self) -> frozenset[Reason]:
        """On what it depends; empty for a plain yes or no."""
        if self.answer is not Answer.DEPENDS:
            return frozenset()
        own = {self.dropped} if isinstance(self.dropped, Reason) else set()
        return frozenset(own).union(
            *(each.reasons for each in (self.egress, self.ingress) if each.answer is Answer.DEPENDS)
        )

    def same(self, other: Piece) -> bool:
        """Whether the answer and all that led to it are the same."""
        return self._sign() == other._sign()

    def _sign(self) -> tuple[object, ...]:
        sides = (self.egress, self.ingress)
        return (self.dropped, *((side.answer, side.reasons, tuple(map(id, side.grants))) for side in sides))


@dataclass(frozen=True)
class Pair:
    """Who asks whom, and the answers: in the order of protocols and ports, without a gap."""

    who: Party
    whom: Party
    pieces: tuple[Piece, ...]

    def at(self, protocol: str, port: int) -> Piece:
        """The answer for one port."""
        return next(
            each
            for each in self.pieces
            if each.ports.protocol in (protocol, ANY) and each.ports.first <= port <= each.ports.last
        )

    def within(self, ports: Iterable[Ports]) -> list[Piece]:
        """The answers for some ports, each cut to what was asked for."""
        found = []
        for asked in ports:
            for each in self.pieces:
                first, last = max(asked.first, each.ports.first), min(asked.last, each.ports.last)
                both = {asked.protocol, each.ports.protocol}
                if first <= last and (ANY in both or len(both) == 1):
                    protocol = asked.protocol if each.ports.protocol == ANY else each.ports.protocol
                    found.append(replace(each, ports=Ports(protocol, first, last)))
        return found


def pair(policies: Sequence[Policy], who: Party, whom: Party) -> Pair:
    """What the policies, and the pods themselves, say of connections from `who` to `whom`."""
    out, into = side(policies, EGRESS, who, whom), side(policies, INGRESS, whom, who)
    by_protocol = {each: list(_pieces(out, into, who, whom, each)) for each in PROTOCOLS}
    first = by_protocol[PROTOCOLS[0]]
    if all(_alike(first, other) for other in by_protocol.values()):
        return Pair(who, whom, tuple(replace(each, ports=replace(each.ports, protocol=ANY)) for each in first))
    return Pair(who, whom, tuple(each for pieces in by_protocol.values() for each in pieces))


def _alike(one: list[Piece], other: list[Piece]) -> bool:
    return len(one) == len(other) and all(
        (a.ports.first, a.ports.last) == (b.ports.first, b.ports.last) and a.same(b)
        for a, b in zip(one, other, strict=True)
    )


def _pieces(out: Side, into: Side, who: Party, whom: Party, protocol: str) -> Iterator[Piece]:
    """The answers for one protocol; neighbours that are alike are one."""
    last: Piece | None = None
    for first, end in _cut(out, into, who, protocol):
        found = Piece(
            Ports(protocol, first, end),
            out.at(protocol, first),
            into.at(protocol, first),
            _dropped(who, whom, protocol, first),
        )
        if last is not None and last.same(found):
            last = replace(last, ports=Ports(protocol, last.ports.first, end))
            continue
        if last is not None:
            yield last
        last = found
    if last is not None:
        yield last


def _cut(out: Side, into: Side, who: Party, protocol: str) -> Iterator[tuple[int, int]]:
    """All ports, cut where any rule begins or ends."""
    starts = {1}
    for grant in (*out.grants, *into.grants):
        for named, first, last in grant.ports:
            if named == protocol:
                starts |= {first, last + 1}
    for each in who.dropped if isinstance(who, PodParty) else ():
        if each.port is not None and each.protocol in ("", protocol):
            starts |= {each.port, each.port + 1}
    ordered = sorted(start for start in starts if 1 <= start <= LAST_PORT)
    for first, after in zip(ordered, [*ordered[1:], LAST_PORT + 1], strict=True):
        yield first, after - 1


def _dropped(who: Party, whom: Party, protocol: str, port: int) -> Reason | bool:
    """Whether the asking pod's own iptables drop a connection; a reason where that depends on the address."""
    if not isinstance(who, PodParty) or not isinstance(whom, Outside):
        return False
    for each in who.dropped:
        if each.drops(protocol, port) and whom.addresses & each.addresses:
            if whom.addresses <= each.addresses:
                return True
            return Reason.UNKNOWN if whom.one else Reason.PART
    return False
