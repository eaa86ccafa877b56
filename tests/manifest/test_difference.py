"""Differences are named field by field, and never show what a Secret holds."""

from __future__ import annotations

import base64

from chart_py.manifest.difference import differences, readable


def lines(before: object, after: object) -> list[str]:
    return [found.text() for found in differences(before, after)]


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
        'spec.containers.a.image: "x:1" -> "x:2"',
        'spec.args[1]: "q" -> (nothing)',
        "spec.old: 1 -> (nothing)",
        "spec.new: (nothing) -> true",
    ]


def test_named_items_in_another_order() -> None:
    assert lines([{"name": "a"}, {"name": "b"}], [{"name": "b"}, {"name": "a"}]) == [': ["a", "b"] -> ["b", "a"]']


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

    found = lines(readable(secret("s3cret", "hunter2")), readable(secret("s3cret!", "hunter3")))
    assert found == ["data.token: (hidden) -> (hidden)", 'data."values.yaml".hub.db.password: (hidden) -> (hidden)']
