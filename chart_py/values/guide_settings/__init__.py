"""The words of older charts, the guide's of 2018 above all: a table with one row each, and how to look things up in it.

A new version of the chart that renames words is a few more rows; see `row.Row` for what a row says.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import Any

from chart_py.editions import TODAY
from chart_py.finding import Path
from chart_py.values.guide_settings.auth import AUTH
from chart_py.values.guide_settings.row import Advice, Append, Facts, Old, Row, rows_before, steps
from chart_py.values.guide_settings.sections import COMING, OF_GUIDE, SECTIONS

ROWS: tuple[Row, ...] = (*AUTH, *SECTIONS)
"""The settings that today's chart does not know any more."""

EVERY: tuple[Row, ...] = (*ROWS, *COMING)
"""The whole table: those of today's too that a coming chart will not know."""

Branch = dict[str, Any]
ROW = ""


def branches(rows: Iterable[Row]) -> Branch:
    """`rows` as nested maps by the words of their paths; a word's own row stands under the empty text."""
    root: Branch = {}
    for row in rows:
        here = root
        for step in row.path:
            here = here.setdefault(step, {})
        here[ROW] = row
    return root


@cache
def old_settings() -> Branch:
    """The table's words that today's chart does not know, as `branches`."""
    return branches(rows_before(ROWS, TODAY))


def words_below(path: Path) -> tuple[str, ...]:
    """The old words that may stand in the section at `path`."""
    here: Any = old_settings()
    for step in path:
        here = here.get(step) or here.get("*") or {}
    return tuple(word for word in here if word not in (ROW, "*"))


def today_of(path: Path) -> str:
    """What the older setting or section at `path` is called today, with dots; empty where there is nothing for it."""
    rows = [row for row in rows_before(ROWS, TODAY) if row.path[: len(path)] == path]
    exact = [row for row in rows if row.path == path]
    places = [steps(new) for row in exact or rows for new in row.new[:1]]
    common: list[str] = []
    for each in zip(*places, strict=False):
        if len(set(each)) > 1 or each[0] == "*":
            break
        common.append(each[0])
    return ".".join(common)


__all__ = [
    "EVERY",
    "OF_GUIDE",
    "ROW",
    "ROWS",
    "Advice",
    "Append",
    "Branch",
    "Facts",
    "Old",
    "Row",
    "branches",
    "old_settings",
    "rows_before",
    "steps",
    "today_of",
    "words_below",
]
