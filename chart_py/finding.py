"""A finding: one thing said about a user's input, at the place where it stands."""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

Path = tuple[str | int, ...]

# Words whose value is never repeated to anyone. Matched against the last words of a path and against a line's key.
_SECRET_WORD = re.compile(
    r"(?i)(secret(?!name$|key$|sync|s$)|password|passwd|token(?!s?_?url$)|api_?key|private_?key|cryptokey|credential"
    r"|^keys?$|^cert$|^auth$|_key$|^binaryData$|\burl$)"
)
# What a reader may see although it looks like a secret's name.
_OPEN_WORD = re.compile(
    r"(?i)^(token_url|.*_key_?name|username_key|secretSync|imagePullSecrets?|pullSecrets|existingSecret)$"
)
# A word with a scalar value, somewhere within a line: `{clientId: id, clientSecret: s}`.
_FLOW_WORD = re.compile(r"""(["']?([\w.\-]+)["']?\s*:\s+)("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s,{}\[\]"'][^,{}\]]*)""")


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
    """Whether the value at `path` must never be shown: any of its words names a secret.

    `auth` is the field of a registry's login; at the top it is the guide's section about who may log in.
    """
    words = [str(step) for index, step in enumerate(path) if isinstance(step, str) and (index or step != "auth")]
    return any(map(_names_secret, words))


def _names_secret(word: str) -> bool:
    return bool(_SECRET_WORD.search(word) and not _OPEN_WORD.match(word))


def masked(line: str) -> str:
    """`line` of a YAML text with the value of a secret's key replaced, and text that looks like key material."""
    key = re.match(r"^(\s*(?:-\s+)*(?:--?[\w-]+\s+)?[\"']?([\w.\-/]+)[\"']?\s*[:=]\s*)(\S.*)$", line)
    if key and _names_secret(key[2].split(".")[-1]) and not (key[2] == "auth" and key[3].startswith("{")):
        return key[1] + "(hidden)"
    if "{" in line:
        line = _FLOW_WORD.sub(lambda found: found[1] + "(hidden)" if _names_secret(found[2]) else found[0], line)
    line = re.sub(r"\b[0-9a-fA-F]{32,}\b|[A-Za-z0-9+/]{40,}={0,2}", "(hidden)", line)
    return re.sub(r"(://[^\s/:@]*:)[^\s@]+@", r"\1(hidden)@", line)


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
        lines = [f"{head}{self.level.value}: {name + ': ' if name else ''}{self.message}"]
        if self.place and self.place.line and self.place.source.strip():
            lines += _excerpt(self.place, width, hide=is_secret(self.path))
        lines += [f"   {line}" for line in self.advice]
        return "\n".join(lines)


def _excerpt(place: Place, width: int, hide: bool) -> list[str]:
    """The source line and a caret line below it, cut around the word where the line is wider than the terminal."""
    source = place.source.replace("\t", " ")
    number = f"{place.line:>5}"
    shown = masked(source)
    start = place.column - 1
    if hide and shown == source:
        key = re.match(r"^(\s*(?:-\s+)*[^:\s]+\s*:\s*)\S", source)
        shown = (key[1] if key else " " * (len(source) - len(source.lstrip()))) + "(hidden)"
    start = min(start, max(len(shown) - 1, 0))
    room = max(width - 10, 20)
    cut = max(0, start - room // 3) if len(shown) > room and start > room * 2 // 3 else 0
    shown = shown[cut : cut + room]
    length = max(1, min(place.length, len(shown) - (start - cut)))
    return [f"{number} | {shown}", f"{' ' * 5} | {' ' * (start - cut)}{'^' * length}"]


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Findings in the order of the file, files in the order of their first finding; without repetition."""
    unique = list(dict.fromkeys(findings))
    files = {name: index for index, name in enumerate(dict.fromkeys(f.place.file if f.place else "" for f in unique))}
    return sorted(
        unique,
        key=lambda f: (
            files[f.place.file if f.place else ""],
            f.place.line if f.place else 0,
            f.place.column if f.place else 0,
        ),
    )
