"""The table of contradictions and traps, and what it finds in loaded values; cheap enough for every verb."""

from __future__ import annotations

from chart_py.checks import https_rules, hub_rules, network_rules, server_rules
from chart_py.checks.login import login
from chart_py.checks.rule import Rule, findings
from chart_py.finding import Finding
from chart_py.values.load import Loaded

RULES: tuple[Rule, ...] = (*https_rules.RULES, *hub_rules.RULES, *server_rules.RULES, *network_rules.RULES)


def check(loaded: Loaded) -> list[Finding]:
    """The contradictions and traps in `loaded`, in the order of the table, and a login that nobody can pass."""
    return [*findings(RULES, loaded), *login(loaded)]
