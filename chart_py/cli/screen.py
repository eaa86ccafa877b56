"""Owns how text lies on a screen: its width, its colour, its columns."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterable
from typing import IO

import click


def wants_colour(stream: IO[str]) -> bool:
    """Whether a stream is a terminal whose owner does not mind colour (NO_COLOR)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def tell(text: str, *, err: bool = False) -> None:
    """Print text; on a terminal, lines that are wider break between words and go on below their own beginning."""
    if (sys.stderr if err else sys.stdout).isatty():
        from shutil import get_terminal_size

        width = max(get_terminal_size().columns, 40)
        text = "\n".join(part for line in text.split("\n") for part in _fitted(line, width))
    click.echo(text, err=err)


def _fitted(line: str, width: int) -> list[str]:
    if len(line) <= width:
        return [line]
    from textwrap import wrap

    indent = line[: len(line) - len(line.lstrip())]
    below = indent + "   "
    return wrap(line, width, subsequent_indent=below, break_long_words=False, break_on_hyphens=False)


def to_the_second(time: str) -> str:
    """A time (RFC 3339) without the fractions of a second that Helm's records keep."""
    return re.sub(r"\.\d+", "", time)


def rows(head: tuple[str, ...], body: Iterable[tuple[str, ...]]) -> None:
    """Print a table as plain columns."""
    every = [head, *body]
    widths = [max(len(row[i]) for row in every) for i in range(len(head))]
    for row in every:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
