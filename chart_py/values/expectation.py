"""`Expectation`: what a setting takes, as facts, and what is said of a value that does not fit it."""

from __future__ import annotations

import enum
import types
from dataclasses import dataclass, replace
from typing import Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from chart_py.finding import Path
from chart_py.secrecy import REACH, is_secret, masked, names_secret
from chart_py.spelling import nearest
from chart_py.values.base import EnvMark


class Kind(enum.Enum):
    """The kinds of values that a setting can take, by what they are called in a message."""

    TEXT = "text"
    BOOL = "true or false"
    INTEGER = "a whole number"
    NUMBER = "a number"
    CHOICE = "one of"
    LIST = "a list"
    MAP = "a map"
    SETTINGS = "a map of settings"
    VARIABLES = "a map of variables or a list of them as in a container"
    MEMORY = "a number of bytes or text such as 2G"
    COMMAND = "text or a list of texts"
    FUNCTION = "a function in hub.extraConfig"
    OTHER = "another value"


_MAPS = frozenset({Kind.MAP, Kind.SETTINGS, Kind.VARIABLES})
_ITEMS = {Kind.TEXT: "texts", Kind.INTEGER: "whole numbers", Kind.NUMBER: "numbers", Kind.MAP: "maps"}


@dataclass(frozen=True)
class Taken:
    """One kind of value that a setting takes: a choice's `choices`, a number's bounds and unit, a list's items."""

    kind: Kind
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    unit: str = ""
    items: Kind | None = None

    @property
    def text(self) -> str:
        """The kind as a message names it: `a whole number of at least 1`, `one of mysql, postgres`."""
        if self.kind is Kind.CHOICE:
            return f"{self.kind.value} {', '.join(self.choices)}"
        if self.kind is Kind.LIST and self.items in _ITEMS:
            return f"{self.kind.value} of {_ITEMS[self.items]}"
        bounds = [f"at least {self.least}"] if self.least is not None else []
        bounds += [f"at most {self.most}"] if self.most is not None else []
        more = [self.unit] if self.unit else [" and ".join(bounds)] if bounds else []
        return " of ".join([self.kind.value, *more])


@dataclass(frozen=True)
class Expectation:
    """What a setting takes: one kind of value or several, and an example of it."""

    taken: tuple[Taken, ...]
    example: str = ""

    @classmethod
    def of(cls, kind: Kind, example: str = "") -> Expectation:
        """A single kind, with nothing more to say about it."""
        return cls((Taken(kind),), example)

    @property
    def text(self) -> str:
        """What it takes, as a message says it behind `expected`."""
        return " or ".join(dict.fromkeys(each.text for each in self.taken)) or Kind.OTHER.value

    @property
    def first(self) -> Kind:
        """The kind that is told how to be written."""
        return self.taken[0].kind if self.taken else Kind.OTHER

    @property
    def is_map(self) -> bool:
        """Whether a map is what it takes first."""
        return self.first in _MAPS

    def in_seconds(self, example: str) -> Expectation:
        """The same where it is seconds that are counted."""
        return Expectation(tuple(replace(each, unit="seconds", least=None) for each in self.taken), example)

    def but(self, value: Any, *, hide: bool = False) -> str:
        """The message about a `value` that does not fit."""
        return f"expected {self.text}, got {described(value, hide=hide)}"


SETTINGS = Expectation.of(Kind.SETTINGS, "{}")


def members(annotation: Any) -> tuple[Any, ...]:
    """The kinds of a union, unions within it taken apart; a kind that is no union alone."""
    if get_origin(annotation) in (Union, types.UnionType):
        return tuple(inner for member in get_args(annotation) for inner in members(member))
    return (annotation,)


_PLAIN: dict[Any, tuple[Kind, str]] = {
    bool: (Kind.BOOL, "true"),
    int: (Kind.INTEGER, "3"),
    float: (Kind.NUMBER, "0.5"),
    str: (Kind.TEXT, ""),
}
_INNER = {
    "string_type": Kind.TEXT,
    "dict_type": Kind.MAP,
    "list_type": Kind.LIST,
    "int_type": Kind.INTEGER,
    "bool_type": Kind.BOOL,
}


def of_field(field: FieldInfo) -> Expectation:
    """What the setting of a model's field takes."""
    for mark in field.metadata:
        if isinstance(mark, EnvMark):
            return Expectation.of(Kind.VARIABLES, "{NAME: value}")
        if (least := getattr(mark, "ge", None)) is not None:
            return Expectation((Taken(Kind.INTEGER, least=least),), str(least))
    taken: list[Taken] = []
    example = ""
    for member in members(field.annotation):
        origin = get_origin(member)
        if origin is Literal:
            choices = tuple(str(choice) for choice in get_args(member) if choice)
            taken.append(Taken(Kind.CHOICE, choices))
            example = example or choices[0]
        elif origin is dict:
            taken.append(Taken(Kind.MAP))
        elif origin is list:
            taken.append(Taken(Kind.LIST))
            example = example or "[]"
        elif member in _PLAIN:
            taken.append(Taken(_PLAIN[member][0]))
            example = example or _PLAIN[member][1]
    # A whole number is a number.
    if Taken(Kind.NUMBER) in taken:
        taken = [each for each in taken if each != Taken(Kind.INTEGER)]
    return Expectation(tuple(dict.fromkeys(taken)), example)


def within(error_type: str) -> Expectation:
    """What is expected within a list or map where pydantic reports an error of this type."""
    return Expectation.of(_INNER.get(error_type, Kind.OTHER))


def reshaped(path: Path, value: Any, expected: Expectation) -> str:
    """How to make of `value` what is expected; empty where there is no more to say than an example."""
    setting = path[-1]
    if expected.first is Kind.CHOICE and isinstance(value, str):
        near = nearest(value, expected.taken[0].choices)
        return f"for example: {setting}: {near[0]}" if near else ""
    if expected.first is Kind.LIST and isinstance(value, dict) and value:
        return f"Begin each item with a dash: `- {next(iter(value))}: ...`, and what belongs to it below."
    if (
        expected.first is Kind.LIST
        and isinstance(value, (str, int))
        and not is_secret(path)
        and not isinstance(value, bool)
    ):
        shown = str(value)
        return f"for example: {setting}: [{shown}]" if len(shown) < 50 and not names_secret(shown) else ""
    return _as_map(path, value, expected) if expected.is_map else ""


def _as_map(path: Path, value: Any, expected: Expectation) -> str:
    setting = path[-1]
    if isinstance(value, list):
        return f"Give each item a name instead of its dash: `{setting}:` and below it `name: ...`"
    if expected.first is Kind.SETTINGS and isinstance(value, str) and setting == "image":
        name, _, tag = value.partition(":") if "/" not in value.rpartition(":")[2] else (value, "", "")
        return f"for example: image: {{name: {name}, tag: {tag or '2026-11-02'}}}"
    pair = value.partition("=") if isinstance(value, str) and not is_secret(path) and not names_secret(value) else ()
    if pair and pair[0] and pair[2] and len(value) < 60:
        if isinstance(setting, int):
            return f'for example: {{name: {pair[0]}, value: "{pair[2]}"}}'
        return f"for example: {setting}: {{{pair[0]}: {pair[2]}}}"
    return ""


def described(value: Any, *, hide: bool = False) -> str:
    """A value for a message: itself where it is short and not secret, else its kind."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return "a map"
    if isinstance(value, list):
        return "a list"
    if hide or (isinstance(value, str) and names_secret(value[:REACH])):
        return "text" if isinstance(value, str) else "a number"
    text = masked(value[:REACH]) if isinstance(value, str) else str(value)
    shown = text[:40] + "…" if len(text) > 40 else text
    return repr(shown) if isinstance(value, str) else text
