"""What a plan opens and closes is told with it: in `diff`, in `apply`, for people and for programs."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py import compare, execute, load, open_cluster, plan, plan_data, plan_text, plan_uninstall
from chart_py.changes.plan import Plan
from chart_py.views.plan_reach import MOST, shift_texts, shifts_of
from tests.fake_hub import namespace, working_cluster


def lines(found: Plan) -> list[str]:
    return [line for line in plan_text(found).splitlines() if " -> " in line and line.startswith("~")]


def between(before: Any, after: Any) -> Plan:
    return compare(load([before]), load([after]))


OFF = {"singleuser": {"networkPolicy": {"enabled": False}}}
OPENS = "~ opens user -> user, private-ipv6, internet-ipv6 (any port): no -> yes"


def test_a_policy_that_is_switched_off_opens() -> None:
    found = between({}, OFF)
    assert lines(found)[:2] == [
        OPENS,
        "~ opens placeholder, other-pods, other-namespaces -> user (any port): no -> yes",
    ]
    assert not any(line.startswith(("~ closes", "~ may close")) for line in lines(found))
    data = plan_data(found)["reach"]
    assert data["closes"] == []
    ports = [{"protocol": None, "first": 1, "last": 65535}]
    assert {"from": "user", "to": "user", "ports": ports, "before": "no", "after": "yes"} in data["opens"]


def test_one_that_is_switched_on_closes() -> None:
    assert all(line.startswith(("~ closes", "~ may close")) for line in lines(between(OFF, {})))


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ({"singleuser": {"memory": {"limit": "4G"}}}, []),
        ({"hub": {"extraEnv": {"A": "b"}}}, []),
        (
            {"singleuser": {"networkPolicy": {"egressAllowRules": {"nonPrivateIPs": False}}}},
            [
                "~ may close user -> kubernetes-api (any port but 53/tcp+udp): depends -> no",
                "~ closes user -> internet (any port): yes -> no",
                "~ may close user -> kubernetes-api (53/tcp+udp): yes -> depends",
            ],
        ),
        # Labels of users' pods stand in the values that the hub reads, not in any policy.
        (
            {"singleuser": {"extraLabels": {"hub.jupyter.org/network-access-hub": None}}},
            ["~ closes user -> hub (8081): yes -> no"],
        ),
    ],
)
def test_what_changes_in_reach_is_told_and_nothing_else(after: dict[str, Any], expected: list[str]) -> None:
    assert sorted(lines(between({}, after))) == sorted(expected)


def test_what_an_upgrade_would_do_to_a_live_release() -> None:
    hub = open_cluster(cluster=working_cluster(namespace()), release="jhub", namespace="jhub")
    first = plan(hub, load([{}]))
    # Who installs a hub, or removes it, asks about the hub as a whole.
    assert lines(first.plan) == []
    execute(hub, first)
    assert OPENS in lines(plan(hub, load([OFF])).plan)
    assert lines(plan(hub, load([{}])).plan) == []
    assert lines(plan_uninstall(hub).plan) == []


def test_many_lines_are_cut_where_nobody_asks_for_all() -> None:
    everything = {name: {"networkPolicy": {"enabled": False}} for name in ("hub", "singleuser")}
    found = shifts_of(between({}, {**everything, "proxy": {"chp": {"networkPolicy": {"enabled": False}}}}))
    whole = list(shift_texts(found, whole=True))
    short = list(shift_texts(found))
    assert len(whole) > MOST
    assert short == [*whole[:MOST], f"{len(whole) - MOST} more groups of edges open or close; -v shows them"]
