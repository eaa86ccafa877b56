"""What opens and what closes: between chart versions, by each rule that is added, by each policy that is added."""

from __future__ import annotations

import random
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_py.editions import TODAY
from chart_py.reach.decision import Answer
from chart_py.reach.edges import Shift, edges
from chart_py.reach.pair import pair
from chart_py.reach.party import PodParty
from chart_py.reach.policy import EGRESS, INGRESS, policies, policy, selecting
from chart_py.reach.said import ports_text
from tests.reach.hubs import hub
from tests.reach.random_sets import NAMESPACES, case


def told(found: Sequence[Shift]) -> list[str]:
    return [f"{each.word} {each.who} -> {each.whom} {ports_text(each.ports)}" for each in found]


def between(one: str, other: str, values: Any = "") -> tuple[list[str], list[str]]:
    """What opens and what closes from one chart version to another."""
    before, after = hub(values, one), hub(values, other)
    found = edges(before.manifests, after.manifests, "jhub")
    return told(found.opens), told(found.closes)


FAR = ("placeholder", "other-pods", "other-namespaces", "dns")
LOST_IN_2 = [
    # Users no longer reach private addresses; on some plugins they reached pods by the rule for all addresses.
    *(f"may close user -> {whom} any port but 53/tcp+udp" for whom in FAR),
    "may close user -> kubernetes-api any port but 53/tcp+udp",
    "closes user -> private any port but 53/tcp+udp",
    # DNS was open to everywhere.
    *(f"may close {who} -> {whom} 53/tcp+udp" for who in ("user", "hub", "proxy") for whom in FAR),
    *(f"closes {who} -> private-ipv6 53/tcp+udp" for who in ("user", "hub", "proxy")),
    *(f"closes {who} -> internet-ipv6 53/tcp+udp" for who in ("user", "hub", "proxy")),
]


def test_chart_2_closed_what_users_reach() -> None:
    opens, closes = between("1.2.0", "2.0.0")
    assert opens == ["may open user -> proxy 8000"]
    assert sorted(closes) == sorted(LOST_IN_2)


EDITIONS = ["2.0.0", "3.0.0", "3.1.0", "3.2.1", "3.3.8", "4.0.0", "4.1.0", "4.2.0", "4.3.5", TODAY, "5.0.0-dev"]


@pytest.mark.parametrize(("one", "other"), list(pairwise(EDITIONS)))
def test_nothing_closed_since(one: str, other: str) -> None:
    opens, closes = between(one, other)
    assert closes == []
    expected = []
    if one == "2.0.0":
        expected = [f"may open {who} -> dns 53/tcp+udp" for who in ("user", "hub", "proxy")]
        expected += ["opens user -> metadata 53/tcp+udp"]
    assert sorted(opens) == sorted(expected)


def test_before_that_only_one_thing_changed() -> None:
    assert between("1.0.0", "1.2.0") == ([], [])


def test_an_empty_list_that_closed_everything_opens_the_internet() -> None:
    """Up to chart 1.2 an empty list left users the hub and DNS; since 2.0 it restricts nothing."""
    opens, _ = between("1.2.0", "2.0.0", "singleuser: {networkPolicy: {egress: []}}")
    assert "opens user -> internet any port but 53/tcp+udp" in opens
    opens, _ = between("1.2.0", TODAY, "singleuser: {networkPolicy: {egress: []}}")
    assert "opens user -> internet any port but 53/tcp+udp" in opens


def test_rules_that_came_with_chart_3_are_on_where_all_of_chart_2_were_off() -> None:
    rules = {"cloudMetadataServer": False, "dnsPortsPrivateIPs": False, "nonPrivateIPs": False, "privateIPs": False}
    values = {"singleuser": {"networkPolicy": {"egressAllowRules": rules}}}
    opens, closes = between("2.0.0", "3.0.0", values)
    assert "opens user -> dns 53/tcp+udp" in opens
    assert "opens user -> metadata 53/tcp+udp" in opens
    assert closes == []


def test_a_policy_that_goes_opens_and_one_that_comes_closes() -> None:
    on, off = hub(), hub("singleuser: {networkPolicy: {enabled: false}}")
    found = edges(on.manifests, off.manifests, "jhub")
    assert not found.closes
    assert "opens user -> user any port" in told(found.opens)
    back = edges(off.manifests, on.manifests, "jhub")
    assert not back.opens
    assert [s.word.replace("open", "close") for s in found.opens] == [s.word for s in back.closes]


def test_nothing_changes_where_nothing_that_policies_see_does() -> None:
    one, other = hub(), hub("singleuser: {memory: {limit: 4G}, profileList: [{display_name: A}, {display_name: B}]}")
    assert not edges(one.manifests, other.manifests, "jhub")


def test_a_party_that_is_new_has_gained_nothing() -> None:
    https = "proxy: {https: {enabled: true, hosts: [a.example.org], letsencrypt: {contactEmail: a@example.org}}}"
    found = edges(hub().manifests, hub(https).manifests, "jhub")
    assert not any("autohttps" in (each.who, each.whom) for each in (*found.opens, *found.closes))


def test_users_pods_that_profiles_tell_apart_are_compared_with_what_they_were() -> None:
    profiles = [
        {"display_name": "A"},
        {"display_name": "B", "kubespawner_override": {"extra_labels": {"hub.jupyter.org/network-access-hub": None}}},
    ]
    found = edges(hub().manifests, hub({"singleuser": {"profileList": profiles}}).manifests, "jhub")
    assert told(found.closes) == ["closes user/b -> hub 8081"]
    assert not found.opens


def test_shifts_that_say_the_same_are_one_line() -> None:
    found = edges(hub(chart_version="2.0.0").manifests, hub(chart_version="3.0.0").manifests, "jhub")
    assert [(each.whos, each.whoms, each.shift.word) for each in found.grouped()] == [
        (("user",), ("metadata",), "opens"),
        (("user", "hub", "proxy"), ("dns",), "may open"),
    ]


def answers(manifests: list[dict[str, Any]], seed: int) -> list[Answer]:
    read = policies(manifests, "jhub")
    return [pair(read, q.who, q.whom).at(q.protocol, q.port).answer for q in case(seed).questions]


@given(st.integers(0, 10**9), st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_an_allow_rule_never_closes(seed: int, other: int) -> None:
    """One more rule in a direction that the policy governs already can only open."""
    before, donors = case(seed).policies, case(other).policies
    after = [dict(each) for each in before]
    pick = random.Random(seed ^ other)
    index, word = pick.randrange(len(after)), pick.choice(("ingress", "egress"))
    spec = dict(after[index]["spec"])
    types = policy({"spec": spec}, "x")
    if types.rules(INGRESS if word == "ingress" else EGRESS) is None:
        return
    extra = [rule for donor in donors for rule in donor["spec"].get(word, [])] or [{}]
    spec["policyTypes"] = [way for way in (INGRESS, EGRESS) if types.rules(way) is not None]
    spec[word] = [*spec.get(word, []), pick.choice(extra)]
    after[index] = {**after[index], "spec": spec}
    assert all(old <= new for old, new in zip(answers(before, seed), answers(after, seed), strict=True))


@given(st.integers(0, 10**9), st.integers(0, 10**9))
@settings(max_examples=150, deadline=None)
def test_a_policy_for_pods_that_had_none_never_opens(seed: int, other: int) -> None:
    """One more policy can only close for pods that no policy governed in its directions."""
    before, added = case(seed).policies, case(other).policies[0]
    old, new = policies(before, "jhub"), policies([*before, added], "jhub")
    for asked in case(seed).questions:
        touched = [
            (way, end)
            for way, end in ((EGRESS, asked.who), (INGRESS, asked.whom))
            if isinstance(end, PodParty)
            and any(each not in old for each in selecting(new, way, end.space.name, end.labels))
        ]
        if any(any(True for _ in selecting(old, way, end.space.name, end.labels)) for way, end in touched):
            continue
        was = pair(old, asked.who, asked.whom).at(asked.protocol, asked.port).answer
        now = pair(new, asked.who, asked.whom).at(asked.protocol, asked.port).answer
        assert now <= was
        if not touched:
            assert now is was


def test_random_sets_reach_every_namespace() -> None:
    """So that the properties are about something."""
    found = {each["metadata"]["namespace"] for seed in range(50) for each in case(seed).policies}
    assert found == set(NAMESPACES)
    kinds = {answer for seed in range(50) for answer in answers(case(seed).policies, seed)}
    assert kinds == set(Answer)
