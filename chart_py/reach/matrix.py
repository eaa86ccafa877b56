"""The matrix: everyone who may ask against everyone who may be asked, each edge with its answers."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from chart_py.reach.addresses import Addresses
from chart_py.reach.decision import Answer
from chart_py.reach.pair import ANY, Pair, Piece, Ports, pair
from chart_py.reach.party import Party, PodParty
from chart_py.reach.policy import EGRESS, INGRESS, PROTOCOLS, selecting
from chart_py.reach.release import CORE, DNS, INTERNET_6, PRIVATE_6, Release
from chart_py.reach.targets import Target, targets_of


@dataclass(frozen=True)
class Edge:
    """Who asks whom, and the answers for the target's ports."""

    who: Party
    target: Target
    pair: Pair

    @cached_property
    def pieces(self) -> list[Piece]:
        """The answers, range by range, for the ports that the target is asked for."""
        return self.pair.within(self.target.ports) if self.target.ports else list(self.pair.pieces)

    @property
    def answer(self) -> Answer:
        """One answer for all asked ports; depends where they have several."""
        found = {each.answer for each in self.pieces}
        return found.pop() if len(found) == 1 else Answer.DEPENDS

    @property
    def is_split(self) -> bool:
        """Whether the answer depends on nothing but the port."""
        return len({each.answer for each in self.pieces}) > 1

    def open(self, answer: Answer) -> list[Ports]:
        """The ports that have an answer."""
        return joined([each.ports for each in self.pieces if each.answer is answer])


@dataclass(frozen=True)
class Matrix:
    """All edges of a release from `whos` to `targets`, row by row: all that ask the first target come first."""

    release: Release
    whos: tuple[Party, ...]
    targets: tuple[Target, ...]
    edges: tuple[Edge, ...]

    @property
    def speaks_ipv6(self) -> bool:
        """Whether anything in the release is about IPv6, so that it is worth a row."""
        blocks = (peer for rule in self.release.rules() for peer in rule.peers or ())
        return any(isinstance(each, Addresses) and each.v6 for each in blocks) or any(
            "IPv6" in ((each.get("spec") or {}).get("ipFamilies") or ()) for each in self.release.services.values()
        )


def matrix(
    release: Release, whos: Sequence[Party] = (), targets: Sequence[Target] = (), shown: Collection[str] | None = None
) -> Matrix:
    """The edges from `whos` to `targets`: where none are given, from all pods to everyone among the `shown` names."""
    names = shown_names(release) if shown is None else shown
    known = {each.name for each in release.everyone()}
    asking = tuple(whos) or tuple(
        each for each in release.everyone() if isinstance(each, PodParty) and each.name in names and each.name != DNS
    )
    asked = tuple(targets) or tuple(
        each for each in targets_of(release) if each.name in names or each.name not in known
    )
    edges = tuple(Edge(who, target, pair(release.policies, who, target.party)) for target in asked for who in asking)
    return Matrix(release, asking, asked, edges)


def shown_names(release: Release) -> set[str]:
    """The parties of a matrix: of workloads beside the hub's own only those that a policy governs."""
    hidden = {each.name for each in release.workloads if each.name not in CORE and not governed(release, each)}
    return {each.name for each in release.everyone()} - hidden


def governed(release: Release, party: PodParty) -> bool:
    """Whether any policy governs a party's pods."""
    found = (selecting(release.policies, way, party.space.name, party.labels) for way in (INGRESS, EGRESS))
    return any(True for each in found for _ in each)


def joined(ports: Sequence[Ports]) -> list[Ports]:
    """Ports with neighbours joined, protocol by protocol; all protocols at once where they are the same."""
    by_protocol: dict[str, list[Ports]] = {}
    for each in ports:
        runs = by_protocol.setdefault(each.protocol, [])
        if runs and runs[-1].last + 1 == each.first:
            runs[-1] = Ports(each.protocol, runs[-1].first, each.last)
        else:
            runs.append(each)
    spans = [[(each.first, each.last) for each in by_protocol.get(protocol, [])] for protocol in PROTOCOLS]
    if spans[0] and all(each == spans[0] for each in spans):
        return [Ports(ANY, first, last) for first, last in spans[0]]
    return [each for runs in by_protocol.values() for each in runs]


IPV6 = (PRIVATE_6, INTERNET_6)
"""The names of the parties that are shown only where the release speaks IPv6."""
