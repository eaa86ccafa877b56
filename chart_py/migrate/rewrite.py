"""Puts a translation's steps into the text: each old word is cut out, its new words are put where they belong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from chart_py.editions import TODAY
from chart_py.finding import Finding, Path
from chart_py.migrate import edit
from chart_py.migrate.source import data, document
from chart_py.values.guide_settings import Append
from chart_py.values.layer import Layer, from_text
from chart_py.values.load import default_tree
from chart_py.values.old_meaning import LET_IN
from chart_py.values.translation import Step

Tree = Mapping[str, Any]


def rewritten(text: str, steps: Iterable[Step], layer: Layer, prefix: Path = (), version: str = TODAY) -> str:
    """`text` with the old settings of `steps` replaced by those of the chart `version`.

    `layer` is the translated one, below `prefix`.
    """
    ordered = sorted((s for s in steps if s.row is not LET_IN), key=lambda step: _position(layer, step.old))
    if "&" in text:
        text = edit.detached(text, _changed(ordered, prefix))
    for path in _vanishing(text, ordered, prefix):
        first = next((prefix + s.old for s in ordered if (prefix + s.old)[: len(path)] == path and s.new), None)
        if first is not None:
            text = _carried(text, path, first)
    for step in ordered:
        text = _safely(text, step, layer, prefix, version)
    return text


def _changed(steps: list[Step], prefix: Path) -> list[Path]:
    """The paths that change; those of values that change themselves end in a step more."""
    old = [prefix + step.old + (("",) if step.row.change else ()) for step in steps]
    return old + [prefix + path for step in steps for path in step.new]


def _position(layer: Layer, path: Path) -> tuple[int, int]:
    place = layer.place(path)
    return place.line, place.column


def _vanishing(text: str, steps: list[Step], prefix: Path) -> list[Path]:
    """The sections that hold nothing but words which go elsewhere, the deepest ones first."""
    old = [prefix + step.old for step in steps]
    new = [prefix + path for step in steps for path in step.new]
    found: list[Path] = []
    for path in old:
        for depth in range(len(prefix) + 1, len(path)):
            section = path[:depth]
            goes = all(any(leaf[: len(o)] == o for o in old) for leaf in _leaves(data(text, section), section))
            if goes and not any(n[:depth] == section for n in new):
                found.append(section)
    return sorted(dict.fromkeys(found), key=len, reverse=True)


def _leaves(tree: Any, path: Path) -> list[Path]:
    if isinstance(tree, dict) and tree:
        return [leaf for word, value in tree.items() for leaf in _leaves(value, (*path, word))]
    return [path]


def _carried(text: str, section: Path, first: Path) -> str:
    """`text` with the comments at a section that will go moved above the first word of it that goes elsewhere."""
    text = edit.reached(text, first)
    doc = document(text)
    here, chain = first[: len(section)], [first[:depth] for depth in range(len(section), len(first))]
    for path in chain:
        around = doc.value(path)
        if around is None or around.entries[0].key.text != first[len(path)]:
            return text
    return edit.moved_comments(text, doc.lead(here), doc.lead(first))


def _safely(text: str, step: Step, layer: Layer, prefix: Path, version: str) -> str:
    """The step done; where it would part an alias from its anchor, both are written out before."""
    done = _done(text, step, layer, prefix, version)
    errors: list[Finding] = []
    from_text(done, "", errors.append)
    if not errors:
        return done
    old = prefix + step.old
    text = edit.reached(text, old)
    value = document(text).value(old)
    names = {node.anchor for node in value.walk() if node.anchor} if value else set()
    return _done(edit.unaliased(text, names), step, layer, prefix, version)


def _done(text: str, step: Step, layer: Layer, prefix: Path, version: str) -> str:
    old = prefix + step.old
    if document(text).entry(old) is None:
        text = edit.reached(text, old)
    before = data(text, old)
    words = [(prefix + path, value) for path, value in _worth_writing(step, layer, version).items()]
    if not words:
        return edit.erased(text, old)
    first, value = words[0]
    if first == old:
        return edit.changed(text, old, value)
    if first[: len(old)] == old:
        return edit.nested(text, old, str(first[-1]))
    if first[:-1] == old[:-1] and len(words) == 1 and _same(before, value):
        return edit.renamed(text, old, str(first[-1]))
    text = edit.reached(text, old)
    # Where another old word has said the same already, nothing takes this one's comments along.
    take = edit.cut if data(text, first) is None or isinstance(value, (dict, Append)) else edit.erased
    for index, (path, value) in enumerate(words):
        text = _put(text, path, value, old, first=not index, same=_same(before, value))
    return take(text, old)


def _worth_writing(step: Step, layer: Layer, version: str) -> dict[Path, Any]:
    """The new words without nulls that remove nothing, and without further words that only say today's default."""
    words = {path: value for path, value in step.new.items() if value is not None or layer.has(path)}
    first = next(iter(words), None)
    return {path: v for path, v in words.items() if path == first or not _same(default_tree(path, version), v)}


def _same(one: Any, other: Any) -> bool:
    """Equal, and of the same types all the way down: 1 is not true, and 16.1 is not "16.1"."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    return type(one) is type(other) and bool(one == other)


def _put(text: str, path: Path, value: Any, old: Path, *, first: bool, same: bool) -> str:
    """One new word written: the first one in the old one's place with its comments, and as it was if it is the same."""
    there = data(text, path)
    if isinstance(value, Append) and isinstance(there, list):
        return edit.append(text, path, list(value))
    if isinstance(there, dict) and isinstance(value, dict):
        text = edit.opened(text, old)
        for word, inner in value.items():
            text = _put(text, (*path, word), inner, (*old, word), first=first, same=same)
        return text
    if there is not None:
        return text
    doc = document(text)
    comments, node = edit.all_comments(doc, old), doc.value(old)
    anchored = node is not None and any(inner.anchor for inner in node.walk())
    if same and (first or not (comments or anchored)):
        piece = edit.fragment(doc, old)
        piece = piece if path[-1] == old[-1] else replace(piece, key=edit.key_text(str(path[-1])))
    else:
        piece = edit.written(str(path[-1]), list(value) if isinstance(value, Append) else value, comments * first)
    return edit.put(text, path, piece, old if first else ())
