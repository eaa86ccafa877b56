"""A `Setting`: everything that can be told of one setting of the values."""

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
from chart_py.reference.explanation import Explanation, Line
from chart_py.reference.since import editions, since
from chart_py.values.base import Section
from chart_py.values.check import words
from chart_py.values.expectation import of_field
from chart_py.values.load import default_tree
from chart_py.values.root import Values
from chart_py.values.unknown_setting import Field, all_settings, elsewhere


@dataclass(frozen=True)
class Setting:
    """One setting: its path, its field in the models, and where it stands."""

    path: Path
    field: Field

    @property
    def section(self) -> type[Section] | None:
        """The section that the setting opens; None for one with a value of its own."""
        return type(self.field.default) if isinstance(self.field.default, Section) else None

    @property
    def kind(self) -> str:
        """What it takes, as a message says it."""
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
        """Since which version of the chart there is such a setting."""
        return since(self.path)

    @property
    def editions(self) -> tuple[tuple[str, str], ...]:
        """Which charts know it, and with which defaults, as labelled facts."""
        return editions(self.path)

    @property
    def example(self) -> Any:
        """A value that differs from the default."""
        return example_of(self.path, self.field)

    def below(self) -> list[Setting]:
        """The settings of a section, or none."""
        if self.section is None:
            return []
        found = dict(all_settings(Values))
        paths = [path for label in words(self.section) if (path := (*self.path, label)) in found]
        return [Setting(path, found[path]) for path in paths]

    def explanation(self) -> Explanation:
        """All of it."""
        name = dotted(self.path)
        if self.section is not None:
            below = tuple(Line(dotted(inner.path), inner.description) for inner in self.below())
            return Explanation(name, self.kind, self.description, self.editions, below=below)
        return Explanation(
            name,
            self.kind,
            self.description,
            self.editions,
            self.default(),
            ends.arrivals(self.path),
            nested(self.path, self.example),
        )


def nested(path: Path, value: Any) -> Any:
    """A configuration that sets the setting at `path` to `value`."""
    for step in reversed(path):
        value = {step: value}
    return value


def parse(text: str) -> Path:
    """The path that a person wrote: `hub.db.type`."""
    return tuple(part for part in text.strip().strip(".").split(".") if part)


def known() -> dict[Path, Field]:
    """Every setting and section by its path."""
    return dict(all_settings(Values))


def find(text: str) -> Setting:
    """The setting that `text` names. Raises UsageError, with the nearest, where there is none."""
    path, settings = parse(text), known()
    if path in settings:
        return Setting(path, settings[path])
    for end in range(len(path) - 1, 0, -1):
        if path[:end] in settings and not isinstance(settings[path[:end]].default, Section):
            kind, above = of_field(settings[path[:end]]).text, dotted(path[:end])
            raise UsageError(f"{above} takes {kind} of your own names; `explain {above}` describes it")
    near = nearest(text)
    raise UsageError(
        f"unknown setting: {text}" + (f"; did you mean {near}?" if near else "; `explain` lists the sections")
    )


def nearest(text: str) -> str | None:
    """The setting that a misspelt or incomplete path was meant to be."""
    names = [dotted(found) for found in known()]
    if near := spelling.same(text, names) or next(iter(spelling.nearest(text, names)), None):
        return near
    path = parse(text)
    homes = elsewhere(str(path[-1]), path, None, Values) if path else []
    return dotted((*homes[0], str(path[-1]))) if homes else None


def sections() -> list[Setting]:
    """The settings at the top."""
    return [Setting(path, field) for path, field in all_settings(Values) if len(path) == 1]


def short(value: Any, most: int = 60) -> str:
    """A default or example in one line, as YAML's flow style takes it."""
    if value is None:
        return "not set"
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= most else text[: most - 1] + "…"
