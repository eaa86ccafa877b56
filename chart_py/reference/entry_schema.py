"""JSON schemas of the keys within settings that have a shape of their own: profiles, services, roles, files, images."""

from __future__ import annotations

from typing import Any

from chart_py.reference import trait_schema
from chart_py.values.entries import Entry
from chart_py.values.expectation import Kind, Taken

Schema = dict[str, Any]
_SCALAR = ["string", "number", "boolean"]


def of_entry(entry: Entry) -> Schema:
    """What a key takes, with its description and default, and what is below it."""
    return {
        "description": entry.description,
        **content(entry),
        **({} if entry.default is None else {"default": entry.default}),
    }


def content(entry: Entry) -> Schema:
    """What a key takes: a list or map of things with keys, a map of traits, or a plain value."""
    if entry.traits:
        return trait_schema.overrides(entry.traits, filled=entry.filled)
    if not entry.entries and not entry.fields:
        return _plain(entry.takes.taken)
    properties = {inner.name: of_entry(inner) for inner in entry.entries}
    if entry.fields:
        properties |= trait_schema.service_fields()
    keys: Schema = {"type": ["object", "null"], "properties": properties}
    if required := [inner.name for inner in entry.entries if inner.required]:
        keys["required"] = required
    if entry.closed:
        keys["additionalProperties"] = False
    if entry.each == "[]":
        return {"type": ["array", "null"], "items": {**keys, "type": "object"}}
    return {"type": ["object", "null"], "additionalProperties": keys} if entry.each else keys


def _plain(taken: tuple[Taken, ...]) -> Schema:
    kinds: list[str] = []
    for each in taken:
        if each.kind is Kind.CHOICE:
            return {"enum": [*each.choices, "", None]}
        kinds += {
            Kind.TEXT: _SCALAR,
            Kind.BOOL: ["boolean"],
            Kind.INTEGER: ["integer"],
            Kind.LIST: ["array"],
            Kind.MAP: ["object"],
        }[each.kind]
    made: Schema = {"type": [*kinds, "null"]}
    if taken[0].items is Kind.TEXT:
        made["items"] = {"type": "string"}
    return made
