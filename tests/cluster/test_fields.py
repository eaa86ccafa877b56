"""Who owns which field, and what is left when ownership moves."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chart_py.cluster.fields import Owner, managers, minus, moved, owned, owners_of, union, without

EMPTY: st.SearchStrategy[dict[str, Any]] = st.just({})
SETS = st.recursive(
    EMPTY,
    lambda inner: st.dictionaries(st.sampled_from([".", "f:a", "f:b", 'k:{"name":"x"}']), inner, max_size=3),
    max_leaves=8,
)
NAMED = 'k:{"name":"hub"}'


def entry(manager: str, operation: str, fields: dict[str, Any], time: str = "2026-01-01T00:00:00Z") -> dict[str, Any]:
    return {
        "manager": manager,
        "operation": operation,
        "apiVersion": "v1",
        "time": time,
        "fieldsType": "FieldsV1",
        "fieldsV1": fields,
    }


def live(*entries: dict[str, Any], **words: Any) -> dict[str, Any]:
    return {"apiVersion": "v1", "kind": "Thing", "metadata": {"name": "x", "managedFields": list(entries)}, **words}


@given(SETS, SETS)
def test_union_holds_both_and_minus_takes_away(one: dict[str, Any], other: dict[str, Any]) -> None:
    both = union(one, other)
    assert union(both, one) == union(both, other) == both
    assert minus(one, both) == {}
    assert minus(minus(both, other), other) == minus(both, other)


def test_ownership_moves_into_one_entry() -> None:
    status = {**entry("helm", "Update", {"f:status": {}}), "subresource": "status"}
    thing = live(
        entry("helm", "Apply", {"f:spec": {"f:a": {}}}),
        entry("helm", "Update", {"f:spec": {"f:b": {}}}),
        entry("other", "Update", {"f:spec": {"f:c": {}}}),
        status,
    )
    assert moved(thing, ["helm"], "me", "2026-02-02T00:00:00Z") == [
        entry("me", "Apply", {"f:spec": {"f:a": {}, "f:b": {}}}, "2026-02-02T00:00:00Z"),
        entry("other", "Update", {"f:spec": {"f:c": {}}}),
        status,
    ]
    assert moved(live(entry("me", "Apply", {"f:a": {}})), ["helm"], "me", "now") is None
    assert managers(thing) == {"helm", "other"}
    assert owned(thing, ["helm"], "Apply") == {"f:spec": {"f:a": {}}}


def test_what_nobody_owns_is_gone() -> None:
    thing = live(
        spec={"a": 1, "list": [{"name": "hub", "x": 1}, {"name": "other"}], "words": ["a", "b"], "map": {"k": "v"}}
    )
    fields = {
        "f:spec": {
            "f:a": {},
            "f:list": {NAMED: {".": {}, "f:name": {}, "f:x": {}}},
            "f:words": {'v:"a"': {}},
            "f:map": {".": {}, "f:k": {}},
            "f:absent": {"f:deep": {}},
        }
    }
    assert without(thing, fields)["spec"] == {"list": [{"name": "other"}], "words": ["b"]}


def test_who_wrote_a_field_last() -> None:
    thing = live(
        entry("first", "Apply", {"f:spec": {"f:list": {NAMED: {".": {}, "f:image": {}}}}}),
        entry("late", "Update", {"f:spec": {"f:list": {NAMED: {"f:image": {}}}}}, "2026-03-03T00:00:00Z"),
        entry("whole", "Update", {"f:spec": {"f:atomic": {}}}),
    )
    path = [("f", "spec"), ("f", "list"), ("i", {"name": "hub", "image": "a"}), ("f", "image")]
    assert [owner.manager for owner in owners_of(thing, path)] == ["late", "first"]
    inside = [("f", "spec"), ("f", "atomic"), ("f", "deep")]
    assert owners_of(thing, inside) == [Owner("whole", "Update", "2026-01-01T00:00:00Z")]
    assert owners_of(thing, [("f", "data")]) == []
