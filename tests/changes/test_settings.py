"""Whatever setting of a release changes: the diff names it with its old and its new value, or `(hidden)`."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chart_py import Options, Pull, execute, load, open_cluster, plan, plan_data, plan_text
from chart_py.values.root import Values
from tests.changes.settings import SETTINGS, Setting, expected, read
from tests.fake_hub import namespace, working_cluster


def fields(data: dict[str, Any]) -> dict[str, tuple[Any, Any, bool]]:
    """The fields of the hub's Secret by their paths: old and new value, and whether these are hidden."""
    return {
        field["path"]: (field["before"], field["after"], field["hidden"])
        for change in data["changes"]
        for field in change["fields"]
        if change["kind"] == "Secret"
    }


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, inner in value.items() for text in (key, *leaves(inner))]
    return [value]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_the_diff_names_the_setting(setting: Setting) -> None:
    hub = open_cluster(cluster=working_cluster(namespace()), release="jhub", namespace="jhub")
    execute(hub, plan(hub, load(setting.values(setting.before))), Options(pull=Pull.OFF, wait=False))
    planned = plan(hub, load(setting.values(setting.after))).plan
    found, text = fields(plan_data(planned)), plan_text(planned)
    assert found[setting.where] == (*setting.said, setting.is_secret)
    assert expected(setting) <= read(text), text
    if setting.is_secret:
        for value in leaves(setting.before) + leaves(setting.after):
            assert value == "ada" or value not in text + json.dumps(plan_data(planned))


def test_every_section_is_among_them() -> None:
    sections = {field.alias or name for name, field in Values.__pydantic_fields__.items()}
    assert {each.name.partition(".")[0] for each in SETTINGS} == sections
    assert len({each.name for each in SETTINGS}) >= 40
