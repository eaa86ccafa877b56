"""Whatever style a configuration is written in: its meaning, its comments and its untouched lines stay."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chart_py.editions import TODAY
from chart_py.editions.guide import DEFAULTS
from chart_py.errors import ValuesError
from chart_py.finding import Path
from chart_py.migrate.migration import migrate
from chart_py.values.layer import from_text
from chart_py.values.load import default_tree, from_layers
from chart_py.values.old_meaning import translate
from chart_py.values.translation import Step
from tests.migrate.writing import configurations


def steps_of(text: str) -> tuple[Step, ...]:
    """How the old words in `text` are translated."""
    layer = from_text(text, "config.yaml", lambda finding: None)
    return translate([layer], default_tree(), lambda finding: None)[0].steps


def leaves(tree: object, path: Path = ()) -> Iterator[Path]:
    if isinstance(tree, dict):
        for word, value in tree.items():
            yield from leaves(value, (*path, word))
    else:
        yield path


def tree_of(text: str, version: str) -> object:
    layer = from_text(text, "config.yaml", lambda finding: None)
    return from_layers([layer], chart_version=version).tree


def touched(text: str, version: str) -> set[int]:
    """The lines, from 0, of old words with their values and of the sections above, of aliases and anchors.

    And those of sections in braces which get new words, and so are put into lines.
    """
    lines: set[int] = set()
    steps = steps_of(text)
    old = [step.old for step in steps]
    new = [path for step in steps for path in step.new] + list(leaves(DEFAULTS if version != TODAY else {}))
    for path in [*old, *new]:
        node = yaml.compose(text)
        for depth, step in enumerate(path, 1):
            found = [(k, v) for k, v in node.value if k.value == step] if isinstance(node, yaml.MappingNode) else []
            if not found:
                break
            key, node = found[0]
            if path in old:
                lines.add(key.start_mark.line)
            braces = isinstance(node, yaml.MappingNode) and node.flow_style
            if braces or (depth == len(path) and path in old):
                lines.update(range(key.start_mark.line, node.end_mark.line + (node.end_mark.column > 0)))
    for event in yaml.parse(text):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            assert event.start_mark is not None
            lines.add(event.start_mark.line)
    return lines


def is_within(lines: list[str], others: list[str]) -> bool:
    """Whether `lines` stand in `others`, in their order."""
    rest = iter(others)
    return all(line in rest for line in lines)


def comments(text: str) -> Counter[str]:
    return Counter(re.findall(r"# c\d+#", text))


@settings(deadline=None, max_examples=100, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(configurations(), st.sampled_from(["0.7", "4.4.0"]))
def test_round_trip(text: str, version: str) -> None:
    try:
        before = tree_of(text, version)
    except ValuesError:
        return
    done = migrate(text, "config.yaml", chart_version=version)
    assert done.remaining == ()
    assert not any("the same value" in change.why for change in done.changes)
    assert tree_of(done.after, "4.4.0") == before
    assert comments(done.after) == comments(text)
    assert steps_of(done.after) == ()
    gone = touched(text, version)
    kept = [line for number, line in enumerate(text.split("\n")) if number not in gone and line.strip()]
    kept = [line for line in kept if not line.lstrip().startswith("#")]
    assert is_within(kept, done.after.split("\n")), "\n".join(kept)
    again = migrate(done.after, "config.yaml", chart_version=version)
    assert again.after == done.after
