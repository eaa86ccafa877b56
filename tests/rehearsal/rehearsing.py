"""Owns the shortest way from a configuration's text to its rehearsal, and to what it found."""

from __future__ import annotations

import io
from typing import Any

from chart_py.checks.loading import load
from chart_py.rehearsal.rehearse import Rehearsed, rehearse
from chart_py.rehearsal.worker import Worker


def rehearsed(worker: Worker, text: str, **more: Any) -> Rehearsed:
    """The rehearsal of a configuration."""
    return rehearse(load(io.StringIO(text)), worker, **more)


def found(worker: Worker, text: str, **more: Any) -> list[tuple[str, str, int]]:
    """What a rehearsal found beside what every verb says: code, level and line of each finding."""
    known = load(io.StringIO(text)).findings
    result = rehearse(load(io.StringIO(text)), worker, **more)
    return [(f.code, f.level.value, f.place.line if f.place else 0) for f in result.findings if f not in known]
