"""What a word wants, what it was given, and how to make the one of the other: in words, for findings."""

from __future__ import annotations

import types
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from chart_py.finding import Path
from chart_py.secrecy import REACH, is_secret, masked, names_secret
from chart_py.spelling import nearest
from chart_py.values.base import EnvMark


def members(annotation: Any) -> tuple[Any, ...]:
    """The kinds of a union, unions within it taken apart; a kind that is no union alone."""
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(inner for member in get_args(annotation) for inner in members(member))
    return (annotation,)


_DUE: dict[Any, tuple[str, str]] = {
    bool: ("true or false", "true"),
    int: ("a whole number", "3"),
    float: ("a number", "0.5"),
    str: ("text", ""),
}


def due(field: FieldInfo) -> tuple[str, str]:
    """What a word wants, in words, and an example of it."""
    kinds = [m for m in members(field.annotation) if m is not type(None)]
    for mark in field.metadata:
        if isinstance(mark, EnvMark):
            return "a map of variables, or a list as in a container,", "{NAME: value}"
        if (least := getattr(mark, "ge", None)) is not None:
            return f"a whole number of at least {least}", str(least)
    said: list[str] = []
    example = ""
    for member in kinds:
        origin = get_origin(member)
        if origin is Literal:
            choices = [str(a) for a in get_args(member) if a]
            said.append("one of " + ", ".join(choices))
            example = example or choices[0]
        elif origin is dict:
            said.append("a map")
        elif origin is list:
            said.append("a list")
            example = example or "[]"
        elif member in _DUE:
            said.append(_DUE[member][0])
            example = example or _DUE[member][1]
    return " or ".join(dict.fromkeys(said)) or "something else", example


def inner_due(error: Any) -> tuple[str, str]:
    kinds = {
        "string_type": "text",
        "dict_type": "a map",
        "list_type": "a list",
        "int_type": "a whole number",
        "bool_type": "true or false",
    }
    return kinds.get(error["type"], str(error["msg"]).lower()), ""


def reshaped(path: Path, value: Any, expected: str) -> str:
    """How to make of `value` the list or map that is due; empty where there is no more to say than an example."""
    word = path[-1]
    if expected.startswith("one of ") and isinstance(value, str):
        near = nearest(value, expected.removeprefix("one of ").split(" or ")[0].split(", "))
        return f"for example: {word}: {near[0]}" if near else ""
    if expected.startswith("a list") and isinstance(value, dict) and value:
        return f"Begin each item with a dash: `- {next(iter(value))}: ...`, and what belongs to it below."
    if expected.startswith("a list") and isinstance(value, (str, int)) and not is_secret(path) and value is not True:
        shown = str(value)
        return f"for example: {word}: [{shown}]" if len(shown) < 50 and not names_secret(shown) else ""
    if expected.startswith("a map") and isinstance(value, list):
        return f"Give each item a name instead of its dash: `{word}:` and below it `name: ...`"
    if expected == "a map of words" and isinstance(value, str) and word == "image":
        name, _, tag = value.partition(":") if "/" not in value.rpartition(":")[2] else (value, "", "")
        return f"for example: image: {{name: {name}, tag: {tag or '2026-11-02'}}}"
    pair = value.partition("=") if isinstance(value, str) and not is_secret(path) and not names_secret(value) else ()
    if expected.startswith("a map") and pair and pair[0] and pair[2] and len(value) < 60:
        if isinstance(word, int):
            return f'for example: {{name: {pair[0]}, value: "{pair[2]}"}}'
        return f"for example: {word}: {{{pair[0]}: {pair[2]}}}"
    return ""


def described(value: Any, *, hide: bool = False) -> str:
    """A value in words, for a message: its kind, and itself where it is short and no secret."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    kind = "the text" if isinstance(value, str) else "the number"
    if hide or (isinstance(value, str) and names_secret(value[:REACH])):
        return kind[4:] if kind[4:] == "text" else "a number"
    text = masked(value[:REACH]) if isinstance(value, str) else str(value)
    return f"{kind} {text[:40] + '…' if len(text) > 40 else text!r}" if isinstance(value, str) else f"{kind} {text}"
