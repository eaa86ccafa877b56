"""traefik's NetworkPolicy."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import match_labels, metadata
from chart_py.resources.names import Names
from chart_py.resources.network_rules import egress, ingress, to_component
from chart_py.resources.proxy.https import https_way
from chart_py.values.root import Values


def network_policy(values: Values, context: Context) -> Manifest | None:
    """The NetworkPolicy; traefik always reaches the proxy."""
    names, policy = Names(values, context), values.proxy.traefik.networkPolicy
    if https_way(values) != "letsencrypt" or not policy.enabled:
        return None
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(names, context, "autohttps", names.named("autohttps")),
        "spec": {
            "podSelector": {"matchLabels": match_labels(names, "autohttps")},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": ingress(policy, [("proxy-http", [{"port": "http"}, {"port": "https"}])]),
            "egress": [to_component(names, "proxy", 8000), *egress(policy, context.edition)],
        },
    }
