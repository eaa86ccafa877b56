"""The hub's ServiceAccount and what it may do: make users' pods, claims, secrets and services, and read events."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources import access
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values


def service_account(values: Values, context: Context) -> Manifest | None:
    """The ServiceAccount."""
    names, account = Names(values, context), values.hub.serviceAccount
    if not account.create:
        return None
    return access.service_account(names, context, "hub", names.hub_account, account.annotations)


def role(values: Values, context: Context) -> Manifest | None:
    """The Role."""
    names = Names(values, context)
    if not values.rbac.create:
        return None
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": metadata(names, context, "hub", names.hub),
        "rules": [
            {
                "apiGroups": [""],
                "resources": ["pods", "persistentvolumeclaims", "secrets", "services"],
                "verbs": ["get", "watch", "list", "create", "delete"],
            },
            {"apiGroups": [""], "resources": ["events"], "verbs": ["get", "watch", "list"]},
        ],
    }


def role_binding(values: Values, context: Context) -> Manifest | None:
    """The RoleBinding."""
    names = Names(values, context)
    return access.role_binding(names, context, "hub", names.hub, names.hub_account) if values.rbac.create else None
