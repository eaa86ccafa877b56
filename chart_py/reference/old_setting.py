"""What a word of an older chart means: for `explain`, and for the page docs/guide-settings.md."""

from __future__ import annotations

from pydantic.fields import FieldInfo

from chart_py.editions import TODAY
from chart_py.reference.explanation import Explanation, Line
from chart_py.values.base import Section
from chart_py.values.expectation import SETTINGS, of_field
from chart_py.values.guide_settings import ROWS, Row, rows_before, steps
from chart_py.values.translation import is_known

MADE = "<!-- Made by scripts/make-docs; a test fails when it is stale. -->"


def rows_at(path: str) -> list[Row]:
    """The rows of the word at `path` and of the words below it; none for a word that has always been today's."""
    wanted = steps(path)
    rows = [row for row in rows_before(ROWS, TODAY) if row.when is None and row.path[: len(wanted)] == wanted]
    return [row for row in rows if row.path == wanted] if is_known(wanted) else rows


def kind(row: Row) -> str:
    """What the value of an old word has to be, in words."""
    if isinstance(row.due, Section):
        return SETTINGS.text
    return of_field(FieldInfo.from_annotation(row.due)).text


def explanation(path: str) -> Explanation | None:
    """What is told of an old setting or section; None where `path` is neither."""
    rows = rows_at(path)
    if len(rows) == 1 and rows[0].path == steps(path):
        (row,) = rows
        said = f"A setting of charts {row.since} to {row.until}; it is understood, and `migrate` rewrites it."
        today = tuple(("Today", new) for new in row.new or ("nothing does this any more",))
        return Explanation(row.old, kind(row), said, (*today, ("Why", row.why)))
    if rows:
        said = f"A section of charts up to {rows[0].until}; it is understood, and `migrate` rewrites it."
        below = tuple(Line(row.old, ", ".join(row.new) or "nothing any more") for row in rows)
        return Explanation(path, "an old section", said, below=below)
    return None


def page() -> str:
    """The page of all old words: a table."""
    lines = ["# Settings of older charts", "", MADE, ""]
    lines += [
        "All of these are understood, checked like any other setting, and translated into today's before anything else",
        "happens; [migration.md](migration.md) says how to move a configuration. `*` stands for any name.",
        "",
        "| setting | takes | charts | today | why |",
        "| --- | --- | --- | --- | --- |",
    ]
    for row in rows_before(ROWS, TODAY):
        new = "<br>".join(f"`{word}`" for word in row.new) or "nothing"
        cells = (f"`{row.old}`", kind(row), f"{row.since} to {row.until}", new, row.why)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(lines) + "\n"
