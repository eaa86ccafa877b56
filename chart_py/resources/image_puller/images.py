"""Stub until the builders land."""

from typing import Any


def images_checksum(values: Any, context: Any) -> str:
    return ""
