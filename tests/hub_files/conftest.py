"""Owns the fixtures of the tests of what runs in the hub's pod."""

from __future__ import annotations

import importlib
import os
import warnings

import pytest


@pytest.fixture(scope="session")
def hub_software() -> None:
    """JupyterHub and KubeSpawner: without them a test is skipped, except in CI, which has to have them."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what they say about themselves when they are imported; later on it counts
        for module in ("jupyterhub.app", "kubespawner", "pycurl"):
            if os.environ.get("CI"):
                importlib.import_module(module)
            else:
                pytest.importorskip(module, reason=f"{module} is not installed: python -m pip install -e '.[hub]'")
