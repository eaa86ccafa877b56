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
    version = "v1beta1" if _is_old(context) else "v1"
    return {
        "apiVersion": f"networking.k8s.io/{version}",
        "kind": "Ingress",
        "metadata": metadata(names, context, "ingress", names.ingress, annotations=words.annotations),
        "spec": {
            "ingressClassName": words.ingressClassName or None,
            "rules": [_rule(values, context, host) for host in words.hosts or [None]],
            "tls": words.tls or None,
        },
    }


def _is_old(context: Context) -> bool:
    """Whether the object is made for a Kubernetes before 1.19: a chart that can, where it knows of no newer one."""
    if context.edition.has("ingress-v1"):
        return False
    known = context.kube_version if context.edition.has("ingress-path-type") else None
    return known is None or tuple(map(int, known.split(".")[:2])) < (1, 19)


def _rule(values: Values, context: Context, host: Any) -> Map:
    words, service = values.ingress, Names(values, context).named("proxy-public")
    path = f"{values.hub.baseUrl.rstrip('/')}/{words.pathSuffix or ''}"
    own: Map = {
        "path": path,
        "pathType": words.pathType,
        "backend": {"service": {"name": service, "port": {"name": "http"}}},
    }
    if _is_old(context):
        own = {"path": path, "backend": {"serviceName": service, "servicePort": 80}}
    return {"host": host or None, "http": {"paths": [own, *words.extraPaths]}}
