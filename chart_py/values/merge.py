"""How layers become one tree: maps merge, lists replace, null removes, the last one wins.

deepmerge walks the two trees; the strategies below never change what they are given, so that a default that nobody
touched stays the very same object. Merging is associative: a map that follows a null or a scalar replaces whatever
came before, also when the two are merged with each other first (`Replaced` remembers that).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from deepmerge import Merger

Tree = dict[str, Any]


class Replaced(dict[str, Any]):
    """A map that replaces what is below it, because a null or a scalar stood between the two."""


def _maps(merger: Merger, path: list[str], base: Tree, over: Tree) -> Tree:
    if isinstance(over, Replaced):
        return over
    out: Tree = Replaced(base) if isinstance(base, Replaced) else dict(base)
    for key, value in over.items():
        out[key] = merger.value_strategy([*path, key], out[key], value) if key in out else value
    return out


def _last(merger: Merger, path: list[str], base: Any, over: Any) -> Any:
    if isinstance(over, dict) and not isinstance(base, dict):
        return Replaced(over)
    return over


_MERGER = Merger([(dict, [_maps]), (list, [_last])], [_last], [_last])


def merge(base: Tree, over: Tree) -> Tree:
    """`over` laid on `base`; nulls stay in the result until `settle` removes them. Neither argument is changed."""
    merged: Tree = _MERGER.merge(base, over)
    return merged


def settle(tree: Tree, default: Tree, below: Callable[[tuple[str, ...]], bool]) -> Tree:
    """`tree` without the nulls that remove something: a default, or what another layer says (`below(path)`).

    A null with nothing below it is a value like any other and stays. Parts that are the default's own objects are
    returned as they are.
    """

    def walk(here: Tree, default: Any, path: tuple[str, ...]) -> Tree:
        was: Tree = default if isinstance(default, dict) else {}
        if here is was:
            return here
        out: Tree = {}
        for key, value in here.items():
            if isinstance(value, dict):
                out[key] = walk(value, was.get(key), (*path, key))
            elif value is not None or not (key in was or below((*path, key))):
                out[key] = value
        return out

    return walk(tree, default, ())


def layered(default: Tree, trees: Sequence[Tree]) -> Tree:
    """`default` with all of `trees` laid over it in their order, nulls settled."""
    tree = default
    for over in trees:
        tree = merge(tree, over)
    return settle(tree, default, lambda path: any(_says(over, path) for over in trees))


def _says(tree: Any, path: tuple[str, ...]) -> bool:
    for step in path:
        if not isinstance(tree, dict) or step not in tree:
            return False
        tree = tree[step]
    return tree is not None


def at(tree: Any, path: tuple[Any, ...]) -> Any:
    """What a tree has at `path`; None where it has nothing."""
    for step in path:
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree
