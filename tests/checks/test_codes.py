"""The table of codes: all that the program says is in it, and each example gives its code."""

from __future__ import annotations

import ast
import io
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import chart_py
from chart_py import checks
from chart_py.checks.code import Code
from chart_py.checks.codes import all_codes, check_names
from chart_py.checks.everything import validate
from chart_py.checks.policies import POLICIES
from chart_py.checks.rehearsal_codes import REHEARSAL
from chart_py.checks.rule import Rule
from chart_py.checks.rules import RULES
from chart_py.checks.traps import TRAPS
from chart_py.errors import UsageError
from chart_py.finding import Level

CODES = all_codes()
# Which argument of a call is a code.
CALLS = {"Finding": 1, "Fault": 0, "Advice": 0, "_refusal": 0, "_say": 0, "_at_class": 1, "say": 1}


def said() -> set[str]:
    """Every code that a call in the program gives as a constant."""
    found = set()
    package = Path(chart_py.__file__).parent
    rooms = [file for room in ("values/**", "checks/**", "rehearsal") for file in package.glob(f"{room}/*.py")]
    for file in [*rooms, package / "rendering.py"]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call):
                name = str(getattr(node.func, "id", None) or getattr(node.func, "attr", ""))
                at = CALLS.get(name)
                if at is not None and len(node.args) > at:
                    found |= {c.value for c in ast.walk(node.args[at]) if isinstance(c, ast.Constant) and c.value}
    return {code for code in found if isinstance(code, str)}


def test_every_code_is_in_the_table() -> None:
    assert said() - CODES.keys() == set()


# Given by another verb: tests/rehearsal has them.
REHEARSED = {code.code for code in REHEARSAL}


@pytest.mark.parametrize("code", [c for c in CODES.values() if c.code not in REHEARSED], ids=lambda code: code.code)
def test_the_example_gives_the_code(code: Code) -> None:
    if code.example.startswith("--set "):
        result = validate(settings=[code.example.removeprefix("--set ")])
    elif code.example.startswith("--assert "):
        result = validate([{}], assertions=[io.StringIO(code.example.removeprefix("--assert "))])
    elif code.example.startswith("-f "):
        result = validate([code.example.removeprefix("-f ")])
    else:
        result = validate([io.StringIO(code.example)])
    levels = {finding.code: finding.level for finding in result.findings}
    assert levels.get(code.code) is code.level, [finding.text() for finding in result.findings]
    assert all(len(line) <= 80 or " " not in line.strip() for f in result.findings for line in f.text().splitlines())


def test_each_says_what_it_is_and_what_to_do() -> None:
    assert all(code.says.endswith(".") and code.remedy for code in CODES.values())


def test_only_codes_can_be_ignored() -> None:
    check_names(["unknown-trait", "cull-while-active"])
    with pytest.raises(UsageError, match="did you mean unknown-trait"):
        check_names(["unknwon-trait"])


def test_a_comment_that_silences_no_code_is_told() -> None:
    text = "cull:\n  # chart-py: ignore=cull-while-active, cul-while-active,nonsense\n  timeout: 100\n"
    found = validate([io.StringIO(text)]).findings
    assert [(f.code, f.level, f.message, f.place and f.place[1:4]) for f in found] == [
        (
            "unknown-code",
            Level.WARNING,
            "ignore=cul-while-active: unknown code; did you mean cull-while-active?",
            (2, 41, 16),
        ),
        ("unknown-code", Level.WARNING, "ignore=nonsense: unknown code; docs/errors.md lists all codes", (2, 58, 8)),
    ]


def test_every_rule_is_in_one_of_the_tables() -> None:
    """A module of rules that no table collects would be asked by no verb."""
    tables = [*RULES, *TRAPS, *POLICIES]
    found: list[Rule] = []
    for module in iter_modules(checks.__path__, "chart_py.checks."):
        for inner in iter_modules([str(Path(checks.__path__[0]) / module.name.rpartition(".")[2])], f"{module.name}."):
            found += getattr(import_module(inner.name), "RULES", ())
    assert sorted(found) == sorted(tables)
    assert len({rule.code for rule in tables}) == len(tables)
    assert [rule.code for rule in tables if not rule.text.endswith(".")] == []
