"""Owns a small release for tests: a few objects of different waves, made quickly and ready quickly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from chart_py.cluster.connection import Connection
from chart_py.cluster.live import LiveCluster
from chart_py.cluster.patience import Patience
from chart_py.engine.execute import World
from chart_py.engine.prepared import Release
from chart_py.engine.progress import Observer, Silence

Json = dict[str, Any]


def config_map(name: str = "settings", **data: str) -> Json:
    """A ConfigMap."""
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def secret(name: str = "keys", **data: str) -> Json:
    """A Secret; values are base64."""
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name}, "type": "Opaque", "data": data}


def account(name: str = "robot") -> Json:
    """A ServiceAccount."""
    return {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": name}}


def service(name: str = "web", port: int = 80) -> Json:
    """A Service."""
    spec = {"selector": {"app": "web"}, "ports": [{"name": "http", "port": port}]}
    return {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}, "spec": spec}


def claim(name: str = "data", size: str = "1Gi", storage_class: str | None = None) -> Json:
    """A PersistentVolumeClaim."""
    spec: Json = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": size}}}
    if storage_class is not None:
        spec["storageClassName"] = storage_class
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def deployment(name: str = "web", image: str = "pause:1", **pod: Any) -> Json:
    """A Deployment of one pod; `pod` are words of the pod's spec."""
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": image}], **pod}}
    spec = {"replicas": 1, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def puller(*images: str, name: str = "puller") -> Json:
    """A DaemonSet that pulls images, as a hook."""
    labels = {"app": name}
    inits = [{"name": f"pull-{n}", "image": image, "command": ["true"]} for n, image in enumerate(images)]
    pod = {"initContainers": inits, "containers": [{"name": "pause", "image": "pause:1"}]}
    notes = {"helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": "-10"}
    template = {"metadata": {"labels": labels}, "spec": {**pod, "terminationGracePeriodSeconds": 0}}
    spec = {"selector": {"matchLabels": labels}, "template": template}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": name, "annotations": notes},
        "spec": spec,
    }


def release(namespace: str, *manifests: Json, name: str = "small", **config: Any) -> Release:
    """A release of these objects, or of one of each kind."""
    chosen = manifests or (account(), config_map(edition="one"), secret(token="c2VjcmV0"), service(), deployment())
    placed = [{**each, "metadata": {**each["metadata"], "namespace": namespace}} for each in chosen]
    return Release(name, namespace, placed, config, chart_version="1.0.0", app_version="1")


def with_more(made: Release, *manifests: Json) -> Release:
    """A release with further objects, or others in place of those of the same name."""
    placed = [{**each, "metadata": {**each["metadata"], "namespace": made.namespace}} for each in manifests]
    names = {(each["kind"], each["metadata"]["name"]) for each in placed}
    rest = [each for each in made.manifests if (each["kind"], each["metadata"]["name"]) not in names]
    return replace(made, manifests=[*rest, *placed])


def world(kubeconfig: Path | str, observer: Observer | None = None, **patience: Any) -> World:
    """A world at a live cluster; `patience` are words of Patience."""
    return World(LiveCluster(Connection(str(kubeconfig)), patience=Patience(**patience)), observer or Silence())
