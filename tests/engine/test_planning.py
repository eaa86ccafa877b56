"""A plan is of one state of each object, whatever controllers write while it is made."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.changes.change import Change, Operation
from chart_py.cluster.fake import FakeCluster
from chart_py.cluster.interface import Ref
from chart_py.context import MANAGER
from chart_py.engine.owner import Owner, as_owned
from chart_py.engine.planning import READINGS, Planner
from chart_py.manifest.key import key_of
from tests.engine.small import claim

OWNER = Owner("jhub", "ns")


def planned(times: int, wanted: dict[str, Any]) -> tuple[Change, FakeCluster]:
    """The plan for a claim that the volume controller binds, or writes again, before `times` of the dry runs."""
    written = 0

    def bind(verb: str, ref: Ref, dry_run: bool) -> None:
        nonlocal written
        if verb == "apply" and dry_run and written < times:
            written += 1
            live = cluster.objects()[0]
            live["spec"]["volumeName"] = "pv-1"
            live["metadata"].setdefault("annotations", {})["bound"] = str(written)
            cluster.put(live)

    cluster = FakeCluster()
    cluster.apply(as_owned(claim(), OWNER), manager=MANAGER)
    cluster = FakeCluster(cluster.objects(), before_request=bind)
    recorded = {key_of(as_owned(claim(), OWNER)): as_owned(claim(), OWNER)}
    (change,), problems = Planner(cluster, OWNER, recorded).changes([wanted])
    assert not problems
    return change, cluster


@pytest.mark.parametrize("times", [0, 1, READINGS - 1])
def test_what_a_controller_writes_meanwhile_is_no_change(times: int) -> None:
    change, cluster = planned(times, claim())
    assert change.operation is Operation.UNCHANGED
    assert [verb for verb, _, _ in cluster.asked] == ["get", "apply"] * (times + 1)


def test_a_change_of_ours_is_one_all_the_same() -> None:
    change, cluster = planned(1, claim(size="2Gi"))
    assert change.operation is Operation.UPDATE
    assert change.live is not None and change.after is not None
    assert change.live["spec"] == {**change.after["spec"], "resources": {"requests": {"storage": "1Gi"}}}
    assert [verb for verb, _, _ in cluster.asked] == ["get", "apply"] * 2


def test_an_object_that_is_written_all_the_time_is_planned_by_the_last_reading() -> None:
    change, cluster = planned(1000, claim())
    assert change.operation is Operation.UPDATE
    assert len(cluster.asked) == 2 * READINGS
