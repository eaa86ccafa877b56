"""The JSON schema takes what is right, and refuses what an editor should underline: in profiles and traits as well."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from chart_py.checks.hub import image as hub_image
from chart_py.errors import ValuesError
from chart_py.finding import dotted
from chart_py.reference import entry_schema, trait_schema
from chart_py.reference.json_schema import json_schema, of_settings
from chart_py.reference.setting import Setting, known, nested
from chart_py.values.entries import ENTRIES, every
from chart_py.values.layer import Layer
from chart_py.values.load import from_layers

ROOT = Path(__file__).parents[2]
SCHEMA = json_schema()
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
PLAIN: list[Any] = [None, True, False, 0, 1, -1, 1.5, "", "x", "1", "2G", "10Gi", [], {}]
POOL = [*PLAIN, ["a"], [1], [None], [{}], [{"name": "a"}], {"a": "b"}, {"a": 1}, {"a": None}, {"a": {}}, {"a": ["b"]}]
# Old forms, which are translated, and what only `validate` refuses, as the hub stops at it.
LATER = {("hub", "extraConfig"), ("hub", "loadRoles"), ("hub", "services"), ("singleuser", "profileList")}
LATER |= {("prePuller", "extraImages")}


def wrong(values: Any) -> list[str]:
    """Where the schema refuses `values`, and why."""
    return [f"{error.json_path}: {error.message[:80]}" for error in VALIDATOR.iter_errors(values)]


def test_it_is_a_schema_whose_references_lead_somewhere() -> None:
    VALIDATOR.check_schema(SCHEMA)
    assert wrong({"hub": {"config": {name: {} for name in hub_image.class_names()}}}) == []


@pytest.mark.parametrize("file", sorted((ROOT / "values").glob("*.yaml")), ids=lambda file: file.stem)
def test_the_configurations_of_values_are_accepted(file: Path) -> None:
    assert wrong(yaml.safe_load(file.read_text(encoding="utf-8"))) == []


def test_every_example_is_accepted() -> None:
    for path, field in known().items():
        assert wrong(nested(path, Setting(path, field).example)) == [], dotted(path)


def test_what_loads_is_accepted() -> None:
    """Of every setting and section, any value that is taken without an error."""
    refused = []
    for path in known():
        for value in POOL:
            tree = nested(path, copy.deepcopy(value))
            try:
                from_layers([Layer("values", copy.deepcopy(tree))])
            except ValuesError:
                continue
            if path not in LATER and wrong(tree):
                refused.append((dotted(path), value))
    assert refused == []


@pytest.mark.parametrize("name", hub_image.class_names())
def test_a_value_that_a_trait_takes_is_accepted(name: str) -> None:
    schema = {"definitions": trait_schema.definitions(), **trait_schema.of_class(name)}
    validator = jsonschema.Draft7Validator(schema)
    refused = [
        (trait, value)
        for trait, spec in hub_image.traits(name).items()
        for value in [*POOL, *(spec[2] if spec[0] == "Enum" else ())]
        # Python takes true for 1; in a configuration it is a slip.
        if not (isinstance(value, bool) and spec[0] in ("Integer", "Float", "Enum", "Memory", "Union"))
        and not hub_image.refused(spec, value)
        and not validator.is_valid({trait: value})
    ]
    assert refused == []


@pytest.mark.parametrize(
    "values",
    [
        {"hub": {"config": {"CampusLogin": {"realm": "x"}}}},
        {"hub": {"config": {"KubeSpawner": {"of_my_subclass": 1, "mem_limit": "2G", "uid": None}}}},
        {"hub": {"config": {"CILogonOAuthenticator": {"username_claim": "email"}}}},
        {"hub": {"config": {"Authenticator": {"allowed_users": ["ada"], "admin_users": "ada"}}}},
        {"singleuser": {"profileList": [{"display_name": "A", "of_my_template": {}, "kubespawner_override": None}]}},
        {"hub": {"services": {"a": {"apiToken": "x", "url": "http://a"}, "b": None}}},
        {"hub": {"loadRoles": {"a": {"scopes": ["self"], "users": None}}}},
    ],
)
def test_what_is_free_is_accepted(values: Any) -> None:
    assert wrong(values) == []


def profile(**keys: Any) -> Any:
    return {"singleuser": {"profileList": [{"display_name": "A", **keys}]}}


@pytest.mark.parametrize(
    ("values", "where"),
    [
        ({"hub": {"db": {"tpye": "x"}}}, "$.hub.db"),
        ({"hub": {"db": {"type": "x"}}}, "$.hub.db.type"),
        ({"cull": {"timeout": "1h"}}, "$.cull.timeout"),
        ({"hub": {"config": {"KubeSpawner": {"start_timeout": "5m"}}}}, "$.hub.config.KubeSpawner.start_timeout"),
        ({"hub": {"config": {"GitHubOAuthenticator": {"allow_all": "yes"}}}}, "$.hub.config.GitHubOAuthenticator"),
        ({"hub": {"config": {"loadRoles": []}}}, "$.hub.config.loadRoles"),
        ({"singleuser": {"profileList": [{"kubespawner_override": {}}]}}, "$.singleuser.profileList[0]"),
        ({"hub": {"config": {"Authenticator": {"admin_users": 5}}}}, "$.hub.config.Authenticator.admin_users"),
        (profile(default="yes"), "$.singleuser.profileList[0].default"),
        (profile(kubespawner_override={"cpu_limit": "two"}), "$.singleuser.profileList[0].kubespawner_override"),
        (
            profile(profile_options={"a": {"choices": {"b": {"kubespawner_override": {"uid": "x"}}}}}),
            "$.singleuser.profileList[0].profile_options.a.choices.b.kubespawner_override.uid",
        ),
        (profile(profile_options={"a": {"unlisted_choice": {"enabled": "x"}}}), "$.singleuser.profileList[0]"),
        ({"hub": {"services": {"a": {"ulr": "http://a"}}}}, "$.hub.services.a"),
        ({"hub": {"loadRoles": {"a": {"scopes": "self"}}}}, "$.hub.loadRoles.a.scopes"),
        ({"singleuser": {"extraFiles": {"a": {"mountpath": "/a"}}}}, "$.singleuser.extraFiles.a"),
        ({"prePuller": {"extraImages": {"a": {"pullPolicy": "Sometimes"}}}}, "$.prePuller.extraImages.a.pullPolicy"),
    ],
)
def test_what_an_editor_should_underline_is_refused(values: Any, where: str) -> None:
    assert [message for message in wrong(values) if message.startswith(where)]


def test_what_users_enter_may_be_filled_into_any_trait() -> None:
    choice = {"enabled": True, "kubespawner_override": {"uid": "{value}", "image": "a:{value}", "cpu_limit": 2}}
    assert wrong(profile(profile_options={"a": {"unlisted_choice": choice}})) == []


def test_everything_has_its_description() -> None:
    """Keys of profiles and the like, and every trait, as explain has them."""
    for path, entry in ENTRIES.items():
        schema = entry_schema.content(entry)
        for steps, inner in every(entry):
            found = schema
            for step in steps:
                at = found.get("properties", {})
                found = at[step] if step in at else found["items"] if step == "[]" else found["additionalProperties"]
            assert found["description"] == inner.description, (path, steps)
    traits = {name: found["properties"] for name, found in SCHEMA["definitions"].items()}
    silent = [(name, trait) for name, found in traits.items() for trait in found if not found[trait]["description"]]
    assert len(silent) < 12


def test_the_settings_alone() -> None:
    assert "definitions" not in of_settings()
    assert set(of_settings()["properties"]) == set(SCHEMA["properties"])
