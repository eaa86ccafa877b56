"""What a row of the table of old words is: where a word stood, where it stands today, how its value changes."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chart_py.finding import Path

Map = dict[str, Any]


@dataclass(frozen=True)
class Facts:
    """What changes of values have to know beside the word.

    `auth_type` and `class_name` are what all layers together say of `auth.type` and `auth.custom.className`; `release`
    and `app` are the values of the labels that select users' pods.
    """

    auth_type: str = "dummy"
    class_name: str | None = None
    cilogon_under_github: bool = False
    release: str = "jhub"
    app: str = "jupyterhub"


@dataclass(frozen=True)
class Advice:
    """What cannot be carried over: a code to look it up by, what is so, and lines that say what to write."""

    code: str
    message: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Old:
    """An old word where it stands: its checked value, the map around it, and what is known of the rest."""

    value: Any
    path: Path
    around: Mapping[str, Any]
    facts: Facts


class Append(list[Any]):
    """Items that join the list which the same layer has at the new path, instead of clashing with it."""


Change = Callable[[Old], Mapping[str, Any]]


@dataclass(frozen=True)
class Row:
    """One old word.

    `old` is its path with dots (`*` stands for any one word, a dot within a word is `\\.`), `new` the paths where its
    value goes: none where nothing does this any more. `due` is the type of its value as an annotation, or a section
    whose words it has. `change` gives the new words with their values where that is not simply the old value, `when`
    limits the row to some values, for words that are today's too, `lost` says what cannot be carried over. `beside` is
    for a word whose new words were there already, beside it: both may say the same. `since` and `until` are the first
    and the last minor version of the chart that knew the word.
    """

    old: str
    new: tuple[str, ...]
    due: Any
    why: str
    since: str = "0.4"
    until: str = "0.11"
    change: Change | None = None
    when: Callable[[Any], bool] | None = None
    lost: Callable[[Old], Iterable[Advice]] | None = None
    beside: bool = False
    path: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "path", steps(self.old))

    @property
    def is_before_1(self) -> bool:
        """Whether no chart since 1.0 knew the word."""
        return _version(self.until) < (1,)

    def words(self, old: Old) -> dict[Path, Any]:
        """The new words and their values.

        Null stays null, so that it removes what would otherwise stand there, unless there are several new words: their
        defaults are not those of the old one.
        """
        if old.value is None:
            found: Mapping[str, Any] = dict.fromkeys(self.new if len(self.new) == 1 else ())
        elif self.change is not None:
            found = self.change(old)
        else:
            found = dict.fromkeys(self.new, old.value)
        names = [step for step, word in zip(old.path, self.path, strict=True) if word == "*"]
        return {_filled(steps(path), names): value for path, value in found.items()}


def steps(path: str) -> tuple[str, ...]:
    """The words of a path with dots between them; `\\.` is a dot within a word."""
    return tuple(word.replace("\\.", ".") for word in re.split(r"(?<!\\)\.", path))


def _filled(path: tuple[str, ...], names: Iterable[Any]) -> Path:
    rest = iter(names)
    return tuple(next(rest) if word == "*" else word for word in path)


def rows_before(rows: Iterable[Row], chart_version: str) -> tuple[Row, ...]:
    """The rows whose words the chart of `chart_version` does not know any more."""
    now = _version(chart_version.partition("-")[0])
    return tuple(row for row in rows if _version(row.until) < now[: len(_version(row.until))])


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in text.split("."))
