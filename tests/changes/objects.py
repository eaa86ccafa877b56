"""Owns small objects for the tests of plans."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


def deployment(image: str = "hub:1", **variables: str) -> Json:
    """A Deployment as the API server has it."""
    env = [{"name": name, "value": value} for name, value in variables.items()]
    container = {"name": "hub", "image": image, "env": env}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "hub", "namespace": "jhub", "uid": "1", "resourceVersion": "7", "generation": 2},
        "spec": {"replicas": 1, "template": {"spec": {"containers": [container]}}},
        "status": {"replicas": 1},
    }


def secret(**data: str) -> Json:
    """A Secret; the values are what they would be in base64."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "hub", "namespace": "jhub"}, "data": data}


def config_map(name: str = "hub", **data: str) -> Json:
    """A ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name, "namespace": "jhub"}, "data": data}
