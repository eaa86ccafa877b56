"""NetworkPolicies as the API server has them: what it fills in, what empty and missing lists say, what it refuses."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.reach.addresses import network
from chart_py.reach.decision import Answer
from chart_py.reach.pair import pair
from chart_py.reach.party import ContainerPort, Outside, PodParty, space
from chart_py.reach.policy import EGRESS, INGRESS, InvalidPolicyError, Policy, policies, policy

PORTS = (ContainerPort(8080, "TCP", "http"), ContainerPort(53, "UDP", "dns"))
WEB = PodParty("web", space("ns"), {"app": "web"}, PORTS)
DB = PodParty("db", space("ns"), {"app": "db"}, (ContainerPort(5432, "TCP", "sql"),))
FAR = PodParty("far", space("other", {"team": "a"}), {"app": "web"})
ONE = Outside("198.51.100.7", network("198.51.100.7"))


def made(**spec: Any) -> Policy:
    return policy({"metadata": {"name": "p", "namespace": "ns"}, "spec": {"podSelector": {}, **spec}}, "unused")


def answer(found: Policy, who: Any, whom: Any, port: int = 8080, protocol: str = "TCP") -> str:
    return pair([found], who, whom).at(protocol, port).answer.word


@pytest.mark.parametrize(
    ("spec", "types"),
    [
        ({}, {INGRESS}),
        ({"policyTypes": []}, {INGRESS}),
        ({"ingress": [{}]}, {INGRESS}),
        ({"egress": [{}]}, {INGRESS, EGRESS}),
        ({"egress": []}, {INGRESS}),
        ({"policyTypes": ["Egress"]}, {EGRESS}),
        ({"policyTypes": ["Egress"], "ingress": [{}]}, {EGRESS}),
        ({"policyTypes": ["Ingress", "Egress"]}, {INGRESS, EGRESS}),
    ],
)
def test_the_directions_that_a_policy_governs(spec: dict[str, Any], types: set[str]) -> None:
    found = made(**spec)
    assert {way for way in (INGRESS, EGRESS) if found.rules(way) is not None} == types


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], "no"),
        ([{}], "yes"),
        ([{"from": []}], "yes"),
        ([{"from": None, "ports": None}], "yes"),
        ([{"ports": []}], "yes"),
        ([{"from": [{"podSelector": {}}]}], "yes"),
        ([{"from": [{"podSelector": {}}], "ports": []}], "yes"),
        ([{"from": [{"namespaceSelector": {}}]}], "yes"),
        ([{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}], "no"),
        ([{"from": [{"podSelector": {"matchLabels": {"app": "web"}}}]}, {}], "yes"),
    ],
)
def test_empty_lists_say_what_missing_ones_do(rules: list[Any], expected: str) -> None:
    assert answer(made(ingress=rules), DB, WEB) == expected


def test_a_pod_selector_alone_is_of_the_policys_namespace() -> None:
    rule = {"podSelector": {"matchLabels": {"app": "web"}}}
    assert answer(made(ingress=[{"from": [rule]}]), FAR, WEB) == "no"
    assert answer(made(ingress=[{"from": [{**rule, "namespaceSelector": {}}]}]), FAR, WEB) == "yes"
    # Both selectors in one peer have to hold; two peers are alternatives.
    both = {"podSelector": {"matchLabels": {"app": "db"}}, "namespaceSelector": {"matchLabels": {"team": "a"}}}
    assert answer(made(ingress=[{"from": [both]}]), FAR, WEB) == "no"
    apart = [{key: value} for key, value in both.items()]
    assert answer(made(ingress=[{"from": apart}]), FAR, WEB) == "yes"


def test_namespaces_have_the_label_of_their_name() -> None:
    peer = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "other"}}}
    assert answer(made(ingress=[{"from": [peer]}]), FAR, WEB) == "yes"
    assert answer(made(ingress=[{"from": [peer]}]), DB, WEB) == "no"


@pytest.mark.parametrize(
    ("ports", "port", "protocol", "expected"),
    [
        ([{"port": 8080}], 8080, "TCP", "yes"),
        ([{"port": 8080}], 8080, "UDP", "no"),
        ([{"port": 8080, "protocol": "SCTP"}], 8080, "SCTP", "yes"),
        ([{"protocol": "UDP"}], 1, "UDP", "yes"),
        ([{"protocol": "UDP"}], 8080, "TCP", "no"),
        ([{"port": 8000, "endPort": 8090}], 8080, "TCP", "yes"),
        ([{"port": 8000, "endPort": 8090}], 8091, "TCP", "no"),
        ([{"port": "http"}], 8080, "TCP", "yes"),
        ([{"port": "http"}], 8081, "TCP", "no"),
        # The name is of a port with the protocol of the rule.
        ([{"port": "dns"}], 53, "TCP", "no"),
        ([{"port": "dns", "protocol": "UDP"}], 53, "UDP", "yes"),
        ([{"port": "sql"}], 5432, "TCP", "no"),
    ],
)
def test_ports(ports: list[Any], port: int, protocol: str, expected: str) -> None:
    assert answer(made(ingress=[{"ports": ports}]), DB, WEB, port, protocol) == expected


def test_policies_add_up_and_never_take_away() -> None:
    closed, opened = made(), made(ingress=[{"ports": [{"port": 8080}]}])
    assert pair([closed], DB, WEB).at("TCP", 8080).answer is Answer.NO
    assert pair([closed, opened], DB, WEB).at("TCP", 8080).answer is Answer.YES
    assert pair([], DB, WEB).at("TCP", 8080).answer is Answer.YES


def test_what_a_plugin_decides() -> None:
    """Where Kubernetes leaves it open, the answer depends."""
    block = made(policyTypes=["Egress"], egress=[{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}])
    assert answer(block, DB, WEB) == "depends"
    assert answer(block, DB, ONE) == "no"
    elsewhere = made(policyTypes=["Egress"], egress=[{"to": [{"ipBlock": {"cidr": "198.51.100.0/24"}}]}])
    assert answer(elsewhere, DB, WEB) == "no"
    assert answer(elsewhere, DB, ONE) == "yes"
    named = made(policyTypes=["Egress"], egress=[{"to": [{"podSelector": {}}], "ports": [{"port": "http"}]}])
    assert answer(named, DB, WEB) == "depends"
    source = made(ingress=[{"from": [{"ipBlock": {"cidr": "198.51.100.0/24"}}]}])
    assert answer(source, ONE, WEB) == "depends"
    node = PodParty("node", space("ns"), {"app": "node"}, host_network=True)
    assert answer(made(), DB, node) == "depends"
    assert answer(made(ingress=[{"from": [{"podSelector": {}}]}]), node, WEB) == "depends"


@pytest.mark.parametrize(
    ("rule", "is_shape", "said"),
    [
        ({"ports": [{"port": 70000}]}, False, "1 to 65535"),
        ({"ports": [{"port": 0}]}, False, "1 to 65535"),
        ({"ports": [{"port": True}]}, False, "1 to 65535"),
        ({"ports": [{"port": 9000, "endPort": 8000}]}, False, "less than port"),
        ({"ports": [{"port": "http", "endPort": 8000}]}, False, "a number"),
        ({"ports": [{"endPort": 8000}]}, False, "needs a port"),
        ({"ports": [{"port": 80, "protocol": "tcp"}]}, False, "TCP, UDP, SCTP"),
        ({"ports": [80]}, True, "a map"),
        ({"ports": {"port": 80}}, True, "lists"),
        ({"from": [{}]}, False, "needs podSelector"),
        ({"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}, "podSelector": {}}]}, False, "no other selector"),
        ({"from": [{"ipBlock": {"cidr": "10.0.0.0/99"}}]}, True, "10.0.0.0/99"),
        ({"from": ["10.0.0.0/8"]}, True, "a map"),
        (5, True, "a map"),
    ],
)
def test_what_no_server_takes_matches_nothing(rule: Any, is_shape: bool, said: str) -> None:
    found = made(ingress=[rule])
    assert found.ingress is not None
    (fault,) = found.ingress[0].faults
    assert fault.is_shape is is_shape
    assert said in fault.text
    assert answer(found, DB, WEB) == "no"


@pytest.mark.parametrize(
    "spec", [{"podSelector": ["x"]}, {"ingress": {"from": []}}, {"egress": "x"}, {"policyTypes": "Ingress"}]
)
def test_what_is_not_a_policy(spec: dict[str, Any]) -> None:
    with pytest.raises(InvalidPolicyError, match="NetworkPolicy/p: spec"):
        made(**spec)


def test_other_kinds_are_no_policies() -> None:
    calico = {"apiVersion": "projectcalico.org/v3", "kind": "NetworkPolicy", "metadata": {"name": "c"}}
    own = {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "metadata": {"name": "k"}, "spec": {}}
    assert [each.name for each in policies([calico, own, {"kind": "Service"}], "ns")] == ["k"]
