"""The law of layers: maps merge, lists replace, null removes, the last wins, and order of merging does not matter."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.values.merge import layered, merge

LEAVES = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.sampled_from(["", "a"]), st.lists(st.integers(0, 2), max_size=2)
)
TREES = st.recursive(
    st.dictionaries(st.sampled_from("abc"), LEAVES, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abc"), st.one_of(LEAVES, inner), max_size=3),
    max_leaves=12,
)


def plain(value: Any) -> Any:
    """Without the marks that merging leaves, which compare as plain maps but are a class of their own."""
    return {k: plain(v) for k, v in value.items()} if isinstance(value, dict) else value


@given(TREES, TREES, TREES)
def test_merging_is_associative(one: Any, two: Any, three: Any) -> None:
    assert plain(merge(merge(one, two), three)) == plain(merge(one, merge(two, three)))


@given(TREES, TREES)
def test_merging_changes_neither_argument(one: Any, two: Any) -> None:
    before = copy.deepcopy((one, two))
    merge(one, two)
    assert (one, two) == before


@given(TREES)
def test_nothing_laid_over_changes_nothing(tree: Any) -> None:
    assert plain(merge(tree, {})) == tree
    assert plain(merge({}, tree)) == tree
    assert plain(merge(tree, tree)) == tree


def paths(tree: Any, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    return [p for k, v in tree.items() for p in [(*path, k), *(paths(v, (*path, k)) if isinstance(v, dict) else [])]]


@given(TREES, st.data())
def test_null_removes_a_default_at_any_depth(default: Any, data: Any) -> None:
    known = paths(default)
    if not known:
        return
    path = data.draw(st.sampled_from(known))
    over: Any = None
    for step in reversed(path):
        over = {step: over}
    assert path not in paths(layered(default, [over]))
    others = [p for p in known if p[: len(path)] != path and default_at(default, p) is not None]
    assert [p for p in others if p not in paths(layered(default, [over]))] == []


def default_at(tree: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([{"a": {"b": 1}}, {"a": {"c": 2}}], {"a": {"b": 1, "c": 2}}),
        ([{"a": [1, 2]}, {"a": [3]}], {"a": [3]}),
        ([{"a": 1}, {"a": {"b": 1}}], {"a": {"b": 1}}),
        ([{"a": {"b": 1}}, {"a": 1}], {"a": 1}),
        ([{"a": {"b": 1}}, {"a": None}], {}),
        ([{"a": {"b": 1}}, {"a": None}, {"a": {"c": 1}}], {"a": {"c": 1}}),
        # A null with nothing below it is a value of the user's own: a trait can be None.
        ([{"a": {}}, {"a": {"b": None}}], {"a": {"b": None}}),
        ([{}, {"a": {"b": 1}}, {"a": {"b": None}}], {"a": {}}),
    ],
)
def test_cases(layers: list[Any], expected: Any) -> None:
    assert layered(layers[0], layers[1:]) == expected


def test_untouched_defaults_stay_the_same_object() -> None:
    default: dict[str, Any] = {"a": {"b": {"c": 1}}, "d": {"e": [1]}}
    found = layered(default, [{"a": {"x": 1}}])
    assert found["d"] is default["d"]
    assert found["a"]["b"] is default["a"]["b"]
