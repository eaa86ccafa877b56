"""`chart-py upgrade` on the command line: of a configuration, of a release, with what is wrong."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from tests.fake_hub import Desk, Ran


def test_of_a_configuration(chart_py: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("hub: {baseUrl: /a}\n", encoding="utf-8")
    said = chart_py("upgrade", "--from", "3.3.8", "--to", "4.0.0", "-f", file)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("From chart 3.3.8 to 4.0.0 (JupyterHub 4.1.6 to 5.2.1):")
    data = json.loads(chart_py("upgrade", "--from", "3.3.8", "--to", "4.0.0", "-f", file, "--output", "json").out)
    assert data["to"]["version"] == "4.0.0"
    assert chart_py("upgrade", "--from", "3.3.8", "-f", file, "--output", "markdown").out.startswith("**From chart")


def test_of_a_release(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text("singleuser: {memory: {limit: 2G}}\n", encoding="utf-8")
    assert desk.run("apply", "-f", file, "--chart-version", "3.3.8", "--yes").code == 0
    writes = desk.cluster.writes
    said = desk.run("upgrade")
    assert said.code == 0
    assert said.err == "note: jhub in jhub is at chart 3.3.8, revision 1\n"
    assert said.out.startswith("From chart 3.3.8 to 4.4.0 (JupyterHub 4.1.6 to 5.5.0):")
    assert desk.cluster.writes == writes


def test_without_a_release_and_without_from(desk: Desk) -> None:
    said = desk.run("upgrade")
    assert said.code == 3
    assert "has no revision" in said.err


def test_versions_that_are_none(chart_py: Callable[..., Ran]) -> None:
    said = chart_py("upgrade", "--from", "3.3.9", "--defaults")
    assert said.code == 2
    assert "unknown chart version '3.3.9'; did you mean 3.3.8" in said.err
    assert "1.0.0 to 4.4.0" in said.err
    assert chart_py("upgrade", "--from", "4.4.0", "--to", "3.3.8", "--defaults").code == 2
    assert "migrate" in chart_py("upgrade", "--from", "0.7", "--defaults").err


def test_it_says_that_it_applies_nothing(chart_py: Callable[..., Ran]) -> None:
    assert "Nothing is applied: `apply` upgrades." in " ".join(chart_py("upgrade", "--help").out.split())
    said = chart_py("upgrade", "--install")
    assert said.code == 2
    assert "apply installs where there is no release yet" in said.err
