"""Differences are named field by field, and never show what a Secret holds."""

from __future__ import annotations

import base64

from chart_py.manifest.difference import MISSING, Difference, differences
from chart_py.manifest.embedded import opened
from chart_py.manifest.shown import lines as lines_of


def lines(before: object, after: object) -> list[str]:
    return [line for found in differences(before, after) for line in lines_of(found)]


def test_fields_by_path_and_items_by_name() -> None:
    before = {
        "spec": {
            "replicas": 1,
            "containers": [{"name": "a", "image": "x:1"}, {"name": "b"}],
            "args": ["p", "q"],
            "old": 1,
        }
    }
    after = {
        "spec": {
            "replicas": 2,
            "containers": [{"name": "b"}, {"name": "a", "image": "x:2"}],
            "args": ["p"],
            "new": True,
        }
    }
    assert lines(before, after) == [
        "spec.replicas: 1 -> 2",
        'spec.containers[a].image: "x:1" -> "x:2"',
        'spec.containers.(order): ["a", "b"] -> ["b", "a"]',
        'spec.args: ["p", "q"] -> ["p"]',
        "spec.old: 1 -> (nothing)",
        "spec.new: (nothing) -> true",
    ]


def test_named_items_in_another_order() -> None:
    before, after = [{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}]
    assert lines(before, after) == ['(order): ["a", "b"] -> ["b", "a"]']


def test_items_whose_names_are_no_scalars_are_told_apart_by_place() -> None:
    assert lines([{"name": ["a"]}, {"name": {}}], [{"name": ["b"]}, {"name": {}}]) == ['[0].name: ["a"] -> ["b"]']


def test_a_text_of_several_lines_shows_those_that_differ() -> None:
    assert lines({"code": "a = 1\nb = 2\n"}, {"code": "a = 1\nb = 3\n"}) == ["code:", "    - b = 2", "    + b = 3"]


def test_items_whose_name_is_no_text_are_compared_by_their_index() -> None:
    before = [{"name": ["a"], "x": 1}, {"name": {"b": "c"}}]
    assert lines(before, [{"name": ["a"], "x": 2}, {"name": {"b": "d"}}]) == ["[0].x: 1 -> 2", '[1].name.b: "c" -> "d"']
    assert lines([{"name": 1}, {"name": True}], [{"name": 1}, {"name": 2}]) == ["[1].name: true -> 2"]


def test_items_that_nothing_tells_apart_are_compared_between_what_is_the_same() -> None:
    a, b, c = ({"to": [{"ipBlock": {"cidr": f"10.0.{i}.0/24"}}]} for i in range(3))
    assert differences([a, b], [c, a, b]) == [Difference((0,), MISSING, c)]
    assert differences([a, b], [b]) == [Difference((0,), a, MISSING)]
    assert lines([a, b, c], [a, {"to": []}, c]) == ['[1].to: [{"ipBlock": {"cidr": "10.0.1.0/24"}}] -> []']


def test_a_key_tells_items_apart_only_where_it_is_a_label() -> None:
    before, after = [{"key": "k1", "a": 1}], [{"key": "k1", "a": 2}]
    assert lines({"tolerations": before}, {"tolerations": after}) == ["tolerations[k1].a: 1 -> 2"]
    assert lines({"logins": before}, {"logins": after}) == ["logins[0].a: 1 -> 2"]


def test_what_is_too_long_for_a_line_is_cut_around_the_difference() -> None:
    users = [f"user-{i}" for i in range(100)]
    assert lines({"users": users}, {"users": [*users, "ada"]}) == ["users:", '    + - "ada"']
    found = lines({"a": "word " * 40 + "one"}, {"a": "word " * 40 + "two"})
    assert found == [f'a: …{"word " * 4}one" -> …{"word " * 4}two"']


def test_types_count() -> None:
    assert lines({"port": 80}, {"port": "80"}) == ['port: 80 -> "80"']
    assert lines({"a": [1]}, {"a": [True]}) == ["a: [1] -> [true]"]
    assert lines({"a": 1}, {"a": True}) == ["a: 1 -> true"]


def test_a_secret_shows_only_which_key_changed() -> None:
    def secret(token: str, password: str) -> dict[str, object]:
        values = f"hub:\n  db:\n    password: {password}\n  baseUrl: /\n"
        data = {"token": token, "values.yaml": values}
        return {"kind": "Secret", "data": {k: base64.b64encode(v.encode()).decode() for k, v in data.items()}}

    found = lines(opened(secret("s3cret", "hunter2")), opened(secret("s3cret!", "hunter3")))
    assert found == ["data.token: (hidden) -> (hidden)", 'data."values.yaml".hub.db.password: (hidden) -> (hidden)']
