"""Recorded revisions: what changed between them, and the values that one was made of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chart_py.cluster.interface import Ref
from tests.fake_hub import Desk, Ran

PASSWORD = "correct-horse-battery-staple"
BASE = f"hub: {{db: {{type: postgres, url: 'postgresql://hub@db/hub', password: {PASSWORD}}}}}\n"


@pytest.fixture
def upgraded(desk: Desk, tmp_path: Path) -> Desk:
    """A release with three revisions: in the second more memory, in the third a limit of servers too."""
    file = tmp_path / "config.yaml"
    for limit, more in (("1G", ""), ("2G", ""), ("2G", "  activeServerLimit: 5\n")):
        text = BASE.replace("hub: {", "hub:\n  ").replace("}}\n", "}\n") + more
        file.write_text(f"{text}singleuser: {{memory: {{limit: {limit}}}}}\n", encoding="utf-8")
        assert desk.run("apply", "-f", file, "--yes").code == 0
    return desk


def test_two_revisions(upgraded: Desk) -> None:
    said = upgraded.run("diff", "--revision", 1, "--revision", 2)
    assert (said.code, said.err) == (1, "")
    assert '-             limit: "1G"' in said.out
    assert '+             limit: "2G"' in said.out
    assert "activeServerLimit" not in said.out


def fields(said: Ran) -> dict[str, tuple[object, object]]:
    return {f["path"]: (f["before"], f["after"]) for c in json.loads(said.out)["changes"] for f in c["fields"]}


def test_a_revision_and_what_is_live(upgraded: Desk) -> None:
    found = fields(upgraded.run("diff", "--revision", 1, "--output", "json"))
    assert found['data."values.yaml".singleuser.memory.limit'] == ("1G", "2G")
    assert found['data."values.yaml".hub.activeServerLimit'] == (None, 5)
    same = upgraded.run("diff", "--revision", 3)
    assert (same.code, same.out.splitlines()) == (
        0,
        ["  from revision 3 to what is live", "  jhub in jhub: 23 unchanged"],
    )


def test_what_others_did_since_a_revision(upgraded: Desk) -> None:
    live = upgraded.live("ConfigMap", "hub")
    assert live
    upgraded.cluster.replace({**live, "data": {**live["data"], "hub": "meddled"}}, manager="kubectl-edit")
    upgraded.cluster.delete(Ref("v1", "Service", "jhub", "proxy-public"))
    said = upgraded.run("diff", "--revision", 3)
    assert said.code == 1
    assert said.out.splitlines() == [
        "~ update ConfigMap/hub in jhub",
        "      data:",
        "-       hub: hub",
        "+       hub: meddled",
        "- delete Service/proxy-public in jhub",
        "  from revision 3 to what is live",
        "  jhub in jhub: 1 to update, 1 to delete, 21 unchanged",
    ]


def test_a_revision_and_what_is_asked_for(upgraded: Desk) -> None:
    said = upgraded.run("diff", "--revision", 1, "--set", "debug.enabled=true", "--output", "json")
    found = fields(said)
    assert said.code == 1
    assert found['data."values.yaml".debug.enabled'] == (False, True)
    assert found['data."values.yaml".singleuser.memory.limit'] == ("1G", "2G")
    assert not any("auth_token" in path or "cookie_secret" in path for path in found)


def test_what_does_not_go_together(upgraded: Desk) -> None:
    two = upgraded.run("diff", "--revision", 1, "--revision", 2, "--set", "debug.enabled=true")
    assert two == (
        2,
        "",
        "error: two revisions are compared with each other; leave out one of them, or -f and --set\n",
    )
    assert upgraded.run("diff", "--revision", 1, "--adopt") == (
        2,
        "",
        "error: --revision looks at the past; leave out --against, --to, --save, --adopt and --allow-replace\n",
    )
    assert (
        upgraded.run("diff", "--revision", *[1, "--revision"] * 2, 1).err
        == "error: expected --revision once or twice, got it 3 times\n"
    )
    missing = upgraded.run("diff", "--revision", 9)
    assert (missing.code, missing.err.splitlines()) == (
        3,
        ["error: jhub in jhub has no revision 9", "   Revisions that are kept: 1, 2, 3"],
    )


def test_values_are_hidden_unless_revealed(upgraded: Desk) -> None:
    assert PASSWORD not in upgraded.run("get", "values").out
    assert f"password: {PASSWORD}" in upgraded.run("get", "values", "--reveal").out
    assert PASSWORD not in upgraded.run("get", "manifest").out
