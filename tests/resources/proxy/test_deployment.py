"""The proxy's Deployment by the defaults and by what changes it."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.context import Context, Secrets
from chart_py.resources.proxy.deployment import deployment
from tests.resources.conftest import Make, values_of
from tests.resources.variant import changed, shown

EXPECTED = shown(__file__)["Deployment/proxy"]
POD = "spec template spec"
CHP = f"{POD} containers 0"
TOKEN = EXPECTED["spec"]["template"]["spec"]["containers"][0]["env"][0]
HUB = "http://hub:$(HUB_SERVICE_PORT)"
HEAD = ["configurable-http-proxy", "--ip=", "--api-ip=", "--api-port=8001"]
TARGETS = [f"--default-target={HUB}", f"--error-target={HUB}/hub/error"]
TLS_PORTS = ["--port=8443", "--redirect-port=8000", "--redirect-to=443"]
MANUAL = "proxy: {https: {enabled: true, type: manual, manual: {key: a key, cert: a certificate}}}"
SUM = "spec template metadata annotations checksum/proxy-secret"


def by_tls(secret: str, key: str, certificate: str) -> dict[str, Any]:
    files = [f"--ssl-key=/etc/chp/tls/{key}", f"--ssl-cert=/etc/chp/tls/{certificate}"]
    return {
        f"{CHP} command": [*HEAD, *TARGETS, *TLS_PORTS, *files],
        f"{CHP} ports": [
            {"name": "https", "containerPort": 8443},
            {"name": "http", "containerPort": 8000},
            {"name": "api", "containerPort": 8001},
        ],
        f"{CHP} livenessProbe httpGet": {"path": "/_chp_healthz", "port": "https", "scheme": "HTTPS"},
        f"{CHP} readinessProbe httpGet": {"path": "/_chp_healthz", "port": "https", "scheme": "HTTPS"},
        f"{CHP} volumeMounts": [{"name": "tls-secret", "mountPath": "/etc/chp/tls", "readOnly": True}],
        f"{POD} volumes": [{"name": "tls-secret", "secret": {"secretName": secret}}],
    }


VARIANTS: dict[str, tuple[str, dict[str, Any]]] = {
    "defaults": ("", {}),
    "letsencrypt": ("proxy: {https: {enabled: true, hosts: [a.example.org]}}", {}),
    "letsencrypt without hosts": ("proxy: {https: {enabled: true}}", {}),
    "offload": ("proxy: {https: {enabled: true, type: offload}}", {}),
    "secret": (
        "proxy: {https: {enabled: true, type: secret, secret: {name: mine, key: k.pem, crt: c.pem}}}",
        by_tls("mine", "k.pem", "c.pem"),
    ),
    "secret with null keys": (
        "proxy: {https: {enabled: true, type: secret, secret: {name: mine, key: null, crt: null}}}",
        by_tls("mine", "tls.key", "tls.crt"),
    ),
    "https that is off": ("proxy: {https: {enabled: false, type: secret, secret: {name: mine}}}", {}),
    "debug": ("debug: {enabled: true}", {f"{CHP} command": [*HEAD, *TARGETS, "--port=8000", "--log-level=debug"]}),
    "subdomains": (
        "hub: {config: {JupyterHub: {subdomain_host: 'https://a.example.org'}}}",
        {f"{CHP} command": [*HEAD, *TARGETS, "--port=8000", "--host-routing"]},
    ),
    "flags": (
        "proxy: {chp: {extraCommandLineFlags: [--auto-rewrite, '--timeout={{ .Values.singleuser.startTimeout }}'],"
        " defaultTarget: http://a, errorTarget: http://b}}",
        {
            f"{CHP} command": [
                *(*HEAD, "--default-target=http://a", "--error-target=http://b", "--port=8000"),
                *("--auto-rewrite", "--timeout=300"),
            ]
        },
    ),
    "names": (
        "fullnameOverride: my-campus",
        {
            "metadata name": "my-campus-proxy",
            f"{CHP} env 0 valueFrom secretKeyRef name": "my-campus-hub",
            f"{CHP} command": [
                *HEAD,
                "--default-target=http://my-campus-hub:$(MY_CAMPUS_HUB_SERVICE_PORT)",
                "--error-target=http://my-campus-hub:$(MY_CAMPUS_HUB_SERVICE_PORT)/hub/error",
                "--port=8000",
            ],
        },
    ),
    "image": (
        "{imagePullSecrets: [shared], proxy: {chp: {image: {name: chp, tag: null, pullPolicy: Always, "
        "pullSecrets: [b]}}}}",
        {
            f"{CHP} image": "chp",
            f"{CHP} imagePullPolicy": "Always",
            f"{POD} imagePullSecrets": [{"name": "b"}, {"name": "shared"}],
        },
    ),
    "pod": (
        "{proxy: {labels: {tier: edge}, annotations: {team: ops}, deploymentStrategy: {type: RollingUpdate, "
        "rollingUpdate: {maxSurge: 1}}, chp: {revisionHistoryLimit: 3, nodeSelector: {pool: core}, tolerations: "
        "[{key: e}], livenessProbe: {enabled: false}, resources: {limits: {cpu: 1}}, extraEnv: {DEBUG: true}, "
        "extraPodSpec: {hostNetwork: true}}}, scheduling: {podPriority: {enabled: true}, corePods: {tolerations: null, "
        "nodeAffinity: {matchNodePurpose: ignore}}}}",
        {
            "spec revisionHistoryLimit": 3,
            "spec strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1}},
            "spec template metadata labels tier": "edge",
            "spec template metadata annotations team": "ops",
            f"{POD} priorityClassName": "jhub-default-priority",
            f"{POD} nodeSelector": {"pool": "core"},
            f"{POD} tolerations": [{"key": "e"}],
            f"{POD} affinity": None,
            f"{POD} hostNetwork": True,
            f"{CHP} livenessProbe": None,
            f"{CHP} resources": {"limits": {"cpu": 1}},
            f"{CHP} env": [TOKEN, {"name": "DEBUG", "value": "true"}],
        },
    ),
}


@pytest.mark.parametrize("name", VARIANTS)
def test_deployment(make: Make, name: str) -> None:
    text, changes = VARIANTS[name]
    assert make(deployment, text) == changed(EXPECTED, changes)


def test_manual_certificate(make: Make) -> None:
    made = make(deployment, MANUAL)
    assert made
    found = made["spec"]["template"]["metadata"]["annotations"]["checksum/proxy-secret"]
    names = by_tls("proxy-public-manual-tls", "tls.key", "tls.crt")
    assert made == changed(EXPECTED, {**names, SUM: found})
    assert found != EXPECTED["spec"]["template"]["metadata"]["annotations"]["checksum/proxy-secret"]


@given(st.tuples(st.text(), st.text()), st.tuples(st.text(), st.text()))
def test_another_certificate_replaces_the_pod(one: tuple[str, str], other: tuple[str, str]) -> None:
    def found(certificate: tuple[str, str]) -> Any:
        values = values_of(MANUAL)
        manual = values.proxy.https.manual.model_copy(update={"key": certificate[0], "cert": certificate[1]})
        https = values.proxy.https.model_copy(update={"manual": manual})
        values = values.model_copy(update={"proxy": values.proxy.model_copy(update={"https": https})})
        return deployment(values, Context())

    assert (found(one) == found(other)) == (one == other)


def test_another_token_replaces_the_pod(make: Make) -> None:
    for token in ("one", "two"):
        made = make(deployment, secrets=Secrets(proxy_token=token))
        found = hashlib.sha256(token.encode()).hexdigest()[:4]
        assert made == changed(EXPECTED, {"spec template metadata annotations checksum/auth-token": found})
