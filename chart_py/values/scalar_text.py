"""Where each character of a YAML scalar's value stands in the file, in every style that YAML has."""

from __future__ import annotations

import re
from collections.abc import Sequence

import yaml

# A position in a file: line and column, both from 0.
Spot = tuple[int, int]

_ESCAPES = {"x": 2, "u": 4, "U": 8}


def spots(node: yaml.ScalarNode, lines: Sequence[str]) -> list[Spot] | None:
    """The spot of each character of the node's value, and of its end; None where it cannot be told.

    `lines` are the file's lines, as `document.lines_of` has them. What is found is compared with the value, so a spot
    is never a wrong one.
    """
    return _block(node, lines) if node.style in ("|", ">") else _flow(node, lines)


def _block(node: yaml.ScalarNode, lines: Sequence[str]) -> list[Spot] | None:
    """Of a literal or folded block scalar: its text begins in the line after the one with `|` or `>`."""
    first, text = node.start_mark.line + 1, node.value
    last = min(max(node.end_mark.line, first), len(lines))
    body = list(lines[first:last]) if node.end_mark.column == 0 else list(lines[first : node.end_mark.line + 1])
    header = re.search(r"[|>]([+-]?)([1-9]?)", lines[node.start_mark.line][node.start_mark.column :])
    for indent in _indents(body, bool(header and header[2])):
        made, places = _literal(body, indent, first) if node.style == "|" else _folded(body, indent, first)
        if made.startswith(text) or made.rstrip("\n") == text.rstrip("\n"):
            end = places[len(made) :] or [places[-1] if places else (first, indent)]
            places = places[: len(made)]
            # What chomping keeps or adds beyond the text itself stands at its end.
            return [*places[: len(text)], *([end[0]] * (len(text) + 1 - min(len(text), len(places))))]
    return None


def _indents(body: list[str], explicit: bool) -> list[int]:
    widths = [len(line) - len(line.lstrip(" ")) for line in body if line.strip(" ")]
    if not widths:
        return [min((len(line) for line in body), default=0)]
    return list(range(min(widths), -1, -1)) if explicit else [widths[0]]


def _literal(body: list[str], indent: int, first: int) -> tuple[str, list[Spot]]:
    made, places = "", []
    for number, line in enumerate(body):
        content = line[indent:] + "\n"
        made += content
        places += [(first + number, indent + column) for column in range(len(content))]
    return made, places


def _folded(body: list[str], indent: int, first: int) -> tuple[str, list[Spot]]:
    """Lines that begin with no blank are joined by one; empty lines and lines that begin with a space are kept."""
    made, places = "", []
    pending = 0
    started = indented = False
    for number, line in enumerate(body):
        content = line[indent:]
        if not content:
            pending += 1
            continue
        deeper = content[0] in " \t"
        if not started:
            gap = "\n" * pending
        elif indented or deeper:
            gap = "\n" * (pending + 1)
        else:
            gap = "\n" * pending if pending else " "
        made += gap + content
        places += [(first + number, indent)] * len(gap)
        places += [(first + number, indent + column) for column in range(len(content))]
        pending, started, indented = 0, True, deeper
    tail = "\n" * (pending + 1)
    return made + tail, places + [(first + len(body), 0)] * len(tail)


class _Walk:
    """Walks a flow scalar's source and its value side by side."""

    def __init__(self, node: yaml.ScalarNode, lines: Sequence[str]) -> None:
        self.lines = lines
        self.line, self.column = node.start_mark.line, node.start_mark.column
        self.end = (node.end_mark.line, node.end_mark.column)
        self.made: list[str] = []
        self.places: list[Spot] = []

    def here(self) -> str:
        """The character here; a line break at the end of a line."""
        line = self.lines[self.line]
        return line[self.column] if self.column < len(line) else "\n"

    def done(self) -> bool:
        return (self.line, self.column) >= self.end or self.line >= len(self.lines)

    def put(self, text: str, width: int) -> None:
        self.made += text
        self.places += [(self.line, self.column)] * len(text)
        self.column += width

    def fold(self) -> None:
        """A line's end: spaces around it go; it is a space itself, or a break for each empty line that follows."""
        while self.made and self.made[-1] in " \t" and self.places[-1][0] == self.line and self._raw():
            self.made.pop()
            self.places.pop()
        spot, breaks = (self.line, len(self.lines[self.line])), 0
        while not self.done() and self.here() in "\n \t":
            if self.here() == "\n":
                breaks += 1
                self.line, self.column = self.line + 1, 0
            else:
                self.column += 1
        text = " " if breaks == 1 else "\n" * (breaks - 1)
        self.made += text
        self.places += [spot] * len(text)

    def _raw(self) -> bool:
        """Whether the last character stands in the source as it is, and was not written with an escape."""
        line, column = self.places[-1]
        return self.lines[line][column : column + 1] == self.made[-1]


def _flow(node: yaml.ScalarNode, lines: Sequence[str]) -> list[Spot] | None:
    walk = _Walk(node, lines)
    while not walk.done() and walk.here() in "!&":
        rest = re.compile(r"\S*\s*").match(lines[walk.line], walk.column)
        walk.column = rest.end() if rest else walk.column + 1
        while not walk.done() and walk.here() in "\n \t":
            walk.line, walk.column = (walk.line + 1, 0) if walk.here() == "\n" else (walk.line, walk.column + 1)
    if node.style in ("'", '"'):
        walk.column += 1
        walk.end = (walk.end[0], walk.end[1] - 1)
    try:
        while not walk.done():
            _step(walk, node.style)
    except (IndexError, ValueError):
        return None
    if "".join(walk.made) != node.value:
        return None
    return [*walk.places, (walk.line, walk.column)]


def _step(walk: _Walk, style: str | None) -> None:
    char = walk.here()
    rest = walk.lines[walk.line][walk.column :]
    if char == "\n":
        walk.fold()
    elif style == "'" and rest.startswith("''"):
        walk.put("'", 2)
    elif style == '"' and char == "\\":
        if len(rest) == 1:
            # An escaped line break joins two lines without a blank, and what was before it stays.
            walk.line, walk.column = walk.line + 1, 0
            while walk.here() in " \t":
                walk.column += 1
            return
        width = 2 + _ESCAPES.get(rest[1], 0)
        walk.put(str(yaml.safe_load(f'"{rest[:width]}"')), width)
    else:
        walk.put(char, 1)
