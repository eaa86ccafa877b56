"""Where the API server keeps each kind: the known ones as a table, so that no discovery is needed for them."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from chart_py.cluster.interface import Ref


class Resource(NamedTuple):
    """A kind as the API's paths have it: its plural, and whether its objects live in namespaces."""

    plural: str
    namespaced: bool


KNOWN: dict[tuple[str, str], Resource] = {
    ("*", "*"): Resource("*", False),
    ("", "ConfigMap"): Resource("configmaps", True),
    ("", "Event"): Resource("events", True),
    ("", "Namespace"): Resource("namespaces", False),
    ("", "Node"): Resource("nodes", False),
    ("", "PersistentVolume"): Resource("persistentvolumes", False),
    ("", "PersistentVolumeClaim"): Resource("persistentvolumeclaims", True),
    ("", "Pod"): Resource("pods", True),
    ("", "ResourceQuota"): Resource("resourcequotas", True),
    ("", "Secret"): Resource("secrets", True),
    ("", "Service"): Resource("services", True),
    ("", "ServiceAccount"): Resource("serviceaccounts", True),
    ("apps", "DaemonSet"): Resource("daemonsets", True),
    ("apps", "Deployment"): Resource("deployments", True),
    ("apps", "ReplicaSet"): Resource("replicasets", True),
    ("apps", "StatefulSet"): Resource("statefulsets", True),
    ("autoscaling", "HorizontalPodAutoscaler"): Resource("horizontalpodautoscalers", True),
    ("batch", "CronJob"): Resource("cronjobs", True),
    ("batch", "Job"): Resource("jobs", True),
    ("coordination.k8s.io", "Lease"): Resource("leases", True),
    ("networking.k8s.io", "Ingress"): Resource("ingresses", True),
    ("networking.k8s.io", "IngressClass"): Resource("ingressclasses", False),
    ("networking.k8s.io", "NetworkPolicy"): Resource("networkpolicies", True),
    ("policy", "PodDisruptionBudget"): Resource("poddisruptionbudgets", True),
    ("rbac.authorization.k8s.io", "ClusterRole"): Resource("clusterroles", False),
    ("rbac.authorization.k8s.io", "ClusterRoleBinding"): Resource("clusterrolebindings", False),
    ("rbac.authorization.k8s.io", "Role"): Resource("roles", True),
    ("rbac.authorization.k8s.io", "RoleBinding"): Resource("rolebindings", True),
    ("scheduling.k8s.io", "PriorityClass"): Resource("priorityclasses", False),
    ("storage.k8s.io", "StorageClass"): Resource("storageclasses", False),
}


def root(api_version: str) -> str:
    """The path of an API version."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def path(ref: Ref, resource: Resource) -> str:
    """The path of an object, or of all objects of a kind where `ref` has no name."""
    where = f"/namespaces/{quote(ref.namespace)}" if resource.namespaced and ref.namespace else ""
    name = f"/{quote(ref.name)}" if ref.name else ""
    return f"{root(ref.api_version)}{where}/{resource.plural}{name}"
