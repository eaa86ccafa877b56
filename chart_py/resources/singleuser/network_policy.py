"""The NetworkPolicy of users' pods."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import match_labels, metadata
from chart_py.resources.names import Names
from chart_py.resources.network_rules import egress, ingress, to_component
from chart_py.values.root import Values


def network_policy(values: Values, context: Context) -> Manifest | None:
    """The NetworkPolicy; users' servers always reach the hub and the proxies."""
    names, policy = Names(values, context), values.singleuser.networkPolicy
    if not policy.enabled:
        return None
    proxies = [to_component(names, "proxy", 8000), to_component(names, "autohttps", 8080, 8443)]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": metadata(names, context, "singleuser", names.named("singleuser")),
        "spec": {
            "podSelector": {"matchLabels": match_labels(names, "singleuser-server")},
            "policyTypes": ["Ingress", "Egress"],
            "ingress": ingress(policy, [("singleuser", [{"port": "notebook-port"}])]),
            "egress": [
                to_component(names, "hub", 8081),
                *(proxies if context.edition.has("egress-to-proxies") else []),
                *egress(policy, context.edition),
            ],
        },
    }
