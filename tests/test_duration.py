"""Durations: read as seconds, and written for people."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.duration import seconds_of, written


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("1h", 3600),
        ("1h30m", 5400),
        ("1.5h", 5400),
        ("2 days", 172800),
        ("1 week 2 days", 777600),
        ("10 Minutes", 600),
        ("0s", 0),
        ("", None),
        ("x", None),
        ("12", None),
        ("5 MB", None),
        ("500ms", None),
        ("-1s", None),
        ("1h 30", None),
        ("9" * 200 + "s", None),
    ],
)
def test_read(text: str, seconds: float | None) -> None:
    assert seconds_of(text) == seconds


def test_written() -> None:
    assert [written(each) for each in (0, 1.4, 45, 60, 150, 7200)] == [
        "0 s",
        "1 s",
        "45 s",
        "1 min",
        "2 min 30 s",
        "120 min",
    ]


@given(st.integers(0, 10**6))
def test_what_is_written_reads_as_the_same(seconds: int) -> None:
    assert seconds_of(written(seconds)) == seconds


@given(st.text(max_size=30))
def test_any_text_is_read_or_refused(text: str) -> None:
    assert (seconds_of(text) or 0) >= 0
