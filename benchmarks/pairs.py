"""Pairs of measurements: a thing and its floor in turns, so that a busy machine slows both."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, nan
from statistics import linear_regression, median

Measure = Callable[[], float]


@dataclass(frozen=True)
class Pair:
    """Medians of a thing and of its floor, in one unit, and the median of the ratios of each turn."""

    thing: float
    floor: float
    ratio: float


Turns = Sequence[tuple[float, float]]


def pair_of(turns: Turns) -> Pair:
    """The medians of what was measured: the thing and its floor in each turn."""
    return Pair(median(t for t, _ in turns), median(f for _, f in turns), median(t / f for t, f in turns))


def fastest(turns: Turns) -> Pair:
    """The shortest of all turns, which a busy machine disturbs least: for comparing sizes with each other."""
    return Pair(min(t for t, _ in turns), min(f for _, f in turns), median(t / f for t, f in turns))


def measured(thing: Measure, floor: Measure, turns: int) -> Turns:
    """Measure both `turns` times, after one turn that does not count; each goes first in half of the turns."""
    found: list[tuple[float, float]] = []
    for turn in range(turns + 1):
        if turn % 2:
            mine, below = thing(), floor()
        else:
            below, mine = floor(), thing()
        found.append((mine, below))
    return found[1:]


def clock(work: Callable[[], object]) -> Measure:
    """A measurement: how many seconds one call of `work` takes, with all that waits for it."""

    def measure() -> float:
        start = time.perf_counter()
        work()
        return time.perf_counter() - start

    return measure


def processor(work: Callable[[], object], times: int = 1) -> Measure:
    """A measurement: how many seconds of processor each of `times` calls of `work` takes, in this process."""

    def measure() -> float:
        start = time.process_time()
        for _ in range(times):
            work()
        return (time.process_time() - start) / times

    return measure


def exponent(sizes: Sequence[int], costs: Sequence[float]) -> float:
    """The p of `cost = a + b * size**p`: 1 is linear, 2 quadratic. `a` is what the first size costs.

    Least squares on the logarithms of what each further size costs beyond the first. Sizes that cost less than a fifth
    more than it tell of the machine, not of the growth, and are left out; nan where fewer than two stay.
    """
    beyond = [(size - sizes[0], cost - costs[0]) for size, cost in zip(sizes, costs, strict=True)]
    grown = [(log(size), log(cost)) for size, cost in beyond if cost > costs[0] / 5]
    if len(grown) < 2:
        return nan
    return linear_regression([x for x, _ in grown], [y for _, y in grown]).slope
