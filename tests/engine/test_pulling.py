"""Images are pulled before the workloads change: watched by node and image, and nothing of it stays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from chart_py.engine.apply import plan_apply, read_standing
from chart_py.engine.execute import World, execute
from chart_py.engine.prepared import Options, Release
from chart_py.engine.pulling import Pull
from chart_py.errors import NotReadyError
from tests.control_plane import ControlPlane, wait_until
from tests.engine import small
from tests.engine.observer import Memory
from tests.engine.state import history, objects


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def world(control_plane: ControlPlane, memory: Memory) -> World:
    return small.world(control_plane.kubeconfig(), memory)


@pytest.fixture
def awkward_nodes(control_plane: ControlPlane) -> Iterator[None]:
    """A full node, a cordoned one, and one that is not ready: none of them may hold a pull up."""
    control_plane.add_node("full", pods=0)
    control_plane.add_node("cordoned", cordoned=True)
    control_plane.add_node("broken", ready=False)
    yield
    for name in ("full", "cordoned", "broken"):
        control_plane.remove_node(name)


def applied(world: World, release: Release, pull: Pull = Pull.WAIT, timeout: float = 60) -> None:
    standing = read_standing(world, release.name, release.namespace)
    execute(world, plan_apply(world, release, standing), Options(timeout=timeout, pull=pull))


def test_images_come_before_workloads_and_the_puller_goes(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str
) -> None:
    applied(world, small.release(namespace, small.config_map(), small.deployment(), small.puller("a:1", "b:2")))
    assert memory.phases == ["settings", "images", "workloads", "waiting"]
    waits = [text for text in memory.waited_for if text.startswith("node ")]
    assert {text for text in waits if "image" in text} <= {"node node-1: the image a:1", "node node-1: the image b:2"}
    assert set(objects(control_plane, namespace)) == {"configmaps/settings", "deployments/web"}
    record = read_standing(world, "small", namespace).latest
    assert record and [hook["name"] for hook in record.hooks] == ["puller"]


def test_full_cordoned_and_unready_nodes_hold_nothing_up(
    control_plane: ControlPlane, world: World, namespace: str, awkward_nodes: None
) -> None:
    applied(world, small.release(namespace, small.deployment(), small.puller("a:1")), timeout=30)
    assert history(control_plane, namespace) == {1: "deployed"}


@pytest.fixture
def full_node(control_plane: ControlPlane) -> Iterator[None]:
    control_plane.add_node("full", pods=0)
    yield
    control_plane.remove_node("full")


def test_a_full_node_is_waited_for_as_long_as_the_values_say(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str, full_node: None
) -> None:
    release = small.release(namespace, small.deployment(), small.puller("a:1"))
    with pytest.raises(NotReadyError, match=r"images are not pulled after 2 s: .*node full: room for the puller"):
        applied(world, replace(release, pull_patience=-1), timeout=2)
    applied(world, replace(release, pull_patience=0.5), timeout=30)
    assert memory.notes == ["no room for the puller on full: images were not pulled there"]
    assert history(control_plane, namespace) == {1: "deployed"}


def test_pullers_that_are_not_allowed_are_told(control_plane: ControlPlane, world: World, namespace: str) -> None:
    control_plane.api.patch(
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}},
        {"metadata": {"labels": {"pod-security.kubernetes.io/enforce": "restricted"}}},
    )
    with pytest.raises(NotReadyError, match="images cannot be pulled: DaemonSet/puller may not create pods"):
        applied(world, small.release(namespace, small.config_map(), small.puller("a:1")))


def test_pullers_that_a_quota_keeps_away_are_told(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str
) -> None:
    quota = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "none"}, "spec": {"hard": {"pods": "0"}}}
    control_plane.api.apply(quota, namespace)
    wait_until("the quota is known", lambda: control_plane.api.get(quota, namespace).get("status", {}).get("hard"))
    release = small.release(namespace, small.config_map(), small.puller("a:1"))
    applied(world, replace(release, pull_patience=5), timeout=60)
    (note,) = memory.notes
    assert note.startswith(
        "DaemonSet/puller did not get its pods on 1 node, images were not pulled there: DaemonSet/puller"
    )
    assert "exceeded quota: none" in note


def test_a_wrong_tag_is_told_and_the_hub_is_not_touched(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str
) -> None:
    applied(world, small.release(namespace, small.config_map(), small.deployment()))
    changed = small.release(namespace, small.config_map(), small.deployment(image="new:1"), small.puller("new:missing"))
    with pytest.raises(NotReadyError) as caught:
        applied(world, changed)
    assert "on node node-1 cannot pull the image new:missing" in str(caught.value)
    assert "No pod of the hub was touched" in str(caught.value)
    live = objects(control_plane, namespace)
    assert set(live) == {"configmaps/settings", "deployments/web"}
    assert live["deployments/web"]["spec"]["template"]["spec"]["containers"][0]["image"] == "pause:1"
    assert history(control_plane, namespace) == {1: "deployed", 2: "failed"}


def test_best_effort_goes_on_and_off_does_not_begin(
    control_plane: ControlPlane, world: World, memory: Memory, namespace: str
) -> None:
    applied(world, small.release(namespace, small.deployment(), small.puller("new:missing")), Pull.BEST_EFFORT)
    assert memory.notes and memory.notes[0].startswith("images were not pulled everywhere, going on: ")
    again = small.release(namespace, small.deployment(image="other:1"), small.puller("new:missing"))
    memory.notes.clear()
    memory.phases.clear()
    applied(world, again, Pull.OFF)
    assert memory.notes == []
    assert memory.phases == ["workloads", "waiting"]
    assert history(control_plane, namespace) == {1: "superseded", 2: "deployed"}


def test_nothing_is_pulled_where_nothing_changes(control_plane: ControlPlane, world: World, namespace: str) -> None:
    release = small.release(namespace, small.deployment(), small.puller("a:1"))
    applied(world, release)
    plan = plan_apply(world, release, read_standing(world, "small", namespace)).plan
    assert plan.is_empty
    assert plan.pulls == ()
