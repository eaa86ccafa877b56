"""Mistakes as people make them: each is found, at its word, with the caret under it, in 80 columns."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.checks.mistakes_told import FOLDER, told

FILES = sorted(FOLDER.glob("*.yaml"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_is_told(file: Path) -> None:
    text = told(file)
    assert text == file.with_suffix(".txt").read_text(encoding="utf-8")
    assert text, "nothing is found"
    assert all(len(line) <= 80 for line in text.splitlines())
    assert "hunter2" not in text


def test_each_is_there() -> None:
    assert {file.stem for file in FOLDER.iterdir()} == {file.stem for file in FILES}
    assert len(FILES) >= 50
