"""A finding: one thing said about a user's input, at the place where it stands."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from chart_py.pattern import Pattern

Path = tuple[str | int, ...]

# Words whose value is never repeated to anyone. Matched against the words of a path and against a line's keys.
_SECRET_WORD = Pattern(
    r"(?i)(secret(?!name$|key$|sync|s$)|password|passwd|passphrase|(?:^|_)pass$|pwd|token(?!s?_?url$)|api_?key"
    r"|private_?key|access_?key|cryptokey|credential|^keys?$|^cert$|^auth$|_key$|^binaryData$|\burl$|_dsn$)"
)
# What a reader may see although it looks like a secret's name.
_OPEN_WORD = Pattern(
    r"(?i)^(token_url|.*_key_?name|username_key|secretSync|imagePullSecrets?|pullSecrets|existingSecret)$"
)
# Where whatever stands below is somebody's own and may be a secret, whatever its name.
_OWN_WORDS = frozenset({"extraEnv", "stringData", "binaryData"})
# Below these, `key` is the name of a label, a taint or an entry.
_KEYED = Pattern(r"(?i)tolerations$|^match_?(expressions|fields)$|key_?ref$|^items$|affinity$")
# `key: value`, `"key": value`, `key = value` and `['key'] = value`, anywhere in a line.
_PAIR = Pattern(r"""(?<![\w.\-/])([\w.\-/]+)["']?\]?\s*(?::(?=\s|["'\[{|>]|$)|=(?!=)|:)\s*""")
# A secret's word and its value with the colon forgotten.
_BARE = Pattern(r"(?<![\w.\-/])([\w.\-]+)[ \t]+([^\s:=#]{6,})")
_QUOTED = Pattern(r""""(?:\\.|[^"\\])*"|'(?:''|[^'])*'""")
# Hexadecimal keys and tokens, long base64, and passwords within URLs.
_MATERIAL = Pattern(r"\b[0-9a-fA-F]{32,}\b|[A-Za-z0-9+/_-]{40,}={0,2}|(?<=:)[^\s/:@]+(?=@)")
HIDDEN = "(hidden)"
# How far around a word its line is looked at: a line may be the whole of a file.
REACH = 500
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
    """A path as a person writes it: `hub.config.JupyterHub`, `proxy.https.hosts[0]`, `custom."a.b"`."""
    out = ""
    for step in path:
        if isinstance(step, int):
            out += f"[{step}]"
        else:
            word = step if re.fullmatch(r"[^.\[\]\s\"]+", step) else '"' + step.replace('"', '\\"') + '"'
            out += f".{word}" if out else word
    return out


def is_secret(path: Iterable[str | int]) -> bool:
    """Whether the value at `path` must never be shown: any of its words names a secret, or is free to be one.

    `auth` is the field of a registry's login; at the top it is the guide's section about who may log in.
    """
    words = [step for index, step in enumerate(path) if isinstance(step, str) and (index or step != "auth")]
    if keyed(words):
        words = [word for word in words if word != "key"]
    return any(_secret_word(word) for word in words) or any(word in _OWN_WORDS for word in words[:-1])


def keyed(path: Iterable[str | int]) -> bool:
    """Whether `key` at or below `path` names a label, a taint or an entry, and no secret."""
    return any(_KEYED.search(step) for step in path if isinstance(step, str))


def may_be_secret(path: Path) -> bool:
    """Whether the value at `path` had better not be shown: a secret, or one whose word is misspelt."""
    return is_secret(path) or any(_almost_secret(step) for step in path if isinstance(step, str))


def names_secret(text: str) -> bool:
    """Whether a text that stands where none is due has a secret's word in it, and so perhaps the secret."""
    return _SECRET_WORD.search(text) is not None


def _secret_word(word: str) -> bool:
    # A quote or a dot too many makes no other word of it.
    word = word.strip("\"'`.,;:= ")
    return bool(_SECRET_WORD.search(word)) and not _OPEN_WORD.match(word)


@lru_cache(maxsize=4096)
def _almost_secret(word: str) -> bool:
    """Whether a word may be a secret's, misspelt or cut short."""
    from chart_py.spelling import nearest

    last = word.split("_")[-1]
    if len(last) > 3 and any(each.startswith(last.lower()) for each in ("password", "secret", "token")):
        return True
    known = ("password", "secret", "token", "cookieSecret", "secretToken", "clientSecret", "apiToken")
    return bool(nearest(last, known))


def masked(line: str) -> str:
    """`line` of a YAML or Python text with the values of secrets' keys replaced, and text that looks like a key."""
    return _masked(line, 0)[0]


def _masked(line: str, column: int, more: Iterable[tuple[int, int]] = (), *, keys: bool = True) -> tuple[str, int]:
    """The line without its secrets and the spans `more`, and where the character at `column` is in it.

    Without `keys`, what stands behind the word `key` is none.
    """
    out, at, done = "", column, 0
    for start, end in sorted([*_secrets(line, keys=keys), *more], key=lambda span: (span[0], -span[1])):
        if start < done:
            continue
        if start <= column < end:
            at = len(out) + start - done
        out += line[done:start] + HIDDEN
        if column >= end:
            at += len(HIDDEN) - (end - start)
        done = end
    return out + line[done:], at


def _secrets(line: str, *, keys: bool = True) -> list[tuple[int, int]]:
    """The spans of a line that nobody may see, from left to right."""
    spans = [found.span() for found in _MATERIAL.finditer(line) if _like_a_key(found[0])]
    spans += [found.span(2) for found in _BARE.finditer(line) if _secret_word(found[1])]
    bracket = re.search(r"[{\[(]", line)
    for pair in _PAIR.finditer(line):
        word = pair[1].split(".")[-1]
        if word == "key" and not keys:
            continue
        start = pair.end()
        if start < len(line) and (_secret_word(word) or _almost_secret(word) or (word == "value" and "name" in line)):
            quoted = _QUOTED.match(line, start)
            bare = re.compile(r"[^,}\])#]+").match(line, start)
            # A plain value ends at a comma or bracket only within brackets; elsewhere it may hold them.
            flow = bare is not None and bracket is not None and bracket.start() < pair.start()
            end = quoted.end() if quoted else bare.end() if bare and flow else len(line)
            spans.append((start, end))
    return spans


def _like_a_key(text: str) -> bool:
    """Whether text that `_MATERIAL` found is more than a long path: base64 has either slashes or dashes, not both."""
    path = "/" in text and ("-" in text or "_" in text or (text.islower() and not any(c.isdigit() for c in text)))
    return not path


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

    def text(self, width: int = 80) -> str:
        """The finding for a terminal of `width` columns: the place, the line with a caret, the advice."""
        name = dotted(self.path)
        head = f"{self.place}: " if self.place else ""
        lines = wrapped(f"{head}{self.level.value}: {name + ': ' if name else ''}{self.message}", width, "")
        if self.place and self.place.line and self.place.source.strip():
            lines += _excerpt(
                self.place,
                width,
                hide=is_secret(self.path),
                wary=self.code.startswith(_WARY),
                keys=not keyed(self.path),
            )
        for line in self.advice:
            lines += wrapped(line, width, "   ")
        return "\n".join(lines)


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
    shown, start = _masked(source, place.column - 1, spans, keys=keys)
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
