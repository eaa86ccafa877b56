"""The README tells the truth: its commands, its example and its links."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from chart_py.cli import main
from chart_py.engine import opening
from chart_py.engine.execute import World
from chart_py.engine.opening import Address
from tests.fake_hub import namespace, working_cluster

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    """The texts of the fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.DOTALL | re.MULTILINE)


def test_the_two_commands_that_ci_runs_too() -> None:
    """.ci/run takes the first two blocks of shell as they stand here."""
    install, test = blocks("sh")
    assert install == (
        "python3 -m venv .venv && .venv/bin/pip install -q '.[all]' && "
        ".venv/bin/python -m chart_py render > manifests.yaml\n"
    )
    assert test == "scripts/test\n"
    assert (ROOT / "scripts" / "test").stat().st_mode & 0o111


def test_what_it_says_of_a_wrong_configuration(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (config,) = blocks("yaml")
    (tmp_path / "config.yaml").write_text(config, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    code = main(["render", "-f", "config.yaml"])
    out, err = capsys.readouterr()
    shown = blocks("console")[0]
    assert shown == f"$ chart-py render -f config.yaml\n{err}$ echo $?\n{code}\n"
    assert (out, code) == ("", 2)


def test_what_it_shows_of_golden_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.chdir(tmp_path)
    folders = ["golden", "--values", "hubs/", "--golden", "hubs/golden/"]
    (tmp_path / "hubs").mkdir()
    for name, limit in (("biology", "4G"), ("physics", "4G"), ("biology", "6G")):
        memory = f"singleuser: {{memory: {{limit: {limit}}}}}\n"
        (tmp_path / "hubs" / f"{name}.yaml").write_text(memory, encoding="utf-8")
        if limit == "4G":
            assert main([*folders, "--update"]) == 0
    capsys.readouterr()
    assert main(folders) == 1
    shown = blocks("console")[1]
    assert shown == f"$ chart-py {' '.join(folders)}\n{capsys.readouterr().out}"


def test_the_python_that_it_shows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "config.yaml").write_text("cull: {timeout: 120}\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    cluster = working_cluster(namespace())
    monkeypatch.setattr(opening, "connected", lambda *_: (World(cluster), Address()))
    (code,) = blocks("python")
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    out = capsys.readouterr().out
    assert out.startswith("config.yaml:1:8: warning: cull.timeout: servers report activity every 300 s")
    assert "+ create Deployment/hub in jhub" in out
    assert names["values"].values.singleuser.image.tag == "16.10"
    assert names["plan"](names["hub"], names["values"]).plan.is_empty


@pytest.mark.parametrize(
    "page", ["README.md", "CONTRIBUTING.md", "docs/performance.md", "docs/control-plane.md", "docs/python.md"]
)
def test_its_links_lead_somewhere(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    links = [link for link in re.findall(r"\]\(([^)#]+)", text) if "://" not in link]
    assert [link for link in links if not ((ROOT / page).parent / link).exists()] == []


def test_every_configuration_is_listed() -> None:
    listed = set(re.findall(r"\(values/([\w-]+)\.yaml\)", README))
    assert listed == {file.stem for file in (ROOT / "values").glob("*.yaml")}
