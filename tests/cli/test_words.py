"""`explain`, `values`, `init`, `completion` and `schema` from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from chart_py.cli import VERBS, main
from chart_py.cli.init import LOGINS
from chart_py.finding import dotted
from chart_py.reference import pages
from chart_py.reference.ends import traits
from chart_py.reference.examples import example_of
from chart_py.reference.json_schema import json_schema
from chart_py.reference.since import GUIDE
from chart_py.values.layer import Layer
from chart_py.values.load import default_tree, from_layers, load_values
from chart_py.values.root import Values
from chart_py.values.unknown_setting import all_settings

ROOT = Path(__file__).parent.parent.parent
WORDS = dict(all_settings(Values))
Captured = pytest.CaptureFixture[str]


def ran(capsys: Captured, *arguments: str) -> str:
    assert main(arguments) == 0
    return capsys.readouterr().out


def test_every_word_has_an_example_that_passes() -> None:
    for path, field in WORDS.items():
        example = example_of(path, field)
        assert example != default_tree(path), dotted(path)
        tree = example
        for step in reversed(path):
            tree = {step: tree}
        from_layers([Layer("example", tree)])


def test_facts_are_about_words_that_are_there() -> None:
    known = {dotted(path) for path in WORDS}
    assert GUIDE - known == set()
    assert traits(("singleuser", "memory", "limit")) == ("KubeSpawner.mem_limit",)


def test_values(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.yaml").write_text("singleuser: {image: {tag: v1}}\nhub: {cookieSecret: '00'}\n")
    Path("b.yaml").write_text("singleuser: {image: {tag: v2}, uid: 5}\n")
    out = ran(capsys, "values", "-f", "a.yaml", "-f", "b.yaml", "--changed", "--set", "cull.every=5")
    assert yaml.safe_load(out) == {
        "hub": {"cookieSecret": "(hidden)"},
        "singleuser": {"uid": 5, "image": {"tag": "v2"}},
        "cull": {"every": 5},
    }
    everything = json.loads(ran(capsys, "values", "-f", "a.yaml", "-o", "json"))
    assert everything["singleuser"]["uid"] == 1000
    out = ran(capsys, "values", "-f", "a.yaml", "-f", "b.yaml", "--explain", "singleuser.image.tag")
    assert out == (
        "singleuser.image.tag: 'v2'\n"
        "   won  b.yaml:1:22: 'v2'\n"
        "   lost a.yaml:1:22: 'v1'\n"
        "   lost default of chart 4.4.0: '4.4.0'\n"
    )
    typo = "hub.config.GitHubOAuthenticator.client_secrt=hunter2hunter2"
    assert "hunter2" not in ran(capsys, "values", "--defaults", "--set", typo, "--changed")
    code = "hub.extraConfig.a=c.X.password = 'hunter2hunter2'"
    assert "c.X.password = (hidden)" in ran(capsys, "values", "--defaults", "--set", code, "--changed")
    assert "'00'" not in ran(capsys, "values", "-f", "a.yaml", "--explain", "hub.cookieSecret")
    assert main(["values", "--defaults", "--explain", "hub.tpye"]) == 2
    assert ran(capsys, "values", "--defaults", "--explain", "hub.config.KubeSpawner.debug") == (
        "hub.config.KubeSpawner.debug: null\n   won  default of chart 4.4.0: null\n"
    )


@pytest.mark.parametrize("login", LOGINS)
def test_init(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, login: str) -> None:
    monkeypatch.chdir(tmp_path)
    arguments = ["init", "--login", login, "--host", "hub.example.org", "--admin", 'a"d\\a', "--image", "a.b/c:v1"]
    assert main(arguments) == 0
    text = Path("config.yaml").read_text()
    token = load_values(["config.yaml"]).values.proxy.secretToken
    assert token and re.fullmatch(r"[0-9a-f]{64}", token)
    assert load_values(["config.yaml"]).values.hub.config["Authenticator"]["admin_users"] == ['a"d\\a']
    assert Path("config.yaml").stat().st_mode & 0o777 == 0o600
    # What the provider says is for a person to fill in.
    assert main(["validate", "-f", "config.yaml", "--strict", "--ignore", "placeholder"]) == 0
    assert main(arguments) == 2
    assert Path("config.yaml").read_text() == text
    out, err = capsys.readouterr()
    assert "it is there already" in err
    assert token not in out + err


def test_init_without_anything(capsys: Captured, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for number, login in enumerate(LOGINS):
        assert main(["init", "--login", login, "-o", f"{number}.yaml"]) == 0
        assert main(["validate", "-f", f"{number}.yaml", "--strict", "--ignore", "placeholder"]) == 0
    assert main(["init", "-o", "no/such/folder.yaml"]) == 2
    assert main(["init", "--image", "a"]) == 2
    capsys.readouterr()


def test_schema(capsys: Captured) -> None:
    assert json.loads(ran(capsys, "schema")) == json_schema()


def test_help_has_an_example_for_every_verb(capsys: Captured) -> None:
    for verb in VERBS:
        assert "Examples:" in ran(capsys, verb, "-h")
    assert ran(capsys, "--version").startswith("chart_py 0.1.0 (settings of jupyterhub 4.4.0, JupyterHub 5.5.0)")


@pytest.mark.parametrize(("name", "page"), [("values", pages.values_page), ("errors", pages.errors_page)])
def test_pages_are_fresh(name: str, page: object) -> None:
    assert callable(page)
    assert (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8") == page(), "run scripts/make-docs"


def test_values_explain_tells_what_really_won(tmp_path: Path, capsys: Captured) -> None:
    texts = {
        "base.yaml": "singleuser: {extraLabels: {a: b}}\ncull: {timeout: 60}\n",
        "middle.yaml": "singleuser: {extraLabels: null}\n",
        "top.yaml": "singleuser: {extraLabels: {c: d}}\n",
    }
    files = []
    for name, text in texts.items():
        (tmp_path / name).write_text(text)
        files += ["-f", str(tmp_path / name)]
    assert ran(capsys, "values", *files, "--explain", "singleuser.extraLabels").replace(f"{tmp_path}/", "") == (
        "singleuser.extraLabels: a map of 1\n"
        "   part top.yaml:1:14: a map of 1\n"
        "   won  middle.yaml:1:14: null\n"
        "   lost base.yaml:1:14: a map of 1\n"
        "   lost default of chart 4.4.0: a map of 1\n"
    )
    assert ran(capsys, "values", *files, "--explain", "singleuser.extraLabels.a").replace(f"{tmp_path}/", "") == (
        "singleuser.extraLabels.a: null\n"
        "   won  middle.yaml:1:14: null (at singleuser.extraLabels)\n"
        "   lost base.yaml:1:28: 'b'\n"
        "   lost default of chart 4.4.0: null\n"
    )
