"""The DaemonSets that pull: one on nodes that join, one before an upgrade."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.image_puller.images import containers, hook_runs
from chart_py.resources.image_puller.rbac import DELETABLE
from chart_py.resources.metadata import hook_annotations, kept_revisions, match_labels, metadata, pod_labels
from chart_py.resources.names import Names
from chart_py.resources.pod import affinity, image_name, node_purpose, pull_secrets, tolerations
from chart_py.values.base import Map
from chart_py.values.root import Values


def continuous_daemonset(values: Values, context: Context) -> Manifest | None:
    """The DaemonSet for nodes that join."""
    names, continuous = Names(values, context), values.prePuller.continuous
    if not continuous.enabled:
        return None
    component = "continuous-image-puller"
    meta = metadata(names, context, component, names.named(component), annotations=continuous.daemonsetAnnotations)
    return _daemonset(values, names, component, meta, names.continuous_puller_account)


def hook_daemonset(values: Values, context: Context) -> Manifest | None:
    """The DaemonSet that runs before an install or upgrade, until the awaiter has seen it done."""
    names, hook = Names(values, context), values.prePuller.hook
    if not hook_runs(values, context):
        return None
    component, annotations = "hook-image-puller", hook_annotations(-10, hook.daemonsetAnnotations)
    meta = metadata(names, context, component, names.named(component), annotations=annotations, more=DELETABLE)
    return _daemonset(values, names, component, meta, names.hook_puller_account)


def _daemonset(values: Values, names: Names, component: str, meta: Map, account: str) -> Manifest:
    words = values.prePuller
    labels = words.labels if names.edition.has("puller-pod-labels") else {}
    return {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": meta,
        "spec": {
            "revisionHistoryLimit": kept_revisions(names, words.revisionHistoryLimit),
            "selector": {"matchLabels": match_labels(names, component)},
            "updateStrategy": {"type": "RollingUpdate", "rollingUpdate": {"maxUnavailable": "100%"}},
            "template": {
                "metadata": {
                    "labels": pod_labels(names, component, labels),
                    "annotations": words.annotations or None,
                },
                "spec": _pod(values, names, account),
            },
        },
    }


def _pod(values: Values, names: Names, account: str) -> Map:
    """A pod for each node that users' pods can be on: what they only prefer does not count."""
    words, users = values.prePuller, values.singleuser
    required, _ = node_purpose(values, "user")
    priority = names.image_puller_priority if names.edition.has("image-puller-priority") else None
    return {
        "priorityClassName": priority if values.scheduling.podPriority.enabled else None,
        "nodeSelector": users.nodeSelector or None,
        "tolerations": tolerations(values, "user", [*users.extraTolerations, *words.extraTolerations]),
        "affinity": affinity([*required, *users.extraNodeAffinity.required], []),
        "terminationGracePeriodSeconds": 0,
        "automountServiceAccountToken": False,
        "serviceAccountName": account if names.edition.has("puller-accounts") else None,
        "imagePullSecrets": pull_secrets(values, names, users.image),
        "initContainers": containers(values, names.edition),
        "containers": [
            {
                "name": "pause",
                "image": image_name(words.pause.image),
                "resources": words.resources or None,
                "securityContext": words.pause.containerSecurityContext or None,
            }
        ],
    }
