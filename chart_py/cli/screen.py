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


def tell(text: str, *, err: bool = False) -> None:
    """Print text; on a terminal, lines that are wider break between words and go on below their own beginning."""
    width = _columns(sys.stderr if err else sys.stdout)
    if width:
        text = "\n".join(part for line in text.split("\n") for part in _fitted(line, width))
    click.echo(text, err=err)


def _columns(stream: IO[str]) -> int:
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


def table(found: Iterable[Mapping[str, object]], head: tuple[str, ...]) -> None:
    """Print what is known of each of several things as plain columns, below `head`; a time is under `updated`.

    On a terminal each row is one line, and ends where that does.
    """
    body = [tuple(to_the_second(str(v)) if k == "updated" else str(v) for k, v in each.items()) for each in found]
    every, most = [head, *body], _columns(sys.stdout)
    widths = [max(len(row[i]) for row in every) for i in range(len(head))]
    for row in every:
        line = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        click.echo(line[: most - 1] + "…" if most and len(line) > most else line)
