"""Lines that keep a configuration's meaning where today's defaults are not those that it was written for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chart_py.editions.guide import KEPT
from chart_py.finding import Path, dotted
from chart_py.manifest.documents import to_yaml
from chart_py.migrate import edit
from chart_py.migrate.edit import Fragment
from chart_py.migrate.source import data, document
from chart_py.values.old_meaning import ALLOW_ALL

Tree = Mapping[str, Any]
LET_IN = ("everyone who passes the login is let in", "only those whom you allow")


def overlay(have: Tree, want: Tree) -> dict[str, Any]:
    """The smallest tree that makes `want` of `have` when it is laid over it."""
    out: dict[str, Any] = {}
    for word, value in want.items():
        there = have.get(word)
        if isinstance(value, dict) and isinstance(there, dict):
            if inner := overlay(there, value):
                out[word] = inner
        elif word not in have or there != value or type(there) is not type(value):
            out[word] = value
    return out | dict.fromkeys(word for word in have if word not in want)


def meaning(path: Path) -> tuple[str, str] | None:
    """How it was, and how it is without the line, for a line that keeps a meaning; None where nothing is known."""
    return LET_IN if path == ALLOW_ALL else KEPT.get(dotted(path))


def added(text: str, words: Tree, version: str, prefix: Path = (), path: Path = ()) -> str:
    """`text` with the words of an overlay, each with a comment that says what it keeps."""
    if not path and "&" in text:
        text = edit.detached(text, [prefix + group for group in groups(words, data(text, prefix))])
    for word, value in words.items():
        here = (*path, word)
        there = data(text, prefix + here)
        if isinstance(value, dict) and value and isinstance(there, dict):
            text = added(text, value, version, prefix, here)
        elif document(edit.opened(text, prefix + path)).entry(prefix + here):
            text = edit.changed(text, prefix + here, value)
        else:
            text = edit.put(text, prefix + here, _piece(list(_lines(word, value, here, version)), word))
    return text


def _piece(lines: list[str], word: str) -> Fragment:
    """The lines of an entry as a fragment: comments, the key's own line, the rest."""
    key = edit.key_text(word)
    at = next(index for index, line in enumerate(lines) if not line.startswith("#"))
    return Fragment(tuple(lines[:at]), key, (lines[at][len(key) :], *lines[at + 1 :]))


def _lines(word: str, value: Any, path: Path, version: str) -> Iterator[str]:
    known = meaning(path)
    if known:
        then, today = known
        before = "before JupyterHub 5" if known is LET_IN else f"with chart {version}"
        yield f"# As {before}: {then}. Without this, today's default: {today}."
    if isinstance(value, dict) and value and not known:
        yield f"{edit.key_text(word)}:"
        for inner, below in value.items():
            yield from ("  " + line for line in _lines(inner, below, (*path, inner), version))
    else:
        yield from to_yaml({word: value}).rstrip("\n").split("\n")


def groups(words: Tree, there: Any, path: Path = ()) -> Iterator[Path]:
    """The paths of an overlay that are explained together, in their order; `there` is what they are laid over."""
    for word, value in words.items():
        here = (*path, word)
        below = there.get(word) if isinstance(there, dict) else None
        if isinstance(value, dict) and value and (isinstance(below, dict) or not meaning(here)):
            yield from groups(value, below, here)
        else:
            yield here
