"""The Job that waits until the hook's pullers are done."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.image_puller.images import hook_runs
from chart_py.resources.image_puller.rbac import COMPONENT, DELETABLE
from chart_py.resources.metadata import hook_annotations, metadata, pod_labels
from chart_py.resources.names import Names
from chart_py.resources.pod import image_name, pull_secrets, tolerations
from chart_py.values.base import Map
from chart_py.values.root import Values

ACCOUNT = "/var/run/secrets/kubernetes.io/serviceaccount"


def job(values: Values, context: Context) -> Manifest | None:
    """The Job; it runs after the pullers' DaemonSet is there, and the upgrade goes on when it has ended."""
    names, words = Names(values, context), values.prePuller
    if not hook_runs(values, context):
        return None
    hook = words.hook
    return {
        "apiVersion": "batch/v1",
        "kind": "Job",
        "metadata": metadata(
            names,
            context,
            COMPONENT,
            names.named("hook-image-awaiter"),
            annotations=hook_annotations(10),
            more=DELETABLE,
        ),
        "spec": {
            "template": {
                "metadata": {
                    "labels": pod_labels(names, COMPONENT, words.labels),
                    "annotations": words.annotations or None,
                },
                "spec": {
                    "restartPolicy": "Never",
                    "serviceAccountName": names.image_awaiter_account,
                    "nodeSelector": hook.nodeSelector or None,
                    "tolerations": tolerations(values, "core", hook.tolerations),
                    "imagePullSecrets": pull_secrets(values, names, hook.image),
                    "containers": [_awaiter(values, context, names)],
                },
            },
        },
    }


def _awaiter(values: Values, context: Context, names: Names) -> Map:
    hook = values.prePuller.hook
    return {
        "name": names.named("hook-image-awaiter"),
        "image": image_name(hook.image),
        "imagePullPolicy": hook.image.pullPolicy or None,
        "command": [
            "/image-awaiter",
            f"-ca-path={ACCOUNT}/ca.crt",
            f"-auth-token-path={ACCOUNT}/token",
            "-api-server-address=https://kubernetes.default.svc:$(KUBERNETES_SERVICE_PORT)",
            f"-namespace={context.namespace}",
            f"-daemonset={names.named('hook-image-puller')}",
            f"-pod-scheduling-wait-duration={hook.podSchedulingWaitDuration}",
        ],
        "resources": hook.resources or None,
        "securityContext": hook.containerSecurityContext or None,
    }
