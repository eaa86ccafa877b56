"""Differences are named field by field, and never show what a Secret holds."""

from __future__ import annotations

import base64

from chart_py.manifest.difference import differences, opened
from chart_py.manifest.difference import lines as lines_of


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
        'spec.args: ["p", "q"] -> ["p"]',
        "spec.old: 1 -> (nothing)",
        "spec.new: (nothing) -> true",
    ]


def test_named_items_in_another_order() -> None:
    before, after = [{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}]
    assert lines(before, after) == [': [{"name": "a"}, {"name": "b"}] -> [{"name": "b"}, {"name": "a"}]']


def test_items_whose_names_are_no_scalars_are_told_apart_by_place() -> None:
    assert lines([{"name": ["a"]}, {"name": {}}], [{"name": ["b"]}, {"name": {}}]) == ['[0].name: ["a"] -> ["b"]']


def test_a_text_of_several_lines_shows_those_that_differ() -> None:
    assert lines({"code": "a = 1\nb = 2\n"}, {"code": "a = 1\nb = 3\n"}) == ["code:", "    - b = 2", "    + b = 3"]


def test_items_whose_name_is_no_text_are_compared_by_their_index() -> None:
    before = [{"name": ["a"], "x": 1}, {"name": {"b": "c"}}]
    assert lines(before, [{"name": ["a"], "x": 2}, {"name": {"b": "d"}}]) == ["[0].x: 1 -> 2", '[1].name.b: "c" -> "d"']
    assert lines([{"name": 1}, {"name": True}], [{"name": 1}, {"name": 2}]) == ["[1].name: true -> 2"]


def test_types_count() -> None:
    assert lines({"port": 80}, {"port": "80"}) == ['port: 80 -> "80"']
    assert lines({"a": 1}, {"a": True}) == ["a: 1 -> true"]


def test_a_secret_shows_only_which_key_changed() -> None:
    def secret(token: str, password: str) -> dict[str, object]:
        values = f"hub:\n  db:\n    password: {password}\n  baseUrl: /\n"
        data = {"token": token, "values.yaml": values}
        return {"kind": "Secret", "data": {k: base64.b64encode(v.encode()).decode() for k, v in data.items()}}

    found = lines(opened(secret("s3cret", "hunter2")), opened(secret("s3cret!", "hunter3")))
    assert found == ["data.token: (hidden) -> (hidden)", 'data."values.yaml".hub.db.password: (hidden) -> (hidden)']
