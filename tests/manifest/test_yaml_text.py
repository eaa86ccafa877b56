"""Our YAML is read back as what was written, by libyaml and by Go's parser (kubeconform's and Helm's)."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from chart_py.manifest.documents import from_documents, to_documents
from chart_py.manifest.yaml_text import to_yaml

TRICKY = [
    *(
        "",
        "yes",
        "No",
        "on",
        "y",
        "~",
        "null",
        "NaN",
        ".inf",
        "Infinity",
        "1e3",
        "0x1",
        "0o7",
        "1_0",
        "12:30:45",
        "+1",
        ".5",
    ),
    *(
        "2018-01-01",
        "=",
        "<<",
        "a: b",
        "a #b",
        "- a",
        "a:",
        "a, b",
        "@a",
        "%a",
        "`a",
        "&a",
        "*a",
        "!a",
        "|",
        ">",
        "[a",
        "{a",
        "'",
        '"',
    ),
    *(
        "\n",
        "a\n",
        "a\nb",
        "a\n\n",
        "a\n\nb\n",
        " a\nb\n",
        "a \nb",
        "a\n b\n",
        "\ta\nb",
        "a\tb",
        "a\n\tb",
        "\\n",
        "#",
        "a\r\nb",
    ),
    *(
        "\x00",
        "\x7f",
        "\x85",
        "\u2028a",
        "\ufeff",
        "\U0001f600",
        "a\n\U0001f600",
        "\xa0a",
        "é",
        "---",
        "--- a",
        "...",
        "? a",
        "a\n---\nb",
    ),
]
TEXT = st.one_of(st.text(), st.sampled_from(TRICKY), st.text(alphabet=" \t\n:#-?[]{},&*!|>'\"%@`a1.eE+_=~<yYnNoO0x"))
SCALARS = st.one_of(TEXT, st.integers(), st.floats(allow_nan=False), st.booleans(), st.none())
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(TEXT, inner, max_size=4)),
    max_leaves=20,
)


@given(DATA)
@example([[["a"], []], {}, [{}], {"a": {"b": []}}])
def test_what_is_written_is_read(data: Any) -> None:
    found = yaml.load(to_yaml(data), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    assert repr(found) == repr(data)


@pytest.mark.parametrize("text", TRICKY)
def test_tricky_texts(text: str) -> None:
    for data in (text, [text], {"a": text}, {text: "a"}, {"a": [{"b": text, text: 1}]}):
        assert yaml.safe_load(to_yaml(data)) == data


@given(st.lists(st.dictionaries(st.sampled_from(["kind", "a", "b"]), DATA, min_size=1), max_size=3))
def test_documents_are_read_back(manifests: list[Any]) -> None:
    manifests = [{**manifest, "kind": "Thing"} for manifest in manifests]
    assert repr(from_documents(to_documents(manifests))) == repr(manifests)


def test_it_reads_as_a_person_writes() -> None:
    data = {
        "a": {"b": ["x", {"c": 1, "d": [True, None]}], "text": "one\n\n  two\n", "last": "one\ntwo"},
        "e": {},
        "f": [],
    }
    assert to_yaml(data) == (
        "a:\n"
        "  b:\n"
        "  - x\n"
        "  - c: 1\n"
        "    d:\n"
        "    - true\n"
        "    - null\n"
        "  text: |\n"
        "    one\n"
        "\n"
        "      two\n"
        "  last: |-\n"
        "    one\n"
        "    two\n"
        "e: {}\n"
        "f: []\n"
    )


def test_what_is_no_plain_data_is_refused() -> None:
    with pytest.raises(TypeError, match="set is no plain data"):
        to_yaml({"a": {1}})


def test_data_that_holds_itself_is_refused() -> None:
    loop: dict[str, Any] = {}
    loop["a"] = loop
    with pytest.raises(RecursionError):
        to_yaml(loop)
