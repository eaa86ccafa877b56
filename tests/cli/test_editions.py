"""`apply` and `diff` keep the chart version that a release has, and say where it moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_hub import Desk

STAYS = "the release stays at chart 3.3.8; the newest is 4.4.0, with security fixes in 4.3.3, 4.3.4 and 4.4.0."
MOVES = "note: chart 3.3.8 -> 4.4.0; `chart-py upgrade --to 4.4.0` explains what changes"


@pytest.fixture
def older(desk: Desk, tmp_path: Path) -> Desk:
    """A release of chart 3.3.8."""
    (tmp_path / "config.yaml").write_text("singleuser: {memory: {limit: 2G}}\n", encoding="utf-8")
    said = desk.run("apply", "-f", "config.yaml", "--chart-version", "3.3.8", "--yes")
    assert (said.code, "chart 3.3.8" in said.err) == (0, False), said.err
    return desk


def talk(text: str) -> str:
    """What was said, whatever the lines."""
    return " ".join(text.split())


@pytest.mark.parametrize("verb", [("diff",), ("apply", "--yes"), ("apply", "--dry-run")])
def test_the_release_keeps_its_version(older: Desk, verb: tuple[str, ...]) -> None:
    said = older.run(*verb, "-f", "config.yaml")
    assert said.code == 0, said.err
    assert talk(said.err).count(STAYS) == 1
    assert older.history() == {1: "deployed"}


def test_another_version_is_told(older: Desk) -> None:
    said = older.run("diff", "-f", "config.yaml", "--chart-version", "4.4.0")
    assert said.code == 1
    assert MOVES in talk(said.err)


def test_a_setting_of_a_later_chart_names_it(older: Desk, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text("httpRoute: {enabled: true}\n", encoding="utf-8")
    said = older.run("apply", "-f", "config.yaml", "--yes")
    assert said.code == 2
    assert "unknown setting in chart 3.3.8; it was added in 4.3.0" in talk(said.err)
    assert older.history() == {1: "deployed"}
