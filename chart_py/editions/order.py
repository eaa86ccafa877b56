"""The order of chart versions: which of two is older, which are next to one that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterable

_VERSION = re.compile(r"v?(\d+(?:\.\d+)*)(-.*)?")


def key(version: str) -> tuple[int, int, int, int]:
    """What versions are sorted by: `5.0.0-dev` comes after every 4.x and before 5.0.0. ValueError for other text."""
    found = _VERSION.fullmatch(version)
    if not found:
        raise ValueError(version)
    numbers = [int(number) for number in found[1].split(".")[:3]]
    major, minor, patch = [*numbers, 0, 0][:3]
    return major, minor, patch, 0 if found[2] else 1


def nearest(version: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known versions just below and just above `version`; none for a text that is not a version.

    `3.3` stands for the newest 3.3.x, and that is the nearest of it.
    """
    ordered = sorted(known, key=key)
    try:
        wanted = key(version)
    except ValueError:
        return ()
    within = [each for each in ordered if each.startswith(f"{version.removeprefix('v')}.")]
    if within:
        return (within[-1],)
    below = [each for each in ordered if key(each) <= wanted]
    above = [each for each in ordered if key(each) > wanted]
    return (*below[-1:], *above[:1])
