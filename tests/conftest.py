"""Owns what all tests share: the plugins that bring the fixtures, the hub's software, hypothesis without a clock."""

import importlib
import os
import signal
import warnings

import pytest
from hypothesis import settings

pytest_plugins = ["tests.control_plane.fixtures"]

# How long one example takes says more about the machine than about the program. In CI the examples are always the same:
# what chance finds is found at the desk, where somebody looks at it, and holds up no change that it is not about.
settings.register_profile("chart_py", deadline=None, derandomize=bool(os.environ.get("CI")))
settings.load_profile("chart_py")

# A shell starts what runs in the background with interrupts ignored, and every child inherits that: tests that
# interrupt a process of theirs would wait for ever.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)


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
