"""What each setting becomes: traits of the hub's classes, fields of objects, parts of users' pods; from a made table.

`scripts/make-ends` writes the table: every setting is changed alone, and where that arrives is recorded, with the real
JupyterHub and KubeSpawner.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from chart_py.finding import Path, dotted
from chart_py.reference.explanation import Arrival, Place

Row = list[tuple[list[str], dict[str, list[str]]]]


@cache
def _table() -> dict[str, Row]:
    """Setting → pairs of what has to be set too, and of path → the parts that change there."""
    file = FilePath(__file__).parent / "tables" / "ends.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def arrivals(path: Path) -> tuple[Arrival, ...]:
    """Where the setting arrives, the hub's traits first; empty where no trial has found anything."""
    return tuple(
        Arrival(tuple(needs), tuple(sorted(_places(found), key=_order)))
        for needs, found in _table().get(dotted(path), ())
    )


def _places(found: dict[str, list[str]]) -> list[Place]:
    return [Place(part, where) for where, parts in found.items() for part in parts]


def _order(place: Place) -> tuple[int, str, str]:
    """Traits, the hub's environment, users' servers, objects; whole objects before fields."""
    if place.part.startswith("c."):
        rank = 0
    elif "/" in place.part:
        rank = 3 + bool(place.path)
    else:
        rank = 1 if place.part.endswith("environment") else 2
    return rank, place.path, place.part


def traits(path: Path) -> tuple[str, ...]:
    """The traits of the hub's classes that the setting changes, as `KubeSpawner.mem_limit`, each once."""
    places = [place for arrival in arrivals(path) for place in arrival.places]
    found = (re.match(r"c\.(\w+\.\w+)", place.part) for place in places)
    return tuple(dict.fromkeys(each[1] for each in found if each))
