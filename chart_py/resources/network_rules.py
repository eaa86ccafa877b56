"""The rules that the four NetworkPolicies share."""

from __future__ import annotations

from typing import Any

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
    resolvers = [
        *(_blocks(METADATA) if allow.dnsPortsCloudMetadataServer else []),
        *(
            [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "kube-system"}}}]
            if allow.dnsPortsKubeSystemNamespace
            else []
        ),
        *(_blocks(*PRIVATE) if allow.dnsPortsPrivateIPs else []),
    ]
    rules: list[Any] = []
    if resolvers:
        rules.append({"ports": DNS, "to": resolvers})
    if allow.nonPrivateIPs:
        rules.append({"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": [*PRIVATE, METADATA]}}]})
    if allow.privateIPs:
        rules.append({"to": _blocks(*PRIVATE)})
    if allow.cloudMetadataServer:
        rules.append({"to": _blocks(METADATA)})
    return rules + policy.egress
