"""The objects that several components have alike: ServiceAccount, Role's binding, PodDisruptionBudget."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import match_labels, metadata
from chart_py.resources.names import Names
from chart_py.values.base import Labels
from chart_py.values.parts import Pdb


def service_account(
    names: Names, context: Context, component: str, name: str, annotations: Labels, *, more: Labels | None = None
) -> Manifest:
    """A component's ServiceAccount; `more` are labels."""
    return {
        "apiVersion": "v1",
        "kind": "ServiceAccount",
        "metadata": metadata(names, context, component, name, annotations=annotations, more=more),
    }


def role_binding(names: Names, context: Context, component: str, role: str, account: str) -> Manifest:
    """The binding of a namespaced Role to an account of the same namespace; it has the Role's name."""
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "RoleBinding",
        "metadata": metadata(names, context, component, role),
        "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": context.namespace}],
        "roleRef": {"kind": "Role", "name": role, "apiGroup": "rbac.authorization.k8s.io"},
    }


def disruption_budget(names: Names, context: Context, component: str, pdb: Pdb) -> Manifest:
    """A component's PodDisruptionBudget; `maxUnavailable` wins, since an object with both is refused."""
    return {
        "apiVersion": "policy/v1",
        "kind": "PodDisruptionBudget",
        "metadata": metadata(names, context, component, names.named(component)),
        "spec": {
            "maxUnavailable": pdb.maxUnavailable,
            "minAvailable": pdb.minAvailable if pdb.maxUnavailable is None else None,
            "selector": {"matchLabels": match_labels(names, component)},
        },
    }
