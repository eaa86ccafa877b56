"""The law of sections: whoever makes or changes one, it goes through the checks of a configuration that is loaded."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from chart_py import ValuesError
from chart_py.values.hub import Hub
from chart_py.values.load import load_values
from chart_py.values.root import Cull, Values

SECRET = "correct horse battery staple"
Tree = dict[str, Any]
WRONG: list[tuple[Tree, list[tuple[str, tuple[str, ...]]]]] = [
    ({"hub": {"db": {"tpye": "mysql"}}}, [("unknown-setting", ("hub", "db", "tpye"))]),
    ({"hub": {"db": {"type": "mongo"}}}, [("wrong-type", ("hub", "db", "type"))]),
    ({"hub": {"cookieSecret": SECRET}}, [("secret-not-hex", ("hub", "cookieSecret"))]),
    ({"hub": 3, "cull": {"timeout": "1h"}}, [("wrong-type", ("hub",)), ("wrong-type", ("cull", "timeout"))]),
    ({"singleuser": {"memory": {"limit": "2Gi"}}}, [("memory", ("singleuser", "memory", "limit"))]),
    ({"singleuser": {"storage": {"capacity": "10 GB"}}}, [("quantity", ("singleuser", "storage", "capacity"))]),
    ({"hub": None}, [("null", ("hub",))]),
    ({"nobody": {}}, [("unknown-setting", ("nobody",))]),
]
RIGHT: list[Tree] = [
    {},
    {"x-mine": 1},
    {"hub": {"db": {"type": "mysql"}, "extraEnv": {"A": "1"}, "livenessProbe": {"successThreshold": 2}}},
    {"cull": {"timeout": None, "every": 5}, "singleuser": {"memory": {"limit": "2G", "guarantee": None}}},
    {"proxy": {"service": {"loadBalancerIP": "203.0.113.7"}}, "global": {"anything": [1]}, "custom": {"a": 1}},
]


class Outer(BaseModel):
    values: Values


WAYS: dict[str, Callable[[Tree], Values]] = {
    "by its class": lambda tree: Values(**tree),
    "model_validate": Values.model_validate,
    "TypeAdapter": lambda tree: TypeAdapter(Values).validate_python(tree),
    "within another model": lambda tree: Outer.model_validate({"values": tree}).values,
    "model_copy": lambda tree: Values.of().model_copy(
        update={"global_" if k == "global" else k: v for k, v in tree.items()}
    ),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(("tree", "said"), WRONG)
def test_what_a_load_refuses_is_refused(way: str, tree: Tree, said: list[tuple[str, tuple[str, ...]]]) -> None:
    with pytest.raises(ValuesError) as loading:
        load_values(tree)
    assert [(each.code, each.path) for each in loading.value.findings] == said
    with pytest.raises(ValidationError) as found:
        WAYS[way](tree)
    outer = 1 if way == "within another model" else 0
    assert [(each["type"], each["loc"][outer:]) for each in found.value.errors()] == said
    assert SECRET not in str(found.value) + repr(found.value.errors())


@pytest.mark.parametrize("way", [way for way in WAYS if way != "model_copy"])
@pytest.mark.parametrize("tree", RIGHT)
def test_what_a_load_takes_is_the_same(way: str, tree: Tree) -> None:
    loaded = load_values(tree).values
    made = WAYS[way](tree)
    assert made.model_dump() == loaded.model_dump()
    assert made.tree == loaded.tree


@settings(max_examples=50, deadline=None)
@given(
    st.fixed_dictionaries(
        {},
        optional={
            "timeout": st.none() | st.integers() | st.text(max_size=5),
            "enabled": st.none() | st.booleans() | st.integers(0, 1),
            "evry": st.integers(),
        },
    )
)
def test_a_copy_obeys_as_the_class_does(tree: Tree) -> None:
    ways: tuple[Callable[[], Cull], ...] = (lambda: Cull(**tree), lambda: Cull.of().model_copy(update=tree))
    found: list[Any] = []
    for way in ways:
        try:
            found.append(way().model_dump())
        except ValidationError as error:
            found.append(sorted(each["loc"] for each in error.errors()))
    assert found[0] == found[1]


def test_a_copy_replaces_and_keeps_the_rest() -> None:
    values = load_values({"hub": {"labels": {"a": "b"}, "extraEnv": {"A": "1"}}, "cull": {"every": 5}}).values
    hub = values.hub.model_copy(update={"labels": {"c": "d"}})
    assert (hub.labels, hub.extraEnv) == ({"c": "d"}, {"A": "1"})
    changed = values.model_copy(update={"hub": hub})
    assert changed.cull is values.cull
    assert changed.tree["hub"]["labels"] == {"c": "d"}
    assert changed.tree["cull"] == values.tree["cull"]
    assert values.hub.labels == {"a": "b"}
    with pytest.raises(ValidationError, match="expected Cull, got Hub"):
        values.model_copy(update={"cull": hub})


def test_copies_without_a_change_are_equal() -> None:
    values = load_values({"hub": {"labels": {"a": "b"}}}).values
    assert values == values.model_copy() == values.model_copy(deep=True) == copy.copy(values) == copy.deepcopy(values)
    assert Values() == Values.of()


def test_sections_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Hub().baseUrl = "/x/"


def test_what_pydantic_writes_it_reads_again() -> None:
    again = Values.model_validate_json(Values().model_dump_json(by_alias=True))
    assert again.model_dump() == Values().model_dump()
