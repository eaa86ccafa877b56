"""Every default is the chart's, and every word says what it does."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from chart_py.values.base import Section
from chart_py.values.load import default_tree
from chart_py.values.root import Values

TABLE = Path(__file__).with_name("defaults.txt")


def flat(value: Any, path: tuple[str, ...] = ()) -> dict[str, str]:
    if isinstance(value, dict) and value:
        return {k: v for word, inner in value.items() for k, v in flat(inner, (*path, word)).items()}
    return {".".join(step.replace(".", "\\.") for step in path): json.dumps(value)}


def test_every_default_is_the_one_in_the_table() -> None:
    lines = [line for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    assert flat(default_tree()) == dict(line.split(" = ", 1) for line in lines)


def sections(section: type[Section], path: str = "") -> list[tuple[str, type[Section]]]:
    found = [(path, section)]
    for name, field in section.model_fields.items():
        if isinstance(field.default, Section):
            found += sections(type(field.default), f"{path}.{field.alias or name}".lstrip("."))
    return found


def test_every_word_has_a_sentence() -> None:
    without = [
        f"{path}.{name}"
        for path, section in sections(Values)
        for name, field in section.model_fields.items()
        if not re.fullmatch(r"\S.*\.", field.description or "")
    ]
    assert without == []


def test_a_whole_configuration_validates_by_pydantic_too() -> None:
    whole = Values().model_dump(by_alias=True)
    assert Values.model_validate(whole).model_dump(by_alias=True) == whole


def test_models_refuse_what_pydantic_refuses() -> None:
    from pydantic import ValidationError

    wrongs: tuple[dict[str, Any], ...] = (
        {"hub": {"db": {"type": "mongo"}}},
        {"hub": {"dp": {}}},
        {"cull": {"timeout": "1h"}},
    )
    for wrong in wrongs:
        try:
            Values.model_validate(wrong)
        except ValidationError:
            continue
        raise AssertionError(f"{wrong} was accepted")
