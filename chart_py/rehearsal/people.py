"""Owns who starts servers at a rehearsal: users whose names and rights differ as those of real ones do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

# One plain name, one with what addresses have, one that begins with a digit, one who may do all.
_USUAL: tuple[dict[str, Any], ...] = (
    {"name": "ada", "servers": ["", "second"], "thorough": True},
    {"name": "grace.hopper@example.org", "servers": [""]},
    {"name": "7of9", "servers": [""]},
    {"name": "linus", "servers": [""], "admin": True},
)


def people(names: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Who is asked for; the usual ones where nobody is named. The first tries every choice."""
    if not names:
        return [dict(each) for each in _USUAL]
    return [
        {"name": name, "servers": ["", "second"] if not index else [""], "thorough": not index}
        for index, name in enumerate(dict.fromkeys(names))
    ]
