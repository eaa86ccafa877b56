"""The proxy's Services, NetworkPolicy, PodDisruptionBudget and Secret."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.resources.proxy import network_policy, pdb, secret, service
from tests.resources.conftest import Make
from tests.resources.variant import changed, shown

EXPECTED = shown(__file__)
ONE_HOST = "proxy: {https: {enabled: true, hosts: [a.example.org]}}"
MANUAL = "proxy: {https: {enabled: true, type: manual, manual: {key: a key, cert: a certificate}}}"
OWN_SECRET = "proxy: {https: {enabled: true, type: secret, secret: {name: mine}}}"
OFFLOAD = "proxy: {https: {enabled: true, type: offload}, service: {%s}}"
HTTP = {"name": "http", "port": 80, "targetPort": "http"}
HTTPS = {"name": "https", "port": 443, "targetPort": "https"}
STACK = "ipFamilyPolicy: RequireDualStack, ipFamilies: [IPv4, IPv6]"
STACKED = {"spec ipFamilyPolicy": "RequireDualStack", "spec ipFamilies": ["IPv4", "IPv6"]}
LABEL = "hub.jupyter.org/network-access-"

VARIANTS: list[tuple[Any, str, str, dict[str, Any] | None]] = [
    (service.api_service, "Service/proxy-api", "", {}),
    (service.api_service, "Service/proxy-api", f"proxy: {{service: {{{STACK}}}}}", STACKED),
    (
        service.api_service,
        "Service/proxy-api",
        "proxy: {service: {type: NodePort, ipFamilyPolicy: null}}",
        {"spec ipFamilyPolicy": None},
    ),
    (service.http_service, "Service/proxy-http", "", None),
    (service.http_service, "Service/proxy-http", "proxy: {https: {enabled: true}}", None),
    (service.http_service, "Service/proxy-http", MANUAL, None),
    (service.http_service, "Service/proxy-http", ONE_HOST, {}),
    (service.public_service, "Service/proxy-public", "", {}),
    (
        service.public_service,
        "Service/proxy-public",
        ONE_HOST,
        {"spec ports": [HTTPS, HTTP], "spec selector component": "autohttps"},
    ),
    (service.public_service, "Service/proxy-public", "proxy: {https: {enabled: true}}", {}),
    (service.public_service, "Service/proxy-public", "proxy: {https: {enabled: true, type: null, hosts: [a]}}", {}),
    (service.public_service, "Service/proxy-public", MANUAL, {"spec ports": [HTTPS, HTTP]}),
    (service.public_service, "Service/proxy-public", OWN_SECRET, {"spec ports": [HTTPS, HTTP]}),
    (
        service.public_service,
        "Service/proxy-public",
        OFFLOAD % "type: NodePort, nodePorts: {http: 30080, https: 30443}",
        {
            "spec type": "NodePort",
            "spec ports": [{**HTTPS, "targetPort": "http", "nodePort": 30443}, {**HTTP, "nodePort": 30080}],
        },
    ),
    (
        service.public_service,
        "Service/proxy-public",
        OFFLOAD % "disableHttpPort: true",
        {"spec ports": [{**HTTPS, "targetPort": "http"}]},
    ),
    (service.public_service, "Service/proxy-public", "proxy: {service: {disableHttpPort: true}}", {}),
    (
        service.public_service,
        "Service/proxy-public",
        "proxy: {service: {disableHttpPort: true, extraPorts: [{name: ssh, port: 22}]}}",
        {"spec ports": [{"name": "ssh", "port": 22}]},
    ),
    (
        service.public_service,
        "Service/proxy-public",
        f"proxy: {{service: {{{STACK}, loadBalancerIP: 192.0.2.1, loadBalancerSourceRanges: [192.0.2.0/24], "
        "externalIPs: [192.0.2.9], extraPorts: [{name: ssh, port: 22}], labels: {a: b}, annotations: {c: d}}}",
        {
            **STACKED,
            "metadata labels a": "b",
            "metadata annotations": {"c": "d"},
            "spec loadBalancerIP": "192.0.2.1",
            "spec loadBalancerSourceRanges": ["192.0.2.0/24"],
            "spec externalIPs": ["192.0.2.9"],
            "spec ports": [HTTP, {"name": "ssh", "port": 22}],
        },
    ),
    (
        service.public_service,
        "Service/proxy-public",
        "proxy: {service: {type: ClusterIP, loadBalancerSourceRanges: [192.0.2.0/24]}}",
        {"spec type": "ClusterIP"},
    ),
    (network_policy.network_policy, "NetworkPolicy/proxy", "", {}),
    (network_policy.network_policy, "NetworkPolicy/proxy", ONE_HOST, {}),
    (
        network_policy.network_policy,
        "NetworkPolicy/proxy",
        MANUAL,
        {"spec ingress 1 ports": [{"port": "http"}, {"port": "https"}]},
    ),
    (
        network_policy.network_policy,
        "NetworkPolicy/proxy",
        "proxy: {chp: {networkPolicy: {interNamespaceAccessLabels: accept, allowedIngressPorts: [], ingress: [{ports: "
        "[{port: 1}]}]}}}",
        {
            "spec ingress": [
                *(
                    {
                        "ports": [{"port": port}],
                        "from": [
                            {"podSelector": {"matchLabels": {LABEL + label: "true"}}},
                            {"namespaceSelector": {"matchLabels": {LABEL + label: "true"}}},
                        ],
                    }
                    for label, port in (("proxy-http", "http"), ("proxy-api", "api"))
                ),
                {"ports": [{"port": 1}]},
            ]
        },
    ),
    (
        network_policy.network_policy,
        "NetworkPolicy/proxy",
        "proxy: {chp: {networkPolicy: {enabled: false}}}",
        None,
    ),
    (pdb.pdb, "PodDisruptionBudget/proxy", "", None),
    (pdb.pdb, "PodDisruptionBudget/proxy", "proxy: {chp: {pdb: {enabled: true}}}", {}),
    (
        pdb.pdb,
        "PodDisruptionBudget/proxy",
        "proxy: {chp: {pdb: {enabled: true, maxUnavailable: 0}}}",
        {"spec maxUnavailable": 0, "spec minAvailable": None},
    ),
    (secret.secret, "Secret/proxy-public-manual-tls", "", None),
    (secret.secret, "Secret/proxy-public-manual-tls", OWN_SECRET, None),
    (secret.secret, "Secret/proxy-public-manual-tls", MANUAL, {}),
    (secret.secret, "Secret/proxy-public-manual-tls", MANUAL.replace("enabled: true", "enabled: false"), None),
]


@pytest.mark.parametrize(("builder", "key", "text", "changes"), VARIANTS)
def test_object(make: Make, builder: Any, key: str, text: str, changes: dict[str, Any] | None) -> None:
    assert make(builder, text) == (None if changes is None else changed(EXPECTED[key], changes))
