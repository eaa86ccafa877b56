"""The text of an `Explanation`, of lists and of what a search has found, in lines of at most 80 columns."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from textwrap import shorten, wrap
from typing import Any

from chart_py.manifest.documents import to_yaml
from chart_py.reference.explanation import NOTHING, Arrival, Explanation, Found, Line, Place

WIDTH = 80
_INDENT, _FACTS = 3, 14
_HARD = "\0"
# Of one arrival, this many places are told, and of one field this many objects.
_PLACES, _OBJECTS = 8, 4


def lines_of(told: Explanation) -> Iterator[str]:
    """Everything that is told of one thing."""
    if told.raw:
        yield from told.raw.splitlines()
        return
    if not told.name:
        yield from listed(told.below)
        return
    yield from _wrapped(f"{told.name}: {told.kind}", 0, hang=_INDENT)
    for paragraph in told.description.splitlines():
        yield from _wrapped(paragraph, _INDENT)
    yield from _value("Default", told.default)
    before = ""
    for label, fact in told.facts:
        # Facts of one kind have their label once.
        yield from _fact(label if label != before else "", fact)
        before = label
    if told.arrivals is not None:
        yield from _arrivals(told.arrivals)
    if told.example is not NOTHING:
        yield from _block("Example", told.example)
    if told.quoted:
        yield ""
        for line in told.quoted.splitlines():
            yield from _wrapped(line.strip(), _INDENT + len(line) - len(line.lstrip()))
    if told.below:
        yield ""
        yield from listed(told.below)


def _value(label: str, value: Any) -> Iterator[str]:
    """A value in one line where it is short, else as YAML below its label."""
    if value is NOTHING:
        return
    text = "not set" if value is None else json.dumps(value, ensure_ascii=False)
    if len(text) <= WIDTH - _FACTS:
        yield from _fact(label, text)
    else:
        yield from _block(label, value)


def _block(label: str, value: Any) -> Iterator[str]:
    yield f"{' ' * _INDENT}{label}:"
    yield from (f"{' ' * 2 * _INDENT}{line}" for line in to_yaml(value).splitlines())


def _fact(label: str, fact: str) -> Iterator[str]:
    head = f"{' ' * _INDENT}{label + ':' if label else '':{_FACTS - _INDENT - 1}} "
    first, *rest = wrap(fact, WIDTH - _FACTS, break_long_words=False, break_on_hyphens=False) or [""]
    yield f"{head}{first}"
    yield from (f"{' ' * _FACTS}{line}" for line in rest)


def _arrivals(arrivals: Sequence[Arrival]) -> Iterator[str]:
    if not arrivals:
        yield from _fact("Becomes", "not traced: no object, no trait and no user's server was seen to change with it")
    for arrival in arrivals:
        rows = [*_places(arrival.places)]
        if arrival.needs:
            # What has to be set is not torn apart.
            needs = ", ".join(need.replace(" ", _HARD) for need in arrival.needs)
            yield from (line.replace(_HARD, " ") for line in _wrapped(f"With {needs}:", _INDENT))
            yield from (f"{' ' * _FACTS}{row}" for row in rows)
        else:
            yield from (
                f"{' ' * _INDENT}Becomes:   {row}" if not n else f"{' ' * _FACTS}{row}" for n, row in enumerate(rows)
            )


def _places(places: Sequence[Place]) -> Iterator[str]:
    """Places with the same path are told together."""
    by_path: dict[str, list[str]] = {}
    for place in places:
        # Of whole things, each is a place of its own.
        key = place.path or f"\0{place.part}"
        by_path.setdefault(key, []).append(place.part)
    for number, (path, parts) in enumerate(by_path.items()):
        if number == _PLACES and len(by_path) > _PLACES + 1:
            yield f"and {len(by_path) - _PLACES} more places"
            return
        yield from _place("" if path.startswith("\0") else path, parts)


def _place(path: str, parts: Sequence[str]) -> Iterator[str]:
    room = WIDTH - _FACTS
    if len(parts) > _OBJECTS:
        parts = [*parts[: _OBJECTS - 1], f"{len(parts) - _OBJECTS + 1} more objects"]
        head, joined = path, "of " + ", ".join(parts[:-1]) + f" and {parts[-1]}"
    elif len(parts) > 1:
        head, joined = path, "of " + ", ".join(parts)
    else:
        whole = _joined(parts[0], path)
        if len(whole) <= room or not path:
            yield whole
            return
        head, joined = parts[0], path
    yield head
    yield from (f"   {line}" for line in wrap(joined, room - 3, break_long_words=False, break_on_hyphens=False))


def _joined(part: str, path: str) -> str:
    if not part.startswith("c."):
        return f"{part} {path}".rstrip()
    return part + (path if path.startswith("[") or not path else f".{path}")


def listed(rows: Sequence[Line]) -> Iterator[str]:
    """Names with what they are, in two columns."""
    width = min(max((len(row.name) for row in rows), default=0), 44) + 2
    for name, text in rows:
        first, *rest = wrap(text, WIDTH - width, break_long_words=False, break_on_hyphens=False) or [""]
        if len(name) > width - 2:
            # A long name has a line of its own.
            yield name
            name = ""
        yield f"{name:{width}}{first}".rstrip()
        yield from (" " * width + line for line in rest)


def _in_one_line(rows: Sequence[Line]) -> Iterator[str]:
    """The same with one line for each: what does not fit is left out, between words."""
    width = min(max((len(row.name) for row in rows), default=0), 40) + 2
    for name, text in rows:
        room = WIDTH - max(width, len(name) + 2)
        shown = shorten(text, room, placeholder=" ...") if room > 12 else ""
        yield f"{name:{width - 2}}  {shown}".rstrip()


def _wrapped(text: str, indent: int, hang: int = 0) -> Iterator[str]:
    room, gap = WIDTH - indent, " " * indent
    for number, line in enumerate(
        wrap(text, room, subsequent_indent=" " * hang, break_long_words=False, break_on_hyphens=False) or [""]
    ):
        yield gap + line if number or line else line


def found_lines(found: Found) -> Iterator[str]:
    """What a search has found: each group with its title."""
    for number, (title, rows) in enumerate(found.groups):
        if number:
            yield ""
        yield f"{title}:"
        yield from _in_one_line(rows)


def found_data(found: Found) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    groups = {title: [line._asdict() for line in rows] for title, rows in found.groups}
    return {"words": list(found.words), "found": groups, "more": found.more}


def explanation_data(told: Explanation) -> dict[str, Any]:
    """The same as plain data, for JSON."""
    if told.raw:
        return {"name": told.name, "text": told.raw}
    made: dict[str, Any] = {"name": told.name, "takes": told.kind, "description": told.description}
    made |= {label[0].lower() + label[1:].replace(" ", ""): fact for label, fact in told.facts}
    if told.arrivals is not None:
        made["becomes"] = [
            {"with": list(arrival.needs), "places": [_joined(*place) for place in arrival.places]}
            for arrival in told.arrivals
        ]
    made |= {"help": told.quoted} if told.quoted else {}
    made |= {"default": told.default} if told.default is not NOTHING else {}
    made |= {"example": told.example} if told.example is not NOTHING else {}
    made |= {"below": [line._asdict() for line in told.below]} if told.below else {}
    return made
