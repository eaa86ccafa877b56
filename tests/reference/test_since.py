"""Which charts know a setting, and with which defaults, is told by `explain`."""

from __future__ import annotations

import pytest

from chart_py.reference.since import editions


@pytest.mark.parametrize(
    ("path", "facts"),
    [
        ("hub.baseUrl", [("Since", "between chart 0.7 and 1.0.0")]),
        ("singleuser.allowPrivilegeEscalation", [("Since", "chart 2.0.0")]),
        (
            "singleuser.storage.dynamic.pvcNameTemplate",
            [
                ("Since", "between chart 0.7 and 1.0.0"),
                ("Earlier", '"claim-{username}{servername}", before chart 4.0.0'),
            ],
        ),
        (
            "httpRoute.gateway",
            [("Since", "chart 4.3.0"), ("Until", "chart 5.0.0-dev, where httpRoute.parentRefs takes its place")],
        ),
    ],
)
def test_facts(path: str, facts: list[tuple[str, str]]) -> None:
    assert list(editions(tuple(path.split(".")))) == facts
