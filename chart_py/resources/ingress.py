"""The Ingress in front of the public Service."""

from __future__ import annotations

from typing import Any

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.base import Map
from chart_py.values.root import Values


def ingress(values: Values, context: Context) -> Manifest | None:
    """The Ingress: one rule for each host, or one for any host."""
    names, words = Names(values, context), values.ingress
    if not words.enabled:
        return None
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": metadata(names, context, "ingress", names.ingress, annotations=words.annotations),
        "spec": {
            "ingressClassName": words.ingressClassName or None,
            "rules": [_rule(values, names, host) for host in words.hosts or [None]],
            "tls": words.tls or None,
        },
    }


def _rule(values: Values, names: Names, host: Any) -> Map:
    words = values.ingress
    service = {"name": names.named("proxy-public"), "port": {"name": "http"}}
    own = {
        "path": f"{values.hub.baseUrl.rstrip('/')}/{words.pathSuffix or ''}",
        "pathType": words.pathType,
        "backend": {"service": service},
    }
    return {"host": host or None, "http": {"paths": [own, *words.extraPaths]}}
