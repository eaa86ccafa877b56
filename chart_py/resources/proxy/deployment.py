"""The proxy's Deployment: configurable-http-proxy."""

from __future__ import annotations

import hashlib

from chart_py.context import Context
from chart_py.editions import Edition
from chart_py.manifest import Manifest
from chart_py.manifest.checksum import checksum
from chart_py.resources.hub.secret import AUTH_TOKEN
from chart_py.resources.metadata import kept_revisions, match_labels, metadata, pod_labels
from chart_py.resources.names import Names
from chart_py.resources.pod import core_affinity, image_name, laid_over, probe, pull_secrets, tolerations, variables
from chart_py.resources.proxy.https import https_way, proxy_ends_tls
from chart_py.resources.proxy.secret import CERTIFICATE, KEY, secret_name, tls_data
from chart_py.resources.templates import expanded
from chart_py.values.base import Map
from chart_py.values.parts import Probe
from chart_py.values.root import Values

# The proxy talks to the hub and to the users' servers: their NetworkPolicies let these labels in.
ACCESS = {f"hub.jupyter.org/network-access-{to}": "true" for to in ("hub", "singleuser")}
PROGRAM = "configurable-http-proxy"
TLS = "/etc/chp/tls"
# What the chart's annotation says where there is no certificate (the checksum of an empty line): with the same text
# here, a release that is taken over keeps its proxy running, and with it everybody's connections.
NO_CERTIFICATE = hashlib.sha256(b"\n").hexdigest()


def deployment(values: Values, context: Context) -> Manifest:
    """The Deployment of the one pod that is the proxy."""
    names, proxy = Names(values, context), values.proxy
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": metadata(names, context, "proxy", names.named("proxy")),
        "spec": {
            "revisionHistoryLimit": kept_revisions(names, proxy.chp.revisionHistoryLimit),
            "replicas": 1,
            "selector": {"matchLabels": match_labels(names, "proxy")},
            "strategy": {
                "type": proxy.deploymentStrategy.type,
                "rollingUpdate": proxy.deploymentStrategy.rollingUpdate,
            },
            "template": {
                "metadata": {
                    "labels": pod_labels(names, "proxy", {**ACCESS, **proxy.labels}),
                    "annotations": {**_checksums(values, context), **proxy.annotations},
                },
                "spec": laid_over(_pod(values, context, names), proxy.chp.extraPodSpec),
            },
        },
    }


def _checksums(values: Values, context: Context) -> dict[str, str]:
    """What replaces the pod: another token or another certificate. Four digits tell nothing about the token."""
    certificate = tls_data(values)
    return {
        "checksum/auth-token": hashlib.sha256(context.secrets.proxy_token.encode()).hexdigest()[:4],
        "checksum/proxy-secret": checksum(certificate) if certificate else NO_CERTIFICATE,
    }


def _pod(values: Values, context: Context, names: Names) -> Map:
    chp = values.proxy.chp
    return {
        "terminationGracePeriodSeconds": 60,
        "priorityClassName": names.priority if values.scheduling.podPriority.enabled else None,
        "nodeSelector": chp.nodeSelector or None,
        "tolerations": tolerations(values, "core", chp.tolerations),
        "affinity": core_affinity(values),
        "volumes": [{"name": "tls-secret", "secret": {"secretName": secret_name(values, names)}}]
        if proxy_ends_tls(values)
        else None,
        "imagePullSecrets": pull_secrets(values, names, chp.image),
        "containers": [_container(values, context, names)],
    }


def _container(values: Values, context: Context, names: Names) -> Map:
    chp, tls = values.proxy.chp, proxy_ends_tls(values)
    port, scheme = ("https", "HTTPS") if tls else ("http", "HTTP")
    alive, ready = (_obeyed(words, context.edition) for words in (chp.livenessProbe, chp.readinessProbe))
    arguments, apart = _arguments(values, context, names), context.edition.has("proxy-command")
    return {
        "name": "chp",
        "image": image_name(chp.image),
        "imagePullPolicy": chp.image.pullPolicy or None,
        "command": [expanded(text, values, context) for text in chp.command or ()] if apart else [PROGRAM, *arguments],
        "args": arguments if apart else None,
        "ports": [
            *([{"name": "https", "containerPort": 8443}] if tls else []),
            {"name": "http", "containerPort": 8000},
            {"name": "api", "containerPort": 8001},
        ],
        "env": [
            {"name": "CONFIGPROXY_AUTH_TOKEN", "valueFrom": {"secretKeyRef": {"name": names.hub, "key": AUTH_TOKEN}}},
            *variables(chp.extraEnv),
        ],
        "resources": chp.resources or None,
        "securityContext": chp.containerSecurityContext or None,
        "livenessProbe": probe(alive, "/_chp_healthz", port=port, scheme=scheme),
        "readinessProbe": probe(ready, "/_chp_healthz", port=port, scheme=scheme),
        "volumeMounts": [{"name": "tls-secret", "mountPath": TLS, "readOnly": True}] if tls else None,
    }


def _obeyed(words: Probe, edition: Edition) -> Probe:
    """What of a probe's settings the chart passes on: at first only when it begins and how often it looks."""
    if edition.has("proxy-probes"):
        return words
    return Probe.of(
        enabled=words.enabled,
        initialDelaySeconds=words.initialDelaySeconds,
        periodSeconds=words.periodSeconds,
        timeoutSeconds=None,
        failureThreshold=None,
    )


def _arguments(values: Values, context: Context, names: Names) -> list[str]:
    chp = values.proxy.chp
    # Kubernetes tells pods the port of each Service by a variable that is named for it.
    hub = f"http://{names.hub}:$({names.hub.upper().replace('-', '_')}_SERVICE_PORT)"
    subdomains = (values.hub.config.get("JupyterHub") or {}).get("subdomain_host")
    address = "" if context.edition.has("proxy-any-address") else "::"
    return [
        f"--ip={address}",
        f"--api-ip={address}",
        "--api-port=8001",
        f"--default-target={chp.defaultTarget or hub}",
        f"--error-target={chp.errorTarget or f'{hub}/hub/error'}",
        *_ports(values),
        *(["--host-routing"] if subdomains and context.edition.has("host-routing") else []),
        *(["--log-level=debug"] if values.debug.enabled else []),
        *(expanded(flag, values, context) for flag in chp.extraCommandLineFlags),
    ]


def _ports(values: Values) -> list[str]:
    if not proxy_ends_tls(values):
        return ["--port=8000"]
    own = values.proxy.https.secret
    key, certificate = (own.key or KEY, own.crt or CERTIFICATE) if https_way(values) == "secret" else (KEY, CERTIFICATE)
    return [
        "--port=8443",
        "--redirect-port=8000",
        "--redirect-to=443",
        f"--ssl-key={TLS}/{key}",
        f"--ssl-cert={TLS}/{certificate}",
    ]
