"""Pairs of measurements: a thing and its floor in turns, so that a busy machine slows both."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log
from statistics import linear_regression, median

Measure = Callable[[], float]


@dataclass(frozen=True)
class Pair:
    """Medians of a thing and of its floor, in one unit, and the median of the ratios of each turn."""

    thing: float
    floor: float
    ratio: float


def pair_of(found: Sequence[tuple[float, float]]) -> Pair:
    """The pair of what was measured: the thing and its floor of each turn."""
    return Pair(median(t for t, _ in found), median(f for _, f in found), median(t / f for t, f in found))


def paired(thing: Measure, floor: Measure, turns: int) -> Pair:
    """Measure both `turns` times, after one turn that does not count; each goes first in half of the turns."""
    found: list[tuple[float, float]] = []
    for turn in range(turns + 1):
        if turn % 2:
            mine, below = thing(), floor()
        else:
            below, mine = floor(), thing()
        found.append((mine, below))
    return pair_of(found[1:])


def seconds(work: Callable[[], object], times: int = 1) -> Measure:
    """A measurement: how many seconds each of `times` calls of `work` takes."""

    def measure() -> float:
        start = time.perf_counter()
        for _ in range(times):
            work()
        return (time.perf_counter() - start) / times

    return measure


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """The p of `cost = a + b * size**p`: 1 is linear, 2 quadratic. `a` is what the first size costs.

    Least squares on the logarithms of what each further size costs beyond the first; sizes that cost no more than it
    are left out. Raises ValueError where fewer than two cost more.
    """
    grown = [(log(s - sizes[0]), log(c - costs[0])) for s, c in zip(sizes, costs, strict=True) if c > costs[0]]
    if len(grown) < 2:
        raise ValueError(f"nothing grew from {costs[0]} on")
    return linear_regression([x for x, _ in grown], [y for _, y in grown]).slope
