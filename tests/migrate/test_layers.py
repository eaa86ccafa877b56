"""A hub in three files: their sum stays the same, and a part alone never opens, never drops, never unprotects.

`CHART_PY_EXAMPLES=2000 scripts/test tests/migrate/test_layers.py` tries as many ways of splitting.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.errors import ValuesError
from chart_py.migrate.migration import migrate, migrate_layers
from chart_py.rendering import context_for, render
from chart_py.values.layer import from_text
from chart_py.values.load import Loaded, from_layers
from tests.migrate.hubs import HUBS

EXAMPLES = int(os.environ.get("CHART_PY_EXAMPLES", "50"))
VERSION = "0.7"


def leaves(tree: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for key, value in tree.items():
        if isinstance(value, dict) and value:
            yield from leaves(value, (*path, key))
        else:
            yield (*path, key), value


def split(tree: dict[str, Any], seed: int) -> list[str]:
    """The settings of a hub, each in one of three files, as texts."""
    chance = random.Random(seed)
    files: list[dict[str, Any]] = [{}, {}, {}]
    for path, value in leaves(tree):
        here = chance.choice(files)
        for step in path[:-1]:
            here = here.setdefault(step, {})
        here[path[-1]] = value
    return [yaml.safe_dump(file, sort_keys=False) for file in files]


def loaded(texts: list[str], version: str) -> Loaded:
    return from_layers([from_text(text, "values", lambda _: None) for text in texts], chart_version=version)


def policies(one: Loaded) -> int:
    objects = render(one, context_for(one, Context(), token=lambda: MASK))
    return sum(each["kind"] == "NetworkPolicy" for each in objects)


def is_open(one: Loaded) -> bool:
    config = one.tree.get("hub", {}).get("config", {})
    return any(isinstance(traits, dict) and traits.get("allow_all") for traits in config.values())


@settings(max_examples=EXAMPLES)
@given(name=st.sampled_from([*HUBS]), seed=st.integers(0, 10**6))
def test_the_sum_of_three_files_stays(name: str, seed: int) -> None:
    texts = split(HUBS[name], seed)
    done = migrate_layers([(text, f"{n}.yaml") for n, text in enumerate(texts)], chart_version=VERSION)
    assert [left for each in done for left in each.remaining] == []
    after = loaded([each.after for each in done], "4.4.0")
    before = loaded(texts, VERSION)
    assert (policies(after), is_open(after)) == (policies(before), is_open(before))


@settings(max_examples=EXAMPLES)
@given(name=st.sampled_from([*HUBS]), seed=st.integers(0, 10**6))
def test_a_part_alone_opens_nothing(name: str, seed: int) -> None:
    for text in split(HUBS[name], seed):
        try:
            before = loaded([text], VERSION)
        except ValuesError:
            with pytest.raises(ValuesError):
                migrate(text, "part.yaml", chart_version=VERSION, whole=False)
            continue
        done = migrate(text, "part.yaml", chart_version=VERSION, whole=False)
        assert "allow_all" not in done.after
        after = loaded([done.after], "4.4.0")
        assert policies(after) >= policies(before)
        for secret in ("one", "two", "three"):
            assert (f" {secret}\n" in text) <= (secret in done.after)
