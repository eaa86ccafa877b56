"""A `Code`: what a finding is called, and what the reference page says of it."""

from __future__ import annotations

from typing import NamedTuple

from chart_py.finding import Level


class Code(NamedTuple):
    """One code: what it says, how bad it is, what to do, and values that give it."""

    code: str
    level: Level
    says: str
    remedy: str
    example: str
