"""What is said where a chart is for newer versions of Kubernetes than those that are asked about."""

from __future__ import annotations

import pytest

from chart_py.checks.everything import validate


@pytest.mark.parametrize(
    ("chart", "asked", "note"),
    [
        ("5.0.0-dev", "1.28..1.33", "chart 5.0.0-dev is for Kubernetes 1.32 and newer"),
        ("5.0.0-dev", "1.33", ""),
        ("3.3.8", "1.28", ""),
        ("4.4.0", "1.28", ""),
    ],
)
def test_a_kubernetes_that_is_too_old(chart: str, asked: str, note: str) -> None:
    assert validate([{}], chart_version=chart, kube_version=asked).too_old == note
