"""A configuration's text as a tree of places: where each word and its value begin and end, and the comments above."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import yaml

from chart_py.finding import Path
from chart_py.values.layer import from_text

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BLANK = " \t"


@dataclass
class Node:
    """A value: `start` and `end` are offsets in the text, with its anchor and tag, without comments around it."""

    kind: str
    start: int
    end: int
    flow: bool = False
    anchor: str | None = None
    text: str = ""
    style: str | None = None
    entries: list[Entry] = field(default_factory=list)
    items: list[Node] = field(default_factory=list)

    @property
    def is_null(self) -> bool:
        """Whether it is an empty value, written as nothing at all."""
        return self.kind == "scalar" and self.start == self.end

    def walk(self) -> Iterator[Node]:
        """This value and all below it."""
        yield self
        for entry in self.entries:
            yield from entry.key.walk()
            yield from entry.value.walk()
        for item in self.items:
            yield from item.walk()


@dataclass
class Entry:
    """A word and its value."""

    key: Node
    value: Node

    @property
    def end(self) -> int:
        """Where the entry ends; an empty value ends behind the colon."""
        return self.value.end


class Document:
    """The tree of one text of a single document. Raises yaml.YAMLError where the text is no YAML."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.root = _Tree(text).root

    def entry(self, path: Path) -> Entry | None:
        """The entry at `path`, as it is written: what aliases and merge keys bring is not there."""
        found: Entry | None = None
        here = self.root
        for step in path:
            if here is None or here.kind != "map":
                return None
            found = next((e for e in here.entries if e.key.kind == "scalar" and e.key.text == step), None)
            if found is None:
                return None
            here = found.value
        return found

    def value(self, path: Path) -> Node | None:
        """The value at `path`; the whole tree at the empty one."""
        if not path:
            return self.root
        found = self.entry(path)
        return found.value if found else None

    def line(self, offset: int) -> int:
        """The number of the line, from 1, that `offset` is in."""
        return self.text.count("\n", 0, offset) + 1

    def line_start(self, offset: int) -> int:
        """Where the line of `offset` begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def line_end(self, offset: int) -> int:
        """Where the line of `offset` ends, before its line break."""
        end = self.text.find("\n", offset)
        return len(self.text) if end < 0 else end

    def column(self, offset: int) -> int:
        """The column of `offset`, from 0."""
        return offset - self.line_start(offset)

    def comments(self, start: int, end: int) -> list[str]:
        """The comments between two offsets, in their order."""
        return [self.text[begin:stop].rstrip() for begin, stop in self.comment_spans(start, end)]

    def comment_spans(self, start: int, end: int) -> list[tuple[int, int]]:
        """Where the comments between two offsets begin and end; a `#` within a text is none."""
        scalars = [node for node in (self.root.walk() if self.root else ()) if node.kind == "scalar"]
        # The line with `|` may have a comment; a block's own text begins below it.
        texts = [(self.line_end(n.start) if n.style in ("|", ">") else n.start, n.end) for n in scalars]
        found = re.finditer(r"(?:\A|(?<=[ \t\n]))#[^\n]*", self.text[start:end])
        spans = [(start + match.start(), start + match.end()) for match in found]
        return [span for span in spans if not any(begin <= span[0] < stop for begin, stop in texts)]

    def lead(self, path: Path) -> int:
        """Where the comments directly above the word at `path` begin; its own line where there are none."""
        entry = self.entry(path)
        assert entry is not None
        floor = self._floor(path)
        start = self.line_start(entry.key.start)
        column = self.column(entry.key.start)
        while start > floor:
            above = self.line_start(start - 1)
            line = self.text[above : start - 1]
            if above < floor or not line.lstrip(BLANK).startswith("#") or len(line) - len(line.lstrip(BLANK)) > column:
                break
            start = above
        return start

    def _floor(self, path: Path) -> int:
        """The start of the first line that can have a comment of the word at `path`: behind what stands before it."""
        around, entry = self.value(path[:-1]), self.entry(path)
        assert around is not None and entry is not None
        before = around.entries[: around.entries.index(entry)]
        if before:
            return self.line_end(before[-1].end) + 1
        if path[:-1]:
            parent = self.entry(path[:-1])
            assert parent is not None
            return self.line_end(parent.key.end) + 1
        head = self.text.rfind("\n---", 0, entry.key.start)
        return 0 if head < 0 and not self.text.startswith("---") else self.line_end(head + 1) + 1


def data(text: str, path: Path) -> Any:
    """What a text says at `path`, as plain data; None where nothing."""
    here: Any = _tree(text)
    for step in path:
        if isinstance(here, dict) or (isinstance(here, list) and isinstance(step, int)):
            try:
                here = here[step]  # type: ignore[index]
            except (KeyError, IndexError):
                return None
        else:
            return None
    return here


@lru_cache(maxsize=4)
def _tree(text: str) -> dict[str, Any]:
    return from_text(text, "", lambda finding: None).tree


def _span(event: yaml.Event) -> tuple[int, int]:
    assert event.start_mark is not None and event.end_mark is not None
    return event.start_mark.index, event.end_mark.index


@lru_cache(maxsize=4)
def document(text: str) -> Document:
    """The tree of a text; edits look at the same one again and again, and change none."""
    return Document(text)


class _Tree:
    """Makes nodes of the parser's events, aliases left as they stand."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.events = iter(list(yaml.parse(text, Loader=_Loader)))
        self.root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent):
                self.root = self._node(next(self.events))
        if self.root is not None and self.root.is_null:
            self.root = None

    def _node(self, event: yaml.Event) -> Node:
        start, end = _span(event)
        anchor = getattr(event, "anchor", None)
        if isinstance(event, yaml.AliasEvent):
            return Node("alias", start, end, anchor=anchor)
        if isinstance(event, yaml.ScalarEvent):
            style = event.style or None
            if style in ("|", ">"):
                end = self._block_end(start, end)
            return Node("scalar", start, end, anchor=anchor, text=event.value, style=style)
        node = Node(
            "map" if isinstance(event, yaml.MappingStartEvent) else "seq",
            start,
            end,
            bool(getattr(event, "flow_style", False)),
        )
        node.anchor = anchor
        while not isinstance(event := next(self.events), (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
            inner = self._node(event)
            if node.kind == "map":
                node.entries.append(Entry(inner, self._node(next(self.events))))
            else:
                node.items.append(inner)
        if node.flow:
            node.end = _span(event)[1]
        elif node.entries:
            node.end = node.entries[-1].end
        elif node.items:
            node.end = max(node.items[-1].end, node.end)
        return node

    def _block_end(self, start: int, end: int) -> int:
        """Where a block scalar's last line ends; lines of blanks at its end count only where they are kept (`+`)."""
        header = self.text[start : self.text.find("\n", start) if "\n" in self.text[start:] else len(self.text)]
        body = self.text[start:end]
        if "+" in header.split("#")[0]:
            return end - 1 if body.endswith("\n") else end
        lines = body.split("\n")
        indent = min((len(line) - len(line.lstrip(" ")) for line in lines[1:] if line.strip()), default=0)
        while len(lines) > 1 and len(lines[-1]) <= indent and not lines[-1].strip():
            lines.pop()
        return start + len("\n".join(lines))
