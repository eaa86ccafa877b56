"""What is told of an upgrade: for a terminal, as data, as Markdown."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chart_py.editions.table import CHANGES
from chart_py.upgrade.explanation import explain
from chart_py.upgrade.reaching import reach_shifts
from chart_py.values.layer import Layer, from_text
from chart_py.views.upgrade import HEADS, upgrade_data, upgrade_lines, upgrade_markdown
from tests.upgrade.test_explanation import FULL, layers

RESTRICTED = "singleuser:\n  networkPolicy:\n    egress: []\n"


def read(text: str) -> list[Layer]:
    return [from_text(text, "config.yaml", lambda finding: pytest.fail(finding.text()))]


def told(text: str, older: str, newer: str, *, whole: bool = False) -> list[str]:
    found = read(text)
    shifts = reach_shifts(found, older, newer)
    return list(upgrade_lines(explain(found, older, newer), shifts, whole=whole))


def test_what_touches_the_configuration_comes_first_with_its_line() -> None:
    lines = told(RESTRICTED, "1.2.0", "2.0.0")
    assert lines[:3] == [
        "From chart 1.2.0 to 2.0.0 (JupyterHub 1.5.0 to 3.0.0): 10 changes touch this",
        "   configuration.",
        "   Chart 2.0.0 is for Kubernetes 1.20 and newer; 1.2.0 took 1.17.",
    ]
    first = lines.index("Act before the upgrade")
    assert lines[first + 1 : first + 9] == [
        "  egress-allow-rules (since 2.0.0): networkPolicy.egressAllowRules opens the",
        "     usual ways out; networkPolicy.egress adds to them and is empty.",
        "   Noticed: Where networkPolicy.egress narrowed what pods reach, they reach more",
        "      than before.",
        "   Before: Where networkPolicy.egress is set to restrict, set each rule of",
        "      egressAllowRules beside it to false.",
        "   config.yaml:3:5: singleuser.networkPolicy.egress",
        "   In: NetworkPolicy/hub (4 fields), NetworkPolicy/proxy (4 fields),",
    ]
    heads = [line for line in lines if line in HEADS.values()]
    assert heads == list(HEADS.values())
    assert "   opens user -> internet (any port but 53/tcp+udp): no -> yes" in lines
    assert max(map(len, lines)) <= 80


def test_the_rest_is_one_line_and_with_v_it_is_told() -> None:
    short, long = told(RESTRICTED, "1.2.0", "2.0.0"), told(RESTRICTED, "1.2.0", "2.0.0", whole=True)
    folded = " ".join(short[short.index("") :]).partition("do not touch it (-v tells what they are): ")[2]
    names = [each.strip() for each in folded.split(",")]
    assert "load-roles" in names
    assert all(any(line.startswith(f"  {name} (since ") for line in long) for name in names)


@pytest.mark.parametrize(
    ("text", "is_told"), [("hub: {config: {loadRoles: {}}}", True), ("hub: {config: {A: {}}}", False)]
)
def test_a_section_that_is_no_class_stops_the_hub(text: str, is_told: bool) -> None:
    assert any("hub-config-classes" in line for line in told(text, "4.2.0", "4.4.0")) == (
        True if is_told else any("not touch it" in line for line in told(text, "4.2.0", "4.4.0"))
    )
    assert ("Act before the upgrade" in told(text, "4.2.0", "4.4.0")) is is_told


def test_a_setting_that_is_renamed_says_what_to_write() -> None:
    found = explain(read("httpRoute: {enabled: true, gateway: {name: a}, hostnames: [a.org]}"), "4.4.0", "4.4.0")
    assert list(upgrade_lines(found, reach_shifts([], "4.4.0", "4.4.0"))) == [
        "From chart 4.4.0 to 4.4.0: nothing changes.",
        "",
    ]


def test_security_releases_in_between() -> None:
    lines = told("", "4.3.2", "4.3.4")
    assert [line.strip().partition(" in between")[0] for line in lines if "Security release" in line] == [
        "Security release 4.3.3 (2026-03-26)",
        "Security release 4.3.4 (2026-04-28)",
    ]


def test_data_has_every_change() -> None:
    values: dict[str, Any] = FULL
    found = explain(layers(values), "3.3.8", "4.4.0")
    data = json.loads(json.dumps(upgrade_data(found, reach_shifts(layers(values), "3.3.8", "4.4.0"))))
    assert data["from"] == {"version": "3.3.8", "jupyterhub": "4.1.6"}
    assert [each["name"] for each in data["changes"] if each["touches"]] == [e.change.name for e in found.touching]
    assert {each["severity"] for each in data["changes"]} == {"action", "users", "admins", "quiet"}
    known = {each.name for each in CHANGES} | {"image-versions", "chart-version"}
    assert {each["name"] for each in data["changes"]} <= known


def test_markdown_has_all_of_it_and_folds_the_rest() -> None:
    found = read(RESTRICTED)
    text = "\n".join(upgrade_markdown(explain(found, "1.2.0", "2.0.0"), reach_shifts(found, "1.2.0", "2.0.0")))
    assert text.startswith("**From chart 1.2.0 to 2.0.0 (JupyterHub 1.5.0 to 3.0.0): 10 changes touch this")
    assert "- **egress-allow-rules** (since 2.0.0):" in text
    assert "  - `config.yaml:3:5: singleuser.networkPolicy.egress`" in text
    assert "<details><summary>11 more that do not touch it</summary>" in text
    assert len(text) < 60_000
