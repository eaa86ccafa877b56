"""What there is of traefik, with Let's Encrypt and a host, and only then."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.context import Context
from chart_py.resources.autohttps import config_map, deployment, network_policy, pdb, rbac
from chart_py.resources.names import Names
from tests.resources.conftest import Make, values_of
from tests.resources.variant import changed, read, shown

EXPECTED = shown(__file__)
HTTPS = "enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: ops@example.org}"
ON = f"proxy: {{https: {{{HTTPS}}}, %s}}"
POD = "spec template spec"
BUILDERS: dict[str, Any] = {
    "ConfigMap/autohttps": config_map.config_map,
    "Deployment/autohttps": deployment.deployment,
    "NetworkPolicy/autohttps": network_policy.network_policy,
    "PodDisruptionBudget/autohttps": pdb.pdb,
    "ServiceAccount/autohttps": rbac.service_account,
    "Role/autohttps": rbac.role,
    "RoleBinding/autohttps": rbac.role_binding,
}
UNWANTED = {
    "defaults": "",
    "off": ON.replace("enabled: true", "enabled: false") % "",
    "no hosts": f"proxy: {{https: {{{HTTPS.replace('[hub.example.org]', 'null')}}}, %s}}" % "",
    "another type": ON.replace("enabled: true", "enabled: true, type: offload") % "",
}
# The mounts and containers that a variant adds to.
_CONTAINERS = EXPECTED["Deployment/autohttps"]["spec"]["template"]["spec"]
MOUNTS = _CONTAINERS["containers"][0]["volumeMounts"]
PORTS = _CONTAINERS["containers"][0]["ports"]
LOAD = _CONTAINERS["initContainers"][0]
RULES = EXPECTED["NetworkPolicy/autohttps"]["spec"]["ingress"]

VARIANTS: list[tuple[str, str, dict[str, Any] | None]] = [
    *((key, ON % "traefik: {pdb: {enabled: true}}", {}) for key in BUILDERS),
    ("PodDisruptionBudget/autohttps", ON % "", None),
    ("NetworkPolicy/autohttps", ON % "traefik: {networkPolicy: {enabled: false}}", None),
    (
        "NetworkPolicy/autohttps",
        ON % "traefik: {networkPolicy: {allowedIngressPorts: [https]}}",
        {"spec ingress": [{"ports": [{"port": "https"}]}, *RULES[1:]]},
    ),
    ("Role/autohttps", "{rbac: {create: false}, " + ON % "" + "}", None),
    ("RoleBinding/autohttps", "{rbac: {create: false}, " + ON % "" + "}", None),
    ("Role/autohttps", ON % "traefik: {serviceAccount: {annotations: {a: b}}}", {"metadata annotations": {"a": "b"}}),
    ("ServiceAccount/autohttps", ON % "traefik: {serviceAccount: {annotations: {a: b}}}", {}),
    ("ServiceAccount/autohttps", ON % "traefik: {serviceAccount: {name: mine}}", {"metadata name": "mine"}),
    ("ServiceAccount/autohttps", ON % "traefik: {serviceAccount: {create: false}}", None),
    (
        "RoleBinding/autohttps",
        ON % "traefik: {serviceAccount: {create: false, name: mine}}",
        {"subjects 0 name": "mine"},
    ),
    (
        "Deployment/autohttps",
        ON % "traefik: {serviceAccount: {create: false}}",
        {f"{POD} serviceAccountName": "default"},
    ),
    (
        "Deployment/autohttps",
        ON % "traefik: {extraDynamicConfig: {http: {routers: {more: {rule: x}}}}, hsts: {maxAge: 1}}",
        {},
    ),
    (
        "Deployment/autohttps",
        "{imagePullSecrets: [shared], scheduling: {podPriority: {enabled: true}}, "
        + ON
        % "labels: {not: here}, secretSync: {resources: {limits: {cpu: 1}}, image: {pullPolicy: Never}}, traefik: "
        "{revisionHistoryLimit: 0, labels: {a: b}, extraEnv: {B: 1, A: x}, extraVolumes: [{name: ca}], "
        "extraVolumeMounts: "
        "[{name: ca}], extraInitContainers: [{name: fix}], extraPorts: [{name: ssh}], nodeSelector: {pool: edge}, "
        "tolerations: [{key: e}], resources: {limits: {cpu: 2}}, image: {tag: v9, pullPolicy: Always, "
        "pullSecrets: [t]}, "
        "extraPodSpec: {hostNetwork: true, nodeSelector: {pool: other}}}" + "}",
        {
            "spec revisionHistoryLimit": 0,
            "spec template metadata labels a": "b",
            f"{POD} priorityClassName": "jhub-default-priority",
            f"{POD} nodeSelector": {"pool": "other"},
            f"{POD} hostNetwork": True,
            f"{POD} tolerations": [*_CONTAINERS["tolerations"], {"key": "e"}],
            f"{POD} volumes": [*_CONTAINERS["volumes"], {"name": "ca"}],
            f"{POD} imagePullSecrets": [{"name": "shared"}, {"name": "t"}],
            f"{POD} initContainers": [
                {
                    **LOAD,
                    "imagePullPolicy": "Never",
                    "env": [*LOAD["env"], {"name": "A", "value": "x"}, {"name": "B", "value": "1"}],
                },
                {"name": "fix"},
            ],
            f"{POD} containers 0 image": "traefik:v9",
            f"{POD} containers 0 imagePullPolicy": "Always",
            f"{POD} containers 0 ports": [*PORTS, {"name": "ssh"}],
            f"{POD} containers 0 env": [{"name": "A", "value": "x"}, {"name": "B", "value": "1"}],
            f"{POD} containers 0 resources": {"limits": {"cpu": 2}},
            f"{POD} containers 0 volumeMounts": [*MOUNTS, {"name": "ca"}],
            f"{POD} containers 1 imagePullPolicy": "Never",
            f"{POD} containers 1 resources": {"limits": {"cpu": 1}},
        },
    ),
    (
        "ConfigMap/autohttps",
        "{debug: {enabled: true}, fullnameOverride: c, "
        + ON.replace("[hub.example.org]", "[a.example.org, b.example.org]").replace(
            "contactEmail: ops@example.org", "contactEmail: me@example.org, acmeServer: null"
        )
        % "traefik: {hsts: {maxAge: 60, includeSubdomains: true, preload: true}}"
        + "}",
        {
            "metadata name": "c-autohttps",
            "data traefik.yaml log level": "DEBUG",
            "data traefik.yaml certificatesResolvers default acme email": "me@example.org",
            "data traefik.yaml certificatesResolvers default acme caServer": None,
            "data dynamic.yaml http services default loadBalancer servers": [{"url": "http://c-proxy-http:8000/"}],
            "data dynamic.yaml http routers default tls domains": [
                {"main": "a.example.org"},
                {"main": "b.example.org"},
            ],
            "data dynamic.yaml http middlewares hsts headers": {
                "stsIncludeSubdomains": True,
                "stsPreload": True,
                "stsSeconds": 60,
            },
        },
    ),
    (
        "ConfigMap/autohttps",
        ON
        % "traefik: {extraStaticConfig: {accessLog: null, entryPoints: {ssh: {address: ':22'}}}, extraDynamicConfig: "
        "{tls: {options: {default: {sniStrict: false, cipherSuites: [X]}}}}}",
        {
            "data traefik.yaml accessLog": None,
            "data traefik.yaml entryPoints ssh": {"address": ":22"},
            "data dynamic.yaml tls options default sniStrict": False,
            "data dynamic.yaml tls options default cipherSuites": ["X"],
        },
    ),
]


@pytest.mark.parametrize(("key", "text", "changes"), VARIANTS)
def test_object(make: Make, key: str, text: str, changes: dict[str, Any] | None) -> None:
    made = make(BUILDERS[key], text)
    if key.startswith("ConfigMap"):
        made = read(made)
    assert made == (None if changes is None else changed(EXPECTED[key], changes))


@pytest.mark.parametrize("key", BUILDERS)
@pytest.mark.parametrize("text", UNWANTED.values(), ids=UNWANTED)
def test_none_without_lets_encrypt_and_hosts(make: Make, key: str, text: str) -> None:
    assert make(BUILDERS[key], text) is None


def test_only_the_static_configuration_replaces_the_pod(make: Make) -> None:
    path = "spec template metadata annotations checksum/static-config"
    made = make(deployment.deployment, ON % "traefik: {extraStaticConfig: {log: {level: INFO}}}")
    assert made
    found = made["spec"]["template"]["metadata"]["annotations"]["checksum/static-config"]
    assert made == changed(EXPECTED["Deployment/autohttps"], {path: found})
    assert found != EXPECTED["Deployment/autohttps"]["spec"]["template"]["metadata"]["annotations"][path.split()[-1]]


def test_its_disruption_budget_has_a_name_of_its_own(make: Make) -> None:
    from chart_py.resources.proxy.pdb import pdb as proxy_pdb

    text = ON % "traefik: {pdb: {enabled: true}}, chp: {pdb: {enabled: true}}"
    made = [make(builder, text) for builder in (pdb.pdb, proxy_pdb)]
    assert [one and one["metadata"]["name"] for one in made] == ["autohttps", "proxy"]


def test_the_hub_reads_the_whole_configuration() -> None:
    def read_by_hub(text: str) -> tuple[Any, Any]:
        values = values_of(text)
        return values.tree, config_map.tree_with_traefik(values, Names(values, Context()))

    tree, found = read_by_hub(ON % "traefik: {labels: {a: b}}")
    data = EXPECTED["ConfigMap/autohttps"]["data"]
    whole = {"extraStaticConfig": data["traefik.yaml"], "extraDynamicConfig": data["dynamic.yaml"]}
    proxy = {**tree["proxy"], "traefik": {**tree["proxy"]["traefik"], **whole}}
    assert found == {**tree, "proxy": proxy}
    assert found["proxy"]["traefik"]["labels"] == {"a": "b"}
    tree, found = read_by_hub("")
    assert found is tree
