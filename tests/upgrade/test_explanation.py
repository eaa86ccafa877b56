"""Every field that differs between two charts' renders is explained by one named change, and nothing else is."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import Any

import pytest
import yaml

from chart_py.context import Context
from chart_py.editions.change import Change
from chart_py.manifest.difference import MISSING, FieldPath, differences, is_checksum, spelled
from chart_py.manifest.embedded import VALUES
from chart_py.manifest.key import Key
from chart_py.upgrade.explanation import Field, explain, objects
from chart_py.values.layer import Layer, from_text
from chart_py.values.load import from_layers

# One release of each state: between two of them only images differ.
STATES: tuple[str, ...] = ("1.0.0", "1.0.1", "1.1.0", "1.2.0", "2.0.0", "3.1.0", "3.2.1", "3.3.8")
STATES += ("4.0.0", "4.1.0", "4.2.0", "4.3.2", "4.4.0", "5.0.0-dev")
PAIRS = [*pairwise(STATES), ("1.0.0", "4.4.0"), ("3.3.8", "4.4.0"), ("3.3.0", "3.3.8")]
HTTPS = {"enabled": True, "hosts": ["hub.example.org"], "letsencrypt": {"contactEmail": "ops@example.org"}}
FULL: dict[str, Any] = {
    "fullnameOverride": "campus",
    "proxy": {"https": HTTPS, "secretSync": {"resources": {"limits": {"cpu": 1}}}},
    "ingress": {"enabled": True},
    "hub": {
        "extraContainers": [{"name": "sidecar", "image": "sidecar:1"}],
        "config": {"JupyterHub": {"subdomain_host": "https://hub.example.org"}},
        "services": {"announcement": {"url": "http://announcement"}},
        "networkPolicy": {"egress": [{"to": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}]},
    },
    "scheduling": {"podPriority": {"enabled": True}, "userPlaceholder": {"replicas": 2}},
    "singleuser": {
        "profileList": [
            {
                "display_name": "One",
                "profile_options": {"i": {"choices": {"a": {"kubespawner_override": {"image": "a:1"}}}}},
            }
        ]
    },
}
CONFIGURATIONS: dict[str, dict[str, Any]] = {"defaults": {}, "full": FULL}


def layers(values: dict[str, Any]) -> list[Layer]:
    text = yaml.safe_dump(values, sort_keys=False)
    return [from_text(text, "config.yaml", lambda finding: pytest.fail(finding.text()))] if values else []


def rendered(values: dict[str, Any], version: str) -> Any:
    return objects(from_layers(layers(values), chart_version=version), Context())


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize(("older", "newer"), PAIRS, ids=[f"{older}-{newer}" for older, newer in PAIRS])
def test_every_field_is_explained_once_and_by_a_change_that_says_so(name: str, older: str, newer: str) -> None:
    values = CONFIGURATIONS[name]
    before, after = rendered(values, older), rendered(values, newer)
    wanted: Counter[tuple[Key, FieldPath]] = Counter(
        (key, found.path)
        for key in {**before, **after}
        for found in differences(before.get(key, MISSING), after.get(key, MISSING))
    )
    found = explain(layers(values), older, newer)
    told = [(each.change, field) for each in found.changes for field in each.fields]
    assert Counter((field.object, field.difference.path) for _, field in told) == wanted
    wrong = {
        f"{change.name}: {field.object} {spelled(field.difference.path)}"
        for change, field in told
        if not says(change, field)
    }
    assert wrong == set()


@pytest.mark.parametrize("older", ["4.3.5", "4.4.0"])
def test_a_setting_that_a_coming_chart_renames_is_explained_from_its_own_place(older: str) -> None:
    values = {"httpRoute": {"enabled": True, "gateway": {"name": "a"}, "hostnames": ["hub.example.org"]}}
    [found] = [
        each
        for each in explain(layers(values), older, "5.0.0-dev").changes
        if each.change.name == "gateway-parent-refs"
    ]
    assert [(each.path, each.place and (each.place.line, each.place.column)) for each in found.written] == [
        (("httpRoute", "gateway"), (3, 3))
    ]
    assert [field.object.kind for field in found.fields if not field.is_told_only] == []


def says(change: Change, field: Field) -> bool:
    """Whether the row of a change has the object, the setting or the image that a field is of."""
    path = field.difference.path
    if is_checksum(path):
        return True
    if change.name == "chart-version":
        return (
            str(path[-1]) in LABELS
            or path[:3] == ("data", VALUES, "Chart")
            or "checksum" in spelled(path)
            or path[-1] == "args"
        )
    if field.is_told_only:
        steps = tuple(str(step) for step in path[2:])
        known = [setting.steps for setting in change.settings] + [tuple(each.split(".")) for each in change.images]
        return any(steps[: len(each)] == each or each[: len(steps)] == steps for each in known)
    if path[-1:] == ("image",):
        return bool(change.images) or change.name in ("placeholder-image",)
    return any(names(each, field.object) for each in change.objects)


LABELS = ("chart", "helm.sh/chart")


def names(pattern: str, key: Key) -> bool:
    kind, _, name = pattern.partition("/")
    return pattern == "*" or (kind == key.kind and (not name or key.name == name or key.name.endswith(f"-{name}")))
