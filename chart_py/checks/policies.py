"""The table of what `validate` knows of NetworkPolicies and of assertions about them; it needs a rendered release."""

from __future__ import annotations

from collections.abc import Sequence

from chart_py.checks.network import needed as reach_rules
from chart_py.checks.network import without_effect as policy_rules
from chart_py.checks.network.facts import ReachFacts
from chart_py.checks.rule import Rule, findings
from chart_py.context import Context
from chart_py.finding import Finding
from chart_py.manifest import Manifest
from chart_py.reach.assertions import judge, read
from chart_py.reach.broken import findings as broken
from chart_py.values.load import Loaded

POLICIES: tuple[Rule, ...] = (*policy_rules.RULES, *reach_rules.RULES)


def check(
    loaded: Loaded, manifests: Sequence[Manifest], context: Context, assertions: Sequence[tuple[str, str]] = ()
) -> list[Finding]:
    """What the rules find, and the assertions that do not hold; these are given as texts with their files' names."""
    facts = ReachFacts(loaded, manifests, context)
    found = findings(POLICIES, facts)
    for text, file in assertions:
        wanted, unreadable = read(text, file)
        judged, unknown = judge(wanted, facts.release)
        found += [*unreadable, *unknown, *broken(judged, facts.settings)]
    return found
