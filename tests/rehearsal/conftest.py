"""Owns the fixtures of the tests of rehearsals: one process that has JupyterHub loaded, for all of them."""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator

import pytest

from chart_py.rehearsal.worker import Worker


@pytest.fixture(scope="session")
def worker() -> Iterator[Worker]:
    """The hub's Python; without JupyterHub here a test is skipped, except in CI, which has to have it."""
    missing = [name for name in ("jupyterhub", "kubespawner", "pycurl") if importlib.util.find_spec(name) is None]
    if missing and not os.environ.get("CI"):
        pytest.skip(f"{missing[0]} is not installed: python -m pip install -e '.[hub]'")
    with Worker(sys.executable) as found:
        assert found.ready
        yield found
