"""Who can reach whom as Markdown, for a pull request: a table, and the rest folded below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chart_py.reach.assertions import Judgement
from chart_py.reach.broken import findings
from chart_py.reach.edges import Group, Shifts
from chart_py.reach.matrix import Matrix
from chart_py.reach.plugin import Plugins
from chart_py.reach.said import ports_text
from chart_py.reach.settings import Settings
from chart_py.views.reach_text import head, legend, rows


def matrix_markdown(
    found: Matrix, settings: Settings | None, plugins: Plugins, unread: Sequence[str] = ()
) -> Iterator[str]:
    """The matrix as a table; on what answers depend is folded."""
    for line in head(found, settings, plugins, unread):
        yield f"> {_plain(line)}" if line else ">"
    yield ""
    first, *others = rows(found)
    yield _row(first)
    yield _row(["---"] * len(first))
    yield from map(_row, others)
    yield ""
    yield "<details><summary>What the cells mean</summary>"
    yield ""
    yield from (f"- {_plain(line)}" for line in legend(found, settings))
    yield ""
    yield "</details>"


def shifts_markdown(found: Shifts) -> Iterator[str]:
    """What opens and what closes, as a table."""
    if not found:
        yield "No edge opens or closes."
        return
    yield _row(["", "from", "to", "ports", "before", "after"])
    yield _row(["---"] * 6)
    for each in found.grouped():
        yield _row(_cells(each))


def _cells(group: Group) -> list[str]:
    shift = group.shift
    both = [", ".join(group.whos), ", ".join(group.whoms), ports_text(shift.ports)]
    return [f"**{shift.word}**", *both, shift.before.word, shift.after.word]


def judged_markdown(judged: Sequence[Judgement], settings: Settings | None) -> Iterator[str]:
    """Which assertions hold; those that do not with what is so instead."""
    broken = [each for each in judged if not each.holds]
    yield f"{len(judged) - len(broken)} of {len(judged)} assertions hold."
    for each, finding in zip(broken, findings(broken, settings), strict=True):
        yield ""
        yield f"- `{each.assertion}` ({finding.place}): {_plain(finding.message)}"
        yield from (f"  - {_plain(line)}" for line in finding.advice)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(_plain(each) for each in cells)} |"


def _plain(text: str) -> str:
    """Text that Markdown and HTML show as it is."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace("|", "&#124;")
