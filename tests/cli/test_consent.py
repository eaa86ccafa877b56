"""Whoever writes to a cluster has been told to: by --yes, by a plan that was kept, or by an answer on a terminal."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from chart_py.cli import acting
from chart_py.engine.opening import Address
from tests.fake_hub import Desk

WRITING = [
    ("apply", "--set", "hub.extraEnv.A=new"),
    ("rollback", "1"),
    ("uninstall",),
    ("uninstall", "--delete-data"),
    ("handover",),
]
WHERE = "\n   on cluster prod (https://203.0.113.7:6443)?"


@pytest.fixture
def installed(desk: Desk) -> Desk:
    """A release of two revisions."""
    Path("config.yaml").write_text("proxy: {service: {type: ClusterIP}}\n", encoding="utf-8")
    assert desk.run("apply", "-f", "config.yaml", "--yes").code == 0
    assert desk.run("apply", "-f", "config.yaml", "--set", "hub.extraEnv.A=old", "--yes").code == 0
    return desk


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The questions that were asked on a terminal, each answered with no."""
    questions: list[str] = []

    def no(text: str, **words: object) -> bool:
        questions.append(text)
        return False

    monkeypatch.setattr(acting, "can_be_asked", lambda: True)
    monkeypatch.setattr(click, "confirm", no)
    yield questions


@pytest.mark.parametrize("verb", WRITING, ids=" ".join)
def test_silence_is_no_consent(installed: Desk, verb: tuple[str, ...]) -> None:
    before, writes = installed.cluster.objects(), installed.cluster.writes
    ran = installed.run(*verb)
    assert ran.code == 2, ran.err
    assert "error: nothing was written: " in ran.err
    assert ("--yes-delete-data" if "--delete-data" in verb else "Add --yes to agree in advance") in ran.err
    assert ("`apply --plan FILE`" in ran.err) == (verb[0] == "apply")
    assert (installed.cluster.objects(), installed.cluster.writes) == (before, writes)


@pytest.mark.parametrize("verb", WRITING, ids=" ".join)
def test_a_plan_is_shown_without_consent(installed: Desk, verb: tuple[str, ...]) -> None:
    ran = installed.run(*verb, "--dry-run")
    assert (ran.code, bool(ran.out), "Add --yes" in ran.err) == (1, True, False)


@pytest.mark.parametrize(
    ("verb", "what"),
    [
        (WRITING[0], "Upgrade release jhub in namespace jhub"),
        (WRITING[1], "Roll back release jhub in namespace jhub"),
        (WRITING[2], "Uninstall release jhub from namespace jhub"),
        (WRITING[4], "Give release jhub in namespace jhub to Helm"),
        (("apply", "--release", "two", "--set", "fullnameOverride=two"), "Install release two in namespace jhub"),
    ],
)
def test_the_question_names_cluster_release_and_namespace(
    installed: Desk, asked: list[str], verb: tuple[str, ...], what: str
) -> None:
    writes = installed.cluster.writes
    ran = installed.run(*verb, *(("--namespace", "jhub") if "two" in verb else ()))
    assert (ran.code, ran.out.endswith("Nothing was written.\n")) == (0, True), ran.err
    assert asked == [what + WHERE]
    assert installed.cluster.writes == writes


def test_a_pod_names_its_own_cluster(installed: Desk, asked: list[str]) -> None:
    installed.address = Address("", "https://10.0.0.1:443")
    installed.run("uninstall")
    assert asked == ["Uninstall release jhub from namespace jhub\n   on this pod's cluster (https://10.0.0.1:443)?"]


@pytest.mark.parametrize("verb", WRITING, ids=" ".join)
def test_consent_in_advance(installed: Desk, verb: tuple[str, ...]) -> None:
    flag = "--yes-delete-data" if "--delete-data" in verb else "--yes"
    writes = installed.cluster.writes
    assert installed.run(*verb, flag).code == 0
    assert installed.cluster.writes > writes


def test_where_nothing_differs_nobody_has_to_agree(installed: Desk) -> None:
    ran = installed.run("apply", "--set", "hub.extraEnv.A=old")
    assert (ran.code, ran.out.splitlines()[-1]) == (0, "No changes; revision 2 stays deployed.")
    assert installed.run("rollback", "2").code == 0
    assert installed.run("rollback", "1", "--yes").code == 0


def test_a_plan_that_was_kept_is_consent(installed: Desk, asked: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Off a terminal; on one there is a question."""
    assert installed.run("diff", "--save", "plan.json").code == 1
    assert installed.run("apply", "--plan", "plan.json").code == 0
    assert asked == ["Upgrade release jhub in namespace jhub" + WHERE]
    assert set(installed.history()) == {1, 2}
    monkeypatch.setattr(acting, "can_be_asked", lambda: False)
    assert installed.run("apply", "--plan", "plan.json").code == 0
    assert set(installed.history()) == {1, 2, 3}


def test_data_goes_only_by_its_name(installed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:

    monkeypatch.setattr("chart_py.cli.uninstall.can_be_asked", lambda: True)
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "other")
    ran = installed.run("uninstall", "--delete-data")
    assert (ran.code, "that is not jhub; nothing was written" in ran.err) == (2, True)
    assert (
        "All data of release jhub in namespace jhub\n   on cluster prod (https://203.0.113.7:6443) will be lost."
        in (ran.err)
    )
    monkeypatch.setattr(click, "prompt", lambda *_, **__: "jhub")
    assert installed.run("uninstall", "--delete-data").code == 0
    assert installed.live("PersistentVolumeClaim", "hub-db-dir") is None


def test_a_danger_is_said_first_last_and_as_data(installed: Desk, asked: list[str]) -> None:
    """A new fullnameOverride: in the first line of the plan, again before the question, and for programs."""
    ran = installed.run("apply", "--set", "fullnameOverride=prod")
    empty = "!! EMPTY DATABASE: creates 1 claim beside hub-db-dir; no data is copied\n"
    assert ran.out.startswith(empty)
    assert "\n!! RENAMES 22 objects: " in ran.out
    renames = "!! RENAMES 22 objects: creates new ones and deletes the old ones, except claims\n"
    assert ran.err.endswith(f"{empty}{renames}!! DELETES 2 objects\n")
    data = json.loads(installed.run("diff", "--set", "fullnameOverride=prod", "-o", "json").out)
    assert [each["harm"] for each in data["dangers"]] == ["empty-database", "renames", "deletes"]
    assert data["dangers"][0]["others"] == ["PersistentVolumeClaim/hub-db-dir"]


def test_the_secrets_survive_a_new_name(installed: Desk) -> None:
    before = installed.live("Secret", "hub")
    assert installed.run("apply", "--set", "fullnameOverride=prod", "--yes").code == 0
    after = installed.live("Secret", "prod-hub")
    assert before and after
    keys = [key for key in before["data"] if key != "values.yaml"]
    assert len(keys) == 3
    assert {key: after["data"][key] for key in keys} == {key: before["data"][key] for key in keys}
    # Back again, the old claim is found and nothing starts empty beside it.
    back = installed.run("apply", "--yes")
    assert (back.code, "EMPTY DATABASE" in back.out, "LEAVES DATA BEHIND" in back.out) == (0, False, True)


def test_a_claim_that_an_uninstall_has_left_is_taken_up_or_told_of(installed: Desk) -> None:
    assert installed.run("uninstall", "--yes").code == 0
    told = installed.run("diff", "--set", "fullnameOverride=prod")
    assert told.out.startswith("!! EMPTY DATABASE: creates 1 claim beside hub-db-dir; no data is copied\n")
    assert "!!" not in installed.run("diff").out
