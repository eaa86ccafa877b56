"""What a plan says first and loudest, and what it does not cry wolf about."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py import context_for, load_values
from chart_py.changes.between import plan_between
from chart_py.changes.change import Change, Operation
from chart_py.changes.dangers import Danger, Harm, claims_beside, dangers
from chart_py.changes.plan import Aim, Plan
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.rendering import render
from chart_py.views.plan_data import plan_data
from chart_py.views.plan_text import lines

Json = dict[str, Any]


def thing(kind: str, name: str, *, use: str | None = None, **meta: Json) -> Json:
    labels = {"labels": {"component": use}} if use else {}
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "jhub", **labels, **meta}}


def claim(name: str, use: str | None = "hub") -> Json:
    return thing("PersistentVolumeClaim", name, use=use)


def plan(*changes: Change, aim: Aim = Aim.UPGRADE, others: tuple[Json, ...] = ()) -> Plan:
    return Plan(aim, "jhub", "jhub", 1, 2, changes, claims_beside=claims_beside(changes, others))


def create(manifest: Json) -> Change:
    return Change(Operation.CREATE, wanted=manifest)


def delete(manifest: Json) -> Change:
    return Change(Operation.DELETE, live=manifest)


def keep(manifest: Json) -> Change:
    return Change(Operation.KEEP, live=manifest)


def hub(*settings: str) -> list[Json]:
    loaded = load_values([], settings=settings)
    return render(loaded, context_for(loaded, Context(), token=lambda: MASK))


def between(before: tuple[str, ...], after: tuple[str, ...]) -> list[Danger]:
    return list(dangers(plan_between(hub(*before), hub(*after), release="jhub", namespace="jhub")))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ((), ("hub.image.tag=2",)),
        ((), ("hub.config.JupyterHub.authenticator_class=github", "singleuser.memory.limit=3G")),
        (("hub.db.type=sqlite-memory",), ("hub.db.type=sqlite-memory", "ingress.enabled=true")),
    ],
)
def test_an_everyday_change_is_no_danger(before: tuple[str, ...], after: tuple[str, ...]) -> None:
    assert between(before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "old", "new"),
    [
        ((), ("fullnameOverride=prod",), "", "prod-"),
        (("fullnameOverride=prod",), (), "prod-", ""),
        (("fullnameOverride=one-a",), ("fullnameOverride=two",), "one-a-", "two-"),
        ((), ("fullnameOverride=" + "long" * 10,), "", "long" * 10 + "-"),
    ],
)
def test_a_new_fullname_renames_everything_and_begins_an_empty_database(
    before: tuple[str, ...], after: tuple[str, ...], old: str, new: str
) -> None:
    found = between(before, after)
    empty = Danger(
        Harm.EMPTY_DATABASE, (f"PersistentVolumeClaim/{new}hub-db-dir",), (f"PersistentVolumeClaim/{old}hub-db-dir",)
    )
    assert found[0] == empty
    renames = next(each for each in found if each.harm is Harm.RENAMES)
    pairs = dict(zip(renames.objects, renames.others, strict=True))
    for kind, name in (("Deployment", "hub"), ("Deployment", "proxy"), ("Service", "proxy-public"), ("Secret", "hub")):
        assert pairs[f"{kind}/{old}{name}"] == f"{kind}/{new}{name}"
    assert len(pairs) > 15
    # What is said to be renamed is not said to be deleted too.
    assert not {each for danger in found if danger.harm is Harm.DELETES for each in danger.objects} & set(pairs)


def test_another_database_leaves_one_behind_or_begins_an_empty_one() -> None:
    elsewhere = ("hub.db.type=postgres", "hub.db.url=postgresql://u@h/d", "hub.db.password=x")
    name = ("PersistentVolumeClaim/hub-db-dir",)
    assert between((), elsewhere) == [Danger(Harm.UNUSED_CLAIM, name)]
    assert between(elsewhere, ()) == [Danger(Harm.EMPTY_DATABASE, name)]


def test_what_is_switched_off_is_deleted() -> None:
    (found,) = between((), ("scheduling.userScheduler.enabled=false",))
    assert found.harm is Harm.DELETES
    assert "Deployment/user-scheduler" in found.objects


def test_a_claim_left_by_an_earlier_release_is_beside() -> None:
    left = claim("hub-db-dir")
    found = dangers(plan(create(claim("prod-hub-db-dir")), aim=Aim.INSTALL, others=(left,)))
    assert found == (
        Danger(Harm.EMPTY_DATABASE, ("PersistentVolumeClaim/prod-hub-db-dir",), ("PersistentVolumeClaim/hub-db-dir",)),
    )
    # A first install, users' homes, and another namespace are nothing to be told.
    assert dangers(plan(create(claim("hub-db-dir")), aim=Aim.INSTALL)) == ()
    homes = claim("claim-ada", "singleuser-storage")
    elsewhere = {**left, "metadata": {**left["metadata"], "namespace": "other"}}
    assert dangers(plan(create(claim("hub-db-dir")), aim=Aim.INSTALL, others=(homes, elsewhere))) == ()


def test_hooks_come_and_go() -> None:
    hook = thing("DaemonSet", "hook-image-puller", annotations={"helm.sh/hook": "pre-upgrade"})
    assert dangers(plan(delete(hook))) == ()


def test_an_uninstall_says_what_is_lost() -> None:
    gone = plan(delete(thing("Service", "hub")), keep(claim("hub-db-dir")), aim=Aim.UNINSTALL)
    assert dangers(gone) == (Danger(Harm.DELETES, ("Service/hub",)),)
    lost = plan(delete(thing("Service", "hub")), delete(claim("hub-db-dir")), aim=Aim.UNINSTALL)
    assert dangers(lost)[0] == Danger(Harm.LOSES_DATA, ("PersistentVolumeClaim/hub-db-dir",))


def test_they_are_said_first_in_text_and_data() -> None:
    changes = [delete(thing("ConfigMap", f"a-name-that-is-rather-long-{n}")) for n in range(10)]
    replaced = thing("Deployment", "hub")
    made = plan(*changes, Change(Operation.REPLACE, wanted=replaced, live=replaced))
    text = [str(line) for line in lines(made)]
    said = [line for line in text if line.startswith("!!")]
    assert text[: len(said)] == said
    assert said[0] == "!! DELETES 10 objects"
    assert said[-3].endswith(" and 2 more")
    assert said[-2:] == [
        "!! REPLACES 1 object: deletes it and creates it again",
        "!!    Deployment/hub",
    ]
    assert max(map(len, said)) <= 80
    data = plan_data(made)["dangers"]
    assert [(each["harm"], len(each["objects"])) for each in data] == [("deletes", 10), ("replaces", 1)]


names = st.lists(st.sampled_from(["hub", "proxy", "api", "public"]), min_size=1, max_size=3).map("-".join)
kinds = st.sampled_from(["Deployment", "Service", "ConfigMap", "PersistentVolumeClaim"])
operations = st.sampled_from([Operation.CREATE, Operation.DELETE, Operation.KEEP, Operation.UNCHANGED])


aims = st.sampled_from([aim for aim in Aim if aim is not Aim.COMPARISON])


@given(st.dictionaries(st.tuples(kinds, names), operations), aims)
def test_nothing_is_deleted_unsaid_and_nothing_said_that_is_not_in_the_plan(
    what: dict[tuple[str, str], Operation], aim: Aim
) -> None:
    makers = {Operation.CREATE: create, Operation.DELETE: delete, Operation.KEEP: keep}
    changes = [
        makers[op](thing(*key)) if op in makers else Change(op, wanted=thing(*key), live=thing(*key))
        for key, op in what.items()
    ]
    found = dangers(plan(*changes, aim=aim))
    deleted = {str(each.key) for each in changes if each.operation is Operation.DELETE}
    created = {str(each.key) for each in changes if each.operation is Operation.CREATE}
    assert deleted <= {each for danger in found for each in danger.objects}
    for danger in found:
        assert set(danger.objects) <= {str(each.key) for each in changes}
        if danger.harm is Harm.RENAMES:
            assert len(danger.objects) == len(danger.others) == len(set(danger.objects)) > 1
            assert set(danger.others) <= created


def test_what_is_only_looked_at_is_no_danger() -> None:
    assert dangers(plan(delete(thing("Deployment", "hub")), create(claim("hub-db-dir")), aim=Aim.COMPARISON)) == ()
