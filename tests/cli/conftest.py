"""Fixtures for tests of the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from chart_py.cli import main
from tests.fake_hub import Desk, Ran, instead_of_the_network, namespace, working_cluster


@pytest.fixture
def chart_py(capsys: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Calls the command line in this process, and gives back what it printed since the last call."""

    def call(*arguments: object) -> Ran:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        return Ran(code, *capsys.readouterr())

    return call


@pytest.fixture
def desk(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Desk]:
    """Somebody in an empty folder who runs verbs on a cluster in memory, with a namespace jhub; not on a terminal."""
    monkeypatch.chdir(tmp_path)
    found = Desk(working_cluster(namespace()), capsys)
    with instead_of_the_network(found, monkeypatch):
        yield found
