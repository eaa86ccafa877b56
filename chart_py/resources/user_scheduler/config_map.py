"""kube-scheduler's configuration."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.editions import Edition
from chart_py.manifest import Manifest
from chart_py.manifest.clean import clean
from chart_py.manifest.documents import to_yaml
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values


def config_map(values: Values, context: Context) -> Manifest | None:
    """The ConfigMap."""
    names = Names(values, context)
    if not values.scheduling.userScheduler.enabled:
        return None
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(names, context, "user-scheduler", names.named("user-scheduler")),
        "data": config_data(values, context),
    }


def config_data(values: Values, context: Context) -> dict[str, str]:
    """What the scheduler's pod reads of the ConfigMap: of several pods the one that holds the lease leads."""
    names, scheduler = Names(values, context), values.scheduling.userScheduler
    config = {
        "apiVersion": f"kubescheduler.config.k8s.io/{_version(context.edition)}",
        "kind": "KubeSchedulerConfiguration",
        "leaderElection": {
            "resourceLock": _lock(context.edition),
            "resourceName": names.named("user-scheduler-lock"),
            "resourceNamespace": context.namespace,
        },
        "profiles": [
            {
                "schedulerName": names.user_scheduler,
                "plugins": scheduler.plugins or None,
                "pluginConfig": scheduler.pluginConfig or None,
            }
        ],
    }
    return {"config.yaml": to_yaml(clean(config))}


def _version(edition: Edition) -> str:
    """The version of the configuration's API that the edition's kube-scheduler knows."""
    if edition.has("scheduler-config-v1"):
        return "v1"
    return "v1beta3" if edition.has("scheduler-plugins") else "v1beta1"


def _lock(edition: Edition) -> str:
    """The kind of object by which the pods agree on who leads."""
    if edition.has("scheduler-leases"):
        return "leases"
    return "endpointsleases" if edition.has("scheduler-config-v1") else "endpoints"
