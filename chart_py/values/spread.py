"""Which parts of a text's lines belong to secrets whose keys stand in other lines, so that no line tells of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import yaml

from chart_py.finding import Path
from chart_py.secrecy import may_be_secret


def spread_secrets(node: yaml.Node, lines: Sequence[str]) -> Iterator[tuple[int, int, int]]:
    """The spans of secrets that are not in the line of their key, as (line, start, end), counted from 0."""
    yield from _below(node, lines, (), -1, set())


def _below(
    node: yaml.Node, lines: Sequence[str], path: Path, key_line: int, seen: set[int]
) -> Iterator[tuple[int, int, int]]:
    if id(node) in seen:
        return
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = str(key.value) if isinstance(key, yaml.ScalarNode) else ""
            yield from _below(value, lines, (*path, name), key.start_mark.line, seen)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _below(item, lines, path, key_line, seen)
    elif path and may_be_secret(path):
        start, end = node.start_mark, node.end_mark
        for number in range(start.line, min(end.line + 1, len(lines))):
            if number != key_line:
                first = start.column if number == start.line else 0
                last = end.column if number == end.line else len(lines[number])
                yield number, first, last
