"""The HTTPRoute in front of the public Service."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.base import Map
from chart_py.values.root import Values
from chart_py.values.routes import Gateway


def http_route(values: Values, context: Context) -> Manifest | None:
    """The HTTPRoute."""
    names, words = Names(values, context), values.httpRoute
    if not words.enabled:
        return None
    own = context.edition.has("gateway-parent-refs")
    service = names.named("proxy-public") if context.edition.has("http-route-service") else "proxy-public"
    return {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": metadata(names, context, "httproute", names.ingress, annotations=words.annotations),
        "spec": {
            "parentRefs": words.parentRefs if own else [_gateway(words.gateway)],
            "hostnames": words.hostnames or None,
            "rules": [{"backendRefs": [{"name": service, "port": 80}]}],
        },
    }


def _gateway(gateway: Gateway) -> Map:
    """The one parent of the charts that know no other."""
    return {
        "kind": "Gateway",
        "name": gateway.name,
        "namespace": gateway.namespace or None,
        "sectionName": gateway.sectionName or None,
    }
