"""Label selectors: what Kubernetes documents of each operator, and which demands no label can meet."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.reach.selector import OPERATORS, Requirement, Selector, selector

LABELS = {"environment": "production", "empty": ""}


@pytest.mark.parametrize(
    ("value", "selects"),
    [
        ({}, True),
        ({"matchLabels": None, "matchExpressions": []}, True),
        ({"matchLabels": {"environment": "production"}}, True),
        ({"matchLabels": {"environment": "qa"}}, False),
        # matchLabels is In with one value: a label that is missing is not empty.
        ({"matchLabels": {"empty": ""}}, True),
        ({"matchLabels": {"tier": ""}}, False),
        ({"matchExpressions": [{"key": "environment", "operator": "In", "values": ["production", "qa"]}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "In", "values": ["frontend"]}]}, False),
        # "… and all resources with no labels with the tier key"
        ({"matchExpressions": [{"key": "tier", "operator": "NotIn", "values": ["frontend", "backend"]}]}, True),
        ({"matchExpressions": [{"key": "environment", "operator": "NotIn", "values": ["production"]}]}, False),
        ({"matchExpressions": [{"key": "empty", "operator": "Exists"}]}, True),
        ({"matchExpressions": [{"key": "tier", "operator": "Exists"}]}, False),
        ({"matchExpressions": [{"key": "tier", "operator": "DoesNotExist"}]}, True),
        ({"matchExpressions": [{"key": "environment", "operator": "DoesNotExist"}]}, False),
        # All of them have to hold.
        ({"matchLabels": {"empty": ""}, "matchExpressions": [{"key": "x", "operator": "Exists"}]}, False),
    ],
)
def test_what_is_selected(value: dict[str, Any], selects: bool) -> None:
    assert selector(value).selects(LABELS) is selects


@pytest.mark.parametrize(
    "value",
    [
        [],
        "app",
        {"matchLabels": "a"},
        {"matchExpressions": {"key": "a"}},
        {"matchExpressions": [{"key": "a", "operator": "in"}]},
        {"matchExpressions": [{"operator": "Exists"}]},
        {"matchExpressions": [{"key": "a", "operator": "In", "values": 1}]},
    ],
)
def test_what_is_not_a_selector(value: Any) -> None:
    with pytest.raises(ValueError, match=r"map|list|operator"):
        selector(value)


requirements = st.builds(
    Requirement,
    st.sampled_from(["a", "b"]),
    st.sampled_from(OPERATORS),
    st.lists(st.sampled_from(["x", "y"]), max_size=2, unique=True).map(tuple),
)


@given(st.lists(requirements, max_size=5).map(tuple))
def test_a_contradiction_is_what_no_labels_meet(demands: tuple[Requirement, ...]) -> None:
    every = [
        {key: value for key, value in zip("ab", values, strict=True) if value is not None}
        for values in product((None, "x", "y", "other"), repeat=2)
    ]
    found = Selector(demands)
    assert (not any(found.selects(labels) for labels in every)) is bool(found.contradiction())
    assert not any(Selector(found.contradiction()).selects(labels) for labels in every) or not found.contradiction()
