"""Secrecy: which settings and texts hold a secret, and how a text is shown without it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from chart_py.pattern import Pattern

# Words whose value is never repeated to anyone. Matched against the words of a path and against a line's keys.
_SECRET_WORD = Pattern(
    r"(?i)(secret(?!name$|key$|sync|s$)|passw|passphrase|(?:^|_)pass$|pwd|token(?!s?_?url$)|api_?key"
    r"|private_?key|access_?key|cryptokey|credential|^keys?$|^cert$|^auth$|_key$|^binaryData$|\burl$|_dsn$)"
)
# What a reader may see although it looks like a secret's name.
_OPEN_WORD = Pattern(
    r"(?i)^(token_url|.*_key_?name|username_key|secretSync|imagePullSecrets?|pullSecrets|existingSecret)$"
)
# JupyterHub's maps from tokens to who has them: their keys are the secrets.
_MAP_OF_TOKENS = Pattern(r"(?i)^(api|service)_?tokens$")
# Files that are programs or pages: each line of theirs is shown, without the secrets in it.
_CODE = Pattern(r"(?i)\.(css|html?|ipynb|jl|js|md|py|r|sh)$")
# Where whatever stands below is somebody's own and may be a secret, whatever its name.
_OWN_WORDS = frozenset({"extraEnv", "stringData", "binaryData"})
# Below these, `key` is the name of a label, a taint or an entry.
_KEYED = Pattern(r"(?i)tolerations$|^match_?(expressions|fields)$|key_?ref$|^items$|affinity$")
# `key: value`, `"key": value`, `key = value` and `['key'] = value`, anywhere in a line.
_PAIR = Pattern(r"""(?<![\w.\-/])([\w.\-/]+)["']?\]?\s*(?::(?=\s|["'\[{|>]|$)|=(?!=)|:)\s*""")
# A secret's word and its value with the colon forgotten.
_BARE = Pattern(r"(?<![\w.\-/])([\w.\-]+)[ \t]+([^\s:=#]{6,})")
_QUOTED = Pattern(r""""(?:\\.|[^"\\])*"|'(?:''|[^'])*'""")
# Hexadecimal keys and tokens, long base64, and passwords within URLs; an image's digest, and its tag, are none.
_MATERIAL = Pattern(
    r"(?<!sha256:)\b[0-9a-fA-F]{32,}\b|(?<!sha256:)(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{40,}={0,2}"
    r"|(?<=:)[^\s/:@]+(?=@(?!sha256:))"
)
# What Kubernetes calls a volume, or another object that it makes for somebody: no secret, for all its length.
_MADE = Pattern(r"(?i)^[a-z]{1,12}-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")
HIDDEN = "(hidden)"
# How far around a word its line is looked at: a line may be the whole of a file.
REACH = 500


class Hidden(str):
    """The text of a secret: compares as itself, and is never shown."""

    __slots__ = ()

    def __repr__(self) -> str:
        return HIDDEN


def is_secret(path: Iterable[str | int]) -> bool:
    """Whether the value at `path` must never be shown: any of its words names a secret, or is free to be one.

    `auth` is the field of a registry's login; at the top it is the guide's section about who may log in.
    """
    words = [step for index, step in enumerate(path) if isinstance(step, str) and (index or step != "auth")]
    if keyed(words):
        words = [word for word in words if word != "key"]
    return any(_secret_word(word) for word in words) or any(word in _OWN_WORDS for word in words[:-1])


def has_secret_keys(path: Sequence[str | int]) -> bool:
    """Whether a map at `path` has secrets for its keys, as JupyterHub's `api_tokens` has."""
    return any(isinstance(word, str) and _MAP_OF_TOKENS.match(word) is not None for word in path[-1:])


def is_code(file: str) -> bool:
    """Whether a file is by its name a program or a page, and not data, which may be a secret as a whole."""
    return _CODE.search(file) is not None


def keyed(path: Iterable[str | int]) -> bool:
    """Whether `key` at or below `path` names a label, a taint or an entry, and no secret."""
    return any(_KEYED.search(step) for step in path if isinstance(step, str))


def may_be_secret(path: Iterable[str | int]) -> bool:
    """Whether the value at `path` had better not be shown: a secret, or one whose word is misspelt."""
    return is_secret(path) or any(_almost_secret(step) for step in path if isinstance(step, str))


def names_secret(text: str) -> bool:
    """Whether a text that stands where none is expected has a secret's word in it, and so perhaps the secret."""
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


def hidden(value: Any, path: tuple[str | int, ...] = ()) -> Any:
    """`value` with secrets replaced by a mark, those within texts too."""
    if isinstance(value, dict):
        if value and has_secret_keys(path):
            return HIDDEN
        return {word: hidden(inner, (*path, word)) for word, inner in value.items()}
    if isinstance(value, list):
        return [hidden(inner, (*path, index)) for index, inner in enumerate(value)]
    if isinstance(value, str) and not may_be_secret(path):
        return "\n".join(masked(line) for line in value.split("\n"))
    return HIDDEN if may_be_secret(path) and value not in (None, "", True, False) else value


def masked(line: str) -> str:
    """`line` of a YAML or Python text with the values of secrets' keys replaced, and text that looks like a key."""
    return masked_at(line, 0)[0]


def masked_at(line: str, column: int, more: Iterable[tuple[int, int]] = (), *, keys: bool = True) -> tuple[str, int]:
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
    """Whether text that `_MATERIAL` found is more than a long path or name.

    Base64 has either slashes or dashes, not both; of this length it has capitals or digits.
    """
    is_words = text.islower() and not any(c.isdigit() for c in text) and any(c in "/-_" for c in text)
    return not (is_words or _MADE.match(text) or ("/" in text and ("-" in text or "_" in text)))
