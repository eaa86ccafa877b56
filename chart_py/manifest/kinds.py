"""The kinds of objects that are known, a row each: where the API server keeps them, when they are applied."""

from __future__ import annotations

import enum
from typing import NamedTuple


class Wave(enum.IntEnum):
    """When an object is applied. Images are pulled between SETTINGS and WORKLOADS."""

    FOUNDATIONS = 0
    SETTINGS = 1
    WORKLOADS = 2
    ROUTES = 3


class Kind(NamedTuple):
    """A kind: its API group, its plural in the API's paths, when its objects are applied.

    `wide` tells that its objects belong to no namespace, `rolls` whether its pods are replaced when their template
    changes. `is_role` and `is_binding` are of roles and of what binds them.
    """

    name: str
    group: str
    plural: str
    wave: Wave
    wide: bool = False
    rolls: bool = False
    is_role: bool = False
    is_binding: bool = False


_FOUNDATIONS, _SETTINGS, _WORKLOADS, _ROUTES = Wave
_RBAC, _NET = "rbac.authorization.k8s.io", "networking.k8s.io"

INSTALLED = (
    Kind("PriorityClass", "scheduling.k8s.io", "priorityclasses", _FOUNDATIONS, wide=True),
    Kind("Namespace", "", "namespaces", _FOUNDATIONS, wide=True),
    Kind("NetworkPolicy", _NET, "networkpolicies", _SETTINGS),
    Kind("ResourceQuota", "", "resourcequotas", _SETTINGS),
    Kind("LimitRange", "", "limitranges", _SETTINGS),
    Kind("PodDisruptionBudget", "policy", "poddisruptionbudgets", _SETTINGS),
    Kind("ServiceAccount", "", "serviceaccounts", _SETTINGS),
    Kind("Secret", "", "secrets", _SETTINGS),
    Kind("ConfigMap", "", "configmaps", _SETTINGS),
    Kind("StorageClass", "storage.k8s.io", "storageclasses", _FOUNDATIONS, wide=True),
    Kind("PersistentVolume", "", "persistentvolumes", _SETTINGS, wide=True),
    Kind("PersistentVolumeClaim", "", "persistentvolumeclaims", _SETTINGS),
    Kind("CustomResourceDefinition", "apiextensions.k8s.io", "customresourcedefinitions", _FOUNDATIONS, wide=True),
    Kind("ClusterRole", _RBAC, "clusterroles", _SETTINGS, wide=True, is_role=True),
    Kind("ClusterRoleBinding", _RBAC, "clusterrolebindings", _SETTINGS, wide=True, is_binding=True),
    Kind("Role", _RBAC, "roles", _SETTINGS, is_role=True),
    Kind("RoleBinding", _RBAC, "rolebindings", _SETTINGS, is_binding=True),
    Kind("Service", "", "services", _SETTINGS),
    Kind("DaemonSet", "apps", "daemonsets", _WORKLOADS, rolls=True),
    Kind("Pod", "", "pods", _WORKLOADS),
    Kind("ReplicaSet", "apps", "replicasets", _WORKLOADS),
    Kind("Deployment", "apps", "deployments", _WORKLOADS, rolls=True),
    Kind("HorizontalPodAutoscaler", "autoscaling", "horizontalpodautoscalers", _WORKLOADS),
    Kind("StatefulSet", "apps", "statefulsets", _WORKLOADS, rolls=True),
    Kind("Job", "batch", "jobs", _WORKLOADS),
    Kind("CronJob", "batch", "cronjobs", _WORKLOADS),
    Kind("IngressClass", _NET, "ingressclasses", _FOUNDATIONS, wide=True),
    Kind("Ingress", _NET, "ingresses", _ROUTES),
    Kind("APIService", "apiregistration.k8s.io", "apiservices", _ROUTES, wide=True),
)
"""The kinds in the order in which Helm installs them: what others need comes first."""
_ADMISSION = "admissionregistration.k8s.io"
OTHERS = (
    Kind("MutatingWebhookConfiguration", _ADMISSION, "mutatingwebhookconfigurations", _FOUNDATIONS, wide=True),
    Kind("ValidatingWebhookConfiguration", _ADMISSION, "validatingwebhookconfigurations", _FOUNDATIONS, wide=True),
    Kind("Event", "", "events", _ROUTES),
    Kind("Lease", "coordination.k8s.io", "leases", _ROUTES),
    Kind("Node", "", "nodes", _ROUTES, wide=True),
)
"""Kinds that Helm's order does not have: they come last."""
KINDS = (*INSTALLED, *OTHERS)
_BY_NAME = {kind.name: kind for kind in KINDS}
_BY_GROUP = {(kind.group, kind.name): kind for kind in KINDS}
_RANK = {kind.name: rank for rank, kind in enumerate(INSTALLED)}
CLUSTER_KINDS = frozenset(kind.name for kind in KINDS if kind.wide)
"""The kinds whose objects belong to no namespace."""


def known_in(group: str, kind: str) -> Kind | None:
    """The row of a kind of an API group; None for one that is not known."""
    return _BY_GROUP.get((group, kind))


def kind_rank(kind: str) -> int:
    """Where a kind comes in Helm's order; kinds that it does not have come last."""
    return _RANK.get(kind, len(_RANK))


def rolls(kind: str) -> bool:
    """Whether the pods of a kind are replaced when their template changes."""
    row = _BY_NAME.get(kind)
    return row is not None and row.rolls


def is_role(kind: str) -> bool:
    """Whether a kind is of roles, which have to be there before what binds them."""
    row = _BY_NAME.get(kind)
    return row is not None and row.is_role


def is_binding(kind: str) -> bool:
    """Whether a kind binds roles."""
    row = _BY_NAME.get(kind)
    return row is not None and row.is_binding


def wave_of(kind: str) -> Wave:
    """The wave of a kind; one that is not known (routes of all sorts, custom kinds) comes when all else is there."""
    row = _BY_NAME.get(kind)
    return row.wave if row else Wave.ROUTES
