"""Owns a real Kubernetes control plane for tests: building it, running it, and the pytest fixtures around it."""

from tests.control_plane.errors import ControlPlaneError
from tests.control_plane.plane import ControlPlane, wait_until

__all__ = ["ControlPlane", "ControlPlaneError", "wait_until"]
