"""Rules of NetworkPolicies that say nothing: refused, never met, for labels that no pod carries, or one-sided."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.checks.network.facts import ReachFacts, reach_facts
from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.reach.addresses import Addresses
from chart_py.reach.decision import Answer, side
from chart_py.reach.party import PodParty
from chart_py.reach.policy import EGRESS, INGRESS, Pods, Policy, Port
from chart_py.reach.policy import Rule as PolicyRule
from chart_py.reach.selector import Requirement, Selector
from chart_py.spelling import nearest

_ACCESS = "hub.jupyter.org/network-access-"
_ACCESS_LABELS = tuple(f"{_ACCESS}{to}" for to in ("hub", "proxy-api", "proxy-http", "singleuser"))
_COMPONENT = ("component", "app.kubernetes.io/component")
_CHART_KEYS = ("app", "release", *_COMPONENT, "app.kubernetes.io/name", "app.kubernetes.io/instance", *_ACCESS_LABELS)
# Components of the chart that only some configurations have.
_ABSENT = {"autohttps", "user-placeholder", "user-scheduler", "continuous-image-puller", "hook-image-puller"}
# Ports that pods of the chart have in some configuration, if not in this one.
_PORT_NAMES = ("http", "https", "api", "notebook-port")


@row(
    "policy-refused",
    Level.ERROR,
    remedy="Correct the rule as the finding says.",
    example="hub: {networkPolicy: {ingress: [{ports: [{port: 9000, endPort: 8000}]}]}}",
)
def refused(facts: Facts) -> Iterator[Said]:
    """The API server refuses a rule of a NetworkPolicy."""
    for _, rule, setting in reach_facts(facts).own_rules():
        for fault in rule.faults:
            if not fault.is_shape:
                path = (*setting.path, *fault.at)
                message = f"the API server refuses this: {fault.text}"
                yield Said(path, message, place=facts.loaded.sources.place(path))


@row(
    "policy-never",
    Level.WARNING,
    remedy="Correct the part that cannot match, or remove it.",
    example="hub: {networkPolicy: {egress: [{ports: [{port: postgres}], to: [{ipBlock: {cidr: 10.4.0.0/16}}]}]}}",
)
def never(facts: Facts) -> Iterator[Said]:
    """A rule, or a part of it, can never match."""
    now = reach_facts(facts)
    for policy, rule, setting in now.own_rules():
        for index, peer in enumerate(rule.peers or ()):
            word = "from" if rule.direction == INGRESS else "to"
            for why in _empty(peer):
                path = (*setting.path, word, index)
                yield Said(path, f"this can never match: {why}", place=facts.loaded.sources.place(path))
        for port_index, port in enumerate(rule.ports or ()):
            if port is not None and port.name and (why := _unanswered(now, policy, rule, port)):
                path = (*setting.path, "ports", port_index)
                yield Said(path, f"this can never match: {why}", place=facts.loaded.sources.place(path))
    yield from _ingress_ports(now)


def _empty(peer: Pods | Addresses | None) -> Iterator[str]:
    """Why nobody can be a peer."""
    if isinstance(peer, Addresses) and not peer:
        yield "except takes away all addresses of cidr"
    for selector in (peer.pods, peer.namespaces) if isinstance(peer, Pods) else ():
        if selector is not None and (demands := selector.contradiction()):
            yield f"no label can meet {' and '.join(map(str, demands))}"


def _unanswered(now: ReachFacts, policy: Policy, rule: PolicyRule, port: Port) -> str:
    """Why nobody has the port that a rule names; empty where somebody may."""
    if rule.direction == INGRESS:
        asked = now.selected(policy)
        where = f"the pods of NetworkPolicy/{policy.name}"
    else:
        peers = rule.peers or ()
        if peers and all(isinstance(peer, Addresses) for peer in peers):
            return f"an address has no port called {port.name}; write its number"
        near = [each for peer in peers if isinstance(peer, Pods) for each in _own(now, policy, peer)]
        if not peers or len(near) < 1 or any(isinstance(peer, Pods) and peer.namespaces for peer in peers):
            return ""
        asked, where = near, "the pods at the other end"
    if not asked or any(each.numbers(port.name, port.protocol) for each in asked):
        return ""
    return f"{where} have no port called {port.name}{_meant(port.name, _names(asked))}"


def _names(asked: list[PodParty]) -> list[str]:
    return list(dict.fromkeys(port.name for each in asked for port in each.ports if port.name))


def _meant(word: str, known: list[str]) -> str:
    near = nearest(word, known)
    return f"; did you mean {near[0]}?" if near else f"; their ports: {', '.join(known) or 'none with a name'}"


def _own(now: ReachFacts, policy: Policy, peer: Pods) -> list[PodParty]:
    """The pods of the release that a peer selects."""
    spaces = peer.namespaces
    return [
        each
        for each in now.pods
        if peer.pods.selects(each.labels)
        and (each.space.name == policy.namespace if spaces is None else spaces.selects(each.space.labels))
    ]


def _ingress_ports(now: ReachFacts) -> Iterator[Said]:
    """Names in `allowedIngressPorts` that the pods have in no configuration."""
    for policy in now.release.policies:
        section = now.settings.section(policy.name)
        if section is None or not now.written(*section, "allowedIngressPorts"):
            continue
        known = [*_names(now.selected(policy)), *_PORT_NAMES]
        path: Path = (*section, "allowedIngressPorts")
        for index, name in enumerate(now.settings.at(path).value or ()):
            if isinstance(name, str) and name not in known:
                here = (*path, index)
                message = f"this can never match: the pods have no port called {name}{_meant(name, known)}"
                yield Said(here, message, place=now.loaded.sources.place(here))


@row(
    "policy-selects-nothing",
    Level.WARNING,
    remedy="Give the pods the labels that the policy selects.",
    example="hub: {config: {KubeSpawner: {common_labels: {team: physics}}}}",
)
def selects_nothing(facts: Facts) -> Iterator[Said]:
    """A NetworkPolicy selects no pod, or not those of every profile: its rules do not apply to them."""
    now = reach_facts(facts)
    if facts.in_python("labels"):
        # The hub's Python decides about labels, and is not run here.
        return
    for policy in now.release.policies:
        section = now.settings.section(policy.name)
        if section is None:
            continue
        users = section == ("singleuser", "networkPolicy")
        if not now.selected(policy) and not users:
            yield Said(section, f"NetworkPolicy/{policy.name} selects no pod")
        for each in now.release.users if users else ():
            if each.space.name != policy.namespace or not policy.pods.selects(each.labels):
                path = now.labels_path(each)
                profile = each.name.partition("/")[2]
                whose = f"the pods of the profile {profile}" if profile else "users' pods"
                elsewhere = each.space.name != policy.namespace
                why = "are in other namespaces" if elsewhere else f"lack {_lacking(policy, each)}"
                yield Said(path, f"NetworkPolicy/{policy.name} does not select {whose}: they {why}")


def _lacking(policy: Policy, party: PodParty) -> str:
    wanted = [each for each in policy.pods.requirements if not each.holds(party.labels)]
    return ", ".join(map(str, wanted))


@row(
    "policy-labels",
    Level.WARNING,
    remedy="Use a label that pods carry.",
    example="hub: {networkPolicy: {ingress: [{from: [{podSelector: {matchLabels: {component: singleuser}}}]}]}}",
)
def unknown_labels(facts: Facts) -> Iterator[Said]:
    """A rule is for pods with a label that no pod of the release carries."""
    now = reach_facts(facts)
    for policy, rule, setting in now.own_rules():
        for index, peer in enumerate(rule.peers or ()):
            if not isinstance(peer, Pods) or peer.pods.contradiction() or _elsewhere(now, policy, peer):
                continue
            if not peer.pods.requirements or _own(now, policy, peer):
                continue
            word = "from" if rule.direction == INGRESS else "to"
            path = (*setting.path, word, index, "podSelector")
            yield from (said._replace(place=facts.loaded.sources.place(path)) for said in _labels(now, peer.pods, path))


def _elsewhere(now: ReachFacts, policy: Policy, peer: Pods) -> bool:
    """Whether a peer can be in namespaces whose pods are not known."""
    return peer.namespaces is not None and not all(
        each.key == "kubernetes.io/metadata.name" and each.operator == "In" and each.values == (policy.namespace,)
        for each in (peer.namespaces.requirements or (Requirement("", "In"),))
    )


def _labels(now: ReachFacts, selector: Selector, path: Path) -> Iterator[Said]:
    """What is said of a selector that no pod of the release meets."""
    wrong = [each for each in selector.requirements if not any(each.holds(pod.labels) for pod in now.pods)]
    if any(each.key in _COMPONENT and set(each.values) <= _ABSENT for each in wrong):
        # Pods of the chart that this configuration does without.
        return
    for each in wrong:
        if meant := _misspelt(now, each):
            yield Said(path, f"no pod of this release has the label {each}; did you mean {meant}?")
            return
    shown = ", ".join(map(str, wrong or selector.requirements))
    message = f"no pod of this release has {shown}"
    yield Said(path, message, "Nothing to do, if other pods of the namespace have it.", Level.NOTE)


def _misspelt(now: ReachFacts, demand: Requirement) -> str:
    """The label that was meant, where a key or a value is almost one of the release's; empty otherwise."""
    if demand.operator != "In" or len(demand.values) != 1:
        return ""
    key, value = demand.key, demand.values[0]
    known = list(dict.fromkeys(pod.labels[key] for pod in now.pods if key in pod.labels))
    if key in _ACCESS_LABELS:
        return f'{key}: "true"' if value != "true" else ""
    if known:
        begun = [each for each in known if each.startswith(value) or value.startswith(each)]
        return next((f"{key}: {each}" for each in (*nearest(value, known), *begun)), "")
    return next(iter(nearest(key, _CHART_KEYS)), "")


@row(
    "policy-one-sided",
    Level.WARNING,
    remedy="Let it in at the other end, too.",
    example=(
        "singleuser: {networkPolicy: {egress: [{to: [{podSelector: {matchLabels: {component: hub}}}],\n"
        "      ports: [{port: 9000}]}]}}"
    ),
)
def one_sided(facts: Facts) -> Iterator[Said]:
    """Egress is allowed to pods of the release whose own policy does not let it in."""
    now = reach_facts(facts)
    for policy, rule, setting in now.own_rules():
        if rule.direction != EGRESS:
            continue
        senders = now.selected(policy)
        for index, peer in enumerate(rule.peers or ()):
            near = _own(now, policy, peer) if isinstance(peer, Pods) else []
            closed = [each for each in near if senders and all(_shut(now, rule, who, each) for who in senders)]
            if near and len(closed) == len(near):
                path = (*setting.path, "to", index)
                names = ", ".join(each.name for each in closed)
                message = f"egress to {names} is allowed here, but no ingress rule there lets it in"
                advice = f"Add a rule to {_dotted(now.policy_path(closed[0]))}.ingress for {senders[0].name}."
                yield Said(path, message, advice, place=facts.loaded.sources.place(path))


def _dotted(path: Path) -> str:
    return ".".join(map(str, path))


def _shut(now: ReachFacts, rule: PolicyRule, who: PodParty, whom: PodParty) -> bool:
    """Whether a party's policies refuse all that a rule lets out to it."""
    said = side(now.release.policies, INGRESS, whom, who)
    if rule.ports is None:
        asked = [(port.protocol, port.number) for port in whom.ports] or [("TCP", 1)]
    else:
        asked = [
            (port.protocol, number)
            for port in rule.ports
            if port is not None
            for number in (whom.numbers(port.name, port.protocol) if port.name else (port.first, port.last))
        ]
    return bool(asked) and all(said.at(protocol, number).answer is Answer.NO for protocol, number in asked)


RULES = rules_of(globals())
