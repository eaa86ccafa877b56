"""Mutated configurations in CI: no traceback, no secret; `scripts/fuzz` runs more of them by hand."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chart_py.checks.objects import kubeconform
from tests.fuzz.mutation import SECRET, configuration, seeds
from tests.fuzz.run import everything_said, excused

TEXTS = seeds()


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(st.integers(0, 2**32))
def test_nothing_that_must_never_happen(monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.setattr(kubeconform, "find", lambda: None)
    text = configuration(random.Random(seed), TEXTS)
    printed, _ = everything_said(text)
    assert SECRET not in printed or excused(text)
