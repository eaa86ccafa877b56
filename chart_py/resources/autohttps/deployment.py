"""The Deployment of traefik, with the containers that keep its certificates in a Secret."""

from __future__ import annotations

from chart_py.context import CHART_NAME, Context
from chart_py.editions import TODAY
from chart_py.manifest import Manifest
from chart_py.manifest.checksum import checksum
from chart_py.resources.autohttps.config_map import CERTIFICATES, static_config
from chart_py.resources.metadata import kept_revisions, match_labels, metadata, pod_labels
from chart_py.resources.names import Names
from chart_py.resources.pod import core_affinity, image_name, laid_over, pull_secrets, tolerations, variables
from chart_py.resources.proxy.https import https_way
from chart_py.values.base import Map
from chart_py.values.root import Values

# traefik talks to the proxy: its NetworkPolicy lets this label in.
ACCESS = {"hub.jupyter.org/network-access-proxy-http": "true"}
# A label of the certificates' Secret names the chart, as the chart was packaged: nothing selects by it, and any other
# text would restart everybody's way in when a release is taken over.
_UNPACKAGED = "jupyterhub-0.0.1-set.by.chartpress"
_LABELS = ("app.kubernetes.io/name", "app.kubernetes.io/instance", "helm.sh/chart", "app.kubernetes.io/managed-by")
_UNBUFFERED = {"name": "PYTHONUNBUFFERED", "value": "True"}
_CERTIFICATES_MOUNT = {"name": "certificates", "mountPath": CERTIFICATES.rpartition("/")[0]}


def deployment(values: Values, context: Context) -> Manifest | None:
    """The Deployment. Only the static configuration replaces the pod: traefik follows the dynamic one by itself."""
    names, traefik = Names(values, context), values.proxy.traefik
    if https_way(values) != "letsencrypt":
        return None
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(names, context, "autohttps", names.named("autohttps")),
        "spec": {
            "revisionHistoryLimit": kept_revisions(names, traefik.revisionHistoryLimit),
            "replicas": 1,
            "selector": {"matchLabels": match_labels(names, "autohttps")},
            "template": {
                "metadata": {
                    "labels": pod_labels(names, "autohttps", {**ACCESS, **traefik.labels}),
                    "annotations": {"checksum/static-config": checksum(static_config(values))},
                },
                "spec": laid_over(_pod(values, names), traefik.extraPodSpec),
            },
        },
    }


def _pod(values: Values, names: Names) -> Map:
    traefik = values.proxy.traefik
    return {
        "serviceAccountName": names.autohttps_account,
        "priorityClassName": names.priority if values.scheduling.podPriority.enabled else None,
        "nodeSelector": traefik.nodeSelector or None,
        "tolerations": tolerations(values, "core", traefik.tolerations),
        "affinity": core_affinity(values),
        "volumes": [
            {"name": "certificates", "emptyDir": {}},
            {"name": "traefik-config", "configMap": {"name": names.named("autohttps")}},
            *traefik.extraVolumes,
        ],
        "imagePullSecrets": pull_secrets(values, names, traefik.image),
        "initContainers": [_load(values, names), *traefik.extraInitContainers],
        "containers": [_traefik(values), _save(values, names)],
    }


def _traefik(values: Values) -> Map:
    traefik = values.proxy.traefik
    return {
        "name": "traefik",
        "image": image_name(traefik.image),
        "imagePullPolicy": traefik.image.pullPolicy or None,
        "command": traefik.command,
        "args": traefik.args,
        "ports": [
            {"name": "http", "containerPort": 8080},
            {"name": "https", "containerPort": 8443},
            *traefik.extraPorts,
        ],
        "env": variables(traefik.extraEnv) or None,
        "resources": traefik.resources or None,
        "securityContext": traefik.containerSecurityContext or None,
        "volumeMounts": [
            {"name": "traefik-config", "mountPath": "/etc/traefik"},
            _CERTIFICATES_MOUNT,
            *traefik.extraVolumeMounts,
        ],
    }


def _load(values: Values, names: Names) -> Map:
    """Puts the certificates that the Secret holds where traefik looks for them."""
    sync = values.proxy.secretSync
    return {
        "name": "load-acme",
        "image": image_name(sync.image),
        "imagePullPolicy": sync.image.pullPolicy or None,
        "args": ["load", *_secret_and_file(names)],
        "env": [_UNBUFFERED, *variables(values.proxy.traefik.extraEnv)],
        "securityContext": sync.containerSecurityContext or None,
        "volumeMounts": [_CERTIFICATES_MOUNT],
    }


def _save(values: Values, names: Names) -> Map:
    """Puts the certificates that traefik fetched into the Secret, whenever they change."""
    sync = values.proxy.secretSync
    packaged = names.edition.chart != TODAY
    chart = f"{CHART_NAME}-{names.edition.chart}" if packaged else _UNPACKAGED
    keys = _LABELS if names.edition.has("kubernetes-labels") else ("app", "release", "chart", "heritage")
    labels = dict(zip(keys, (names.app, names.release, chart, "secret-sync"), strict=True))
    return {
        "name": "secret-sync",
        "image": image_name(sync.image),
        "imagePullPolicy": sync.image.pullPolicy or None,
        "args": ["watch-save", *(f"--label={key}={value}" for key, value in labels.items()), *_secret_and_file(names)],
        "env": [_UNBUFFERED],
        "resources": sync.resources or None if names.edition.has("secret-sync-resources") else None,
        "securityContext": sync.containerSecurityContext or None,
        "volumeMounts": [_CERTIFICATES_MOUNT],
    }


def _secret_and_file(names: Names) -> list[str]:
    return [names.named("proxy-public-tls-acme"), CERTIFICATES.rpartition("/")[2], CERTIFICATES]
