"""Fixtures for tests of the command line."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import pytest

from chart_py.cli import main


class Ran(NamedTuple):
    """What a verb left behind: its exit code, its data and its talk."""

    code: int
    out: str
    err: str


@pytest.fixture
def chart_py(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Calls the command line in this process, and gives back what it printed since the last call."""

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return call
