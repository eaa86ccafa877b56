"""The table of what `validate` knows beyond contradictions: it needs the hub's classes and Python, which take time."""

from __future__ import annotations

from chart_py.checks.hub import overridden as overridden_rules
from chart_py.checks.hub.facts import HubFacts
from chart_py.checks.login import demands as login_demands
from chart_py.checks.pods import pods as pod_rules
from chart_py.checks.rule import Rule, findings
from chart_py.checks.servers import profiles as profile_rules
from chart_py.checks.written import unfilled as placeholder_rules
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
