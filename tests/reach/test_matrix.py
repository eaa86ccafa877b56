"""Who reaches whom: whole matrices of configurations, read by a person, and single answers with what decides them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from chart_py.reach.targets import UnknownPartyError, named
from tests.reach.hubs import hub

VALUES = Path(__file__).parent.parent.parent / "values"

DEFAULTS = """\
                                                        other-  other-
to \\ from         user  hub         proxy  placeholder  pods    namespaces
user              no    8888        8888   no           no      no
hub               8081  no          8081   no           no      no
proxy             8000  8000?,8001  8000?  8000         8000    8000
placeholder       53?   ?           ?      yes          yes     yes
other-pods        53?   ?           ?      yes          yes     yes
other-namespaces  53?   ?           ?      yes          yes     yes
dns               53    53 ?        53 ?   yes          yes     yes
kubernetes-api    53 ?  yes         yes    yes          yes     yes
metadata          53    yes         yes    yes          yes     yes
private           53    yes         yes    yes          yes     yes
internet          yes   yes         yes    yes          yes     yes
"""
CHART_1 = """\
                                                         other-  other-
to \\ from         user   hub         proxy  placeholder  pods    namespaces
user              no     8888        8888   no           no      no
hub               8081   no          8081   no           no      no
proxy             8000?  8000?,8001  8000?  8000         8000    8000
placeholder       53 ?   53 ?        53 ?   yes          yes     yes
other-pods        53 ?   53 ?        53 ?   yes          yes     yes
other-namespaces  53 ?   53 ?        53 ?   yes          yes     yes
dns               53 ?   53 ?        53 ?   yes          yes     yes
kubernetes-api    yes    yes         yes    yes          yes     yes
metadata          no     yes         yes    yes          yes     yes
private           yes    yes         yes    yes          yes     yes
internet          yes    yes         yes    yes          yes     yes
"""
LOCKED = """\
                                                            other-  other-
to \\ from         user      hub         proxy  placeholder  pods    namespaces
user              no        8888        8888   no           no      no
hub               8081      no          8081   no           no      no
proxy             8000      8000?,8001  no     8000         8000    8000
placeholder       53?,443?  ?           53?    yes          yes     yes
other-pods        53?,443?  ?           53?    yes          yes     yes
other-namespaces  53?,443?  ?           53?    yes          yes     yes
dns               53,443?   53 ?        53     yes          yes     yes
kubernetes-api    53?,443?  yes         53?    yes          yes     yes
metadata          no        53          53     yes          yes     yes
private           53,443?   yes         53     yes          yes     yes
internet          no        yes         no     yes          yes     yes
"""
LETSENCRYPT = """\
to \\ from         user       hub          proxy        autohttps    placeholder
user              no         8888         8888         no           no
hub               8081       no           8081         no           no
proxy             8000       8000?,8001   8000?        8000         8000
autohttps         8080,8443  8080?,8443?  8080?,8443?  8080?,8443?  8080,8443
placeholder       53?        ?            ?            ?            yes
other-pods        53?        ?            ?            ?            yes
other-namespaces  53?        ?            ?            ?            yes
dns               53         53 ?         53 ?         53 ?         yes
kubernetes-api    53 ?       yes          yes          yes          yes
metadata          53         yes          yes          yes          yes
private           53         yes          yes          yes          yes
internet          yes        yes          yes          yes          yes

                  other-     other-
to \\ from         pods       namespaces
user              no         no
hub               no         no
proxy             8000       8000
autohttps         8080,8443  8080,8443
placeholder       yes        yes
other-pods        yes        yes
other-namespaces  yes        yes
dns               yes        yes
kubernetes-api    yes        yes
metadata          yes        yes
private           yes        yes
internet          yes        yes
"""


@pytest.mark.parametrize(("name", "expected"), [("network-lockdown", LOCKED), ("https-letsencrypt", LETSENCRYPT)])
def test_configurations_to_start_from(name: str, expected: str) -> None:
    assert hub((VALUES / f"{name}.yaml").read_text(encoding="utf-8")).shown() == expected


def test_the_defaults() -> None:
    assert hub().shown() == DEFAULTS


def test_a_chart_of_2021() -> None:
    assert hub(chart_version="1.2.0").shown() == CHART_1


@pytest.mark.parametrize("width", [60, 80, 120])
def test_no_line_is_wider_than_the_terminal(width: int) -> None:
    profiles = [
        {"display_name": f"A profile of number {n}", "kubespawner_override": {"extra_labels": {"n": str(n)}}}
        for n in range(8)
    ]
    lines = hub({"singleuser": {"profileList": profiles}}).shown(width).splitlines()
    assert max(map(len, lines)) <= width
    assert sum(line.startswith("dns ") for line in lines) == sum(line.startswith("to \\ from") for line in lines) > 0


POSTGRES = """
hub:
  db: {type: postgres, url: "postgresql+psycopg2://hub:secret@db.example.org/hub"}
  networkPolicy: {egressAllowRules: {nonPrivateIPs: false}}
"""


@pytest.mark.parametrize(
    ("values", "who", "whom", "expected"),
    [
        # What the chart's own rules open and close.
        ("", "user", "hub:http", "yes"),
        ("", "user", "hub:8080", "no"),
        ("", "user", "internet:443", "yes"),
        ("", "user", "10.0.0.1:443", "no"),
        ("", "user", "100.64.0.1:443", "yes"),
        ("", "user", "2001:db8::1", "no"),
        ("", "user", "[2001:db8::1]:443", "no"),
        ("", "user", "other-pods:8888", "no"),
        ("", "hub", "kubernetes-api:443", "yes"),
        ("", "app=dask", "user:8888", "no"),
        ("", "hub.jupyter.org/network-access-singleuser=true", "user:8888", "yes"),
        ("", "namespace/monitoring", "hub:8081", "no"),
        # The metadata server, by policy and by the pod's own iptables.
        ("", "user", "169.254.169.254:80", "no"),
        ("", "user", "metadata.google.internal:53/udp", "yes"),
        ("", "hub", "metadata:80", "yes"),
        ("singleuser: {networkPolicy: {egressAllowRules: {cloudMetadataServer: true}}}", "user", "metadata:80", "no"),
        ("singleuser: {networkPolicy: {egressAllowRules: {cloudMetadataServer: true}}}", "user", "metadata:81", "yes"),
        ("singleuser: {cloudMetadata: {blockWithIptables: false}}", "user", "metadata:80", "no"),
        (
            "singleuser: {cloudMetadata: {blockWithIptables: false},"
            " networkPolicy: {egressAllowRules: {cloudMetadataServer: true}}}",
            "user",
            "metadata:80",
            "yes",
        ),
        ("singleuser: {networkPolicy: {enabled: false}}", "user", "metadata:80", "no"),
        ("singleuser: {networkPolicy: {enabled: false}}", "user", "internet", "yes"),
        ("singleuser: {networkPolicy: {enabled: false}}", "user", "user", "yes"),
        # Names lead somewhere; which address decides is not known.
        ("", "user", "db.example.org:5432", "depends"),
        ("", "hub", "db.example.org:5432", "yes"),
        (POSTGRES, "hub", "database", "depends"),
        # Services lead to the ports of their pods.
        ("", "other-namespaces", "proxy-public:80", "yes"),
        ("", "hub", "proxy-api:8001", "yes"),
        ("", "user", "proxy-api:8001", "no"),
        ("", "hub", "hub.jhub.svc.cluster.local:8081", "no"),
        ("", "hub", "grader.marks.svc:8000", "depends"),
        ("hub: {networkPolicy: {egress: [{to: [{namespaceSelector: {}}]}]}}", "hub", "grader.marks.svc:8000", "yes"),
        # IPv6 is closed by the chart's rules, which are about IPv4.
        ("", "hub", "internet-ipv6", "no"),
        ("hub: {networkPolicy: {egress: [{to: [{ipBlock: {cidr: '::/0'}}]}]}}", "hub", "internet-ipv6:443", "yes"),
        # From outside, the address that arrives is not sure to be the client's own.
        ("", "internet", "proxy:http", "yes"),
        ("", "internet", "hub:http", "no"),
        ("hub: {networkPolicy: {ingress: [{from: [{ipBlock: {cidr: 0.0.0.0/0}}]}]}}", "internet", "hub", "depends"),
        ("singleuser: {extraPodConfig: {hostNetwork: true}}", "user", "10.0.0.1:443", "depends"),
    ],
)
def test_one_answer(values: str, who: str, whom: str, expected: str) -> None:
    assert hub(values).answer(who, whom) == expected


def test_profiles_are_parties_of_their_own() -> None:
    values = """
singleuser:
  networkPolicy:
    egress: [{to: [{podSelector: {matchLabels: {app: dask}}}], ports: [{port: 8786}]}]
  profileList:
  - display_name: Plain
  - {display_name: With Dask, slug: dask, kubespawner_override: {extra_labels: {app: dask}}}
  - display_name: Far
    kubespawner_override: {extra_labels: {hub.jupyter.org/network-access-hub: null}}
"""
    found = hub(values)
    # KubeSpawner's own labels go over extra ones: the label app stays the release's.
    assert [each.name for each in found.release.users] == ["user/plain", "user/far"]
    assert found.answer("user/plain", "hub:http") == "yes"
    assert found.answer("user/far", "hub:http") == "no"
    assert [(e.who.name, e.answer.word) for e in found.edges("user", "hub:http")] == [
        ("user/plain", "yes"),
        ("user/far", "no"),
    ]


def test_a_managed_service_is_reached_through_its_service() -> None:
    values: dict[str, Any] = {
        "hub": {
            "services": {
                "hello": {"url": "http://hub:10101", "command": ["hello"]},
                "far": {"url": "https://example.org"},
            },
            "service": {"extraPorts": [{"name": "hello", "port": 10101, "targetPort": 9}]},
            "networkPolicy": {"ingress": [{"ports": [{"port": 9}]}]},
        }
    }
    found = hub(values)
    assert found.answer("proxy", "service/hello") == "depends"
    assert found.answer("other-pods", "service/hello") == "yes"
    assert found.answer("proxy", "service/far") == "yes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("usr", "did you mean user"),
        ("placeholders:80", "did you mean placeholder"),
        ("grader", "give its port: grader:8000"),
        ("proxy-public:81", "its ports: 80"),
        ("hub:htp", "or one of http"),
        ("hub:70000", "expected a port such as 443"),
        ("internet:443/icmp", "expected a port such as 443"),
        ("internet:90-80", "expected a port such as 443"),
        ("internet:", "expected a port such as 443"),
        ("a b", "not a known party or host"),
        ("=x", "expected labels such as"),
        ("app=dask,tier", "expected labels such as"),
        ("10.0.0.0/99", "not a known party or host"),
        ("", "not a known party or host"),
        ("database", "not a known party"),
        ("service/none", "not a known party"),
    ],
)
def test_what_names_nobody(text: str, said: str) -> None:
    with pytest.raises(UnknownPartyError) as caught:
        named(hub().release, text)
    assert said in str(caught.value)
