"""What the benchmarks compute from what they measure; nothing is measured here."""

from __future__ import annotations

import math
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.pairs import Pair, exponent, fastest, measured, pair_of
from benchmarks.rows import Row, milliseconds, table

SIZES = (1, 3, 10, 30, 100, 300)


@given(power=st.floats(0.5, 3), base=st.floats(0.001, 1), each=st.floats(1, 10))
def test_the_exponent_of_a_cost_that_grows_by_a_power(power: float, base: float, each: float) -> None:
    costs = [base + each * (size - 1) ** power for size in SIZES]
    assert exponent(SIZES, costs) == pytest.approx(power, rel=0.01)


def test_what_does_not_grow_has_no_exponent() -> None:
    assert math.isnan(exponent(SIZES, [1.0, 1.1, 0.9, 1.0, 1.1, 1.0]))


def test_the_two_take_turns_in_going_first_and_the_first_turn_does_not_count() -> None:
    clock = count()
    turns = measured(lambda: next(clock) + 10, lambda: next(clock), 3)
    assert turns == [(12, 3), (15, 4), (16, 7)]
    assert pair_of(turns) == Pair(15, 4, 15 / 4)
    assert fastest(turns) == Pair(12, 3, 15 / 4)


@pytest.mark.parametrize(
    ("seconds", "text"), [(1.4, "1400 ms"), (0.1234, "123 ms"), (0.01234, "12.3 ms"), (0.000377, "0.377 ms")]
)
def test_times_have_three_digits(seconds: float, text: str) -> None:
    assert milliseconds(seconds) == text


def test_the_table_reads_as_text_and_as_markdown() -> None:
    rows = [Row("cold", "2 ms", "1 ms", "2.00", "≤ 1.8"), Row("modules", "300", "177", "1.69")]
    assert table(rows) == (
        "| what    | chart_py | floor | ratio | due   |\n"
        "| ------- | -------: | ----: | ----: | ----: |\n"
        "| cold    | 2 ms     | 1 ms  | 2.00  | ≤ 1.8 |\n"
        "| modules | 300      | 177   | 1.69  |       |\n"
    )
