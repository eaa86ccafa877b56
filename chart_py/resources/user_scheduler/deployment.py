"""The scheduler's Deployment."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.manifest.checksum import checksum
from chart_py.resources.metadata import kept_revisions, match_labels, metadata, pod_labels
from chart_py.resources.names import Names
from chart_py.resources.pod import core_affinity, image_name, laid_over, pull_secrets, tolerations
from chart_py.resources.user_scheduler.config_map import config_data
from chart_py.values.base import Map
from chart_py.values.root import Values

_HEALTH = {"path": "/healthz", "scheme": "HTTPS", "port": 10259}
_PLAIN_HEALTH = {"path": "/healthz", "port": 10251}


def deployment(values: Values, context: Context) -> Manifest | None:
    """The Deployment."""
    names, scheduler = Names(values, context), values.scheduling.userScheduler
    if not scheduler.enabled:
        return None
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(names, context, "user-scheduler", names.named("user-scheduler")),
        "spec": {
            "revisionHistoryLimit": kept_revisions(names, scheduler.revisionHistoryLimit),
            "replicas": scheduler.replicas,
            "selector": {"matchLabels": match_labels(names, "user-scheduler")},
            "template": {
                "metadata": {
                    "labels": pod_labels(names, "user-scheduler", scheduler.labels),
                    "annotations": {
                        "checksum/config-map": checksum(config_data(values, context)),
                        **scheduler.annotations,
                    },
                },
                "spec": laid_over(_pod(values, names), scheduler.extraPodSpec),
            },
        },
    }


def _pod(values: Values, names: Names) -> Map:
    scheduler = values.scheduling.userScheduler
    health = _HEALTH if names.edition.has("scheduler-plugins") else _PLAIN_HEALTH
    return {
        "serviceAccountName": names.user_scheduler_account,
        "priorityClassName": names.priority if values.scheduling.podPriority.enabled else None,
        "nodeSelector": scheduler.nodeSelector or None,
        "tolerations": tolerations(values, "core", scheduler.tolerations),
        "affinity": core_affinity(values),
        "volumes": [{"name": "config", "configMap": {"name": names.named("user-scheduler")}}],
        "imagePullSecrets": pull_secrets(values, names, scheduler.image),
        "containers": [
            {
                "name": "kube-scheduler",
                "image": image_name(scheduler.image),
                "imagePullPolicy": scheduler.image.pullPolicy or None,
                "command": [
                    "/usr/local/bin/kube-scheduler",
                    "--config=/etc/user-scheduler/config.yaml",
                    # Health checks come without a token that could be looked up.
                    "--authentication-skip-lookup=true",
                    f"--v={scheduler.logLevel}",
                ],
                "livenessProbe": {"httpGet": health, "initialDelaySeconds": 15},
                "readinessProbe": {"httpGet": health},
                "resources": scheduler.resources or None,
                "securityContext": scheduler.containerSecurityContext or None,
                "volumeMounts": [{"name": "config", "mountPath": "/etc/user-scheduler"}],
            }
        ],
    }
