"""docs/reach.md is true: its commands print what it shows, its Python runs, its table names every party."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from chart_py.cli import main
from chart_py.reach.targets import known_names
from tests.reach.hubs import hub

PAGE = (Path(__file__).parent.parent.parent / "docs" / "reach.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The texts of the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (config,), (assertions,) = blocks("yaml"), blocks("text")
    (tmp_path / "config.yaml").write_text(config, encoding="utf-8")
    (tmp_path / "reach.txt").write_text(assertions, encoding="utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("block", blocks("console"), ids=lambda block: block.partition("\n")[0])
def test_what_the_commands_print(block: str, capsys: pytest.CaptureFixture[str]) -> None:
    command = block.partition("\n")[0]
    main(command.removeprefix("$ chart-py ").split())
    out, err = capsys.readouterr()
    assert f"{command}\n{err}{out}" == block


@pytest.mark.usefixtures("folder")
def test_the_python_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    Path("config.yaml").write_text("singleuser: {networkPolicy: {egress: []}}\n", encoding="utf-8")
    exec(compile(example, "docs/reach.md", "exec"), {})
    out = capsys.readouterr().out
    assert "user hub depends\n" in out
    assert "opens user -> internet" in out


def test_every_party_is_in_the_table() -> None:
    table = PAGE[PAGE.index("## The parties") : PAGE.index("## One edge")]
    named = set(re.findall(r"`([a-z0-9-]+)`", table))
    https = "proxy: {https: {enabled: true, hosts: [a.example.org], letsencrypt: {contactEmail: a@example.org}}}"
    others = {"user-scheduler", "continuous-image-puller", "hook-image-puller", "image-awaiter"}
    assert set(known_names(hub(https).release)) - named == others
