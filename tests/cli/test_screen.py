"""Text on a screen: wrapped between words on a terminal, and left as it is elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from chart_py.cli.screen import table, to_the_second
from tests.cli.terminal import ROOT, on_terminal


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    """A file that names no cluster."""
    file = tmp_path / "kubeconfig"
    file.write_text("apiVersion: v1\nkind: Config\n", encoding="utf-8")
    return file


def elsewhere(kubeconfig: Path) -> str:
    """What `status` says where nobody looks."""
    command = [sys.executable, "-m", "chart_py", "status", "--kubeconfig", str(kubeconfig)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (3, "")
    return done.stderr


def test_an_error_on_a_terminal_breaks_between_words(kubeconfig: Path) -> None:
    shown = on_terminal(["status"], {}, kubeconfig, columns=50)
    assert shown.code == 3
    lines = shown.text.replace("\r", "").splitlines()
    whole = elsewhere(kubeconfig)
    assert max(map(len, whole.splitlines())) > 50
    # A word that is longer than a line, such as a path, stays whole.
    assert [line for line in lines if len(line) > 50 and len(line.split()) > 1] == []
    assert " ".join(lines).split() == whole.split()
    assert [line[:3] for line in lines] == ["err", *["   "] * (len(lines) - 1)]


@pytest.mark.parametrize(
    ("time", "shown"),
    [
        ("2026-11-25T19:28:17.953636Z", "2026-11-25T19:28:17Z"),
        ("2026-11-25T19:28:17.953636789+01:00", "2026-11-25T19:28:17+01:00"),
        ("2026-11-25T19:28:17Z", "2026-11-25T19:28:17Z"),
        ("", ""),
    ],
)
def test_times_are_said_to_the_second(time: str, shown: str) -> None:
    assert to_the_second(time) == shown


def test_a_table_has_one_line_for_each_on_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [
        {"revision": 1, "updated": "2026-11-25T19:28:17.95Z", "description": "Install complete"},
        {"revision": 10, "updated": "2026-11-25T19:28:18.95Z", "description": "Upgrade failed: it will not be ready"},
    ]
    head = ("REVISION", "UPDATED", "DESCRIPTION")
    table(found, head)
    whole = capsys.readouterr().out
    assert whole == (
        "REVISION  UPDATED               DESCRIPTION\n"
        "1         2026-11-25T19:28:17Z  Install complete\n"
        "10        2026-11-25T19:28:18Z  Upgrade failed: it will not be ready\n"
    )
    monkeypatch.setattr("chart_py.cli.screen._columns", lambda stream: 50)
    table(found, head)
    first, second, third = whole.splitlines()
    assert capsys.readouterr().out.splitlines() == [first, second, third[:49] + "…"]
