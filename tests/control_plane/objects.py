"""Owns the objects that a cluster has before anybody installs anything: nodes, storage classes, volumes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Json = dict[str, Any]

KWOK_NODE = "kwok.x-k8s.io/node"
"""The annotation of nodes that kwok keeps alive and whose pods it runs; other nodes are objects and nothing more."""

NOT_READY = "node.kubernetes.io/not-ready"
"""The taint that the cluster gives to nodes that are not ready."""

DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class"

DYNAMIC = "kubernetes.io/host-path"
"""The provisioner of the controller-manager itself (made for tests): a volume for each claim that is bound."""

STATIC = "kubernetes.io/no-provisioner"
"""No provisioner: claims bind to volumes that somebody made."""


def node(
    name: str,
    cpu: str = "16",
    memory: str = "64Gi",
    pods: int = 110,
    labels: Mapping[str, str] | None = None,
    taints: Sequence[Mapping[str, str]] = (),
    ready: bool = True,
    cordoned: bool = False,
) -> Json:
    """Return a Node. `cpu` and `memory` are quantities; `taints` as in the API. With `ready` false nothing runs it."""
    size = {"cpu": cpu, "memory": memory, "pods": str(pods)}
    condition = {"type": "Ready", "status": "False", "reason": "KubeletNotReady", "message": "made so by the test"}
    return {
        "apiVersion": "v1",
        "kind": "Node",
        "metadata": {
            "name": name,
            "labels": {"kubernetes.io/hostname": name, "kubernetes.io/os": "linux", **(labels or {})},
            "annotations": {KWOK_NODE: "fake"} if ready else {},
        },
        "spec": {"taints": [dict(taint) for taint in taints], "unschedulable": cordoned},
        "status": {"allocatable": size, "capacity": size, **({} if ready else {"conditions": [condition]})},
    }


def storage_class(
    name: str, provisioner: str = DYNAMIC, default: bool = False, binding: str = "WaitForFirstConsumer"
) -> Json:
    """Return a StorageClass; `binding` is its volumeBindingMode."""
    return {
        "apiVersion": "storage.k8s.io/v1",
        "kind": "StorageClass",
        "metadata": {"name": name, "annotations": {DEFAULT_CLASS: str(default).lower()}},
        "provisioner": provisioner,
        "volumeBindingMode": binding,
        "reclaimPolicy": "Delete" if provisioner == DYNAMIC else "Retain",
    }


def volume(name: str, size: str, storage_class: str, modes: Sequence[str] = ("ReadWriteOnce",)) -> Json:
    """Return a PersistentVolume of a host's folder, `size` a quantity; no folder is made."""
    return {
        "apiVersion": "v1",
        "kind": "PersistentVolume",
        "metadata": {"name": name},
        "spec": {
            "capacity": {"storage": size},
            "accessModes": list(modes),
            "persistentVolumeReclaimPolicy": "Retain",
            "storageClassName": storage_class,
            "hostPath": {"path": f"/nonexistent/{name}"},
        },
    }


def namespace(name: str) -> Json:
    """Return a Namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


def pod_reference(name: str) -> Json:
    """Return as much of a Pod as names it."""
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}}
