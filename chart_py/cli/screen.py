"""Owns how text lies on a screen: its width, its colour, its columns."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable, Mapping
from typing import IO

import click

from chart_py.finding import wrapped


def wants_colour(stream: IO[str]) -> bool:
    """Whether a stream is a terminal whose owner does not mind colour (NO_COLOR)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def tell(text: str, *, err: bool = False, colour: str = "", upto: int = 0) -> None:
    """Print text; on a terminal, lines that are wider break between words and go on below their own beginning.

    Where colour is wanted, all of it is in `colour`, or only its first `upto` characters.
    """
    stream = sys.stderr if err else sys.stdout
    width = columns(stream)
    lines = text.split("\n")
    if width:
        lines = [part for line in lines for part in _fitted(line, width)]
    if colour and wants_colour(stream):
        painted = [click.style(line[:upto] if upto else line, fg=colour) for line in (lines[:1] if upto else lines)]
        lines = [painted[0] + lines[0][upto:], *lines[1:]] if upto else painted
        click.echo("\n".join(lines), err=err, color=True)
    else:
        click.echo("\n".join(lines), err=err)


def columns(stream: IO[str]) -> int:
    """How wide the terminal is that `stream` goes to; 0 where it goes elsewhere."""
    if not stream.isatty():
        return 0
    from shutil import get_terminal_size

    return max(get_terminal_size().columns, 40)


def _fitted(line: str, width: int) -> list[str]:
    plain = line.lstrip(" ")
    return wrapped(plain, width, line[: len(line) - len(plain)])


def to_the_second(time: str) -> str:
    """A time (RFC 3339) without the fractions of a second that Helm's records keep."""
    return re.sub(r"\.\d+", "", time)


def table(found: Iterable[Mapping[str, object]], head: tuple[str, ...], *, free: str = "") -> None:
    """Print what is known of each of several things as plain columns, below `head`; a time is under `updated`.

    On a terminal that is too narrow for all columns, the last ones go below each row, under their own names; the
    column `free` is text that needs no name.
    """
    body = [[to_the_second(str(v)) if k == "updated" else str(v) for k, v in each.items()] for each in found]
    most = columns(sys.stdout)
    widths = [max(len(row[i]) for row in [list(head), *body]) for i in range(len(head))]
    count = len(head)
    while most and count > 1 and sum(widths[:count]) + 2 * (count - 1) > most:
        count -= 1
    for row in [list(head), *body]:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row[:count], widths, strict=False)).rstrip())
        if count < len(head) and row != list(head):
            named = zip(head[count:], row[count:], strict=True)
            rest = [value if name == free else f"{name.lower()} {value}" for name, value in named if value]
            tell(f"    {', '.join(rest)}")
