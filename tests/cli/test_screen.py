"""Text on a screen: wrapped between words on a terminal, and left as it is elsewhere."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.cli.plan_view import print_lines
from chart_py.cli.screen import table, to_the_second
from chart_py.views.plan_text import Line
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


def test_a_table_puts_what_has_no_room_below_its_row(
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
    monkeypatch.setattr("chart_py.cli.screen.columns", lambda stream: 40)
    table(found, head, free="DESCRIPTION")
    assert capsys.readouterr().out == (
        "REVISION  UPDATED\n"
        "1         2026-11-25T19:28:17Z\n"
        "    Install complete\n"
        "10        2026-11-25T19:28:18Z\n"
        "    Upgrade failed: it will not be ready\n"
    )
    monkeypatch.setattr("chart_py.cli.screen.columns", lambda stream: 20)
    table(found, head, free="DESCRIPTION")
    assert capsys.readouterr().out == (
        "REVISION\n"
        "1\n"
        "    updated\n"
        "       2026-11-25T19:28:17Z,\n"
        "       Install\n"
        "       complete\n"
        "10\n"
        "    updated\n"
        "       2026-11-25T19:28:18Z,\n"
        "       Upgrade\n"
        "       failed: it\n"
        "       will not be\n"
        "       ready\n"
    )


words = st.text(alphabet="abc", min_size=1, max_size=9)
rows = st.lists(st.tuples(words, words, st.lists(words, max_size=9).map(" ".join)), min_size=1, max_size=4)


@given(rows, st.integers(20, 100))
def test_no_word_of_a_table_is_cut_and_no_line_is_too_long(found: list[tuple[str, str, str]], width: int) -> None:
    head = ("NAME", "STATUS", "DESCRIPTION")
    said: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chart_py.cli.screen.columns", lambda stream: width)
        patch.setattr("click.echo", lambda text, **_: said.extend(str(text).split("\n")))
        table([dict(zip(("name", "status", "description"), row, strict=True)) for row in found], head, free=head[2])
    assert [line for line in said if len(line) > width] == []
    told = " ".join(said).replace(",", " ").split()
    for row in found:
        for word in " ".join(row).split():
            assert word in told


def test_a_plan_s_sentences_break_between_words_and_its_yaml_does_not(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [
        Line("~", "update Deployment/hub in jhub (its pods restart)"),
        Line("+", "      image: quay.io/a/long-name:1"),
    ]
    print_lines(lines)
    whole = capsys.readouterr().out
    assert whole.splitlines() == [str(line) for line in lines]
    monkeypatch.setattr("chart_py.cli.plan_view.columns", lambda stream: 30)
    print_lines(lines)
    assert capsys.readouterr().out.splitlines() == [
        "~ update Deployment/hub in",
        "   jhub (its pods restart)",
        "+       image: quay.io/a/long-name:1",
    ]
