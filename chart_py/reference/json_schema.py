"""The JSON schema of the values, made from the models: for editors, which complete and check by it."""

from __future__ import annotations

import types
from collections.abc import Iterator
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from chart_py.editions import ELSEWHERE
from chart_py.finding import Path
from chart_py.reference import entry_schema, trait, trait_schema
from chart_py.values.base import EnvMark, NeededMark, Section
from chart_py.values.entries import ENTRIES
from chart_py.values.leaf import may_be_null
from chart_py.values.root import Values

Schema = dict[str, Any]
_PLAIN: dict[Any, Schema] = {
    str: {"type": ["string", "number", "boolean"]},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
    Any: {},
}


def json_schema() -> Schema:
    """The schema of a whole configuration, with classes, traits, profiles, services, roles and files.

    Old settings are not in it: what an editor offers is today's.
    """
    schema = of_settings()
    for path, within in _within():
        _at(schema, path).update(within)
    return {**schema, "definitions": trait_schema.definitions()}


def of_settings() -> Schema:
    """The schema of the settings alone: what is within profiles, classes and the like is not looked at."""
    top = _section(Values, Values.of())
    top["patternProperties"] = {"^x-": {}}
    return {"$schema": "http://json-schema.org/draft-07/schema#", "title": "Values of a JupyterHub on Kubernetes"} | top


def _within() -> Iterator[tuple[Path, Schema]]:
    """What is within the settings that hold more than a plain value."""
    yield trait.CONFIG, trait_schema.classes()
    for path, entry in ENTRIES.items():
        yield path, entry_schema.content(entry)


def _at(schema: Schema, path: Path) -> Schema:
    for step in path:
        schema = schema["properties"][step]
    return schema


def _section(section: type[Section], default: Section, path: Path = ()) -> Schema:
    properties = {}
    for name, field in section.__pydantic_fields__.items():
        here = (*path, field.alias or name)
        if here not in ELSEWHERE:
            properties[field.alias or name] = _setting(field, getattr(default, name), here)
    made: Schema = {"type": ["object", "null"] if may_be_null(section) else "object", "properties": properties}
    if section.model_config.get("extra") != "allow":
        made["additionalProperties"] = False
    return made


def _setting(field: FieldInfo, default: Any, path: Path) -> Schema:
    if isinstance(default, Section):
        made = _section(type(default), default, path)
    else:
        made = _type(field.annotation, field)
        # null removes a default anywhere but where it is needed.
        if not any(isinstance(mark, NeededMark) for mark in field.metadata):
            made = _or_null(made)
        if default is not None:
            made["default"] = default
    return {"description": field.description or "", **made}


def _type(annotation: Any, field: FieldInfo | None = None) -> Schema:
    if get_origin(annotation) in (Union, types.UnionType):
        parts = [_type(part) for part in get_args(annotation)]
        return parts[0] if len(parts) == 1 else {"anyOf": parts}
    made = dict(_PLAIN.get(annotation, {}))
    origin = get_origin(annotation)
    if origin is Literal:
        made = {"enum": list(get_args(annotation))}
    elif origin is dict or annotation is dict:
        inner = _type(get_args(annotation)[1]) if get_args(annotation) else {}
        made = {"type": "object"} | ({"additionalProperties": inner} if inner else {})
    elif origin is list or annotation is list:
        inner = _type(get_args(annotation)[0]) if get_args(annotation) else {}
        made = {"type": "array"} | ({"items": inner} if inner else {})
    for mark in field.metadata if field else ():
        if isinstance(mark, EnvMark):
            made = {"anyOf": [{"type": "object"}, {"type": "array"}]}
        elif (least := getattr(mark, "ge", None)) is not None:
            made["minimum"] = least
    return made


def _or_null(schema: Schema) -> Schema:
    if "anyOf" in schema:
        parts = [part for part in schema["anyOf"] if part != {"type": "null"}]
        return {"anyOf": [*parts, {"type": "null"}]}
    if "enum" in schema:
        return schema if None in schema["enum"] else {"enum": [*schema["enum"], None]}
    if "type" in schema:
        kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return schema | {"type": [*(kind for kind in kinds if kind != "null"), "null"]}
    return schema
