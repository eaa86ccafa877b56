"""Owns what all tests share: the plugins that bring the fixtures."""

pytest_plugins = ["tests.control_plane.fixtures"]
