"""What only `validate` knows: each row of the table is broken by its example, and by nothing that is right."""

from __future__ import annotations

import io
import re

import pytest

from chart_py.checks.codes import all_codes
from chart_py.checks.rule import Rule
from chart_py.checks.rules import RULES
from chart_py.checks.traps import TRAPS, check
from chart_py.finding import Finding
from chart_py.values.load import load_values


def found(text: str) -> list[Finding]:
    return check(load_values([io.StringIO(text)]))


@pytest.mark.parametrize("rule", TRAPS, ids=lambda rule: rule.code)
def test_the_example_breaks_the_rule_and_no_other(rule: Rule) -> None:
    assert {finding.code for finding in found(rule.example)} == {rule.code}


def test_rows_are_told_apart_and_say_what_to_do() -> None:
    codes = [rule.code for rule in (*RULES, *TRAPS)]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code) and code in all_codes() for code in codes)
    assert all(rule.remedy and rule.check.__doc__ for rule in TRAPS)
