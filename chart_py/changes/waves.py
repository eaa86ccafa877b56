"""The waves in which objects are applied: what others need comes first, and what is independent goes together."""

from __future__ import annotations

import enum
from collections.abc import Iterable

from chart_py.changes.change import Change, Operation
from chart_py.manifest.key import CLUSTER_KINDS


class Wave(enum.IntEnum):
    """When an object is applied. Images are pulled between SETTINGS and WORKLOADS."""

    FOUNDATIONS = 0
    SETTINGS = 1
    WORKLOADS = 2
    ROUTES = 3


_FOUNDATIONS = ("CustomResourceDefinition", "IngressClass", "Namespace", "PriorityClass", "StorageClass")
_SETTINGS = (
    *("ClusterRole", "ClusterRoleBinding", "ConfigMap", "LimitRange", "NetworkPolicy", "PersistentVolume"),
    *("PersistentVolumeClaim", "PodDisruptionBudget", "ResourceQuota", "Role", "RoleBinding", "Secret"),
    *("Service", "ServiceAccount"),
)
_WORKLOADS = (
    "CronJob",
    "DaemonSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "Job",
    "Pod",
    "ReplicaSet",
    "StatefulSet",
)
_WAVES = {
    **dict.fromkeys(_FOUNDATIONS, Wave.FOUNDATIONS),
    **dict.fromkeys(_SETTINGS, Wave.SETTINGS),
    **dict.fromkeys(_WORKLOADS, Wave.WORKLOADS),
}


def wave_of(kind: str) -> Wave:
    """The wave of a kind. What is not known (routes of all sorts, custom kinds) comes last, when all else is there."""
    return _WAVES.get(kind, Wave.FOUNDATIONS if kind in CLUSTER_KINDS - {"APIService"} else Wave.ROUTES)


def to_apply(changes: Iterable[Change], wave: Wave) -> list[Change]:
    """The changes of a wave that apply an object."""
    operations = (Operation.CREATE, Operation.UPDATE, Operation.REPLACE)
    return [each for each in changes if each.operation in operations and wave_of(each.key.kind) is wave]


def to_delete(changes: Iterable[Change]) -> list[list[Change]]:
    """The deletions, wave by wave in reverse order; empty waves are left out."""
    deleted = [each for each in changes if each.operation is Operation.DELETE]
    waves = [[each for each in deleted if wave_of(each.key.kind) is wave] for wave in reversed(Wave)]
    return [wave for wave in waves if wave]
