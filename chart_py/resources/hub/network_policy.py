"""The hub's NetworkPolicy."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import match_labels, metadata
from chart_py.resources.names import Names
from chart_py.resources.network_rules import egress, ingress, to_component
from chart_py.values.root import Values


def network_policy(values: Values, context: Context) -> Manifest | None:
    """The NetworkPolicy; the hub always reaches the proxy's API and the users' servers."""
    names, policy = Names(values, context), values.hub.networkPolicy
    if not policy.enabled:
        return None
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(names, context, "hub", names.hub),
        "spec": {
            "podSelector": {"matchLabels": match_labels(names, "hub")},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": ingress(policy, [("hub", [{"port": "http"}])]),
            "egress": [
                to_component(names, "proxy", 8001),
                to_component(names, "singleuser-server", 8888),
                *egress(policy, context.edition),
            ],
        },
    }
