"""Every character of a scalar has its place in the file, in every style."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chart_py.values.document import compose, lines_of
from chart_py.values.scalar_text import spots

STYLES = {
    "plain": "a: one two three\n",
    "plain of several lines": "a: one\n  two   three\n\n  four\n",
    "plain with a tag": "a: !!str one\n",
    "single": "a: 'it''s one\n   two\n\n\n  three'\n",
    "double": 'a: "x\\ty \\u00e9 \\\n   z\n  w\\n"\n',
    "literal": "a: |\n  def f():\n      return 1\n\n  x = 2\n",
    "literal, stripped": "a: |-\n  one\n  two\n",
    "literal, kept": "a: |+\n  one\n\n\nb: c\n",
    "literal with its own indentation": "a: |2\n    one\n  two\n",
    "literal at the end": "a: |\n  one\n  two",
    "literal with a comment": "a: | # code\n  one\n",
    "folded": "a: >\n  one\n  two\n\n  three\n    four\n  five\n",
    "folded, stripped": "a: >-\n\n  one\n  two\n",
    "folded, kept": "a: >+\n  one\n\n",
    "in a list": "a:\n- |\n  one\n  two\n",
}


@pytest.mark.parametrize("style", STYLES)
def test_letters_stand_where_they_are_written(style: str) -> None:
    text = STYLES[style]
    check(text)


def check(text: str) -> None:
    lines = lines_of(text)
    root = compose(text, "t", lines)
    assert isinstance(root, yaml.MappingNode)
    node = root.value[0][1]
    if isinstance(node, yaml.SequenceNode):
        node = node.value[0]
    found = spots(node, lines)
    assert found is not None
    assert len(found) == len(node.value) + 1
    assert found == sorted(found)
    for char, (line, column) in zip(node.value, found, strict=False):
        if char.isalnum() and char.isascii():
            assert lines[line][column] in (char, "\\")


code = st.lists(st.text("ab '\"\\#:éz\t", max_size=12), min_size=1, max_size=6).map("\n".join)


@given(code, st.sampled_from(["|", ">", "'", '"', None]), st.integers(8, 30))
def test_whatever_is_written_is_found(value: str, style: str | None, width: int) -> None:
    text = yaml.dump({"a": value}, Dumper=yaml.CSafeDumper, default_style=style, allow_unicode=True, width=width)
    check(text.replace('"a":', "a:", 1).replace("'a':", "a:", 1))
