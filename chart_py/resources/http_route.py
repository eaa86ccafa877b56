"""The HTTPRoute in front of the public Service."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values


def http_route(values: Values, context: Context) -> Manifest | None:
    """The HTTPRoute."""
    names, words = Names(values, context), values.httpRoute
    if not words.enabled:
        return None
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata(names, context, "httproute", names.ingress, annotations=words.annotations),
        "spec": {
            "parentRefs": [
                {
                    "kind": "Gateway",
                    "name": words.gateway.name,
                    "namespace": words.gateway.namespace or None,
                    "sectionName": words.gateway.sectionName or None,
                }
            ],
            "hostnames": words.hostnames or None,
            "rules": [{"backendRefs": [{"name": names.named("proxy-public"), "port": 80}]}],
        },
    }
