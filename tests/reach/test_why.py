"""Why an edge is as it is, and what to write: whatever is advised does, once written, what it is advised for."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from chart_py.reach.decision import Answer
from chart_py.reach.matrix import Edge, matrix
from chart_py.reach.pair import Ports, pair
from chart_py.reach.party import PodParty, space
from chart_py.reach.said import cause_text, change_text
from chart_py.reach.targets import Target
from chart_py.reach.why import Act, Change, explain
from chart_py.views.reach_text import by_answer
from tests.reach.hubs import Hub, hub

CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "defaults": {},
    "off": {
        "singleuser": {"networkPolicy": {"enabled": False, "egress": [{"ports": [{"port": 25}]}]}},
        "hub": {"networkPolicy": {"enabled": False}},
    },
    "locked": {
        "singleuser": {
            "networkPolicy": {
                "egressAllowRules": {"nonPrivateIPs": False, "dnsPortsPrivateIPs": False},
                "egress": [{"to": [{"ipBlock": {"cidr": "10.20.30.40/32"}}], "ports": [{"port": 443}]}],
                "allowedIngressPorts": [22],
            }
        },
        "hub": {"networkPolicy": {"interNamespaceAccessLabels": "accept", "egressAllowRules": {"privateIPs": False}}},
    },
    "own-rules": {
        "proxy": {"chp": {"networkPolicy": {"ingress": [{"from": [{"podSelector": {}}]}], "allowedIngressPorts": []}}},
        "hub": {
            "db": {"type": "postgres", "url": "postgresql://h@10.4.0.7/hub"},
            "services": {"hello": {"url": "http://hub:10101"}},
            "service": {"extraPorts": [{"name": "hello", "port": 10101}]},
        },
    },
}


def with_change(values: dict[str, Any], found: Hub, change: Change) -> dict[str, Any]:
    """The values once a change is written."""
    made = copy.deepcopy(values)
    here: Any = made
    *above, last = change.path
    for index, step in enumerate(above):
        if isinstance(step, str):
            below: Any = [] if isinstance((*above, last)[index + 1], int) else {}
            here.setdefault(step, below)
        here = here[step]
    last_step: Any = last
    if change.act is Act.SET:
        here[last_step] = change.value
    elif change.act is Act.ADD:
        here[last_step] = [*here.get(last_step, []), filled(change.value)]
    elif change.act is Act.TAKE_OUT:
        here[last_step] = []
    elif isinstance(here, list):
        # Others of the same advice count from the list as it is.
        nobody = [{"podSelector": {"matchLabels": {"no": "one"}}}]
        here[last_step] = {"ports": [{"port": 1, "protocol": "SCTP"}], "to": nobody}
    else:
        del here[last_step]
    return made


def filled(rule: Any) -> Any:
    """A rule with what its reader has to fill in."""
    return json.loads(json.dumps(rule).replace("ADDRESS/32", "0.0.0.0/0"))


def same_edge(found: Hub, edge: Edge) -> Edge:
    (again,) = (
        each
        for each in matrix(found.release, shown={each.name for each in found.release.everyone()}).edges
        if (each.who.name, each.target.name, each.target.ports) == (edge.who.name, edge.target.name, edge.target.ports)
    )
    return again


def unnamed(change: Change) -> bool:
    """Whether the reader has to name pods or namespaces that nobody knows here."""
    return "NAMESPACE" in repr(change.value) or "'NAME'" in repr(change.value)


@pytest.mark.parametrize("name", CONFIGURATIONS)
def test_what_is_advised_does_it(name: str) -> None:
    values = CONFIGURATIONS[name]
    found = hub(values)
    tried = 0
    for edge in matrix(found.release).edges:
        for answer, pieces in by_answer(edge):
            why = explain(edge, pieces, found.settings)
            assert not (why.opening and answer is Answer.YES)
            assert not (why.closing and answer is Answer.NO)
            asked = why.asked
            for changes, wanted in ((why.opening, Answer.YES), (why.closing, Answer.NO)):
                if not changes or any(map(unnamed, changes)):
                    continue
                changed = values
                for change in changes:
                    changed = with_change(changed, found, change)
                after = same_edge(hub(changed), edge)
                answers = {piece.answer for piece in after.pair.within([asked])}
                assert answers == {wanted}, (edge.who.name, str(edge.target), answer, str(asked), changes)
                tried += 1
    assert tried > 30


OWN = """\
singleuser:
  networkPolicy:
    egressAllowRules:
      nonPrivateIPs: false
    egress:
      - ports: [{port: 443}]
      - to: [{ipBlock: {cidr: 10.4.0.0/16}}]
    ingress:
      - from: [{podSelector: {matchLabels: {app: dask}}}]
    allowedIngressPorts: [22]
  cloudMetadata:
    blockWithIptables: true
hub:
  networkPolicy:
    enabled: false
proxy:
  chp:
    networkPolicy:
      interNamespaceAccessLabels: accept
"""


RULES = "singleuser.networkPolicy.egressAllowRules"
USERS = "NetworkPolicy/singleuser, "
NOBODY = "egress: no policy governs these pods"
HUB_OFF = "hub.networkPolicy.enabled: false (config.yaml:15:5)"


@pytest.mark.parametrize(
    ("who", "whom", "expected"),
    [
        ("user", "internet:80", [f"{USERS}egress: {RULES}.nonPrivateIPs: false (config.yaml:4:7)"]),
        ("user", "internet:443", [f"{USERS}egress: singleuser.networkPolicy.egress[0] (config.yaml:6:9)"]),
        ("user", "10.4.1.1:80", [f"{USERS}egress: singleuser.networkPolicy.egress[1] (config.yaml:7:9)"]),
        (
            "app=dask",
            "user:9000",
            [NOBODY, f"{USERS}ingress: singleuser.networkPolicy.ingress[0] (config.yaml:9:9)"],
        ),
        (
            "other-pods",
            "user:22",
            [NOBODY, f"{USERS}ingress: singleuser.networkPolicy.allowedIngressPorts (config.yaml:10:5)"],
        ),
        (
            "user",
            "metadata:80",
            [
                "dropped by the pod's own iptables: singleuser.cloudMetadata.blockWithIptables: true"
                " (config.yaml:12:5)",
                f"{USERS}egress: {RULES}.cloudMetadataServer: false (default)",
            ],
        ),
        ("hub", "internet:80", [f"egress: {HUB_OFF}"]),
        ("user", "dns:53", [f"{USERS}egress: {RULES}.dnsPortsKubeSystemNamespace: true (default)"]),
        (
            "proxy",
            "hub:8081",
            ["NetworkPolicy/proxy, egress: rule 1, which every hub needs", f"ingress: {HUB_OFF}"],
        ),
    ],
)
def test_what_decides(who: str, whom: str, expected: list[str]) -> None:
    found = hub(OWN)
    (edge,) = found.edges(who, whom)
    assert [cause_text(cause) for cause in explain(edge, edge.pieces, found.settings).causes] == expected


def test_a_label_accepted_from_other_namespaces() -> None:
    found = hub(OWN)
    labels = {"hub.jupyter.org/network-access-proxy-api": "true"}
    (proxy,) = (each for each in found.release.workloads if each.name == "proxy")
    far = PodParty("far", space("far", labels))
    edge = Edge(far, Target("proxy", proxy, (Ports("TCP", 8001, 8001),)), pair(found.release.policies, far, proxy))
    why = explain(edge, edge.pieces, found.settings)
    setting = "proxy.chp.networkPolicy.interNamespaceAccessLabels"
    assert [cause_text(cause) for cause in why.causes] == [
        f"NetworkPolicy/proxy, ingress: {setting}: accept (config.yaml:19:7)"
    ]
    assert [change_text(change) for change in why.closing] == [f"{setting}: ignore"]


def test_older_names_are_named_as_they_stand() -> None:
    """A setting of an older chart decides under the name that its user wrote."""
    found = hub("singleuser: {cloudMetadata: {enabled: true}}\n")
    (edge,) = found.edges("user", "metadata:80")
    texts = [cause_text(cause) for cause in explain(edge, edge.pieces, found.settings).causes]
    assert any("singleuser.cloudMetadata.enabled" in text for text in texts), texts


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Change(Act.SET, ("a", "b.c"), "true"), 'a."b.c": "true"'),
        (Change(Act.SET, ("a",), False), "a: false"),
        (
            Change(Act.ADD, ("a", "egress"), {"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}], "ports": [{"port": 53}]}),
            'add to a.egress: {to: [{ipBlock: {cidr: "10.0.0.0/8"}}], ports: [{port: 53}]}',
        ),
        (Change(Act.REMOVE, ("a", "egress", 2)), "remove a.egress[2]"),
        (Change(Act.TAKE_OUT, ("a", "allowedIngressPorts")), "take the port out of a.allowedIngressPorts"),
    ],
)
def test_a_change_in_one_line(change: Change, expected: str) -> None:
    assert change_text(change) == expected
