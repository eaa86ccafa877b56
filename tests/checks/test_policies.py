"""What `validate` tells of NetworkPolicies: each rule at its line, and nothing of configurations that are right."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from chart_py.checks import policies
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.editions import TODAY
from chart_py.finding import Finding, Level
from chart_py.rendering import context_for, render
from chart_py.values.load import load_values

VALUES = sorted((Path(__file__).parent.parent.parent / "values").glob("*.yaml"))


def found(text: str, chart_version: str = TODAY) -> list[Finding]:
    source = io.StringIO(text)
    source.name = "config.yaml"
    loaded = load_values([source], chart_version=chart_version)
    context = context_for(loaded, Context(), token=lambda: MASK)
    return policies.check(loaded, render(loaded, context), context)


def told(text: str) -> list[tuple[str, str, str]]:
    """Code, level and place of each finding."""
    return [(each.code, each.level.value, str(each.place)) for each in found(text)]


@pytest.mark.parametrize("file", VALUES, ids=lambda file: file.stem)
def test_the_configurations_to_start_from_are_right(file: Path) -> None:
    assert found(file.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "3.0.0", "3.3.8", "4.0.0", "5.0.0-dev", "0.7"])
def test_the_defaults_of_every_chart_are_right(version: str) -> None:
    assert found("", version) == []


ACCESS = "hub.jupyter.org/network-access-hub"
HEAD = "hub:\n  networkPolicy:\n"


@pytest.mark.parametrize(
    ("text", "code", "place", "says"),
    [
        (f"{HEAD}    ingress:\n    - ports:\n      - port: 70000\n", "policy-refused", "5:9", "1 to 65535"),
        (f"{HEAD}    egress:\n    - to:\n      - {{}}\n", "policy-refused", "5:9", "needs podSelector"),
        (
            f"{HEAD}    ingress:\n    - from:\n      - podSelector: {{matchExpressions: [{{key: a, operator: in}}]}}\n",
            "policy-refused",
            "5:9",
            "an operator: In, NotIn",
        ),
        (
            f"{HEAD}    ingress:\n    - from: [{{ipBlock: {{cidr: 10.0.0.0/8, except: [10.0.0.0/7]}}}}]\n",
            "policy-never",
            "4:14",
            "takes away all addresses",
        ),
        (
            f"{HEAD}    ingress:\n    - from:\n      - podSelector:\n          matchLabels: {{app: dask}}\n"
            "          matchExpressions: [{key: app, operator: DoesNotExist}]\n",
            "policy-never",
            "5:9",
            "no label can meet app=dask and !app",
        ),
        (f"{HEAD}    ingress:\n    - ports: [{{port: htp}}]\n", "policy-never", "4:15", "did you mean http?"),
        (f"{HEAD}    allowedIngressPorts: [http, htps]\n", "policy-never", "3:33", "did you mean"),
        (
            f"{HEAD}    egress:\n    - ports: [{{port: sql}}]\n      to: [{{ipBlock: {{cidr: 10.4.0.0/16}}}}]\n",
            "policy-never",
            "4:15",
            "an address has no port called sql",
        ),
        (
            f"{HEAD}    egress:\n    - ports: [{{port: apis}}]\n"
            "      to: [{podSelector: {matchLabels: {component: proxy}}}]\n",
            "policy-never",
            "4:15",
            "did you mean api?",
        ),
        (
            f"{HEAD}    ingress:\n    - from:\n      - podSelector: {{matchLabels: {{component: prxy}}}}\n",
            "policy-labels",
            "5:9",
            "did you mean component: proxy?",
        ),
        (
            f"{HEAD}    ingress:\n    - from:\n      - podSelector: {{matchLabels: {{componnt: proxy}}}}\n",
            "policy-labels",
            "5:9",
            "did you mean component?",
        ),
        (
            f"{HEAD}    ingress:\n    - from:\n      - podSelector: {{matchLabels: {{{ACCESS}: 'yes'}}}}\n",
            "policy-labels",
            "5:9",
            '"true"?',
        ),
        (
            "singleuser:\n  networkPolicy:\n    egress:\n    - to: [{podSelector: {matchLabels: {component: proxy}}}]\n"
            "      ports: [{port: 8001}]\n",
            "policy-one-sided",
            "4:12",
            "egress to proxy is allowed here",
        ),
        (
            "hub:\n  config:\n    KubeSpawner:\n      common_labels: {team: physics}\n",
            "policy-selects-nothing",
            "4:7",
            "they lack app=jupyterhub, release=jhub",
        ),
        (
            "hub:\n  config:\n    KubeSpawner:\n      enable_user_namespaces: true\n",
            "policy-selects-nothing",
            "4:7",
            "in other namespaces",
        ),
        (
            "singleuser:\n  profileList:\n  - display_name: A\n    kubespawner_override: {component_label: lab}\n"
            "  - display_name: B\n",
            "policy-selects-nothing",
            "2:3",
            "the profile a",
        ),
        (
            "hub:\n  config:\n    KubeSpawner:\n      extra_labels: {team: physics}\n",
            "reach-closed",
            "4:7",
            "user cannot reach hub:8081",
        ),
        (
            "hub:\n  config: {KubeSpawner: {port: 9999}}\n  networkPolicy: {egressAllowRules: {privateIPs: false}}\n",
            "reach-closed",
            "3:3",
            "hub cannot reach user:9999",
        ),
        (
            "proxy:\n  chp:\n    networkPolicy:\n      egressAllowRules:\n        dnsPortsCloudMetadataServer: false\n"
            "        dnsPortsKubeSystemNamespace: false\n        dnsPortsPrivateIPs: false\n        privateIPs: false\n"
            "        cloudMetadataServer: false\n",
            "reach-closed",
            "6:9",
            "proxy cannot reach dns",
        ),
        (
            "hub:\n  networkPolicy:\n    egressAllowRules: {privateIPs: false, nonPrivateIPs: false}\n",
            "reach-closed",
            "2:3",
            "hub cannot reach kubernetes-api:443",
        ),
        (
            "hub:\n  services:\n    hello:\n      url: http://hub:10101\n      command: [hello]\n"
            "  service: {extraPorts: [{name: hello, port: 10101}]}\n",
            "reach-service",
            "4:7",
            "proxy cannot reach the service hello at hub:10101",
        ),
        (
            "singleuser:\n  cloudMetadata: {blockWithIptables: false}\n  networkPolicy:\n    egress:\n"
            "    - to: [{ipBlock: {cidr: 0.0.0.0/0, except: [10.0.0.0/8]}}]\n      ports: [{port: 80}]\n",
            "reach-metadata",
            "5:7",
            "user reaches the cloud's metadata server by this rule",
        ),
        (
            "hub:\n  services:\n    hello:\n      url: http://10.4.0.9:80\n"
            "proxy: {chp: {networkPolicy: {egressAllowRules: {privateIPs: false}}}}\n",
            "reach-service",
            "4:7",
            "proxy cannot reach the service hello at 10.4.0.9:80",
        ),
    ],
)
def test_each_is_told_at_its_line(text: str, code: str, place: str, says: str) -> None:
    said = [each for each in found(text) if each.code == code]
    assert said, found(text)
    assert any(says in each.message for each in said), [each.message for each in said]
    assert all(each.level in (Level.WARNING, Level.ERROR) and each.advice for each in said)
    if place:
        assert place in {str(each.place).removeprefix("config.yaml:") for each in said}


@pytest.mark.parametrize(
    "text",
    [
        # Labels that other pods of the namespace, or of another, may carry.
        f"{HEAD}    ingress: [{{from: [{{podSelector: {{matchLabels: {{{ACCESS}: 'true'}}}}}}]}}]\n",
        f"{HEAD}    ingress: [{{from: [{{namespaceSelector: {{matchLabels: {{name: monitoring}}}}}}]}}]\n",
        f"{HEAD}    ingress: [{{from: [{{podSelector: {{}}}}]}}]\n",
        # autohttps is a component of the chart, which this configuration does without.
        f"{HEAD}    egress: [{{to: [{{podSelector: {{matchLabels: {{component: autohttps}}}}}}]}}]\n",
        # An address, or everybody, may have any port.
        f"{HEAD}    egress: [{{ports: [{{port: 5432}}], to: [{{ipBlock: {{cidr: 10.4.0.0/16}}}}]}}]\n",
        f"{HEAD}    egress: [{{ports: [{{port: sql}}]}}]\n",
        # Names that the pods have in another configuration.
        "proxy: {chp: {networkPolicy: {allowedIngressPorts: [http, https]}}}\n",
        # Both ends agree.
        "hub:\n  networkPolicy:\n    ingress: [{ports: [{port: 9000}]}]\n"
        "singleuser:\n  networkPolicy:\n    egress:\n"
        "    - {to: [{podSelector: {matchLabels: {component: hub}}}], ports: [{port: 9000}]}\n",
        # Where policies are off, nothing is closed.
        "hub: {networkPolicy: {enabled: false}}\nproxy: {chp: {networkPolicy: {enabled: false}}}\n"
        "singleuser: {networkPolicy: {enabled: false}, extraLabels: {hub.jupyter.org/network-access-hub: null}}\n",
        # What the hub's Python does to labels is not run.
        "hub:\n  config: {KubeSpawner: {extra_labels: {team: physics}}}\n"
        "  extraConfig:\n    mine: c.KubeSpawner.extra_labels = dict(team='physics')\n",
        # Who allows just the metadata server means it; and where iptables drop it, no rule opens it.
        "singleuser:\n  cloudMetadata: {blockWithIptables: false}\n"
        "  networkPolicy: {egressAllowRules: {cloudMetadataServer: true}}\n",
        "singleuser:\n  cloudMetadata: {blockWithIptables: false}\n"
        "  networkPolicy: {egress: [{to: [{ipBlock: {cidr: 169.254.169.254/32}}]}]}\n",
        "singleuser: {networkPolicy: {egress: [{to: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}}\n",
        # A cluster's DNS may be with the metadata server.
        "proxy:\n  chp:\n    networkPolicy:\n      egressAllowRules:\n        dnsPortsKubeSystemNamespace: false\n"
        "        dnsPortsPrivateIPs: false\n        privateIPs: false\n",
    ],
)
def test_what_is_right_is_left_alone(text: str) -> None:
    assert [each.text() for each in found(text) if each.level is not Level.NOTE] == []


def test_a_label_of_other_pods_is_a_note() -> None:
    text = f"{HEAD}    ingress: [{{from: [{{podSelector: {{matchLabels: {{app: dask}}}}}}]}}]\n"
    assert [code_and_level[:2] for code_and_level in told(text)] == [("policy-labels", "note")]


def test_a_service_at_a_port_that_no_service_has_is_a_note() -> None:
    text = "hub: {services: {hello: {url: 'http://hub:8888', command: [hello]}}}\n"
    assert [each[:2] for each in told(text)] == [("reach-service", "note")]


def test_a_managed_service_that_only_the_hub_cannot_reach() -> None:
    """The hub looks for its own service at the Service, too, and its pods do not carry the label of access to it."""
    opened = """\
hub:
  services: {hello: {url: "http://hub:10101", command: [hello]}}
  service: {extraPorts: [{name: hello, port: 10101}]}
  networkPolicy:
    ingress:
    - ports: [{port: 10101}]
      from:
      - podSelector: {matchLabels: {hub.jupyter.org/network-access-hub: "true"}}
"""
    assert [each.message for each in found(opened)] == ["hub cannot reach the service hello at hub:10101"]
    both = opened + "      - podSelector: {matchLabels: {app.kubernetes.io/component: hub}}\n"
    assert found(both) == []
