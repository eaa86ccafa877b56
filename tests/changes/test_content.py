"""What counts as content of an object, and what two of them differ in."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chart_py.changes.content import content
from chart_py.manifest.difference import MISSING, Difference, Item, differences, spelled
from tests.changes.objects import deployment

SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.sampled_from(["", "a", "b"])
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "a", "b.c"]), inner, max_size=3)
    ),
    max_leaves=12,
)


def test_content_is_without_what_the_server_writes() -> None:
    live = deployment()
    live["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": "3"}
    assert content(live) == {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": "hub", "namespace": "jhub"},
        "spec": live["spec"],
    }
    assert content(None) == {}


def test_items_are_told_apart_by_name() -> None:
    changes = differences(deployment("a:1", A="1", B="2"), deployment("a:2", B="2", C="3"))
    here = ("spec", "template", "spec", "containers", Item("name", "hub"))
    assert changes == [
        Difference((*here, "image"), "a:1", "a:2"),
        Difference((*here, "env", Item("name", "A")), {"name": "A", "value": "1"}, MISSING),
        Difference((*here, "env", Item("name", "C")), MISSING, {"name": "C", "value": "3"}),
    ]
    assert spelled(changes[1].path) == "spec.template.spec.containers[hub].env[A]"


def test_a_new_order_is_a_change() -> None:
    assert differences(deployment(A="1", B="2"), deployment(B="2", A="1")) != []


def test_true_is_not_one() -> None:
    assert differences({"a": True}, {"a": 1}) == [Difference(("a",), True, 1)]


def test_a_key_with_dots_is_quoted() -> None:
    assert spelled(("metadata", "annotations", "a.b/c")) == 'metadata.annotations."a.b/c"'


@given(VALUES)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert differences(value, value) == []


@given(st.dictionaries(st.sampled_from("abc"), VALUES), st.dictionaries(st.sampled_from("abc"), VALUES))
def test_changes_say_all_of_the_difference(before: dict[str, Any], after: dict[str, Any]) -> None:
    """Swapped, they are the same changes the other way round; none means that both are the same."""
    there = {(c.path, repr(c.before), repr(c.after)) for c in differences(before, after)}
    back = {(c.path, repr(c.after), repr(c.before)) for c in differences(after, before)}
    assert there == back
    assert bool(there) == (repr(_sorted(before)) != repr(_sorted(after)))


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(each) for each in value] if isinstance(value, list) else value
