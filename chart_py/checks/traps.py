"""The table of what `validate` knows beyond contradictions: it needs the hub's classes and Python, which take time."""

from __future__ import annotations

from chart_py.checks import login_demands, overridden_rules, placeholder_rules, pod_rules, profile_rules
from chart_py.checks.hub_facts import HubFacts
from chart_py.checks.rule import Rule, findings
from chart_py.finding import Finding
from chart_py.values.load import Loaded

TRAPS: tuple[Rule, ...] = (
    *placeholder_rules.RULES,
    *profile_rules.RULES,
    *login_demands.RULES,
    *overridden_rules.RULES,
    *pod_rules.RULES,
)


def check(loaded: Loaded) -> list[Finding]:
    """What the rules find, at the places of the settings or of the Python."""
    return findings(TRAPS, HubFacts(loaded))
