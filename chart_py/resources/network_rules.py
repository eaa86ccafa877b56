"""The rules that the four NetworkPolicies share."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, NamedTuple

from chart_py.editions import Edition
from chart_py.resources.metadata import match_labels
from chart_py.resources.names import Names
from chart_py.values.base import Map
from chart_py.values.parts import NetworkPolicy

PRIVATE = ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
# The clouds' metadata server; the rules are about this address whatever singleuser.cloudMetadata.ip says.
METADATA = "169.254.169.254/32"
DNS = [{"port": 53, "protocol": "UDP"}, {"port": 53, "protocol": "TCP"}]


def _blocks(*networks: str) -> list[Map]:
    return [{"ipBlock": {"cidr": network}} for network in networks]


class ReadyMade(NamedTuple):
    """What one of `egressAllowRules` allows: its name there, the ports (None for all) and to whom."""

    setting: str
    ports: list[Map] | None
    peers: list[Map]


# Those for DNS share one rule.
READY_MADE = (
    ReadyMade("dnsPortsCloudMetadataServer", DNS, _blocks(METADATA)),
    ReadyMade(
        "dnsPortsKubeSystemNamespace",
        DNS,
        [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}],
    ),
    ReadyMade("dnsPortsPrivateIPs", DNS, _blocks(*PRIVATE)),
    ReadyMade("nonPrivateIPs", None, [{"ipBlock": {"cidr": "0.0.0.0/0", "except": [*PRIVATE, METADATA]}}]),
    ReadyMade("privateIPs", None, _blocks(*PRIVATE)),
    ReadyMade("cloudMetadataServer", None, _blocks(METADATA)),
)


def to_component(names: Names, component: str, *ports: int) -> Map:
    """An egress rule to the pods of a component."""
    return {
        "to": [{"podSelector": {"matchLabels": match_labels(names, component)}}],
        "ports": [{"port": port} for port in ports],
    }


def ingress(policy: NetworkPolicy, access: list[tuple[str, list[Map]]]) -> list[Any]:
    """Ingress rules: ports open to anyone, then for each access label its ports, then the user's own."""
    rules: list[Any] = []
    if policy.allowedIngressPorts:
        rules.append({"ports": [{"port": port} for port in policy.allowedIngressPorts]})
    for label, ports in access:
        selector = {"matchLabels": {f"hub.jupyter.org/network-access-{label}": "true"}}
        peers: list[Map] = [{"podSelector": selector}]
        if policy.interNamespaceAccessLabels == "accept":
            peers.append({"namespaceSelector": selector})
        rules.append({"ports": ports, "from": peers})
    return rules + policy.ingress


def egress(policy: NetworkPolicy, edition: Edition) -> list[Any]:
    """Egress rules of `egressAllowRules`, then the user's own; before there were such rules DNS was always open."""
    if not edition.has("egress-allow-rules"):
        return [{"ports": DNS}, *policy.egress]
    allow = policy.egressAllowRules
    chosen = [each for each in READY_MADE if getattr(allow, each.setting)]
    resolvers = [peer for each in chosen if each.ports for peer in deepcopy(each.peers)]
    rules: list[Any] = [{"ports": DNS, "to": resolvers}] if resolvers else []
    return [*rules, *({"to": deepcopy(each.peers)} for each in chosen if not each.ports), *policy.egress]
