"""Documents in Secrets and ConfigMaps: what is opened, what is not, and that nothing in a text can end in an error."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chart_py.manifest.difference import differences
from chart_py.manifest.embedded import opened
from chart_py.manifest.shown import changed_lines, lines, sides

Json = dict[str, Any]


def config_map(**texts: str) -> Json:
    return {"kind": "ConfigMap", "data": texts}


def secret(**texts: str) -> Json:
    return {"kind": "Secret", "data": {key: base64.b64encode(text.encode()).decode() for key, text in texts.items()}}


def said(before: Json, after: Json) -> list[str]:
    return [line for found in differences(opened(before), opened(after)) for line in lines(found)]


@pytest.mark.parametrize(
    ("key", "before", "after", "expected"),
    [
        ("traefik.yaml", "a:\n  b: 1\n", "a:\n  b: 2\n", ['data."traefik.yaml".a.b: 1 -> 2']),
        ("traefik.yml", "a: 1", "a: 2", ['data."traefik.yml".a: 1 -> 2']),
        ("one.json", '{"a": {"b": [1]}}', '{"a": {"b": [2]}}', ['data."one.json".a.b: [1] -> [2]']),
        ("plain", '{"a": 1}', '{"a": 2}', ["data.plain.a: 1 -> 2"]),
        ("plain", "a: 1\nb: 2\n", "a: 1\nb: 3\n", ["data.plain.b: 2 -> 3"]),
        # One line that says nothing of being a document is a text; so is a file that is another language by its name.
        ("plain", "a: 1", "a: 2", ['data.plain: "a: 1" -> "a: 2"']),
        ("one.py", "a: int\nb: int\n", "a: int\nb: str\n", ['data."one.py":', "    - b: int", "    + b: str"]),
        # Whatever YAML makes of keys and values, they are told as text.
        ("one.yaml", "on: 2024-01-01\n", "on: 2024-01-02\n", ['data."one.yaml".true: "2024-01-01" -> "2024-01-02"']),
        ("one.yaml", "1: a\nb: c\n", "1: c\nb: c\n", ['data."one.yaml".1: "a" -> "c"']),
        ("one.yaml", "~: a\nb: c\n", "~: c\nb: c\n", ['data."one.yaml".null: "a" -> "c"']),
        ("one.yaml", "a: .nan\nb: 1\n", "a: .nan\nb: 2\n", ['data."one.yaml".b: 1 -> 2']),
        ("one.yaml", "? [1, 2]\n: a\n", "? [1, 2]\n: b\n", ['data."one.yaml":', "    - : a", "    + : b"]),
        ("one.yaml", "1: a\n'1': b\n", "1: a\n'1': c\n", ['data."one.yaml":', "    - '1': b", "    + '1': c"]),
    ],
)
def test_a_document_is_compared_by_what_is_in_it(key: str, before: str, after: str, expected: list[str]) -> None:
    assert said(config_map(**{key: before}), config_map(**{key: after})) == expected


BOMB = "a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefg", "bcdefgh", strict=True)
)


@pytest.mark.parametrize("text", [BOMB, "a: &a [*a]\nb: 1\n", "a: [\n", "a: !!python/object:x {}\n", "[" * 5000 + "\n"])
def test_what_cannot_be_opened_is_a_text(text: str) -> None:
    assert opened(config_map(**{"one.yaml": text}))["data"] == {"one.yaml": text}


def test_a_secret_hides_all_but_settings_programs_and_pages() -> None:
    before = secret(
        token="one",
        users="ada: hunter2\nbob: hunter3\n",
        **{".dockerconfigjson": '{"auths": {"r.io": {"username": "u", "auth": "dTpw"}}}'},
        **{"more.py": "a = 1\npassword = 'hunter2'\n", "values.yaml": "hub:\n  baseUrl: /\n  cookieSecret: abc\n"},
    )
    after = secret(
        token="two",
        users="ada: hunter4\nbob: hunter3\n",
        **{".dockerconfigjson": '{"auths": {"r.io": {"username": "v", "auth": "dTpw"}}}'},
        **{"more.py": "a = 2\npassword = 'hunter4'\n", "values.yaml": "hub:\n  baseUrl: /b/\n  cookieSecret: def\n"},
    )
    assert said(before, after) == [
        "data.token: (hidden) -> (hidden)",
        "data.users.ada: (hidden) -> (hidden)",
        'data.".dockerconfigjson".auths."r.io".username: (hidden) -> (hidden)',
        'data."more.py":',
        "    - a = 1",
        "    - password = (hidden)",
        "    + a = 2",
        "    + password = (hidden)",
        'data."values.yaml".hub.baseUrl: "/" -> "/b/"',
        'data."values.yaml".hub.cookieSecret: (hidden) -> (hidden)',
    ]


def test_values_that_are_no_document_are_hidden() -> None:
    assert said(secret(**{"values.yaml": "hunter2"}), secret(**{"values.yaml": "hunter3"})) == [
        'data."values.yaml": (hidden) -> (hidden)'
    ]


def test_types_count_where_values_are_hidden() -> None:
    assert said(secret(a='{"b": true}'), secret(a='{"b": "True"}')) == ["data.a.b: (hidden) -> (hidden)"]


def test_no_path_names_a_secret() -> None:
    """Neither where the keys are tokens, nor where an item is told apart by one."""
    tokens = [f"hub:\n  config:\n    JupyterHub:\n      api_tokens: {{{word}: ada}}\n" for word in ("s3cret", "s4cret")]
    assert said(*(secret(**{"values.yaml": text}) for text in tokens)) == [
        'data."values.yaml".hub.config.JupyterHub.api_tokens: (hidden) -> (hidden)'
    ]
    listed = [json.dumps({"users": [{"name": "hunter2", "id": number}]}) for number in (1, 2)]
    assert said(*(secret(users=text) for text in listed)) == ["data.users.users[0].id: (hidden) -> (hidden)"]


def test_string_data_counts_as_data() -> None:
    assert opened({"kind": "Secret", "stringData": {"a": "b"}}) == opened(secret(a="b"))


keys = st.sampled_from(["password", "token", "name", "image", "users", "env", "value", "key", "extraEnv", "api_tokens"])
words = st.sampled_from(["one", "two", 3, True, None, "a\nb", "x: y"])
documents = st.dictionaries(
    keys,
    st.recursive(words, lambda i: st.lists(i, max_size=3) | st.dictionaries(keys, i, max_size=3), max_leaves=12),
    max_size=4,
)


@given(documents, documents, st.sampled_from(["values.yaml", "other", "one.json"]))
def test_what_differs_is_named_and_the_same_is_not(one: Json, other: Json, key: str) -> None:
    """In whatever object: two documents differ where their data does, and each difference can be shown."""
    for make in (config_map, secret):
        before, after = (make(**{key: yaml.safe_dump({"a": tree, "b": 1})}) for tree in (one, other))
        found = differences(opened(before), opened(after))
        assert bool(found) == (json.dumps(one, sort_keys=True) != json.dumps(other, sort_keys=True))
        for each in found:
            assert list(lines(each))
            assert json.dumps([str(side) for side in sides(each)])
            assert isinstance(changed_lines(each), list)


@given(documents, st.sampled_from(["password", "client_secret", "api_token", "cookieSecret"]), st.booleans())
def test_no_secret_is_shown(tree: Json, word: str, is_document: bool) -> None:
    def text(secret_value: str) -> str:
        code = f"a = {secret_value[-1]}\n{word} = '{secret_value}'\n"
        return yaml.safe_dump({"a": tree, "login": {word: secret_value, "plain": secret_value[-1], "code": code}})

    make = config_map if is_document else secret
    before, after = (make(**{"values.yaml": text(value)}) for value in ("planted-secret-1", "planted-secret-2"))
    shown = "\n".join(said(before, after))
    assert "planted-secret" not in shown
    assert 'data."values.yaml".login.plain: "1" -> "2"' in shown
    assert f'data."values.yaml".login.{word}: (hidden) -> (hidden)' in shown
    assert shown.count(f"{word} = (hidden)") == 2
