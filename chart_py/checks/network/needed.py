"""Connections without which a hub does not work, and what NetworkPolicies keep from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from chart_py.checks.network.facts import ReachFacts, reach_facts
from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.reach import release as parties
from chart_py.reach.addresses import network
from chart_py.reach.decision import Answer
from chart_py.reach.matrix import Edge
from chart_py.reach.pair import Piece, pair
from chart_py.reach.party import Party, PodParty
from chart_py.reach.said import change_text
from chart_py.reach.targets import Target, UnknownPartyError, named, service, services
from chart_py.reach.why import explain


class Need(NamedTuple):
    """A connection that a hub needs: from whom, to any of whom, at which port, and what happens without it."""

    who: str
    whom: tuple[str, ...]
    without: str


# Clusters have their DNS in pods, at an address of each node, or with the cloud's metadata server.
_DNS = ("dns:53/udp", "private:53/udp", "metadata:53/udp")
NEEDED = (
    Need("user", ("hub:http",), "no server starts"),
    Need("proxy", ("hub:http",), "nobody can log in"),
    Need("proxy", ("user:notebook-port",), "nobody reaches their server"),
    Need("hub", ("user:notebook-port",), "the hub takes every server for failed"),
    Need("hub", ("proxy:api",), "the hub does not start"),
    Need("autohttps", ("proxy:http",), "nobody reaches the hub"),
    Need("hub", ("kubernetes-api:443",), "no server starts"),
    Need("autohttps", ("internet:443",), "there is no certificate"),
    Need("user", _DNS, "no server finds the hub"),
    Need("proxy", _DNS, "the proxy does not find the hub"),
    Need("autohttps", _DNS, "there is no certificate"),
)


@row(
    "reach-closed",
    Level.WARNING,
    remedy="Open it as the finding says.",
    example="hub: {config: {KubeSpawner: {extra_labels: {team: physics}}}}",
)
def closed(facts: Facts) -> Iterator[Said]:
    """NetworkPolicies close a connection that the hub needs."""
    now = reach_facts(facts)
    if facts.in_python("labels"):
        # The hub's Python decides about users' pods, and is not run here.
        return
    for need in NEEDED:
        for asking in _named(now, need.who):
            edges = [edge for whom in need.whom for edge in _edges(now, asking.party, whom)]
            if edges and all(edge.answer is Answer.NO for edge in edges):
                first = edges[0]
                message = f"{first.who.name} cannot reach {first.target}: {need.without}"
                yield _said(now, first, first.pieces, message)


def _named(now: ReachFacts, name: str) -> list[Target]:
    """The party of a name, as one or more kinds of pods; [] where this release has none."""
    try:
        return named(now.release, name)
    except UnknownPartyError:
        # A release without autohttps, or pods whose containers were replaced and name no port.
        return []


def _edges(now: ReachFacts, who: Party, whom: str) -> Iterator[Edge]:
    for target in _named(now, whom):
        yield Edge(who, target, pair(now.release.policies, who, target.party))


def _said(now: ReachFacts, edge: Edge, pieces: list[Piece], message: str, level: Level | None = None) -> Said:
    """A closed edge, at the setting that closes it."""
    found = explain(edge, pieces, now.settings)
    settings = [cause.setting for cause in found.causes if cause.setting is not None]
    setting = next((each for each in settings if each.place is not None), None)
    path, place = (setting.path, setting.place) if setting else (_responsible(now, edge, pieces[0]), None)
    advice = f"To allow it: {'; '.join(map(change_text, found.opening))}" if found.opening else ""
    return Said(path, message, advice, level, place)


def _responsible(now: ReachFacts, edge: Edge, piece: Piece) -> Path:
    """The policy that closes an edge; for users' pods that nobody lets in, what gives them their labels."""
    ends = [(edge.who, piece.egress), (edge.target.party, piece.ingress)]
    party = next((end for end, said in ends if said.answer is Answer.NO and isinstance(end, PodParty)), None)
    who = edge.who
    lets_out = piece.egress.answer is not Answer.NO
    if lets_out and isinstance(who, PodParty) and who.name.partition("/")[0] == parties.USER:
        return now.labels_path(who)
    return now.policy_path(party) if isinstance(party, PodParty) else ("hub", "networkPolicy")


@row(
    "reach-service",
    Level.WARNING,
    remedy="Open its port as the finding says.",
    example=(
        "hub:\n  services: {grader: {url: 'http://hub:9000', command: [grader]}}\n"
        "  service: {extraPorts: [{name: grader, port: 9000}]}"
    ),
)
def unreachable_service(facts: Facts) -> Iterator[Said]:
    """The proxy or the hub cannot reach a service at its URL."""
    now = reach_facts(facts)
    for name in services(now.release.values):
        path: Path = ("hub", "services", name, "url")
        targets = service(now.release, name)
        if not targets:
            yield from _without_port(now, name, path)
        for target in targets:
            for who in (parties.PROXY, parties.HUB):
                for asking in _named(now, who):
                    edge = Edge(asking.party, target, pair(now.release.policies, asking.party, target.party))
                    if edge.answer is Answer.NO:
                        message = f"{who} cannot reach the service {name} at {target.host}:{_port(target)}"
                        said = _said(now, edge, edge.pieces, message)
                        yield said._replace(path=path, place=facts.loaded.sources.place(path))


def _port(target: Target) -> str:
    return ",".join(map(str, target.ports))


def _without_port(now: ReachFacts, name: str, path: Path) -> Iterator[Said]:
    """A URL whose host is a Service of the release that has no such port: nothing answers there."""
    from urllib.parse import urlsplit

    try:
        found = urlsplit(services(now.release.values)[name])
        host, port = found.hostname or "", found.port or (443 if found.scheme == "https" else 80)
    except ValueError:
        return
    if host in now.release.services:
        entry = f"hub.service.extraPorts: [{{name: {name}, port: {port}}}]" if host == "hub" else ""
        advice = f"Add the port: {entry}, and open it in hub.networkPolicy.ingress." if entry else ""
        yield Said(path, f"Service {host} has no port {port}, so nobody reaches it there", advice, Level.NOTE)


@row(
    "reach-metadata",
    Level.WARNING,
    remedy="Add 169.254.169.254/32 to the rule's except, or set singleuser.cloudMetadata.blockWithIptables to true.",
    example=(
        "singleuser:\n  cloudMetadata: {blockWithIptables: false}\n"
        "  networkPolicy: {egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}"
    ),
)
def metadata_open(facts: Facts) -> Iterator[Said]:
    """A rule that does not name the cloud's metadata server lets users reach it, and with it the node's credentials."""
    now = reach_facts(facts)
    address = network(now.release.metadata)
    for asking in _named(now, parties.USER):
        for edge in _edges(now, asking.party, f"{parties.METADATA}:80"):
            (piece,) = edge.pieces
            for grant in piece.egress.grants if piece.answer is not Answer.NO else ():
                peer = (grant.rule.peers or ())[grant.peer] if grant.peer is not None else None
                setting = now.settings.of_grant(grant)
                # Who allows just this address means it.
                if setting is not None and peer != address and "egressAllowRules" not in setting.path:
                    message = f"{edge.who.name} reaches the cloud's metadata server by this rule"
                    yield Said(setting.path, message, place=setting.place)


RULES = rules_of(globals())
