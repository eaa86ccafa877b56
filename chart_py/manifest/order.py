"""The order in which objects are installed, Helm's: what others need comes first."""

from __future__ import annotations

from collections.abc import Iterable

from chart_py.manifest import Manifest

INSTALL_ORDER = (
    "PriorityClass",
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleBinding",
    "Role",
    "RoleBinding",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
)
_RANK = {kind: rank for rank, kind in enumerate(INSTALL_ORDER)}
HOOK = "helm.sh/hook"
HOOK_WEIGHT = "helm.sh/hook-weight"


def hook_events(manifest: Manifest) -> tuple[str, ...]:
    """The events at which an object is applied as a hook; empty for an object of the release itself."""
    value = ((manifest.get("metadata") or {}).get("annotations") or {}).get(HOOK)
    return tuple(event.strip() for event in str(value).split(",")) if value else ()


def hook_weight(manifest: Manifest) -> int:
    """A hook's weight: hooks of one event run from the lowest on."""
    return int(manifest["metadata"]["annotations"].get(HOOK_WEIGHT, 0))


def kind_rank(kind: str) -> int:
    """Where a kind comes in the order; kinds that Helm's order does not have come last."""
    return _RANK.get(kind, len(_RANK))


def in_install_order(manifests: Iterable[Manifest]) -> list[Manifest]:
    """Objects by kind and name, after them the hooks by weight, kind and name."""

    def rank(manifest: Manifest) -> tuple[bool, int, int, str, str]:
        hook = bool(hook_events(manifest))
        kind = manifest["kind"]
        return (hook, hook_weight(manifest) if hook else 0, kind_rank(kind), kind, manifest["metadata"]["name"])

    return sorted(manifests, key=rank)
