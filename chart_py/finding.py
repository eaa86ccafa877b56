"""A finding: one thing said about a user's input, at the place where it stands."""

from __future__ import annotations

import enum
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

from chart_py.pattern import Pattern
from chart_py.secrecy import HIDDEN, REACH, has_secret_keys, is_secret, keyed, masked_at

Path = tuple[str | int, ...]

# The codes, by their beginnings, of words that nobody knows: a secret may stand behind one that is misspelt.
_WARY = ("unknown-", "key-", "duplicate-", "not-", "several-", "wrong-")
_RANDOM = Pattern(r"(?<!\w)(?=[^\s,}\]\"']*\d)(?=[^\s,}\]\"']*[A-Za-z])[^\s,}\]\"':{\[]{8,}")


class Level(enum.Enum):
    """How bad a finding is: an error refuses the input, a warning and a note do not."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


class Place(NamedTuple):
    """Where something stands: `file` as the user named it, `line` and `column` from 1, `length` in characters.

    `source` is the text of that line; it is empty where there is none (`--set`), and then `line` is 0.
    """

    file: str
    line: int = 0
    column: int = 0
    length: int = 1
    source: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


def dotted(path: Path) -> str:
    """A path as a person writes it: `hub.config.JupyterHub`, `proxy.https.hosts[0]`, `custom."a.b"`.

    A key that is a secret, as those of `api_tokens` are, is hidden.
    """
    out = ""
    for index, step in enumerate(path):
        if index and has_secret_keys(path[:index]):
            out += f".{HIDDEN}"
        elif isinstance(step, int):
            out += f"[{step}]"
        else:
            word = step if re.fullmatch(r"[^.\[\]\s\"]+", step) else '"' + step.replace('"', '\\"') + '"'
            out += f".{word}" if out else word
    return out


def _shown(place: Place, path: Path) -> Place:
    """`place`, with nothing of its line where a key of `path` is a secret."""
    if not any(has_secret_keys(path[:end]) for end in range(1, len(path))):
        return place
    indent = len(place.source) - len(place.source.lstrip())
    return place._replace(source=place.source[:indent] + HIDDEN, column=indent + 1, length=len(HIDDEN))


def _own_span(line: str, place: Place) -> tuple[int, int] | None:
    """The span of a secret that stands at `place`, to the line's end: behind its key, or from its first character."""
    start = place.column - 1
    key = re.compile(r"\s*:\s*").match(line, start + place.length)
    start = key.end() if key else start
    return (start, len(line)) if start < len(line) else None


@dataclass(frozen=True)
class Finding:
    """What is said about one place of a user's input.

    `code` is the stable name by which it can be looked up and silenced, `path` the word it is about, `message` what is
    wrong, `advice` further lines that say what to write instead.
    """

    level: Level
    code: str
    path: Path
    message: str
    place: Place | None = None
    advice: tuple[str, ...] = ()

    def text(self, width: int = 80, paint: Callable[[str], str] = str) -> str:
        """The finding for a terminal of `width` columns: the place, the line with a caret, the advice.

        `paint` is done to the level and to the caret, which tell how bad it is and where.
        """
        name = dotted(self.path)
        head = f"{self.place}: " if self.place else ""
        lines = wrapped(f"{head}{self.level.value}: {name + ': ' if name else ''}{self.message}", width, "")
        _paint_word(lines, len(head.split()), paint)
        if self.place and self.place.line and self.place.source.strip():
            source, caret = _excerpt(
                _shown(self.place, self.path),
                width,
                hide=is_secret(self.path),
                wary=self.code.startswith(_WARY),
                keys=not keyed(self.path),
            )
            lines += [source, caret.rstrip("^") + paint(caret[len(caret.rstrip("^")) :])]
        for line in self.advice:
            lines += wrapped(line, width, "   ")
        return "\n".join(lines)


def _paint_word(lines: list[str], number: int, paint: Callable[[str], str]) -> None:
    """Paint the word of this number, counted over all lines: lines are broken only between words."""
    for index, line in enumerate(lines):
        words = list(re.finditer(r"\S+", line))
        if number < len(words):
            start, end = words[number].span()
            lines[index] = line[:start] + paint(line[start:end]) + line[end:]
            return
        number -= len(words)


def wrapped(line: str, width: int, indent: str) -> list[str]:
    """`line` behind `indent`, broken between words where it is wider than `width`, then further in by three columns."""
    if len(indent) + len(line) <= width:
        return [indent + line]
    from textwrap import wrap

    return wrap(
        line,
        width,
        initial_indent=indent,
        subsequent_indent=indent + "   ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def _excerpt(place: Place, width: int, *, hide: bool, wary: bool, keys: bool) -> list[str]:
    """The source line and a caret line below it, cut around the word where the line is wider than the terminal."""
    far = max(0, place.column - 1 - REACH)
    place = place._replace(column=place.column - far, source=place.source[far : place.column + REACH])
    source = "".join(c if c.isprintable() else " " for c in place.source)
    spans = [span for span in (_own_span(source, place) if hide else None,) if span]
    spans += [found.span() for found in _RANDOM.finditer(source)] if wary else []
    shown, start = masked_at(source, place.column - 1, spans, keys=keys)
    start = min(start, max(len(shown) - 1, 0))
    length = len(HIDDEN) if shown.startswith(HIDDEN, start) else place.length
    room = max(width - 8, 20)
    cut = max(0, min(start - room // 3, len(shown) - room)) if len(shown) > room and start > room * 2 // 3 else 0
    shown = shown[cut : cut + room]
    length = max(1, min(length, len(shown) - (start - cut)))
    before, below = shown[: start - cut], shown[start - cut : start - cut + length]
    return [f"{place.line:>5} | {shown}", f"{' ' * 5} | {' ' * _columns(before)}{'^' * _columns(below)}"]


def _columns(text: str) -> int:
    """How many columns a terminal gives to `text`: letters of East Asia take two, marks on a letter none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(c) else 2 if east_asian_width(c) in "WF" else 1 for c in text)


def in_order(findings: Iterable[Finding], files: Iterable[str] = ()) -> list[Finding]:
    """Findings in the order of the file, without repetition; files in the order of `files`, others behind them."""
    unique = list(dict.fromkeys(findings))
    names = dict.fromkeys([*files, *(finding.place.file if finding.place else "" for finding in unique)])
    order = {name: index for index, name in enumerate(names)}
    return sorted(
        unique,
        key=lambda f: (
            order[f.place.file if f.place else ""],
            f.place.line if f.place else 0,
            f.place.column if f.place else 0,
        ),
    )
