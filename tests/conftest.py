"""Owns what all tests share: the plugins that bring the fixtures, and hypothesis without a clock."""

from hypothesis import settings

pytest_plugins = ["tests.control_plane.fixtures"]

# How long one example takes says more about the machine than about the program.
settings.register_profile("chart_py", deadline=None)
settings.load_profile("chart_py")
