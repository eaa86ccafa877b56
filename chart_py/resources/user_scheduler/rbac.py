"""The scheduler's ServiceAccount and what it may do: all that a kube-scheduler needs, in the whole cluster."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.editions import Edition
from chart_py.manifest import Manifest
from chart_py.resources import access
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.base import Map
from chart_py.values.root import Values

READ = ("get", "list", "watch")
CHANGE = ("get", "list", "patch", "update", "watch")
EVERYTHING = ("create", "delete", "deletecollection", *CHANGE)

NEWER, OLDER = "scheduler-1.35", "scheduler-plugins"
# API groups, resources, verbs, and the change that brought the row: the first rows are of Kubernetes' own role
# system:kube-scheduler, without its endpoints, the last three of system:volume-scheduler.
RULES: tuple[tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str], ...] = (
    (("",), ("nodes",), READ, ""),
    (("",), ("pods",), ("delete", *READ), ""),
    (("",), ("bindings", "pods/binding"), ("create",), ""),
    (("",), ("pods/status",), ("patch", "update"), ""),
    (("",), ("replicationcontrollers", "services"), READ, ""),
    (("apps", "extensions"), ("replicasets",), READ, ""),
    (("apps",), ("statefulsets",), READ, ""),
    (("policy",), ("poddisruptionbudgets",), READ, ""),
    (("",), ("persistentvolumeclaims", "persistentvolumes"), READ, ""),
    (("authentication.k8s.io",), ("tokenreviews",), ("create",), ""),
    (("authorization.k8s.io",), ("subjectaccessreviews",), ("create",), ""),
    (("storage.k8s.io",), ("csinodes",), READ, ""),
    (("storage.k8s.io",), ("volumeattachments",), READ, NEWER),
    (("",), ("namespaces",), READ, OLDER),
    (("storage.k8s.io",), ("csidrivers",), READ, OLDER),
    (("storage.k8s.io",), ("csistoragecapacities",), READ, OLDER),
    (("resource.k8s.io",), ("deviceclasses",), READ, NEWER),
    (("resource.k8s.io",), ("resourceclaims",), CHANGE, NEWER),
    (("resource.k8s.io",), ("resourceclaims/status",), CHANGE, NEWER),
    (("resource.k8s.io",), ("resourceclaims/binding",), ("patch", "update"), NEWER),
    (("",), ("pods/finalizers",), ("update",), NEWER),
    (("resource.k8s.io",), ("resourceslices",), READ, NEWER),
    (("",), ("persistentvolumes",), CHANGE, ""),
    (("storage.k8s.io",), ("storageclasses",), READ, ""),
    (("",), ("persistentvolumeclaims",), CHANGE, ""),
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
            *_leading(lock, context.edition),
            *(_rule(*row) for *row, change in RULES if not change or context.edition.has(change)),
        ],
    }


def _leading(lock: str, edition: Edition) -> list[Map]:
    """What the pods need to agree on who leads: a lock with the name `lock`."""
    leases, newer = (("coordination.k8s.io",), ("leases",)), edition.has(NEWER)
    verbs = ("get", "list", "update", "watch") if newer else ("get", "update")
    rules = [_rule(*leases, ("create",)), {**_rule(*leases, verbs), "resourceNames": [lock]}]
    if newer:
        rules.append(_rule(("coordination.k8s.io",), ("leasecandidates",), EVERYTHING))
    if not edition.has("scheduler-leases"):
        rules.append(_rule(("",), ("endpoints",), ("create",)))
        rules.append({**_rule(("",), ("endpoints",), ("get", "update")), "resourceNames": [lock]})
    return rules


def _rule(groups: tuple[str, ...], resources: tuple[str, ...], verbs: tuple[str, ...]) -> Map:
    return {"apiGroups": list(groups), "resources": list(resources), "verbs": list(verbs)}


def cluster_role_binding(values: Values, context: Context) -> Manifest | None:
    """The ClusterRoleBinding."""
    names = Names(values, context)
    if not values.scheduling.userScheduler.enabled or not values.rbac.create:
        return None
    name = names.user_scheduler_account if context.edition.has("full-names") else "user-scheduler"
    account = {"kind": "ServiceAccount", "name": name, "namespace": context.namespace}
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
