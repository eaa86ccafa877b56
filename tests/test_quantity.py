"""Quantities: Kubernetes' and JupyterHub's, the number each stands for, and what was meant by what is none."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.quantity import amount, memory, nearest_cores, nearest_memory, nearest_quantity


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("1Gi", 2**30),
        ("500m", 0.5),
        ("2G", 2e9),
        ("1e3", 1000),
        ("1E3", 1000),
        ("1E", 1e18),
        ("+.5", 0.5),
        ("5.", 5),
        (2, 2),
        (0.5, 0.5),
        ("x", None),
        ("", None),
        ("1.2.3", None),
        ("1 Gi", None),
        ("1KB", None),
        ("1e3Gi", None),
        ("9" * 2000, None),
        (True, None),
        (None, None),
        ([1], None),
    ],
)
def test_amounts(value: Any, number: float | None) -> None:
    assert amount(value) == number


@pytest.mark.parametrize(
    ("value", "number"),
    [("1G", 2**30), ("512M", 2**29), (".5K", 512), (1024, 1024), ("1Gi", None), ("1024", None), (False, None)],
)
def test_jupyterhubs_memory(value: Any, number: float | None) -> None:
    assert memory(value) == number


@given(st.integers(0, 10**9), st.sampled_from("KMGTPE"))
def test_a_binary_unit_is_1024_of_the_one_below(number: int, unit: str) -> None:
    below = "KMGTPE"["KMGTPE".index(unit) - 1] + "i" if unit != "K" else ""
    assert amount(f"{number}{unit}i") == pytest.approx(1024 * (amount(f"{number}{below}") or 0))


@given(st.text(max_size=30))
def test_what_was_meant_is_one(text: str) -> None:
    assert not (meant := nearest_quantity(text)) or amount(meant) is not None
    assert not (meant := nearest_memory(text)) or memory(meant) is not None
    assert not (meant := nearest_cores(text)) or float(meant) >= 0


def test_what_was_meant() -> None:
    assert [nearest_quantity(text) for text in ("10 GB", "10g", "x", 3)] == ["10Gi", "10Gi", "", ""]
    assert [nearest_memory(text) for text in ("2Gi", "1.5 g", "x", None)] == ["2G", "1.5G", "", ""]
    assert [nearest_cores(text) for text in ("500m", "2", "two", None)] == ["0.5", "2", "", ""]
