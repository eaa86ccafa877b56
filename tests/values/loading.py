"""Values given as texts, for tests: what they load as, and what is said of them."""

from __future__ import annotations

import io
from typing import Any

import pytest

from chart_py.errors import ValuesError
from chart_py.finding import Finding, Level, dotted
from chart_py.values.load import Loaded, load_values


def load(*texts: str, **options: Any) -> Loaded:
    """The texts as files one.yaml, two.yaml, …"""
    files = []
    for name, text in zip(("one.yaml", "two.yaml", "three.yaml"), texts, strict=False):
        files.append(io.StringIO(text))
        files[-1].name = name
    return load_values(files, **options)


def refused(*texts: str, **options: Any) -> list[Finding]:
    with pytest.raises(ValuesError) as caught:
        load(*texts, **options)
    return [finding for finding in caught.value.findings if finding.level is Level.ERROR]


def said(loaded: Loaded, level: Level = Level.WARNING) -> list[str]:
    return [f"{f.code} {dotted(f.path)}" for f in loaded.findings if f.level is level]
