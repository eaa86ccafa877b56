"""A plan on a screen: its lines, in colour where that is wanted."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from chart_py.cli.screen import columns, wants_colour
from chart_py.finding import wrapped

if TYPE_CHECKING:
    from chart_py.changes.dangers import Danger
    from chart_py.changes.plan import Plan
    from chart_py.views.plan_text import Line

_COLOURS: dict[str, str] = {"+": "green", "-": "red", "~": "yellow", "!": "magenta", "=": "cyan"}


def print_plan(plan: Plan, *, err: bool = False, verbose: int = 0) -> None:
    """Print a plan; with `verbose`, all of it."""
    from chart_py.views.plan_text import lines

    print_lines(lines(plan, whole=verbose > 0), err=err)


def print_lines(found: Iterable[Line], *, err: bool = False) -> None:
    """Print a plan's lines. On a terminal, sentences break between words; YAML stays as it is."""
    from chart_py.views.plan_text import LOUD

    stream = sys.stderr if err else sys.stdout
    has_colour, width = wants_colour(stream), columns(stream)
    for line in found:
        style = {"fg": "red", "bold": True} if line.mark == LOUD else {"fg": _COLOURS.get(line.mark)}
        is_sentence = bool(width) and not line.text.startswith(" ")
        for part in wrapped(str(line), width, "") if is_sentence else [str(line)]:
            click.echo(click.style(part, **style) if has_colour else part, err=err, color=has_colour)


def print_dangers(found: Iterable[Danger], *, err: bool = False) -> None:
    """Print the headlines of dangers."""
    from chart_py.views.danger_text import headline
    from chart_py.views.plan_text import LOUD, Line

    print_lines((Line(LOUD, headline(danger)) for danger in found), err=err)
