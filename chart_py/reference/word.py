"""A `Word`: everything that can be told of one word of the values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from chart_py import spelling
from chart_py.editions import TODAY
from chart_py.errors import UsageError
from chart_py.finding import Path, dotted
from chart_py.reference import ends
from chart_py.reference.examples import example_of
from chart_py.reference.since import since
from chart_py.values.base import Section
from chart_py.values.check import words
from chart_py.values.expectation import of_field
from chart_py.values.load import default_tree
from chart_py.values.root import Values
from chart_py.values.unknown_word import Field, all_words, elsewhere


@dataclass(frozen=True)
class Word:
    """One word: its path, its field in the models, and where it stands."""

    path: Path
    field: Field

    @property
    def section(self) -> type[Section] | None:
        """The section that the word opens; None for a word with a value of its own."""
        return type(self.field.default) if isinstance(self.field.default, Section) else None

    @property
    def kind(self) -> str:
        """What it takes, in words."""
        return "a section" if self.section else of_field(self.field).text

    @property
    def description(self) -> str:
        """What it does, in one sentence."""
        return self.field.description or ""

    @property
    def traits(self) -> tuple[str, ...]:
        """The traits of JupyterHub or KubeSpawner that it sets."""
        return ends.traits(self.path)

    def default(self, chart_version: str = TODAY) -> Any:
        """Its default as plain data."""
        return default_tree(self.path, chart_version)

    @property
    def since(self) -> str:
        """Since which version of the chart there is such a word."""
        return since(self.path)

    @property
    def example(self) -> Any:
        """A value that differs from the default."""
        return example_of(self.path, self.field)

    def ends(self) -> list[str]:
        """The traits and fields of objects that it ends in."""
        return [] if self.section else ends.ends(self.path)


def parse(text: str) -> Path:
    """The path that a person wrote: `hub.db.type`."""
    return tuple(part for part in text.strip().strip(".").split(".") if part)


def is_known(text: str) -> bool:
    """Whether `text` is the path of a setting, today's or an older one's, or has more than one step."""
    path = parse(text)
    if len(path) != 1 or path in dict(all_words(Values)) or text != text.lower():
        return True
    return bool(spelling.nearest(text, [dotted(found) for found, _ in all_words(Values) if len(found) == 1]))


def find(text: str) -> Word:
    """The word that `text` names. Raises UsageError, with the nearest, where there is none."""
    path = parse(text)
    known = dict(all_words(Values))
    if path in known:
        return Word(path, known[path])
    for end in range(len(path) - 1, 0, -1):
        if path[:end] in known and not isinstance(known[path[:end]].default, Section):
            kind = of_field(known[path[:end]]).text
            message = f"{dotted(path[:end])} takes {kind} of your own, so {path[end]} is not described"
            raise UsageError(f"{message}; `explain {dotted(path[:end])}` is")
    names = [dotted(found) for found in known]
    near = spelling.same(text, names) or next(iter(spelling.nearest(text, names)), None)
    if not near and path:
        homes = elsewhere(str(path[-1]), path, None, Values)
        near = dotted((*homes[0], str(path[-1]))) if homes else None
    raise UsageError(
        f"unknown setting: {text}" + (f"; did you mean {near}?" if near else "; `explain` lists the sections")
    )


def sections() -> list[Word]:
    """The words at the top."""
    return [Word(path, field) for path, field in all_words(Values) if len(path) == 1]


def below(word: Word) -> list[Word]:
    """The words of a section, or none."""
    if word.section is None:
        return []
    order = words(word.section)
    found = dict(all_words(Values))
    paths = [path for label in order if (path := (*word.path, label)) in found]
    return [Word(path, found[path]) for path in paths]


def short(value: Any, most: int = 60) -> str:
    """A default or example in one line, as YAML's flow style takes it."""
    if value is None:
        return "not set"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else text[: most - 1] + "…"
