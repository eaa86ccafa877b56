"""`chart-py reach`: the matrix, edges, comparisons and assertions, from a folder as people have it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chart_py.cli import main

CONFIG = """\
singleuser:
  networkPolicy:
    enabled: false
hub:
  db: {type: postgres, url: "postgresql://hub:hunter2hunter2@db.example.org/hub"}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def runs(*arguments: str) -> tuple[int, str, str]:
        code = main(["reach", *arguments])
        out, err = capsys.readouterr()
        assert "hunter2" not in out + err
        return code, out, err

    return runs


def test_what_is_switched_off_is_said_first(run: Any) -> None:
    code, out, err = run("-f", "config.yaml")
    assert (code, err) == (0, "")
    assert out.splitlines()[:3] == [
        "No policy governs user: singleuser.networkPolicy.enabled: false (config.yaml:3:5)",
        "Policies count only where the cluster's network plugin enforces them; it is not known here.",
        "",
    ]
    assert "internet          yes" in out
    assert "\ndatabase: db.example.org\n" in out


def test_edges_in_full(run: Any) -> None:
    code, out, _ = run("-f", "config.yaml", "--from", "user", "--to", "user", "--port", "8888")
    assert code == 0
    assert (
        out.partition("\n\n")[2]
        == """\
user -> user: yes (8888)
   egress: singleuser.networkPolicy.enabled: false (config.yaml:3:5)
   ingress: singleuser.networkPolicy.enabled: false (config.yaml:3:5)
   to close it: singleuser.networkPolicy.enabled: true
"""
    )


def test_json_has_every_edge(run: Any) -> None:
    code, out, _ = run("-f", "config.yaml", "--output", "json")
    data = json.loads(out)
    assert code == 0
    assert {key: data[key] for key in ("namespace", "enforcement", "plugins", "unread", "faults", "ungoverned")} == {
        "namespace": "jhub",
        "enforcement": "unknown",
        "plugins": [],
        "unread": [],
        "faults": [],
        "ungoverned": ["user"],
    }
    names = {each["name"] for each in data["parties"]}
    assert {"user", "hub", "proxy", "internet", "internet-ipv6"} <= names
    (edge,) = (each for each in data["edges"] if (each["from"], each["to"]) == ("user", "internet"))
    assert edge == {
        "from": "user",
        "to": "internet",
        "host": None,
        "ports": [{"protocol": None, "first": 1, "last": 65535}],
        "answer": "yes",
        "dependsOn": [],
        "because": [
            {
                "policy": None,
                "direction": "Egress",
                "rule": None,
                "always": False,
                "iptables": False,
                "setting": "singleuser.networkPolicy.enabled",
                "value": False,
                "file": "config.yaml",
                "line": 3,
                "column": 5,
            }
        ],
        "toAllow": [],
        "toClose": [
            {"act": "set", "setting": "singleuser.networkPolicy.enabled", "value": True},
            {"act": "set", "setting": "singleuser.networkPolicy.egressAllowRules.nonPrivateIPs", "value": False},
        ],
    }
    # Every pair has an answer for every port.
    for who in {each["from"] for each in data["edges"]}:
        found = [each for each in data["edges"] if each["from"] == who]
        assert {each["to"] for each in found} >= {"user", "hub", "database", "private-ipv6"}


def test_what_opens_and_closes(run: Any, folder: Path) -> None:
    (folder / "old.yaml").write_text("hub: {}\n", encoding="utf-8")
    code, out, _ = run("-f", "config.yaml", "--against", "old.yaml")
    assert code == 1
    assert "opens     user -> user, private-ipv6, internet-ipv6 (any port): no -> yes" in out.splitlines()
    assert not any(line.startswith(("closes", "may close")) for line in out.splitlines())
    code, out, _ = run("-f", "old.yaml", "--against", "old.yaml")
    assert (code, out) == (0, "No edge opens or closes.\n")
    code, out, _ = run("-f", "old.yaml", "--against", "2.0.0", "-o", "json")
    assert code == 1
    assert {"opens", "closes"} == set(json.loads(out))
    assert [(each["from"], each["to"], each["before"], each["after"]) for each in json.loads(out)["opens"]] == [
        ("user", "dns", "depends", "yes"),
        ("hub", "dns", "depends", "yes"),
        ("proxy", "dns", "depends", "yes"),
        ("user", "metadata", "no", "yes"),
    ]
    code, out, _ = run("-f", "old.yaml", "--against", "old.yaml@1.2.0", "-o", "markdown")
    assert code == 1
    assert "| **closes** | user | private | any port but 53/tcp+udp | yes | no |" in out.splitlines()


def test_assertions(run: Any, folder: Path) -> None:
    (folder / "reach.txt").write_text("allow hub -> database\ndeny user -> user\n", encoding="utf-8")
    code, out, err = run("-f", "config.yaml", "--assert", "reach.txt")
    assert (code, out) == (1, "reach.txt: 1 of 2 assertions hold\n")
    assert err.startswith("reach.txt:2:1: error: user -> user: yes (any port)\n")
    code, out, _ = run("-f", "config.yaml", "--assert", "reach.txt", "-o", "json")
    assert code == 1
    said = json.loads(out)["assertions"]
    assert [(each["assertion"], each["line"], each["holds"], len(each["broken"])) for each in said] == [
        ("allow hub -> database", 1, True, 0),
        ("deny user -> user", 2, False, 1),
    ]
    code, out, _ = run("-f", "config.yaml", "--assert", "reach.txt", "-o", "markdown")
    assert (code, out.splitlines()[0]) == (1, "1 of 2 assertions hold.")
    code, out, _ = run("--defaults", "--suggest")
    assert code == 0
    (folder / "today.txt").write_text(out, encoding="utf-8")
    code, out, err = run("--defaults", "--assert", "today.txt")
    assert (code, err) == (0, "")
    assert run("-f", "config.yaml", "--assert", "today.txt")[0] == 1


def test_validate_tells_them_too(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "reach.txt").write_text("deny user -> user\ndeny usr -> user\nwhat\n", encoding="utf-8")
    assert main(["validate", "-f", "config.yaml", "--assert", "reach.txt", "-o", "json"]) == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(each["code"], each["file"], each["line"]) for each in found] == [
        ("assertion", "reach.txt", 1),
        ("assertion-unreadable", "reach.txt", 2),
        ("assertion-unreadable", "reach.txt", 3),
    ]
    assert main(["validate", "-f", "config.yaml", "--assert", "none.txt"]) == 2
    assert "none.txt" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--assert", "a", "--suggest"], "different questions"),
        (["--against", "2.0.0", "--from", "user"], "leave out --against"),
        (["--cluster", "-f", "config.yaml"], "leave out -f"),
        (["--pod-cidr", "10.0.0.0/99"], "--pod-cidr"),
        (["--against", "9.9.9"], "no such file, and not a chart version"),
        (["--against", "missing.yaml@1.2.0"], "missing.yaml"),
        (["--assert", "missing.txt"], "missing.txt"),
        (["--from", "usr"], "did you mean user?"),
        (["--to", "hub:htp"], "or one of http"),
        (["--port", "x"], "expected a port"),
    ],
)
def test_bad_input(run: Any, arguments: list[str], said: str) -> None:
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert said in err


def test_a_line_that_is_no_assertion(run: Any, folder: Path) -> None:
    (folder / "reach.txt").write_text("deny user -> user\ndeni user -> hub\nallow user\n", encoding="utf-8")
    code, out, err = run("--assert", "reach.txt")
    assert (code, out) == (2, "")
    assert "reach.txt:2:1: error: not an assertion; did you mean deny?" in err
    assert "reach.txt:3:1: error: not an assertion" in err


def test_markdown_keeps_to_its_table(run: Any) -> None:
    code, out, _ = run("-f", "config.yaml", "-o", "markdown")
    assert code == 0
    rows = [line for line in out.splitlines() if line.startswith("|")]
    assert len({line.count("|") for line in rows}) == 1
    assert "| internet | yes | yes | yes | yes | yes | yes |" in rows


def test_rules_that_no_server_takes_are_said_first(run: Any, folder: Path) -> None:
    rule = "hub: {networkPolicy: {ingress: [{ports: [{port: 9000, endPort: 8000}]}]}}\n"
    (folder / "wrong.yaml").write_text(rule, encoding="utf-8")
    code, out, _ = run("-f", "wrong.yaml")
    assert code == 0
    first = "Not valid, so the API server refuses it: NetworkPolicy/hub, ingress rule 2 (hub.networkPolicy.ingress[0], "
    assert first + "wrong.yaml:1:33): endPort 8000 is less than port 9000" in out.splitlines()


def test_addresses_of_pods_can_be_given(run: Any) -> None:
    """Carriers' addresses, which clouds give to pods, are public to the chart's rules."""
    assert "other-pods        53?" in run("--defaults")[1]
    _, out, _ = run("--defaults", "--pod-cidr", "100.64.0.0/10", "--from", "user", "--to", "other-pods:80")
    assert "user -> other-pods: depends (80)" in out
