"""What each setting becomes: traits of the hub's classes, fields of objects, parts of users' pods; from a made table.

`scripts/make-ends` writes the table: every setting is changed alone, and where that arrives is recorded, with the real
JupyterHub and KubeSpawner.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from chart_py.finding import Path, dotted

MOST = 6
"""How many ends are shown; the rest is counted."""


@cache
def _table() -> dict[str, list[tuple[list[str], dict[str, list[str]]]]]:
    """Setting → pairs of what has to be set too, and of path → the parts that change there."""
    file = FilePath(__file__).parent / "tables" / "ends.json"
    found: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return found


def traits(path: Path) -> tuple[str, ...]:
    """The traits of the hub's classes that the setting changes, as `KubeSpawner.mem_limit`, each once."""
    parts = [part for _, found in _table().get(dotted(path), ()) for parts in found.values() for part in parts]
    return tuple(dict.fromkeys(part[2:] for part in parts if part.startswith("c.")))


def ends(path: Path) -> list[str]:
    """Where the setting arrives, the hub's traits first; what else has to be set follows in parentheses.

    At most `MOST` lines and the number of the others; one line that says so where nothing is known.
    """
    lines = list(dict.fromkeys(_lines(path)))
    if not lines:
        return ["not traced"]
    more = len(lines) - MOST
    return [*lines[:MOST], f"and {more} more"] if more > 1 else lines


def _lines(path: Path) -> Iterator[str]:
    for needed, found in _table().get(dotted(path), ()):
        condition = f" (with {', '.join(needed)})" if needed else ""
        rows = [(part, where) for where, parts in found.items() for part in parts]
        named = [part for part, _ in rows if part.startswith("c.")]
        # The hub's own words come first; of a trait, one line is enough.
        yield from (f"{part}{condition}" for part in dict.fromkeys(named))
        for part, where in rows:
            if not part.startswith("c."):
                yield f"{part} {_spelled(where)}".rstrip() + condition


def _spelled(where: str) -> str:
    """A path without the names that a trial gave."""
    return re.sub(r"volume-USERNAME", "home", where)
