"""What stands at a setting beside its type, default and description is what becomes of it: formats and templates."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.context import Context
from chart_py.errors import ValuesError
from chart_py.finding import Path, dotted
from chart_py.reference.setting import nested
from chart_py.rendering import context_for, render
from chart_py.values import formats
from chart_py.values.base import FormatMark, Section, TemplateMark
from chart_py.values.load import load_values
from chart_py.values.root import Values
from chart_py.values.unknown_setting import Field, all_settings

SETTINGS = {path: field for path, field in all_settings(Values) if not isinstance(field.default, Section)}
EVERYTHING: dict[str, Any] = {
    "proxy": {
        "https": {"enabled": True, "hosts": ["hub.example.org"], "letsencrypt": {"contactEmail": "a@example.org"}}
    },
    "ingress": {"enabled": True},
    "httpRoute": {"enabled": True},
    "scheduling": {"podPriority": {"enabled": True}, "userPlaceholder": {"replicas": 1}},
}


def marked(field: Field, kind: type) -> bool:
    return any(isinstance(mark, kind) for mark in field.metadata)


def is_filled_in(path: Path) -> bool:
    """Whether a render refuses an expression that stands for nothing at this setting."""
    for value in ("{{ .Nothing }}", ["{{ .Nothing }}"]):
        try:
            loaded = load_values([EVERYTHING, nested(path, value)])
        except ValuesError:
            continue
        try:
            render(loaded, context_for(loaded, Context(), token=lambda: "0" * 64))
        except ValuesError as error:
            return [each.code for each in error.findings] == ["template"]
    return False


@pytest.mark.parametrize("path", SETTINGS, ids=dotted)
def test_templates_are_marked(path: Path) -> None:
    field = SETTINGS[path]
    assert is_filled_in(path) == marked(field, TemplateMark)
    assert marked(field, TemplateMark) == ("{{ .Values" in (field.description or ""))


def test_every_format_is_of_a_setting() -> None:
    """A format that no setting has any longer must not stay behind."""
    used = {
        mark.format.__qualname__.partition(".")[0]
        for field in SETTINGS.values()
        for mark in field.metadata
        if isinstance(mark, FormatMark)
    }
    public = {
        name
        for name, each in vars(formats).items()
        if getattr(each, "__module__", "") == formats.__name__ and not isinstance(each, type)
    }
    # What another format or a check is made of.
    parts = {"host", "image_reference", "port"}
    assert {name for name in public if not name.startswith("_")} - used == parts
