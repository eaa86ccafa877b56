"""The scheduler's ServiceAccount and what it may do: all that a kube-scheduler needs, in the whole cluster."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources import access
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.base import Map
from chart_py.values.root import Values

READ = ("get", "list", "watch")
CHANGE = ("get", "list", "patch", "update", "watch")

# API groups, resources, verbs: the first rows are of Kubernetes' own role system:kube-scheduler, without its endpoints,
# the last three of system:volume-scheduler.
RULES: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]], ...] = (
    (("",), ("nodes",), READ),
    (("",), ("pods",), ("delete", *READ)),
    (("",), ("bindings", "pods/binding"), ("create",)),
    (("",), ("pods/status",), ("patch", "update")),
    (("",), ("replicationcontrollers", "services"), READ),
    (("apps", "extensions"), ("replicasets",), READ),
    (("apps",), ("statefulsets",), READ),
    (("policy",), ("poddisruptionbudgets",), READ),
    (("",), ("persistentvolumeclaims", "persistentvolumes"), READ),
    (("authentication.k8s.io",), ("tokenreviews",), ("create",)),
    (("authorization.k8s.io",), ("subjectaccessreviews",), ("create",)),
    (("storage.k8s.io",), ("csinodes",), READ),
    (("",), ("namespaces",), READ),
    (("storage.k8s.io",), ("csidrivers",), READ),
    (("storage.k8s.io",), ("csistoragecapacities",), READ),
    (("",), ("persistentvolumes",), CHANGE),
    (("storage.k8s.io",), ("storageclasses",), READ),
    (("",), ("persistentvolumeclaims",), CHANGE),
)


def service_account(values: Values, context: Context) -> Manifest | None:
    """The ServiceAccount."""
    names, scheduler = Names(values, context), values.scheduling.userScheduler
    if not scheduler.enabled or not scheduler.serviceAccount.create:
        return None
    annotations = scheduler.serviceAccount.annotations
    return access.service_account(names, context, "user-scheduler", names.user_scheduler_account, annotations)


def cluster_role(values: Values, context: Context) -> Manifest | None:
    """The ClusterRole."""
    names = Names(values, context)
    if not values.scheduling.userScheduler.enabled or not values.rbac.create:
        return None
    lock = names.named("user-scheduler-lock")
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": metadata(names, None, "user-scheduler", names.user_scheduler),
        "rules": [
            _rule(("", "events.k8s.io"), ("events",), ("create", "patch", "update")),
            _rule(("coordination.k8s.io",), ("leases",), ("create",)),
            {**_rule(("coordination.k8s.io",), ("leases",), ("get", "update")), "resourceNames": [lock]},
            *(_rule(*row) for row in RULES),
        ],
    }


def _rule(groups: tuple[str, ...], resources: tuple[str, ...], verbs: tuple[str, ...]) -> Map:
    return {"apiGroups": list(groups), "resources": list(resources), "verbs": list(verbs)}


def cluster_role_binding(values: Values, context: Context) -> Manifest | None:
    """The ClusterRoleBinding."""
    names = Names(values, context)
    if not values.scheduling.userScheduler.enabled or not values.rbac.create:
        return None
    account = {"kind": "ServiceAccount", "name": names.user_scheduler_account, "namespace": context.namespace}
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRoleBinding",
        "metadata": metadata(names, None, "user-scheduler", names.user_scheduler),
        "subjects": [account],
        "roleRef": {
            "kind": "ClusterRole",
            "name": names.user_scheduler,
            "apiGroup": "rbac.authorization.k8s.io",
        },
    }
