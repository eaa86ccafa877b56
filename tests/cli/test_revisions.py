"""Recorded revisions: what changed between them, and the values that one was made of."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fake_hub import Desk

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


def test_one_revision_and_the_last(upgraded: Desk) -> None:
    said = upgraded.run("diff", "--revision", 1, "--output", "json")
    fields = {f["path"]: (f["before"], f["after"]) for c in json.loads(said.out)["changes"] for f in c["fields"]}
    assert fields['data."values.yaml".singleuser.memory.limit'] == ("1G", "2G")
    assert fields['data."values.yaml".hub.activeServerLimit'] == (None, 5)
    same = upgraded.run("diff", "--revision", 3)
    assert (same.code, "unchanged" in same.out) == (0, True)


def test_what_does_not_go_together(upgraded: Desk) -> None:
    assert upgraded.run("diff", "--revision", 1, "--set", "debug.enabled=true") == (
        2,
        "",
        "error: --revision compares recorded revisions; leave out -f, --set, --against, --to and --save\n",
    )
    assert (
        upgraded.run("diff", *["--revision", 1] * 3).err == "error: expected --revision once or twice, got it 3 times\n"
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
