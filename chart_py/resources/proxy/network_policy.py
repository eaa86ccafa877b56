"""The proxy's NetworkPolicy."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import match_labels, metadata
from chart_py.resources.names import Names
from chart_py.resources.network_rules import egress, ingress, to_component
from chart_py.resources.proxy.https import proxy_ends_tls
from chart_py.values.root import Values


def network_policy(values: Values, context: Context) -> Manifest | None:
    """The NetworkPolicy; the proxy always reaches the hub and the users' servers."""
    names, policy = Names(values, context), values.proxy.chp.networkPolicy
    if not policy.enabled:
        return None
    public = [{"port": "http"}, *([{"port": "https"}] if proxy_ends_tls(values) else [])]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(names, context, "proxy", names.named("proxy")),
        "spec": {
            "podSelector": {"matchLabels": match_labels(names, "proxy")},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": ingress(policy, [("proxy-http", public), ("proxy-api", [{"port": "api"}])]),
            "egress": [
                to_component(names, "hub", 8081),
                to_component(names, "singleuser-server", 8888),
                *egress(policy, context.edition),
            ],
        },
    }
