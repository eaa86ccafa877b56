"""The type of a setting with a value of its own: pydantic-core's validator of it, and what it takes."""

from __future__ import annotations

from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo
from pydantic_core import SchemaValidator

from chart_py.values.base import FormatMark, Section
from chart_py.values.expectation import members
from chart_py.values.formats import Format

REQUIRED = object()
_VALIDATORS: dict[Any, SchemaValidator] = {}


def format_of(field: FieldInfo) -> Format | None:
    """The format in which a setting has to be written; None where any value of its type will do."""
    return next((mark.format for mark in field.metadata if isinstance(mark, FormatMark)), None)


def validator(field: FieldInfo) -> SchemaValidator:
    least = next((found for mark in field.metadata if (found := getattr(mark, "ge", None)) is not None), None)
    key = (str(field.annotation), least)
    if key not in _VALIDATORS:
        _VALIDATORS[key] = SchemaValidator(_schema(field.annotation, least))
    return _VALIDATORS[key]


def _schema(annotation: Any, least: int | None = None) -> Any:
    """pydantic-core's schema of an annotation, strict: what `TypeAdapter` would make, without its import and search."""
    kinds = members(annotation)
    if type(None) in kinds:
        rest = [member for member in kinds if member is not type(None)]
        return {"type": "nullable", "schema": _choice([_schema(member, least) for member in rest])}
    if len(kinds) > 1:
        return _choice([_schema(member, least) for member in kinds])
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return {"type": "literal", "expected": list(inner)}
    if origin is dict:
        return {"type": "dict", "strict": True, "keys_schema": _schema(inner[0]), "values_schema": _schema(inner[1])}
    if origin is list:
        return {"type": "list", "strict": True, "items_schema": _schema(inner[0])}
    if annotation is int and least is not None:
        return {"type": "int", "strict": True, "ge": least}
    return {"type": _PLAIN[annotation], "strict": True} if annotation is not Any else {"type": "any"}


_PLAIN = {str: "str", int: "int", float: "float", bool: "bool"}


def _choice(choices: list[Any]) -> Any:
    return choices[0] if len(choices) == 1 else {"type": "union", "choices": choices, "strict": True}


def takes(annotation: Any, kind: type) -> bool:
    return kind in members(annotation)


def takes_text(annotation: Any) -> bool:
    return any(
        m is str or (get_origin(m) is Literal and any(isinstance(a, str) for a in get_args(m)))
        for m in members(annotation)
    )


def text_values(annotation: Any) -> bool:
    return any(get_origin(m) is dict and get_args(m)[1] is str for m in members(annotation))


def text_items(annotation: Any) -> bool:
    return any(get_origin(m) is list and str in members(get_args(m)[0]) for m in members(annotation))


def may_be_null(section: type[Section]) -> bool:
    """Whether null may take a whole section away: each of its settings can do without a value."""
    fields = section.__pydantic_fields__.values()
    return all(
        may_be_null(type(field.default))
        if isinstance(field.default, Section)
        else without(field.annotation) is not REQUIRED
        for field in fields
    )


def without(annotation: Any) -> Any:
    """What a setting of this type is without a value; REQUIRED where there is no such thing."""
    kinds = members(annotation)
    if type(None) in kinds:
        return None
    for member in kinds:
        if get_origin(member) is dict:
            return {}
        if get_origin(member) is list:
            return []
        if member is bool:
            return False
    return REQUIRED
