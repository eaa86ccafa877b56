"""`migrate`: where the text and the table go, what is written, exit codes."""

from __future__ import annotations

import io
import json
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chart_py.migrate import migration
from chart_py.migrate.migration import Remaining
from tests.fake_hub import Ran

OLD = "# mine\nhub:\n  uid: 1001  # me\n  labels: {a: b}\n"
NEW = "# mine\nhub:\n  containerSecurityContext:\n    runAsUser: 1001  # me\n  labels: {a: b}\n"
Call = Callable[..., Ran]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    file = tmp_path / "config.yaml"
    file.write_text(OLD)
    file.chmod(0o640)
    return file


def test_the_new_text_is_data_and_the_table_is_talk(chart_py: Call, old: Path) -> None:
    ran = chart_py("migrate", old, "--from", "4.4.0")
    assert (ran.code, ran.out) == (0, NEW)
    assert ran.err == (
        f"{old}, written for chart 4.4.0:\n\n"
        "line  old word  today's                                 why\n"
        "   3  hub.uid   hub.containerSecurityContext.runAsUser  "
        "pods and containers have security contexts since chart 0.10\n\n"
        "Both render the same objects, field by field.\n"
    )
    assert old.read_text() == OLD


def test_to_another_file(chart_py: Call, old: Path, tmp_path: Path) -> None:
    new = tmp_path / "new.yaml"
    ran = chart_py("migrate", old, "--from", "4.4.0", "-o", new)
    assert ran.code == 0
    assert new.read_text() == NEW
    assert stat.S_IMODE(new.stat().st_mode) == 0o640
    assert "hub.containerSecurityContext.runAsUser" in ran.out
    assert ran.err == f"written to {new}\n"
    assert old.read_text() == OLD
    assert chart_py("render", "-f", new).code == 0


def test_in_place_and_again(chart_py: Call, old: Path) -> None:
    old.write_bytes(b"\xef\xbb\xbf" + OLD.replace("\n", "\r\n").encode())
    assert chart_py("migrate", old, "--from", "4.4.0", "--in-place").code == 0
    assert old.read_bytes() == b"\xef\xbb\xbf" + NEW.replace("\n", "\r\n").encode()
    assert stat.S_IMODE(old.stat().st_mode) == 0o640
    assert [file.name for file in old.parent.iterdir()] == ["config.yaml"]
    ran = chart_py("migrate", old, "--in-place")
    assert (ran.code, ran.out) == (0, f"{old}: nothing to do, all words are today's\n")


def test_check(chart_py: Call, old: Path) -> None:
    ran = chart_py("migrate", "--check", old)
    assert ran.code == 1
    assert "hub.containerSecurityContext.runAsUser" in ran.out
    assert old.read_text() == OLD
    old.write_text(NEW)
    assert chart_py("migrate", "--check", old).code == 0
    # Without older words the guide's defaults are not assumed, and are added only when asked for.
    assert chart_py("migrate", "--check", "--from", "0.7", old).code == 1


def test_json(chart_py: Call, old: Path) -> None:
    ran = chart_py("migrate", old, "--from", "4.4.0", "--output", "json")
    assert ran.code == 0
    assert json.loads(ran.out) == {
        "file": str(old),
        "from": "4.4.0",
        "changed": True,
        "changes": [
            {
                "line": 3,
                "old": "hub.uid",
                "new": ["hub.containerSecurityContext.runAsUser"],
                "why": "pods and containers have security contexts since chart 0.10",
            }
        ],
        "differences": [],
        "findings": [],
        "text": NEW,
    }
    assert "text" not in json.loads(chart_py("migrate", old, "--check", "--output", "json").out)


def test_standard_input(chart_py: Call, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(OLD.encode())))
    assert chart_py("migrate", "-", "--from", "4.4.0").out == NEW


def test_what_would_not_load_is_not_written(chart_py: Call, old: Path, tmp_path: Path) -> None:
    old.write_text("hub: {uid: root}\n")
    new = tmp_path / "new.yaml"
    ran = chart_py("migrate", old, "-o", new)
    assert ran.code == 2
    assert "hub.uid: expected a whole number" in ran.err
    assert not new.exists()
    assert chart_py("migrate", tmp_path / "none.yaml").code == 2


def test_a_difference_is_listed_and_ends_with_1(chart_py: Call, old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migration, "prove", lambda *_: [Remaining("Deployment/hub", "spec: 1 -> 2", "for a reason")])
    ran = chart_py("migrate", old, "--from", "4.4.0")
    assert ran.code == 1
    assert ran.err.endswith(
        "1 field is rendered otherwise than before:\n  Deployment/hub  spec: 1 -> 2\n      for a reason\n"
    )


def test_warnings_are_said(chart_py: Call, old: Path) -> None:
    old.write_text("auth: {type: cilogon}\nproxy: {nginx: {image: {tag: v1}}}\n")
    ran = chart_py("migrate", old, "--from", "4.4.0")
    assert ran.code == 0
    assert "nobody can log in with this configuration" in " ".join(ran.err.split())
    assert "proxy.nginx: no longer has any effect" in " ".join(ran.err.split())
    assert any(line.split()[:3] == ["2", "proxy.nginx", "(not"] for line in ran.err.splitlines())


@pytest.mark.parametrize(
    "flags",
    [
        ("-o", "x", "--in-place"),
        ("--check", "--in-place"),
        ("--check", "-o", "x"),
        ("--from", "0.8"),
        ("--release", "A_"),
    ],
)
def test_usage(chart_py: Call, old: Path, flags: tuple[str, ...]) -> None:
    ran = chart_py("migrate", old, *flags)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("error: ")
    assert chart_py("migrate", "-", "--in-place").code == 2


def test_a_folder_that_cannot_be_written(chart_py: Call, old: Path) -> None:
    ran = chart_py("migrate", old, "--from", "4.4.0", "-o", old.parent / "none" / "new.yaml")
    assert ran.code == 2
    assert "No such file or directory" in ran.err
