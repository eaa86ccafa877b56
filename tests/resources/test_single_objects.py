"""Objects that are alone of their kind: default PriorityClass, image pull Secret, Ingress, HTTPRoute."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from chart_py.resources import http_route, image_pull_secret, ingress, priority_class
from tests.resources.conftest import Make
from tests.resources.variant import changed, shown

EXPECTED = shown(__file__)
BUILDERS: dict[str, Any] = {
    "PriorityClass/jhub-default-priority": priority_class.default_priority_class,
    "Secret/image-pull-secret": image_pull_secret.image_pull_secret,
    "Ingress/jupyterhub": ingress.ingress,
    "HTTPRoute/jupyterhub": http_route.http_route,
}
LOGIN = "create: true, registry: registry.example.org, username: robot, password: 'p\"w'"
MORE = {"path": "/static", "pathType": "Prefix", "backend": {"service": {"name": "static", "port": {"number": 80}}}}
LONG = "c" * 40

VARIANTS: list[tuple[str, str, dict[str, Any] | None]] = [
    *((key, "", None) for key in BUILDERS),
    ("PriorityClass/jhub-default-priority", "scheduling: {podPriority: {enabled: true}}", {}),
    (
        "PriorityClass/jhub-default-priority",
        "{fullnameOverride: campus, scheduling: {podPriority: {enabled: true, globalDefault: true, "
        "defaultPriority: 3}}}",
        {"metadata name": "campus", "globalDefault": True, "value": 3},
    ),
    ("Secret/image-pull-secret", f"imagePullSecret: {{{LOGIN}, email: robot@example.org}}", {}),
    (
        "Secret/image-pull-secret",
        f"{{fullnameOverride: c, imagePullSecret: {{automaticReferenceInjection: false, {LOGIN}, email: "
        f"robot@example.org}}}}",
        {"metadata name": "c-image-pull-secret"},
    ),
    ("Ingress/jupyterhub", "ingress: {enabled: true}", {}),
    ("Ingress/jupyterhub", "ingress: {enabled: true, hosts: null, tls: null, extraPaths: null}", {}),
    (
        "Ingress/jupyterhub",
        "{fullnameOverride: campus, hub: {baseUrl: /a/}, ingress: {enabled: true, annotations: {a: b}, "
        "ingressClassName: nginx, hosts: [x.example.org, y.example.org], pathSuffix: '*', "
        "pathType: ImplementationSpecific, tls: [{secretName: t}], extraPaths: [" + json.dumps(MORE) + "]}}",
        {
            "metadata name": "campus",
            "metadata annotations": {"a": "b"},
            "spec ingressClassName": "nginx",
            "spec rules": [
                {
                    "host": host,
                    "http": {
                        "paths": [
                            {
                                "path": "/a/*",
                                "pathType": "ImplementationSpecific",
                                "backend": {"service": {"name": "campus-proxy-public", "port": {"name": "http"}}},
                            },
                            MORE,
                        ]
                    },
                }
                for host in ("x.example.org", "y.example.org")
            ],
            "spec tls": [{"secretName": "t"}],
        },
    ),
    ("HTTPRoute/jupyterhub", "httpRoute: {enabled: true}", {}),
    (
        "HTTPRoute/jupyterhub",
        "httpRoute: {enabled: true, annotations: {a: b}, hostnames: [x], gateway: {name: g, namespace: n, "
        "sectionName: s}}",
        {
            "metadata annotations": {"a": "b"},
            "spec parentRefs": [{"kind": "Gateway", "name": "g", "namespace": "n", "sectionName": "s"}],
            "spec hostnames": ["x"],
        },
    ),
]


@pytest.mark.parametrize(("key", "text", "changes"), VARIANTS)
def test_object(make: Make, key: str, text: str, changes: dict[str, Any] | None) -> None:
    assert make(BUILDERS[key], text) == (None if changes is None else changed(EXPECTED[key], changes))


@pytest.mark.parametrize("email", [None, "robot@example.org"])
def test_the_login_reads_back(make: Make, email: str | None) -> None:
    made = make(image_pull_secret.image_pull_secret, f"imagePullSecret: {{{LOGIN}, email: {json.dumps(email)}}}")
    assert made
    login = json.loads(base64.b64decode(made["data"][".dockerconfigjson"]))["auths"]
    assert login == {
        "registry.example.org": {
            "username": "robot",
            "password": 'p"w',
            "auth": base64.b64encode(b'robot:p"w').decode(),
            **({"email": email} if email else {}),
        }
    }


def test_names_stay_within_63_characters(make: Make) -> None:
    for key, text in (("Ingress/jupyterhub", "ingress"), ("HTTPRoute/jupyterhub", "httpRoute")):
        made = make(BUILDERS[key], f"{{fullnameOverride: {LONG}, {text}: {{enabled: true}}}}")
        assert made and len(made["metadata"]["name"]) <= 63
