"""What to say of a word that nobody knows: the nearest word in its place, else the place where the word belongs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from chart_py.finding import Finding, Level, Path, Place, dotted
from chart_py.values.base import Section
from chart_py.values.guide_words import words_below
from chart_py.values.root import Values


def unknown_word(path: Path, known: Iterable[str], value: Any, place: Place | None) -> Finding:
    """The error for the word at `path`, whose section has the words `known` (and perhaps some of older charts)."""
    known = tuple(known)
    advice: tuple[str, ...] = ("the words here: " + ", ".join(known),)
    near = _near(str(path[-1]), (*known, *words_below(path[:-1])))
    message = "no such word"
    if near:
        message += f"; did you mean {dotted((*path[:-1], near))}?"
    elif not path[:-1] and isinstance(value, dict) and value and value.keys() <= set(_labels(Values)):
        message = f"the words below it belong at the top, not under {path[-1]}"
        advice = ("If this is the file of an umbrella chart, give its part below this word as a file of its own.",)
    elif homes := [home for home in _homes(str(path[-1])) if _fits(home, value)][:3]:
        message += f" here; it belongs to {' or '.join(dotted(home[:-1]) for home in homes)}"
        advice = tuple(f"write it as {dotted(home)}" for home in homes)
    return Finding(Level.ERROR, "unknown-word", path, message, place, advice)


def _near(label: str, words: Iterable[str]) -> str | None:
    by_small = {word.lower(): word for word in reversed(list(words))}
    found = get_close_matches(label.lower(), by_small, 1, 0.6)
    return by_small[found[0]] if found else None


def _labels(section: type[Section]) -> Iterator[str]:
    return (field.alias or name for name, field in section.__pydantic_fields__.items())


def _homes(label: str, section: type[Section] = Values, path: Path = ()) -> Iterator[Path]:
    """The paths of all words of today that are called `label`, the highest ones first."""
    deeper: list[tuple[type[Section], Path]] = []
    for name, field in section.__pydantic_fields__.items():
        here = (*path, field.alias or name)
        if here[-1] == label:
            yield here
        if isinstance(field.default, Section):
            deeper.append((type(field.default), here))
    for inner, here in deeper:
        yield from _homes(label, inner, here)


def _fits(home: Path, value: Any) -> bool:
    """Whether what the user wrote can be meant for the word at `home`: a section for a section, with words of it."""
    here: Any = Values
    for step in home:
        field = next(f for name, f in here.__pydantic_fields__.items() if (f.alias or name) == step)
        here = type(field.default) if isinstance(field.default, Section) else None
    if here is None:
        return not isinstance(value, dict)
    return isinstance(value, dict) and not value.keys().isdisjoint(_labels(here))
