"""The pullers' ServiceAccounts, and what the awaiter may do: look at the pullers' DaemonSet."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources import access
from chart_py.resources.image_puller.images import hook_runs
from chart_py.resources.metadata import hook_annotations, metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values

COMPONENT = "image-puller"
# The label by which leftovers of a hook are known as such.
DELETABLE = {"hub.jupyter.org/deletable": "true"}


def continuous_service_account(values: Values, context: Context) -> Manifest | None:
    """The account of the pods that pull on nodes that join."""
    names, words = Names(values, context), values.prePuller.continuous
    own = context.edition.has("puller-accounts") and words.serviceAccount.create
    if not words.enabled or not own:
        return None
    annotations = words.serviceAccount.annotations
    return access.service_account(names, context, COMPONENT, names.continuous_puller_account, annotations)


def hook_service_account(values: Values, context: Context) -> Manifest | None:
    """The account of the pods that pull before an upgrade."""
    names, account = Names(values, context), values.prePuller.hook.serviceAccountImagePuller
    own = context.edition.has("puller-accounts") and account.create
    if not hook_runs(values, context) or not own:
        return None
    annotations = hook_annotations(-10, account.annotations)
    return access.service_account(names, context, COMPONENT, names.hook_puller_account, annotations, more=DELETABLE)


def awaiter_service_account(values: Values, context: Context) -> Manifest | None:
    """The account of the pod that waits."""
    names, account = Names(values, context), values.prePuller.hook.serviceAccount
    if not hook_runs(values, context) or not account.create:
        return None
    annotations = hook_annotations(0, account.annotations)
    return access.service_account(names, context, COMPONENT, names.image_awaiter_account, annotations, more=DELETABLE)


def awaiter_role(values: Values, context: Context) -> Manifest | None:
    """The Role of the pod that waits."""
    names = Names(values, context)
    if not hook_runs(values, context) or not values.rbac.create:
        return None
    name = names.named("hook-image-awaiter")
    return {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "Role",
        "metadata": metadata(names, context, COMPONENT, name, annotations=hook_annotations(0), more=DELETABLE),
        "rules": [{"apiGroups": ["apps"], "resources": ["daemonsets"], "verbs": ["get"]}],
    }


def awaiter_role_binding(values: Values, context: Context) -> Manifest | None:
    """The RoleBinding of the pod that waits."""
    names = Names(values, context)
    if not hook_runs(values, context) or not values.rbac.create:
        return None
    name = names.named("hook-image-awaiter")
    return {
        **access.role_binding(names, context, COMPONENT, name, names.image_awaiter_account),
        "metadata": metadata(names, context, COMPONENT, name, annotations=hook_annotations(0), more=DELETABLE),
    }
