"""Values given as Python data: a layer without lines, whose content is checked for what a file could not say either."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Any

from chart_py.finding import Finding, Level, Path, Place
from chart_py.values.document import MOST_DEPTH
from chart_py.values.layer import Layer, Say


def from_data(data: Mapping[Any, Any], name: str, say: Say) -> Layer:
    """A layer of a dictionary as YAML would give it: maps with text keys, lists, text, numbers, true, false, null.

    Nothing of `data` is kept: who changes it later changes no layer. What is wrong goes to `say`, with `name` as place.
    """
    return Layer(name, _Copy(name, say).map(data, ()))


class _Copy:
    """A plain copy of a dictionary."""

    def __init__(self, name: str, say: Say) -> None:
        self._place = Place(name)
        self._say = say

    def map(self, data: Mapping[Any, Any], path: Path) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in {} if self._is_too_deep(path) else data.items():
            if isinstance(key, str):
                out[str.__str__(key)] = self._value(value, (*path, str.__str__(key)))
            else:
                advice = (f"Write {str(key)!r} instead.",) if isinstance(key, (bool, int, float)) else ()
                self._wrong("key-not-text", path, f"a key must be text, got {_named(key)}", advice)
        return out

    def _value(self, value: Any, path: Path) -> Any:
        if isinstance(value, Mapping):
            return self.map(value, path)
        if isinstance(value, (list, tuple)):
            items = () if self._is_too_deep(path) else value
            return [self._value(item, (*path, index)) for index, item in enumerate(items)]
        plain: Any = value.value if isinstance(value, Enum) else value
        if plain is None or isinstance(plain, bool):
            return plain
        for kind in (str, int, float):
            if isinstance(plain, kind):
                return kind(plain)
        expected = "expected text, a number, true or false, null, a list or a map"
        self._wrong("not-a-scalar", path, f"{expected}, got {_named(value)}", ())
        return None

    def _is_too_deep(self, path: Path) -> bool:
        if len(path) < MOST_DEPTH:
            return False
        self._wrong("too-deep", (), f"more than {MOST_DEPTH} levels deep", ())
        return True

    def _wrong(self, code: str, path: Path, message: str, advice: tuple[str, ...]) -> None:
        self._say(Finding(Level.ERROR, code, path, message, self._place, advice))


def _named(value: Any) -> str:
    """What a value is, without the value: it may be a secret."""
    return "None" if value is None else f"an object of type {type(value).__name__}"
