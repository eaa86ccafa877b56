"""The hub starts, or what stops it is told at the line that caused it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py.checks.code import Code
from chart_py.checks.rehearsal_codes import REHEARSAL
from chart_py.finding import Finding
from chart_py.rehearsal.nodes import nodes_of
from chart_py.rehearsal.worker import Worker
from tests.rehearsal.rehearsing import found, rehearsed

CASES: dict[str, dict[str, Any]] = yaml.safe_load((Path(__file__).parent / "hub_start.yaml").read_text("utf-8"))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_stops_the_hub_is_told_at_its_line(worker: Worker, case: dict[str, Any]) -> None:
    assert found(worker, case["text"]) == [tuple(each) for each in case["found"]]


@pytest.mark.parametrize("code", REHEARSAL, ids=lambda code: code.code)
def test_the_example_gives_the_code(worker: Worker, code: Code) -> None:
    text = code.example
    more: dict[str, Any] = dict(LIMITS.get(code.code, {}))
    if text.startswith("--nodes "):
        text, more = text.removeprefix("--nodes "), {"nodes": nodes_of("- {type: r5.xlarge}", "nodes.yaml")}
    elif text.startswith("--pod-security "):
        text, more = text.removeprefix("--pod-security "), {"pod_security": "baseline"}
    said = found(worker, text, **more)
    assert (code.code, code.level.value) in {each[:2] for each in said}


LIMITS: dict[str, dict[str, float]] = {"hub-limit": {"seconds": 2}}


def test_a_finding_in_full(worker: Worker) -> None:
    text = "hub:\n  extraConfig:\n    mine: |\n      limit = '4G'\n      c.KubeSpawner.mem_limit = limitt\n"
    result = rehearsed(worker, text)
    assert [finding.text() for finding in result.findings] == [
        "values:5:7: error: hub.extraConfig.mine: NameError: name 'limitt' is not defined\n"
        "    5 |       c.KubeSpawner.mem_limit = limitt\n"
        "      |       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^\n"
        "   The hub does not start."
    ]
    assert result.rehearsal.hub is None
    assert result.rehearsal.servers == ()


def test_no_secret_is_told(worker: Worker) -> None:
    text = (
        "hub:\n  db: {type: postgres, url: 'postgresql://hub:pa]ss[word@db:5432/hub'}\n"
        "  extraConfig:\n    a: |\n      raise RuntimeError('password: hunter2-hunter2')\n"
    )
    told = "".join(finding.text() for finding in rehearsed(worker, text).findings)
    assert "hunter2" not in told
    assert "word@db" not in told


def test_what_is_written_in_an_older_way_is_told_in_that_way(worker: Worker) -> None:
    text = (
        "auth:\n  type: custom\n  custom:\n    className: oauthenticator.generic.GenericOAuthenticator\n"
        "    config:\n      client_id: a\n      client_secret: b\n      allowed_groups: [x]\n"
    )
    said: list[Finding] = [f for f in rehearsed(worker, text).findings if f.code == "hub-start"]
    assert [(f.path, f.place and f.place.line) for f in said] == [(("auth", "custom", "config", "allowed_groups"), 8)]
