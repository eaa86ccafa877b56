"""What each named change does, in the last release without it and in the first one with it."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py.context import Context
from chart_py.credentials import MASK, resolve
from chart_py.editions import DEFAULT, ELSEWHERE, edition
from chart_py.editions.defaults import absent
from chart_py.editions.order import key
from chart_py.editions.releases import RELEASES
from chart_py.editions.table import CHANGES, between
from chart_py.manifest import Manifest
from chart_py.rendering import render
from chart_py.resources.names import SINCE as LOOKED_UP
from chart_py.resources.user_scheduler.rbac import RULES
from chart_py.values.layer import from_text
from chart_py.values.load import from_layers

PACKAGE = Path(__file__).parents[2] / "chart_py"
CASES: dict[str, dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("changes.yaml").read_text())
SINCE = {change.name: change.since for change in CHANGES}


def rendered(version: str, values: dict[str, Any]) -> dict[str, Manifest]:
    """The objects of a configuration by kind and name."""
    layer = from_text(yaml.safe_dump(values), "config.yaml", lambda finding: pytest.fail(finding.text()))
    loaded = from_layers([layer], chart_version=version)
    context = Context(secrets=resolve(loaded.values, token=lambda: MASK))
    return {f"{made['kind']}/{made['metadata']['name']}": made for made in render(loaded, context)}


def at(here: Any, path: list[Any]) -> Any:
    for place, step in enumerate(path):
        if isinstance(here, str):
            here = yaml.safe_load(here)
        if step == "*":
            return [at(item, path[place + 1 :]) for item in here]
        try:
            here = here[step]
        except (KeyError, IndexError, TypeError):
            return "absent"
    return here


@pytest.mark.parametrize("name", CASES)
def test_a_change_is_in_force_from_its_first_release(name: str) -> None:
    case = CASES[name]
    before = max((version for version in RELEASES if key(version) < key(SINCE[name])), key=key)
    for version, wanted in ((before, case["before"]), (SINCE[name], case["after"])):
        objects = rendered(version, case.get("values", {}))
        assert at(objects, [case["object"], *case["path"]]) == wanted, version


def test_every_change_of_objects_has_a_case() -> None:
    assert {change.name for change in CHANGES if change.objects} - set(CASES) == {
        "ingress-path-type",
        "traefik-command",
    }


def test_the_ingress_is_what_the_cluster_knows() -> None:
    """Charts 1.1 and 1.2 could make both kinds, and were told by the cluster which one."""
    layer = from_text("ingress: {enabled: true}", "config.yaml", lambda finding: pytest.fail(finding.text()))
    made = {}
    for version, kube in (("1.0.1", "1.21"), ("1.2.0", "1.21"), ("1.2.0", "1.18"), ("1.2.0", None), ("2.0.0", None)):
        loaded = from_layers([layer], chart_version=version)
        context = Context(kube_version=kube, secrets=resolve(loaded.values, token=lambda: MASK))
        made[version, kube] = next(m["apiVersion"] for m in render(loaded, context) if m["kind"] == "Ingress")
    assert made == {
        ("1.0.1", "1.21"): "networking.k8s.io/v1beta1",
        ("1.2.0", "1.21"): "networking.k8s.io/v1",
        ("1.2.0", "1.18"): "networking.k8s.io/v1beta1",
        ("1.2.0", None): "networking.k8s.io/v1beta1",
        ("2.0.0", None): "networking.k8s.io/v1",
    }


def test_traefik_may_be_started_otherwise_from_5_on() -> None:
    https = {"enabled": True, "hosts": ["hub.example.org"], "letsencrypt": {"contactEmail": "ops@example.org"}}
    values = {"proxy": {"https": https, "traefik": {"command": ["/run"], "args": ["--fast"]}}}
    container = rendered("5.0.0-dev", values)["Deployment/autohttps"]["spec"]["template"]["spec"]["containers"][0]
    assert (container["command"], container["args"]) == (["/run"], ["--fast"])


def test_rbac_enabled_makes_all_accounts_or_none() -> None:
    made = {name for name in rendered("1.2.0", {"rbac": {"enabled": False}}) if name.split("/")[0] in KINDS}
    assert made == set()
    made = {name for name in rendered("1.2.0", {}) if name.split("/")[0] in KINDS}
    assert {"ServiceAccount/hub", "Role/hub", "ServiceAccount/hook-image-awaiter"} <= made


KINDS = ("ServiceAccount", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding")


def test_builders_ask_for_changes_that_exist() -> None:
    asked = {
        node.args[0].value
        for file in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr == "has"
        and isinstance(node.func.value, (ast.Name, ast.Attribute))
        and "edition" in ast.unparse(node.func.value)
        and isinstance(node.args[0], ast.Constant)
    }
    asked |= {change for *_, change in RULES if change} | set(LOOKED_UP.values())
    assert asked - set(SINCE) == set()
    assert len(asked) > 20


def test_what_the_default_edition_lacks_is_in_the_table() -> None:
    """It is written down a second time, so that a render need not load the table."""
    assert DEFAULT.lacks == {change.name for change in between(DEFAULT.version, "999.0.0")}
    assert absent(DEFAULT) == ELSEWHERE


def test_the_table_is_in_order_and_whole() -> None:
    assert [change.since for change in CHANGES] == sorted((change.since for change in CHANGES), key=key)
    assert len({change.name for change in CHANGES}) == len(CHANGES)
    assert {change.since for change in CHANGES} <= set(RELEASES)
    for change in CHANGES:
        assert change.what.endswith(".") and change.why.endswith("."), change.name
        assert all(text == "" or text.endswith(".") for text in (change.noticed, change.before, change.hub))


def test_an_edition_has_what_came_up_to_it() -> None:
    assert edition("2.0.0").has("egress-allow-rules")
    assert not edition("1.2.0").has("egress-allow-rules")
    assert not edition("4.4.0").has("proxy-command")
    assert edition("5.0.0-dev").lacks == frozenset()
