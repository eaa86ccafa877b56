"""Quantities, as Kubernetes writes them and as JupyterHub writes memory: what is one, and the number it stands for."""

from __future__ import annotations

import re
from typing import Any

Quantity = int | float | str | None
"""A quantity as values hold it, before anybody has looked at it."""

_KUBERNETES = r"[+]?(\d+(?:\.\d*)?|\.\d+)(?:([eE][+-]?\d+)|([KMGTPE]i|[kMGTPE]|[mun])?)"
_JUPYTERHUB = r"(\d*\.?\d+)()([KMGT])"
_UNITS = {
    "": 1.0,
    "n": 1e-9,
    "u": 1e-6,
    "m": 1e-3,
    "k": 1e3,
    **{unit: 10.0 ** (3 * power) for power, unit in enumerate("MGTPE", 2)},
    **{unit + "i": 1024.0**power for power, unit in enumerate("KMGTPE", 1)},
}
# No quantity is longer; what is may take a pattern long to refuse.
_LONGEST = 1000


def amount(value: Any) -> float | None:
    """The number that a quantity of Kubernetes stands for: `10Gi`, `500m`, `2`; None if it is none."""
    return _amount(_KUBERNETES, value, "")


def memory(value: Any) -> float | None:
    """The bytes of JupyterHub's memory, whose K, M, G and T count in 1024s; None if it is none."""
    return _amount(_JUPYTERHUB, value, "i")


def is_number(value: Any) -> bool:
    """Whether a value is a number, which true and false are not."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _amount(pattern: str, value: Any, suffix: str) -> float | None:
    if is_number(value):
        return float(value)
    found = re.fullmatch(pattern, value) if isinstance(value, str) and len(value) <= _LONGEST else None
    if not found:
        return None
    number, exponent, unit = found.groups()
    return float(number + (exponent or "")) * _UNITS[unit + suffix if unit else ""]


def nearest_quantity(text: Any) -> str:
    """The quantity of Kubernetes that was probably meant by `10 GB`: 10Gi; empty where there is no telling."""
    close = re.match(r"(\d+(?:\.\d+)?)\s*([a-zA-Z])", text[:40]) if isinstance(text, str) else None
    return f"{close[1]}{close[2].upper()}i" if close and close[2].upper() in "KMGTPE" else ""


def nearest_memory(text: Any) -> str:
    """The memory of JupyterHub that was probably meant by `2Gi`: 2G; empty where there is no telling."""
    close = re.match(r"(\d*\.?\d+)\s*([KMGTkmgt])", text[:40]) if isinstance(text, str) else None
    return f"{close[1]}{close[2].upper()}" if close else ""


def nearest_cores(text: Any) -> str:
    """The number of cores that was probably meant by `500m`: 0.5; empty where there is no telling."""
    if not isinstance(text, str):
        return ""
    if milli := re.fullmatch(r"(\d+)m", text[:40]):
        return f"{int(milli[1]) / 1000:g}"
    plain = re.fullmatch(r"\d*\.?\d+", text[:40])
    return plain[0] if plain else ""
