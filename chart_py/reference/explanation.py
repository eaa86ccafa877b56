"""`Explanation`: what is told of one thing that a person asked for, as data; `views/explanation.py` makes the text."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from typing import Any, NamedTuple


class Nothing(enum.Enum):
    """Stands for a default or an example that there is not: null may be one."""

    NOTHING = "nothing"


NOTHING = Nothing.NOTHING


class Place(NamedTuple):
    """Where a value arrives: an object, a trait or a part of a user's server, and the path in it, empty for all."""

    part: str
    path: str = ""


class Arrival(NamedTuple):
    """Places where a setting arrives, and what has to be set beside it for that; nothing where it always does."""

    needs: tuple[str, ...]
    places: tuple[Place, ...]


class Line(NamedTuple):
    """One thing in a list, which can be asked for by its name, and what it is."""

    name: str
    text: str


@dataclass(frozen=True)
class Explanation:
    """What is told of one thing; of what has no name, only what it consists of.

    `facts` are short lines by their label, `arrivals` where its value goes (None for what has no value of its own),
    `default` is None where it is not set and NOTHING for what cannot have one, `example` a configuration that sets it,
    `quoted` the help text of JupyterHub itself, `below` what it consists of. `raw` is a text that is told as it is, and
    nothing else.
    """

    name: str
    kind: str = ""
    description: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    default: Any = NOTHING
    arrivals: tuple[Arrival, ...] | None = None
    example: Any = NOTHING
    quoted: str = ""
    below: tuple[Line, ...] = field(default=())
    raw: str = ""


@dataclass(frozen=True)
class Found:
    """What has to do with some words, the nearest first: groups with a title, and how many more there are."""

    words: tuple[str, ...]
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    more: int = 0
