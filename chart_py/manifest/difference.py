"""Where two values differ, field by field: the one engine of difference. What may be shown of it is in `shown`."""

from __future__ import annotations

from itertools import zip_longest
from typing import Any, NamedTuple

from chart_py.pattern import Pattern
from chart_py.secrecy import Hidden, keyed


class Missing:
    """The value of a field that is not there."""

    def __repr__(self) -> str:
        return "(nothing)"


MISSING = Missing()


class Item(NamedTuple):
    """A step into a list whose items are told apart by one of their keys (`name`, `mountPath`…)."""

    word: str
    value: str

    def __str__(self) -> str:
        return f"[{self.value}]"


Step = str | int | Item
FieldPath = tuple[Step, ...]


class Difference(NamedTuple):
    """A field that differs: where it is, and what it was and will be (MISSING where it is not there)."""

    path: FieldPath
    before: Any
    after: Any


ORDER = "(order)"
"""The step below a list whose items are the same and stand in another order: both values are their names."""


def differences(before: Any, after: Any, path: FieldPath = ()) -> list[Difference]:
    """The fields in which two values differ, as deep as both have them, in the order of `before`, then of `after`."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: list[Difference] = []
        for key in [*before, *(key for key in after if key not in before)]:
            found += differences(before.get(key, MISSING), after.get(key, MISSING), (*path, key))
        return found
    if same(before, after):
        return []
    if isinstance(before, list) and isinstance(after, list):
        word = identity(before, after, path=path)
        if word:
            return _of_items(before, after, word, path)
        if before and after and all(isinstance(each, dict) for each in [*before, *after]):
            return _by_place(before, after, path)
    return [Difference(path, before, after)]


def _of_items(before: list[Any], after: list[Any], word: str, path: FieldPath) -> list[Difference]:
    """The differences of a list whose items are told apart by `word`; a new order of the same items is one too."""
    old = {str(item[word]): item for item in before}
    new = {str(item[word]): item for item in after}
    found: list[Difference] = []
    for name in [*old, *(name for name in new if name not in old)]:
        found += differences(old.get(name, MISSING), new.get(name, MISSING), (*path, Item(word, name)))
    if [name for name in old if name in new] != [name for name in new if name in old]:
        found.append(Difference((*path, ORDER), list(old), list(new)))
    return found


def _by_place(before: list[Any], after: list[Any], path: FieldPath) -> list[Difference]:
    """The differences of a list whose items nothing tells apart: between what is the same at its begin and end."""
    most = min(len(before), len(after))
    start = 0
    while start < most and same(before[start], after[start]):
        start += 1
    end = 0
    while end < most - start and same(before[-1 - end], after[-1 - end]):
        end += 1
    pairs = zip_longest(before[start : len(before) - end], after[start : len(after) - end], fillvalue=MISSING)
    return [each for i, (old, new) in enumerate(pairs, start) for each in differences(old, new, (*path, i))]


_IDENTITIES = ("name", "display_name", "key", "mountPath", "containerPort", "port", "host", "type", "ip")


def identity(*lists: list[Any], path: FieldPath = ()) -> str:
    """The key that tells the items of all `lists` apart: all have it, none twice; empty where there is none.

    `key` is one only where it names a label, a taint or an entry at `path`: elsewhere it may be a secret.
    """
    for word in _IDENTITIES:
        is_name = word != "key" or keyed(step for step in path if isinstance(step, str))
        if is_name and all(_is_told_apart(items, word) for items in lists):
            return word
    return ""


def _is_told_apart(items: list[Any], word: str) -> bool:
    values = [item.get(word) for item in items if isinstance(item, dict)]
    if any(value is None or isinstance(value, (bool, dict, list, Hidden)) for value in values):
        return False
    return len(values) == len(items) and len({str(value) for value in values}) == len(items)


def same(before: Any, after: Any) -> bool:
    """Whether two values are equal to Kubernetes: True is 1 only to Python."""
    if isinstance(before, dict) and isinstance(after, dict):
        return before.keys() == after.keys() and all(same(value, after[key]) for key, value in before.items())
    if isinstance(before, list) and isinstance(after, list):
        return len(before) == len(after) and all(map(same, before, after))
    return bool(before == after) and isinstance(before, bool) == isinstance(after, bool)


def is_checksum(path: FieldPath) -> bool:
    """Whether the field at `path` holds a checksum of something else: an annotation, or an entry of a ConfigMap."""
    if len(path) < 2:
        return False
    above, word = path[-2], str(path[-1])
    return (above == "annotations" and word.startswith("checksum/")) or (
        path[:-1] == ("data",) and word.startswith("checksum_")
    )


_PLAIN = Pattern(r'[^.\[\]\s"]+')


def spelled(path: FieldPath) -> str:
    """A path as a person writes it: `spec.template.spec.containers[hub].image`."""
    out = ""
    for step in path:
        if isinstance(step, Item):
            out += str(step)
        elif isinstance(step, int):
            out += f"[{step}]"
        else:
            word = step if _PLAIN.fullmatch(step) else '"' + step.replace('"', '\\"') + '"'
            out += f".{word}" if out else word
    return out
