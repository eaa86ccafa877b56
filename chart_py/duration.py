"""Durations as people write them, `90s`, `1h30m`, `2 days`: read as seconds, and seconds written for people."""

from __future__ import annotations

import re

_UNITS = {
    "s": (1, ("s", "sec", "secs", "second", "seconds")),
    "m": (60, ("m", "min", "mins", "minute", "minutes")),
    "h": (3600, ("h", "hr", "hrs", "hour", "hours")),
    "d": (86400, ("d", "day", "days")),
    "w": (604800, ("w", "week", "weeks")),
}
_PART = r"(\d+(?:\.\d+)?)\s*([a-z]+)\s*"
# No duration is longer; what is may take a pattern long to refuse.
_LONGEST = 100


def seconds_of(text: str) -> float | None:
    """The seconds of a duration with its units; None if it is none. A number alone is none: of what?"""
    text = text.strip().lower()
    if len(text) > _LONGEST or not re.fullmatch(f"(?:{_PART})+", text):
        return None
    total = 0.0
    for number, name in re.findall(_PART, text):
        seconds, names = _UNITS.get(name[0], (0, ()))
        if name not in names:
            return None
        total += float(number) * seconds
    return total


def written(seconds: float) -> str:
    """Seconds as a message has them: `45 s`, `2 min`, `2 min 30 s`."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes and rest else f"{minutes} min" if minutes else f"{rest} s"
