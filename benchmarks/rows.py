"""The table: a row for each measurement, ours beside the floor's."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass
from math import floor, log10

from benchmarks.pairs import Pair


@dataclass(frozen=True)
class Row:
    """One line: what was measured, ours, the floor's, the ratio, and what is due."""

    what: str
    ours: str
    floor: str
    ratio: str
    due: str = ""


def milliseconds(seconds: float) -> str:
    """Seconds as text in milliseconds, with the three digits that count."""
    value = seconds * 1000
    return f"{value:.{min(3, max(0, 2 - floor(log10(value))))}f} ms"


def timed(what: str, pair: Pair, due: str = "") -> Row:
    """The row of a pair of times."""
    return Row(what, milliseconds(pair.thing), milliseconds(pair.floor), f"{pair.ratio:.2f}", due)


def markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table that reads as text and as Markdown; all columns but the first are numbers."""
    lines = [head, *rows]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    shown = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    rule = ["-" * widths[0], *(f"{'-' * (width - 1)}:" for width in widths[1:])]
    return "".join(f"| {' | '.join(line)} |\n" for line in (shown[0], rule, *shown[1:]))


def table(rows: Iterable[Row]) -> str:
    """The table of all rows."""
    return markdown(("what", "chart_py", "floor", "ratio", "due"), (astuple(row) for row in rows))
