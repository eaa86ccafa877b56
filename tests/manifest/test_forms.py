"""Keys, cleaning, order, checksums and the order of words."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from chart_py.manifest.checksum import checksum
from chart_py.manifest.clean import clean
from chart_py.manifest.key import Key, key_of
from chart_py.manifest.key_order import in_key_order, ordered
from chart_py.manifest.order import hook_events, in_install_order

DATA = st.recursive(
    st.one_of(st.none(), st.integers(0, 3), st.sampled_from(["", "a"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("abc"), inner, max_size=3)),
    max_leaves=10,
)


def nones(data: Any) -> int:
    if isinstance(data, dict):
        return sum((value is None) + nones(value) for value in data.values())
    return sum(map(nones, data)) if isinstance(data, list) else 0


@given(DATA)
def test_clean_takes_out_each_none_of_a_map_and_nothing_else(data: Any) -> None:
    found = clean(data)
    assert nones(found) == 0
    assert clean(found) is found
    if not nones(data):
        assert found is data


def test_clean_keeps_what_is_empty() -> None:
    assert clean({"a": {}, "b": [], "c": {"d": None}, "e": [None, {"f": None}]}) == {
        "a": {},
        "b": [],
        "c": {},
        "e": [None, {}],
    }


@given(DATA, DATA)
def test_a_checksum_changes_with_the_data_and_not_with_its_order(one: Any, two: Any) -> None:
    assert (checksum(one) == checksum(two)) == (one == two and repr(in_key_order(one)) == repr(in_key_order(two)))
    if isinstance(one, dict):
        assert checksum(dict(reversed(one.items()))) == checksum(one)


def manifest(kind: str, name: str, **annotations: str) -> Any:
    return {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "n", "annotations": annotations}}


def test_install_order_is_helms_and_hooks_come_last() -> None:
    hook = {"helm.sh/hook": "pre-install,pre-upgrade"}
    wanted = [
        manifest("PriorityClass", "z"),
        manifest("NetworkPolicy", "a"),
        manifest("Secret", "a"),
        manifest("ConfigMap", "a"),
        manifest("Service", "a"),
        manifest("Service", "b"),
        manifest("Deployment", "a"),
        manifest("Ingress", "a"),
        manifest("HTTPRoute", "a"),
        manifest("Job", "early", **hook, **{"helm.sh/hook-weight": "-10"}),
        manifest("ConfigMap", "late", **hook, **{"helm.sh/hook-weight": "5"}),
        manifest("Job", "late", **hook, **{"helm.sh/hook-weight": "5"}),
    ]
    assert in_install_order(reversed(wanted)) == wanted
    assert [hook_events(m) for m in wanted[-2:]] == [("pre-install", "pre-upgrade")] * 2


def test_a_key_names_the_group_but_not_its_version() -> None:
    deployment = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hub", "namespace": "n"}}
    assert key_of(deployment) == Key("apps", "Deployment", "n", "hub")
    role = {
        "apiVersion": "rbac.authorization.k8s.io/v1",
        "kind": "ClusterRole",
        "metadata": {"name": "x", "namespace": "n"},
    }
    assert key_of(role) == Key("rbac.authorization.k8s.io", "ClusterRole", "", "x")
    assert key_of({"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}}) == Key("", "Secret", "", "s")


def test_words_are_in_go_yamls_order() -> None:
    wanted = [
        "",
        "-",
        "_a",
        "10",
        "A",
        "a",
        "a-b",
        "a1",
        "a01",
        "a2",
        "a10",
        "a10b",
        "ab",
        "b_9",
        "b_10",
        "b_10_1",
        "bb",
    ]
    assert ordered(reversed(wanted)) == wanted


@given(st.lists(st.text(alphabet="ab019-_", max_size=5), unique=True))
def test_the_order_of_words_does_not_depend_on_where_they_began(words: list[str]) -> None:
    assert ordered(words) == ordered(reversed(words))
    assert sorted(ordered(words)) == sorted(words)


@given(st.lists(st.text(alphabet="abcXYZ", max_size=4), unique=True))
def test_letters_alone_are_in_the_usual_order(words: list[str]) -> None:
    assert ordered(words) == sorted(words)
