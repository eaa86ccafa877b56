"""The Service in front of the hub."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import match_labels, metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values


def service(values: Values, context: Context) -> Manifest:
    """The Service; Prometheus finds the hub's metrics by its annotations."""
    names, words = Names(values, context), values.hub.service
    prometheus = {
        "prometheus.io/scrape": "true",
        "prometheus.io/path": f"{values.hub.baseUrl.rstrip('/')}/hub/metrics",
        "prometheus.io/port": "8081",
    }
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": metadata(names, context, "hub", names.hub, annotations={**prometheus, **words.annotations}),
        "spec": {
            "type": words.type,
            "loadBalancerIP": words.loadBalancerIP,
            "ipFamilyPolicy": words.ipFamilyPolicy,
            "ipFamilies": words.ipFamilies or None,
            "selector": match_labels(names, "hub"),
            "ports": [
                {
                    "name": "hub",
                    "port": 8081,
                    "targetPort": "http",
                    "nodePort": words.ports.nodePort,
                    "appProtocol": words.ports.appProtocol,
                },
                *words.extraPorts,
            ],
        },
    }
