"""From a field of a rendered object back to the word of the values that it comes from.

Builders are free to merge and rename, so nothing is marked on the way. A word is the origin of a field if the field is
another one, or gone, once the word is left out; the search goes from the sections down to the smallest such word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chart_py.context import Context
from chart_py.errors import ChartError
from chart_py.finding import Path, Place
from chart_py.manifest import Manifest
from chart_py.manifest.key import key_of
from chart_py.rendering import render
from chart_py.values.layer import Layer
from chart_py.values.load import Loaded, from_layers
from chart_py.values.merge import merge

_GONE = object()
# A field has one origin; a search that has rendered this often without finding it gives the nearest word so far.
_MOST_RENDERS = 200


def value_at(tree: Any, path: Path) -> Any:
    """What stands at `path`; a mark of its own where nothing does."""
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return _GONE
    return tree


class Origins:
    """Finds the words behind the fields of one release's objects."""

    def __init__(self, loaded: Loaded, context: Context, chart_version: str) -> None:
        self.loaded = loaded
        self.context = context
        self.chart_version = chart_version
        self.tree: dict[str, Any] = {}
        for layer in loaded.sources.layers:
            self.tree = merge(self.tree, layer.tree)
        self.renders = 0
        self.known: dict[Path, Sequence[Manifest]] = {}

    def of(self, manifest: Manifest, pointer: Path) -> tuple[Path, Place] | None:
        """The word that the field at `pointer` comes from, and its place; None for a field that nobody has set."""
        self.renders = 0
        field = value_at(manifest, pointer)
        path = self._search((), self.tree, lambda: (key_of(manifest), pointer, field))
        if not path:
            return None
        place = self.loaded.sources.place(path)
        return (path, place) if place else None

    def _search(self, path: Path, tree: Any, wanted: Callable[[], tuple[Any, Path, Any]]) -> Path:
        _, pointer, field = wanted()
        if tail := _tail(tree, pointer, field):
            return (*path, *tail)
        if not isinstance(tree, dict):
            return path
        for word in tree:
            if self._changes((*path, word), wanted):
                return self._search((*path, word), tree[word], wanted)
        return path

    def _changes(self, path: Path, wanted: Callable[[], tuple[Any, Path, Any]]) -> bool:
        """Whether the field is another one when the word at `path` is left out."""
        key, pointer, field = wanted()
        objects = self._without(path)
        if objects is None:
            return False
        other = next((o for o in objects if key_of(o) == key), None)
        found = value_at(other, pointer) if other is not None else _GONE
        return found is _GONE if field is _GONE else found != field

    def _without(self, path: Path) -> Sequence[Manifest] | None:
        if path not in self.known:
            if self.renders >= _MOST_RENDERS:
                return None
            self.renders += 1
            try:
                layer = Layer("", _left_out(self.tree, path))
                self.known[path] = render(from_layers([layer], chart_version=self.chart_version), self.context)
            except ChartError:
                self.known[path] = ()
                return None
        return self.known[path] or None


def _left_out(tree: dict[str, Any], path: Path) -> dict[str, Any]:
    word, *rest = path
    if not rest:
        return {key: value for key, value in tree.items() if key != word}
    return {key: _left_out(value, tuple(rest)) if key == word else value for key, value in tree.items()}


def _tail(tree: Any, pointer: Path, field: Any) -> Path:
    """The path within a word's own list or map that says the same as the end of `pointer`; () where none does."""
    if not isinstance(tree, (list, dict)) or not pointer:
        return ()
    for start in range(len(pointer)):
        tail = pointer[start:]
        heads = [(i,) for i in range(len(tree))] if isinstance(tree, list) else [()]
        for head in heads:
            for candidate in ((*head, *tail), (*head, *tail[1:])):
                if candidate and _same(value_at(tree, candidate), field):
                    return candidate
    return ()


def _same(one: Any, other: Any) -> bool:
    return one is not _GONE and type(one) is type(other) and bool(one == other)
