"""The hub's Deployment."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.manifest.checksum import checksum
from chart_py.resources import extra_files
from chart_py.resources.hub.config_map import mounted_data
from chart_py.resources.hub.secret import AUTH_TOKEN, secret_data
from chart_py.resources.metadata import kept_revisions, match_labels, metadata, pod_labels
from chart_py.resources.names import Names
from chart_py.resources.pod import core_affinity, image_name, laid_over, probe, pull_secrets, tolerations, variables
from chart_py.resources.templates import expanded
from chart_py.values.base import Map
from chart_py.values.root import Values

CONFIG = "/usr/local/etc/jupyterhub"
# The hub talks to the proxy's API and routes and to the users' servers: their NetworkPolicies let these labels in.
ACCESS = {f"hub.jupyter.org/network-access-{to}": "true" for to in ("proxy-api", "proxy-http", "singleuser")}


def deployment(values: Values, context: Context) -> Manifest:
    """The Deployment of the one pod that is the hub."""
    names, hub = Names(values, context), values.hub
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(names, context, "hub", names.hub),
        "spec": {
            "revisionHistoryLimit": kept_revisions(names, hub.revisionHistoryLimit),
            "replicas": 1,
            "selector": {"matchLabels": match_labels(names, "hub")},
            "strategy": {"type": hub.deploymentStrategy.type, "rollingUpdate": hub.deploymentStrategy.rollingUpdate},
            "template": {
                "metadata": {
                    "labels": pod_labels(names, "hub", {**ACCESS, **hub.labels}),
                    "annotations": {
                        "checksum/config-map": checksum(mounted_data(values, context)),
                        "checksum/secret": checksum(secret_data(values, context)),
                        **hub.annotations,
                    },
                },
                "spec": laid_over(_pod(values, context, names), hub.extraPodSpec),
            },
        },
    }


def _pod(values: Values, context: Context, names: Names) -> Map:
    hub = values.hub
    own, own_first = _container(values, context, names), context.edition.has("hub-container-first")
    return {
        "priorityClassName": names.priority if values.scheduling.podPriority.enabled else None,
        "nodeSelector": hub.nodeSelector or None,
        "tolerations": tolerations(values, "core", hub.tolerations),
        "affinity": core_affinity(values),
        "volumes": _volumes(values, names),
        "serviceAccountName": names.hub_account,
        "securityContext": _security_context(values) or None,
        "imagePullSecrets": pull_secrets(values, names, hub.image),
        "initContainers": hub.initContainers or None,
        "containers": [own, *hub.extraContainers] if own_first else [*hub.extraContainers, own],
    }


def _security_context(values: Values) -> Map:
    group = {} if values.hub.fsGid is None else {"fsGroup": values.hub.fsGid}
    return {**values.hub.podSecurityContext, **group}


def _container(values: Values, context: Context, names: Names) -> Map:
    hub = values.hub
    health = f"{hub.baseUrl.rstrip('/')}/hub/health"
    return {
        "name": "hub",
        "image": image_name(hub.image),
        "imagePullPolicy": hub.image.pullPolicy or None,
        "command": [expanded(text, values, context) for text in hub.command] or None,
        "args": [expanded(text, values, context) for text in hub.args] or _args(values),
        "lifecycle": hub.lifecycle or None,
        "ports": [{"name": "http", "containerPort": 8081}],
        "env": [
            {"name": "PYTHONUNBUFFERED", "value": "1"},
            {"name": "HELM_RELEASE_NAME", "value": context.release},
            {"name": "POD_NAMESPACE", "valueFrom": {"fieldRef": {"fieldPath": "metadata.namespace"}}},
            {"name": "CONFIGPROXY_AUTH_TOKEN", "valueFrom": {"secretKeyRef": {"name": names.hub, "key": AUTH_TOKEN}}},
            *variables(hub.extraEnv),
        ],
        "resources": hub.resources or None,
        "securityContext": hub.containerSecurityContext or None,
        "livenessProbe": probe(hub.livenessProbe, health),
        "readinessProbe": probe(hub.readinessProbe, health),
        "volumeMounts": _mounts(values),
    }


def _args(values: Values) -> list[str]:
    db = values.hub.db
    # A database on a volume is upgraded at start (a backup is made beside it); others only when asked for.
    upgrade = db.type == "sqlite-pvc" if db.upgrade is None else db.upgrade
    return [
        "jupyterhub",
        "--config",
        f"{CONFIG}/jupyterhub_config.py",
        *(["--debug"] if values.debug.enabled else []),
        *(["--upgrade-db"] if upgrade else []),
    ]


def _volumes(values: Values, names: Names) -> list[Map]:
    hub = values.hub
    files = extra_files.volume(hub.extraFiles, names.hub)
    return [
        {"name": "config", "configMap": {"name": names.hub}},
        {"name": "secret", "secret": {"secretName": names.hub}},
        *([{"name": "existing-secret", "secret": {"secretName": hub.existingSecret}}] if hub.existingSecret else []),
        *([files] if files else []),
        *hub.extraVolumes,
        *(
            [{"name": "pvc", "persistentVolumeClaim": {"claimName": names.named("hub-db-dir")}}]
            if hub.db.type == "sqlite-pvc"
            else []
        ),
    ]


def _mounts(values: Values) -> list[Map]:
    hub = values.hub
    existing = {"name": "existing-secret", "mountPath": f"{CONFIG}/existing-secret/"}
    database = {"name": "pvc", "mountPath": "/srv/jupyterhub", "subPath": hub.db.pvc.subPath or None}
    return [
        {"name": "config", "mountPath": f"{CONFIG}/jupyterhub_config.py", "subPath": "jupyterhub_config.py"},
        {"name": "config", "mountPath": f"{CONFIG}/z2jh.py", "subPath": "z2jh.py"},
        {"name": "config", "mountPath": f"{CONFIG}/config/"},
        {"name": "secret", "mountPath": f"{CONFIG}/secret/"},
        *([existing] if hub.existingSecret else []),
        *extra_files.mounts(hub.extraFiles),
        *hub.extraVolumeMounts,
        *([database] if hub.db.type == "sqlite-pvc" else []),
    ]
