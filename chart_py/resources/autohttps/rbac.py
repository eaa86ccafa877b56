"""traefik's ServiceAccount and what it may do: keep its certificates in a Secret."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources import access
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.resources.proxy.https import https_way
from chart_py.values.root import Values


def service_account(values: Values, context: Context) -> Manifest | None:
    """The ServiceAccount. Its annotations are on the Role: that is where the chart puts them."""
    names, account = Names(values, context), values.proxy.traefik.serviceAccount
    if https_way(values) != "letsencrypt" or not account.create:
        return None
    return access.service_account(names, context, "autohttps", names.autohttps_account, {})


def role(values: Values, context: Context) -> Manifest | None:
    """The Role."""
    names, account = Names(values, context), values.proxy.traefik.serviceAccount
    if https_way(values) != "letsencrypt" or not values.rbac.create:
        return None
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": metadata(names, context, "autohttps", names.named("autohttps"), annotations=account.annotations),
        "rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "patch", "list", "create"]}],
    }


def role_binding(values: Values, context: Context) -> Manifest | None:
    """The RoleBinding; a subject without a namespace is one of the binding's own."""
    names = Names(values, context)
    if https_way(values) != "letsencrypt" or not values.rbac.create:
        return None
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": metadata(names, context, "autohttps", names.named("autohttps")),
        "subjects": [{"kind": "ServiceAccount", "name": names.autohttps_account}],
        "roleRef": {"kind": "Role", "name": names.named("autohttps"), "apiGroup": "rbac.authorization.k8s.io"},
    }
