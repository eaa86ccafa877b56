"""Every verb that shows a difference names the setting that changes, by the same words; none shows a secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml

from chart_py.cli import main
from tests.changes.settings import HIDDEN, SETTINGS, Setting, expected, read
from tests.fake_hub import Desk

NAMES = (
    "singleuser.memory.limit",
    "hub.config.JupyterHub.authenticator_class",
    "hub.config.Authenticator.admin_users",
    "hub.config.GitHubOAuthenticator.client_secret",
    "hub.extraConfig.login",
    "singleuser.profileList.0.kubespawner_override.mem_limit",
    "proxy.https.hosts",
)
CHOSEN = [setting for setting in SETTINGS if setting.name in NAMES]
each_setting = pytest.mark.parametrize("setting", CHOSEN, ids=lambda setting: setting.name)


@pytest.fixture
def files(setting: Setting, tmp_path: Path) -> tuple[Path, Path]:
    """The configuration before and after."""
    found = []
    for name, value in (("before", setting.before), ("after", setting.after)):
        (tmp_path / name).mkdir()
        file = tmp_path / name / "config.yaml"
        file.write_text(yaml.safe_dump(setting.values(value)), encoding="utf-8")
        found.append(file)
    return found[0], found[1]


def back(setting: Setting) -> Setting:
    """The same change the other way round."""
    return Setting(setting.name, setting.after, setting.before, setting.base, setting.path, setting.new, setting.old)


@each_setting
def test_verbs_on_a_cluster(setting: Setting, files: tuple[Path, Path], desk: Desk) -> None:
    before, after = files
    assert desk.run("apply", "-f", before, "--yes", "--pull", "off").code == 0
    shown = [desk.run("diff", "-f", after)]
    data = json.loads(desk.run("diff", "-f", after, "--output", "json").out)
    shown.append(desk.run("apply", "-f", after, "--yes", "--pull", "off"))
    shown.append(desk.run("diff", "--revision", 1, "--revision", 2))
    shown.append(desk.run("diff", "--revision", 1, "-f", after))
    shown.append(desk.run("diff", "--revision", 1))
    assert [each.code for each in shown] == [1, 0, 1, 1, 1]
    for each in shown:
        assert expected(setting) <= read(each.out), each.out
    rolled = desk.run("rollback", "--yes")
    assert rolled.code == 0
    assert expected(back(setting)) <= read(rolled.out), rolled.out
    found = [f for change in data["changes"] for f in change["fields"] if f["path"] == setting.where]
    assert [(f["before"], f["after"], f["hidden"]) for f in found] == [(*setting.said, setting.is_secret)]
    everything = json.dumps(data) + "".join(each.out + each.err for each in (*shown, rolled))
    for value in (setting.before, setting.after) if setting.is_secret else ():
        assert value not in everything


@each_setting
def test_without_a_cluster(
    setting: Setting, files: tuple[Path, Path], desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = files
    assert main(["render", "-f", str(before)]) == 0
    rendered = tmp_path / "rendered.yaml"
    rendered.write_text(capsys.readouterr().out, encoding="utf-8")
    for said in (desk.run("diff", "-f", before, "--to", after), desk.run("diff", "-f", after, "--against", rendered)):
        assert said.code == 1
        assert expected(setting) <= read(said.out), said.out


@each_setting
def test_golden(
    setting: Setting, files: tuple[Path, Path], desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # In CI, golden files are never written.
    monkeypatch.delenv("CI", raising=False)
    before, after = files
    kept = tmp_path / "kept"
    assert desk.run("golden", "--values", before.parent, "--golden", kept, "--update").code == 0
    said = desk.run("golden", "--values", after.parent, "--golden", kept)
    assert said.code == 1
    line = next(each.strip() for each in said.out.splitlines() if each.strip().startswith(f"{setting.where}:"))
    old, new = setting.said
    if setting.is_secret:
        assert line == f"{setting.where}: {HIDDEN} -> {HIDDEN}"
    elif not (isinstance(old, str) and "\n" in old):
        assert line == f"{setting.where}: {json.dumps(old)} -> {json.dumps(new)}"
    else:
        assert "    - b = 2\n" in said.out
        assert "    + b = 3\n" in said.out
