"""The stage that puts the words of older charts into today's, layer by layer, before layers are merged."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic.fields import FieldInfo

from chart_py.editions import DEFAULT, Edition
from chart_py.finding import Finding, Level, Path, dotted
from chart_py.values.base import Section, tree_of
from chart_py.values.check import Check
from chart_py.values.edition_settings import absent
from chart_py.values.expectation import SETTINGS
from chart_py.values.guide_settings import EVERY, ROW, Advice, Append, Branch, Facts, Old, Row, branches, rows_before
from chart_py.values.layer import Layer
from chart_py.values.merge import at, merge
from chart_py.values.sources import Sources

Tree = dict[str, Any]
Say = Callable[[Finding], None]


# What is left of a section that only older charts have.
GONE = object()
EMPTY = Row("", (), Any, "a section of older charts without a word in it")
"""The row of a step that only takes an empty section away."""


@dataclass(frozen=True)
class Step:
    """One old word that was translated: its row, where it stood, and the new words with their values."""

    row: Row
    old: Path
    new: Mapping[Path, Any]


@dataclass(frozen=True)
class Translated:
    """A layer with today's settings (`layer.moved` knows where each stood before), and the steps that led there."""

    layer: Layer
    steps: tuple[Step, ...] = ()


def facts_of(layers: Iterable[Layer], release: str = "jhub") -> Facts:
    """What the layers together, the last one strongest, say that changes how a word is translated."""
    found: Tree = {}
    for layer in layers:
        for path in (("auth", "type"), ("auth", "custom", "className"), ("nameOverride",)):
            if isinstance(value := at(layer.tree, path), str) and value:
                found[path[-1]] = value
        for section in ("github", "cilogon"):
            found[section] = found.get(section) or at(layer.tree, ("auth", section)) is not None
    kind = found.get("type", "dummy")
    return Facts(
        auth_type=kind,
        class_name=found.get("className"),
        cilogon_under_github=kind == "cilogon" and bool(found.get("github")) and not found.get("cilogon"),
        release=release,
        app=found.get("nameOverride", "jupyterhub")[:63].rstrip("-"),
    )


def translated(
    layer: Layer, facts: Facts, say: Say, *, rows: Iterable[Row] = EVERY, edition: Edition = DEFAULT
) -> Translated:
    """`layer` in the settings of `edition`; the layer itself is left as it is.

    Whatever is wrong with an old word, and whatever cannot be carried over, goes to `say`.
    """
    table = branches(rows_before(rows, edition.settings or edition.chart))
    unknown = absent(edition)
    reading = _Reading(layer, facts, say, table)
    tree = reading.section(layer.tree, table, ())
    new = copy.copy(layer)
    new.tree, new.moved = tree, dict(layer.moved)
    # A new setting that this edition does not have yet is none of its own.
    steps = [
        replace(
            step, new={p: v for p, v in step.new.items() if not any(p[:n] in unknown for n in range(1, len(p) + 1))}
        )
        for step in reading.steps
    ]
    for step in steps:
        for path, value in step.new.items():
            if not (step.row.beside and at(new.tree, path) == value):
                put(new, path, value, step.old, say, layer)
    return Translated(new, tuple(steps))


class _Reading:
    """Takes the old words out of a layer's tree, checks them, and asks their rows for the new ones."""

    def __init__(self, layer: Layer, facts: Facts, say: Say, table: Branch) -> None:
        self.layer, self.facts, self.say, self.table = layer, facts, say, table
        self.check = Check(Sources((layer,)), self._wrong)
        self.failed = False
        self.steps: list[Step] = []

    def section(self, tree: Tree, table: Branch, path: Path) -> Tree:
        """What is left of `tree` without its old words, and without the sections that held nothing else."""
        left: Tree = {}
        for word, value in tree.items():
            here = (*path, word)
            below = self._below(table, here)
            row = below.get(ROW) if below else None
            if row is not None and (row.when is None or row.when(value)):
                self._word(row, here, value, tree)
            elif below and len(below) > (ROW in below):
                inner = self._section(value, below, here)
                if inner is not GONE:
                    left[word] = inner
            else:
                left[word] = value
        return left

    def _below(self, table: Branch, path: Path) -> Branch | None:
        """The part of the table at the last step of `path`; the guide has cilogon's words under `github` too."""
        if self.facts.cilogon_under_github and path == ("auth", "github"):
            path = ("auth", "cilogon")
        found: Branch | None = table.get(str(path[-1]), table.get("*"))
        return found

    def _section(self, value: Any, below: Branch, path: Path) -> Any:
        old_only = not is_known(path)
        if old_only and value in (None, {}):
            self.steps.append(Step(EMPTY, path, {}))
            return GONE
        if not isinstance(value, dict):
            if old_only:
                self.say(self.check.wrong(path, value, SETTINGS))
            return GONE if old_only else value
        left = self.section(value, below, path)
        if not old_only:
            return left
        known = [word for word in below if word not in (ROW, "*")]
        for word in left:
            if word not in below:
                self.check.unknown((*path, word), known, left[word])
        return GONE

    def _word(self, row: Row, path: Path, value: Any, around: Tree) -> None:
        self.failed = False
        if value is not None:
            value = self._checked(row.due, value, path)
        if self.failed:
            return
        old = Old(value, path, around, self.facts)
        if row.lost is not None and value is not None:
            for advice in row.lost(old):
                self._advise(path, advice)
        if not row.new and value:
            lines = ("Remove the setting; `migrate` does.",)
            self._advise(path, Advice("no-effect", f"no longer has any effect: {row.why}", lines))
        self.steps.append(Step(row, path, row.words(old) if row.new else {}))

    def _checked(self, due: Any, value: Any, path: Path) -> Any:
        if not isinstance(due, Section):
            return self.check.leaf(FieldInfo.from_annotation(due), value, path)
        if not isinstance(value, dict):
            self._wrong(self.check.wrong(path, value, SETTINGS))
            return value
        default = tree_of(due)
        self.check.section(type(due), merge(default, value), due, default, path)
        return value

    def _wrong(self, finding: Finding) -> None:
        self.failed = True
        self.say(finding)

    def _advise(self, path: Path, advice: Advice) -> None:
        place = self.layer.place(path)
        self.say(Finding(Level.WARNING, advice.code, path, advice.message, place, advice.lines))


def is_known(path: Path) -> bool:
    """Whether today's chart has a section or a word at `path`."""
    from chart_py.values.root import Values

    here: Any = Values
    for step in path:
        fields = getattr(here, "__pydantic_fields__", {})
        field = next((f for name, f in fields.items() if (f.alias or name) == step), None)
        if field is None:
            return not fields
        here = type(field.default) if isinstance(field.default, Section) else None
    return True


def put(layer: Layer, path: Path, value: Any, old: Path, say: Say, source: Layer) -> None:
    """Write a new word into `layer.tree`, whose touched maps are copies already; a word that is there is an error."""
    tree: dict[Any, Any] = dict(layer.tree)
    layer.tree = tree
    for end, step in enumerate(path[:-1], 1):
        there = tree.get(step)
        if there is not None and not isinstance(there, dict):
            say(_both(layer, path[:end], old, source))
            return
        tree[step] = dict(there or {})
        tree = tree[step]
    last = path[-1]
    if value is None and last in tree:
        # Null said that the old word is not set; the new one is.
        return
    if last not in tree:
        tree[last] = list(value) if isinstance(value, Append) else value
        layer.moved[path] = old
    elif isinstance(value, Append) and isinstance(tree[last], list):
        tree[last] = [*tree[last], *value]
    elif isinstance(tree[last], dict) and isinstance(value, dict):
        for word, inner in value.items():
            put(layer, (*path, word), inner, (*old, word), say, source)
    elif path not in layer.moved or tree[last] != value:
        say(_both(layer, path, old, source))


def _both(layer: Layer, path: Path, old: Path, source: Layer) -> Finding:
    """The error for a word that is written in its old and in its new form, with both places."""
    other = layer.written(path)
    there = source.place(other)
    where = f" in line {there.line}" if there.line else ""
    message = f"{dotted(other)}{where} sets the same; remove one of the two"
    today = f"The current setting is {dotted(path)}." if other == path else f"Both are {dotted(path)} today."
    return Finding(Level.ERROR, "old-and-new", old, message, source.place(old), (today,))
