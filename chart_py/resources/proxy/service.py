"""The proxy's Services: its API for the hub, its http for traefik, and the one that people reach."""

from __future__ import annotations

from typing import Any

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import match_labels, metadata
from chart_py.resources.names import Names
from chart_py.resources.proxy.https import https_way
from chart_py.values.base import Labels
from chart_py.values.root import Values


def api_service(values: Values, context: Context) -> Manifest:
    """The Service by which the hub tells the proxy its routes."""
    names, words = Names(values, context), values.proxy.service
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(names, context, "proxy-api", names.named("proxy-api")),
        "spec": {
            "ipFamilyPolicy": words.ipFamilyPolicy,
            "ipFamilies": words.ipFamilies or None,
            "selector": match_labels(names, "proxy"),
            "ports": [{"port": 8001, "targetPort": "api"}],
        },
    }


def http_service(values: Values, context: Context) -> Manifest | None:
    """The Service by which traefik reaches the proxy."""
    names, words = Names(values, context), values.proxy.service
    if https_way(values) != "letsencrypt":
        return None
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(names, context, "autohttps", names.named("proxy-http")),
        "spec": {
            "type": "ClusterIP",
            "ipFamilyPolicy": words.ipFamilyPolicy,
            "ipFamilies": words.ipFamilies or None,
            "selector": match_labels(names, "proxy"),
            "ports": [{"port": 8000, "targetPort": "http"}],
        },
    }


def public_service(values: Values, context: Context) -> Manifest:
    """The Service that people reach: traefik's pod where that ends TLS, else the proxy's."""
    names, words = Names(values, context), values.proxy.service
    balanced = words.type == "LoadBalancer"
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(
            names,
            context,
            "proxy-public",
            names.named("proxy-public"),
            annotations=words.annotations,
            more=words.labels,
        ),
        "spec": {
            "type": words.type,
            "ipFamilyPolicy": words.ipFamilyPolicy,
            "ipFamilies": words.ipFamilies or None,
            "externalIPs": words.externalIPs or None,
            "loadBalancerIP": words.loadBalancerIP or None,
            # Kubernetes refuses this word for other types.
            "loadBalancerSourceRanges": words.loadBalancerSourceRanges or None if balanced else None,
            "selector": _public_selector(values, names),
            "ports": _public_ports(values),
        },
    }


def _public_selector(values: Values, names: Names) -> Labels:
    selector = match_labels(names, "autohttps" if https_way(values) == "letsencrypt" else "proxy")
    own = names.edition.has("public-service-selector")
    return selector if own else {label: value for label, value in selector.items() if label != "app"}


def _public_ports(values: Values) -> list[Any]:
    words, way = values.proxy.service, https_way(values)
    ports: list[Any] = []
    if way:
        target = "http" if way == "offload" else "https"
        ports.append({"name": "https", "port": 443, "targetPort": target, "nodePort": words.nodePorts.https})
    # A Service without any port is refused: the http port stays where it is the only one.
    if not words.disableHttpPort or not (ports or words.extraPorts):
        ports.append({"name": "http", "port": 80, "targetPort": "http", "nodePort": words.nodePorts.http})
    return ports + words.extraPorts
