"""The table of contradictions and traps, and what it finds in loaded values; cheap enough for every verb."""

from __future__ import annotations

from collections.abc import Collection

from chart_py.checks.hub import classes as class_rules
from chart_py.checks.hub import rules as hub_rules
from chart_py.checks.login import redirects as login_rules
from chart_py.checks.login.allowed import login
from chart_py.checks.network import https as https_rules
from chart_py.checks.network import lockouts as network_rules
from chart_py.checks.pods import extra_spec as pod_spec_rules
from chart_py.checks.pods import images as image_rules
from chart_py.checks.rule import Facts, Rule, findings
from chart_py.checks.servers import resources as server_rules
from chart_py.checks.silence import heard
from chart_py.checks.written import empty as empty_rules
from chart_py.finding import Finding, in_order
from chart_py.values.load import Loaded

RULES: tuple[Rule, ...] = (
    *https_rules.RULES,
    *hub_rules.RULES,
    *server_rules.RULES,
    *network_rules.RULES,
    *login_rules.RULES,
    *class_rules.RULES,
    *empty_rules.RULES,
    *image_rules.RULES,
    *pod_spec_rules.RULES,
)


def contradictions(loaded: Loaded) -> list[Finding]:
    """The contradictions and traps in `loaded`, in the order of the table, and a login that nobody can pass."""
    return [*findings(RULES, Facts(loaded)), *login(loaded)]


def check(loaded: Loaded, *, ignored: Collection[str] = (), strict: bool = False) -> tuple[Finding, ...]:
    """All that can be said of loaded values without rendering them, in the order of their files, as every verb says it.

    What was found while they were read, contradictions and traps, and a login that nobody can pass; without what a
    comment in a file or a code in `ignored` silences. With `strict`, warnings are errors. Who loads values and renders
    them does not want those with an error: Kubernetes or the hub would refuse them.
    """
    found = [*loaded.findings, *(loaded.sources.in_own_words(finding) for finding in contradictions(loaded))]
    return tuple(in_order(heard(found, loaded.sources, ignored=ignored, strict=strict), loaded.sources.files))
