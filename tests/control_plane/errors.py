"""Owns the one error of the control plane: a sentence for the person who runs the tests."""

from __future__ import annotations


class ControlPlaneError(Exception):
    """Something that a person has to do or know; its text is shown as it is, without a traceback."""
