"""The door that programs come through: values of any source, plans, and what is kept safe on the way."""

from __future__ import annotations

import io
from dataclasses import replace
from enum import Enum
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chart_py import (
    Aftermath,
    FakeCluster,
    Hub,
    Interrupted,
    MovedOnError,
    NoReleaseError,
    NotReadyError,
    Options,
    Pull,
    RolledBackError,
    Source,
    UsageError,
    ValuesError,
    check,
    execute,
    hand_over,
    history,
    load,
    open_cluster,
    plan,
    plan_uninstall,
    releases,
    revision,
    save_plan,
    saved_plan,
    status,
)
from chart_py.cluster.interface import Ref
from chart_py.finding import dotted
from tests.fake_hub import STANDARD, namespace, working_cluster


def test_load_takes_files_texts_and_dictionaries(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("singleuser: {image: {tag: v1, name: a/b}}\n", encoding="utf-8")
    over = {"singleuser": {"image": {"tag": "16.10"}, "memory": {"limit": "2G"}}}
    several: tuple[list[Source], ...] = (
        [file, over],
        [str(file), over],
        [io.StringIO(file.read_text(encoding="utf-8")), over],
    )
    for sources in several:
        values = load(sources).values.singleuser
        assert (values.image.name, values.image.tag, values.memory.limit) == ("a/b", "16.10", "2G")
    for single in (file, str(file), io.StringIO("singleuser: {image: {tag: v1}}")):
        assert load(single).values.singleuser.image.tag == "v1"
    assert load(over, settings=["singleuser.image.tag=v3"]).values.singleuser.image.tag == "v3"
    assert load().tree == load({}).tree == load([]).tree


def test_a_dictionary_is_copied(tmp_path: Path) -> None:
    mine: dict[str, Any] = {"hub": {"labels": {"a": "b"}}, "custom": {"list": [{"x": 1}], "tuple": (1, 2)}}
    loaded = load(mine)
    mine["hub"]["labels"]["a"] = "changed"
    mine["custom"]["list"].append("more")
    assert loaded.values.hub.labels == {"a": "b"}
    assert loaded.tree["custom"] == {"list": [{"x": 1}], "tuple": [1, 2]}


class Kind(str, Enum):
    MEMORY = "sqlite-memory"


def test_what_a_dictionary_cannot_say_is_a_finding() -> None:
    assert load({"hub": {"db": {"type": Kind.MEMORY}}}).values.hub.db.type == "sqlite-memory"
    endless: dict[str, Any] = {}
    endless["custom"] = endless
    wrong = {
        "hub": {1: "x", "labels": {"a": {"b", "c"}}, "db": {"tpye": "x"}},
        "proxy": {"secretToken": object()},
        "custom": endless,
    }
    with pytest.raises(ValuesError) as caught:
        load(wrong)
    found = [(f.code, dotted(f.path), str(f.place)) for f in caught.value.findings]
    assert found == [
        ("key-not-text", "hub", "<values 1>"),
        ("not-a-scalar", "hub.labels.a", "<values 1>"),
        ("not-a-scalar", "proxy.secretToken", "<values 1>"),
        ("too-deep", "", "<values 1>"),
    ]
    assert "object at" not in str(caught.value)
    with pytest.raises(ValuesError, match=r"<values 2>: error: hub.db.tpye: "):
        load([{}, {"hub": {"db": {"tpye": "x"}}}])
    with pytest.raises(ValuesError, match="a Kubernetes object, not the configuration of a hub"):
        load({"apiVersion": "v1", "kind": "Secret"})


def test_load_tells_what_every_verb_tells() -> None:
    loaded = load({"cull": {"timeout": 120}})
    assert [f.code for f in loaded.findings] == ["cull-while-active"]
    assert check(loaded) == loaded.findings
    assert load({"cull": {"timeout": 120}}, ignored=["cull-while-active"]).findings == ()
    with pytest.raises(ValuesError):
        load({"cull": {"timeout": 120}}, strict=True)


plain = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(alphabet="ab-1", max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(alphabet="ab", min_size=1), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.text(alphabet="abc", min_size=1), plain, max_size=4))
def test_a_dictionary_says_what_its_yaml_says(data: dict[str, Any]) -> None:
    text = yaml.safe_dump({"custom": data})
    assert load({"custom": data}).tree == load(io.StringIO(text)).tree


SECRET = "feedfacefeedface"


def test_no_repr_shows_a_secret() -> None:
    """What a program prints while it is being written, or a test that fails prints for it."""
    loaded = load(
        {"proxy": {"secretToken": SECRET * 4}, "hub": {"extraEnv": {"DB_PASSWORD": SECRET}, "cookieSecret": SECRET * 4}}
    )
    hub = open_cluster(cluster=working_cluster(namespace()))
    todo = plan(hub, loaded)
    for value in (
        loaded,
        loaded.values,
        loaded.values.proxy,
        loaded.values.hub,
        todo,
        todo.plan,
        hub,
        *todo.plan.changes,
    ):
        assert SECRET not in repr(value)
        assert SECRET not in str(value)
    execute(hub, todo)
    for value in (status(hub), history(hub)[0], hub.standing(), revision(hub)):
        assert SECRET not in repr(value)


def test_a_plan_is_run_only_where_it_was_made() -> None:
    loaded = load()
    one = open_cluster(cluster=working_cluster(namespace()))
    todo = plan(one, loaded)
    for other in (
        replace(one, release="two"),
        replace(one, namespace="two"),
        replace(one, server="https://elsewhere.example"),
    ):
        with pytest.raises(UsageError, match="this plan is for jhub in jhub; nothing was written"):
            execute(other, todo)
    assert history_of(one) == []
    execute(one, todo)
    execute(one, plan(one, loaded))
    assert history_of(one) == [1]


def history_of(hub: Hub) -> list[int]:
    return [head.version for head in hub.standing().heads]


def test_what_a_program_applies_twice_keeps_its_secrets() -> None:
    hub = open_cluster(cluster=working_cluster(namespace()))
    execute(hub, plan(hub, load()))
    ref = Ref("v1", "Secret", "jhub", "hub")
    before = hub.world.cluster.get(ref)
    again = plan(hub, load({"hub": {"extraEnv": {"A": "b"}}}))
    execute(hub, again)
    after = hub.world.cluster.get(ref)
    assert before and after
    keys = [key for key in before["data"] if key != "values.yaml"]
    assert len(keys) == 3
    assert {key: after["data"][key] for key in keys} == {key: before["data"][key] for key in keys}


def test_a_plan_that_was_kept_is_run_from_python(tmp_path: Path) -> None:
    hub = open_cluster(cluster=working_cluster(namespace()))
    save_plan(hub, plan(hub, load()), tmp_path / "plan.json")
    execute(hub, saved_plan(hub, tmp_path / "plan.json"))
    with pytest.raises(MovedOnError):
        saved_plan(hub, tmp_path / "plan.json")
    with pytest.raises(UsageError, match="only the plan of an install or upgrade can be kept"):
        save_plan(hub, plan_uninstall(hub), tmp_path / "other.json")
    with pytest.raises(UsageError, match="is a plan for jhub in jhub, not for other in jhub"):
        saved_plan(replace(hub, release="other"), tmp_path / "plan.json")


def test_going_back_by_itself() -> None:
    """To the last good revision; and to nothing where there was none."""
    image = "quay.io/jupyterhub/k8s-hub:broken"

    def never(live: dict[str, Any]) -> bool:
        return live["kind"] == "Deployment" and image in str(live)

    hub = open_cluster(cluster=working_cluster(namespace(), never=never))
    options = Options(timeout=0, rollback_on_failure=True, pull=Pull.OFF)
    broken = load({"hub": {"image": {"tag": "broken"}}})
    with pytest.raises(RolledBackError) as caught:
        execute(hub, plan(hub, broken), options)
    assert (caught.value.revision, caught.value.as_revision, caught.value.exit_code) == (0, 0, 4)
    assert isinstance(caught.value.error, NotReadyError)
    assert "Rolled back: what was installed has been removed." in str(caught.value)
    assert history_of(hub) == []
    execute(hub, plan(hub, load()), options)
    with pytest.raises(RolledBackError) as caught:
        execute(hub, plan(hub, broken), options)
    assert (caught.value.revision, caught.value.as_revision) == (1, 3)
    assert "the hub is as it was in revision 1, now revision 3" in str(caught.value)
    assert [(record.version, record.status.value) for record in history(hub)] == [
        (1, "superseded"),
        (2, "failed"),
        (3, "deployed"),
    ]


def test_releases_and_giving_one_to_helm() -> None:
    cluster = working_cluster(namespace(), namespace("other"))
    hub = open_cluster(cluster=cluster)
    assert releases(hub) == []
    execute(hub, plan(hub, load()))
    assert [(each.name, each.namespace) for each in releases(hub)] == [("jhub", "jhub")]
    assert releases(hub, "other") == []
    assert hand_over(hub) > 20
    assert hand_over(hub) == 0
    with pytest.raises(NoReleaseError):
        hand_over(replace(hub, release="none"))


def test_an_interrupt_tells_how_far_it_came() -> None:
    def stop(cluster: object, live: dict[str, Any]) -> None:
        if live["kind"] == "ConfigMap":
            raise KeyboardInterrupt

    hub = open_cluster(cluster=FakeCluster([namespace(), STANDARD], after_write=stop))
    with pytest.raises(KeyboardInterrupt) as caught:
        execute(hub, plan(hub, load()), Options(pull=Pull.OFF))
    assert isinstance(caught.value, Interrupted)
    after = caught.value.aftermath
    assert isinstance(after, Aftermath)
    assert (after.total, after.done + len(after.left), after.is_recorded, after.good) == (24, 24, True, 0)
    assert "Deployment/hub" in after.left


@pytest.mark.parametrize(
    ("verb", "kind", "said", "recorded"),
    [
        ("create", "Lease", "Nothing was written.", {}),
        ("create", "Secret", "Nothing was written.", {}),
        ("replace", "Secret", "All 24 objects were written, and stay so.", {1: "pending-install"}),
        ("delete", "Lease", "All was done and recorded before", {1: "deployed"}),
    ],
)
def test_an_interrupt_at_the_edges_is_told_as_it_is(verb: str, kind: str, said: str, recorded: dict[int, str]) -> None:
    """At the lock, at the record's beginning, at its end, at the lock's end."""

    def stop(asked: str, ref: Ref, dry_run: bool) -> None:
        if (asked, ref.kind) == (verb, kind) and is_on:
            raise KeyboardInterrupt

    is_on = [True]
    hub = open_cluster(cluster=working_cluster(namespace(), before_request=stop))
    with pytest.raises(Interrupted, match=f"interrupted\n   {said}"):
        execute(hub, plan(hub, load()), Options(pull=Pull.OFF))
    is_on.clear()
    assert {head.version: head.status.value for head in hub.standing().heads} == recorded
    hub.world.cluster.delete(Ref("coordination.k8s.io/v1", "Lease", "jhub", "chart-py.jhub"))
    execute(hub, plan(hub, load()), Options(pull=Pull.OFF))
    assert [head.status.value for head in hub.standing().heads] == ["deployed"]
