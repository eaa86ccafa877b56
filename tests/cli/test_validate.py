"""`validate` from the command line: exit codes, every output, nothing secret."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from chart_py.checks.objects import kubeconform
from chart_py.cli import main

WRONG = """\
hub:
  config:
    JupyterHub: {authenticator_class: githb}
  extraConfig:
    mine: |
      x = = 1
  extraPodSpec: {foo: bar}
cull: {timeout: 100} # chart-py: ignore=cull-while-active
proxy: {secretToken: hunter2hunter2}
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(tmp_path)
    Path("config.yaml").write_text(WRONG)
    return "config.yaml"


def test_for_people(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "-f", file]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    said = [line for line in err.splitlines() if line.startswith("config.yaml")]
    assert [line.split(": ")[0] for line in said] == [f"config.yaml:{at}" for at in ("3:39", "6:11", "7:18", "9:9")]
    assert "2 errors, 2 warnings; 30 objects checked for Kubernetes 1.37" in err
    assert "hunter2" not in err
    assert all(len(line) <= 80 for line in err.splitlines()[:-1])


def test_exit_codes(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("right.yaml").write_text("cull: {timeout: 600}\n")
    Path("warned.yaml").write_text("cull: {timeout: 100}\n")
    Path("refused.yaml").write_text("cul: {}\n")
    assert main(["validate", "-f", "right.yaml"]) == 0
    assert main(["validate", "-f", "warned.yaml"]) == 0
    assert main(["validate", "-f", "warned.yaml", "--strict"]) == 1
    assert main(["validate", "-f", "warned.yaml", "--strict", "--ignore", "cull-while-active"]) == 0
    assert main(["validate", "-f", "refused.yaml"]) == 2
    assert main(["validate", "-f", "missing.yaml"]) == 2
    assert main(["validate", "--kube-version", "1.2"]) == 2
    assert main(["validate", "--ignore", "nonsense"]) == 2
    capsys.readouterr()


def test_as_json(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["validate", "-f", file, "-o", "json", "--kube-version", "1.28..1.29"]) == 1
    out = capsys.readouterr().out
    found = json.loads(out)
    assert [f["code"] for f in found["findings"]] == ["authenticator-class", "python-syntax", "schema", "secret-length"]
    assert found["findings"][1] == {
        "level": "error",
        "code": "python-syntax",
        "path": "hub.extraConfig.mine",
        "file": "config.yaml",
        "line": 6,
        "column": 11,
        "endColumn": 12,
        "message": "not valid Python: invalid syntax",
        "advice": found["findings"][1]["advice"],
    }
    assert (found["objects"], found["kubeVersions"]) == (30, ["1.28", "1.29"])
    assert "hunter2" not in out


def test_as_sarif(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "-f", file, "-o", "sarif"])
    out = capsys.readouterr().out
    (run,) = json.loads(out)["runs"]
    second = run["results"][1]
    assert (second["ruleId"], second["level"]) == ("python-syntax", "error")
    assert run["tool"]["driver"]["rules"][second["ruleIndex"]] == {
        "id": "python-syntax",
        "shortDescription": {"text": "The hub's Python is not valid."},
        "help": {"text": "Correct it; the hub does not start with it."},
    }
    assert second["locations"][0]["physicalLocation"] == {
        "artifactLocation": {"uri": "config.yaml"},
        "region": {"startLine": 6, "startColumn": 11, "endLine": 6, "endColumn": 12},
    }
    assert "hunter2" not in out


def test_files_come_in_the_order_in_which_they_were_given(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("b.yaml").write_text("hub: {config: {GitHubOAuthenticatr: {}}}\n")
    Path("a.yaml").write_text("cull: {timeout: 100}\nproxy: {secretToken: a}\n")
    for order in (["b.yaml", "a.yaml"], ["a.yaml", "b.yaml"]):
        main(["validate", "-f", order[0], "-f", order[1], "-o", "json"])
        found = json.loads(capsys.readouterr().out)["findings"]
        assert list(dict.fromkeys(one["file"] for one in found)) == order


@pytest.mark.parametrize(("name", "line"), [("latin.yaml", 2), ("no-such.yaml", None), ("folder", None)])
def test_a_file_that_cannot_be_read_is_a_finding(
    file: str, capsys: pytest.CaptureFixture[str], name: str, line: int | None
) -> None:
    Path("latin.yaml").write_bytes(b"hub:\n  baseUrl: /caf\xe9\n")
    Path("folder").mkdir()
    assert main(["validate", "-f", name, "-o", "json"]) == 2
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["code"], found["file"], found.get("line")) == ("unreadable", name, line)
    for output in ("sarif", "github", "text"):
        assert main(["validate", "-f", name, "-o", output]) == 2
        out, err = capsys.readouterr()
        assert "unreadable" in out or err.startswith(f"{name}:")


def test_for_github(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["validate", "-f", file, "-o", "github"])
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert lines[1].startswith(
        "::error file=config.yaml,line=6,col=11,endColumn=11,title=python-syntax hub.extraConfig.mine::not valid"
    )
    assert "%0A" in lines[1]
    assert all(line.startswith(("::error ", "::warning ")) for line in lines)


def test_without_kubeconform_it_is_said(
    file: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kubeconform, "find", lambda: None)
    assert main(["validate", "-f", file]) == 1
    err = capsys.readouterr().err
    assert "by jsonschema" in err
    assert "there is no kubeconform" in err


def test_silenced_in_a_verb_that_only_renders(file: str, capsys: pytest.CaptureFixture[str]) -> None:
    Path("a.yaml").write_text("cull: {timeout: 100}\n")
    Path("b.yaml").write_text("singleuser: {memory: {guarantee: 4G, limit: 2G}}\n")
    assert main(["render", "-f", "a.yaml"]) == 0
    assert "warning: cull.timeout" in capsys.readouterr().err
    assert main(["render", "-f", "b.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "error: singleuser.memory.guarantee" in err
