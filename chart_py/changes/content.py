"""What two states of an object differ in, field by field, without what the server itself writes into it."""

from __future__ import annotations

from typing import Any, NamedTuple

from chart_py.manifest import Manifest

_SERVER_METADATA = frozenset(
    {"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields"}
    | {"ownerReferences", "resourceVersion", "selfLink", "uid"}
)
# Written by controllers at every roll-out; nobody applies them.
_SERVER_ANNOTATIONS = frozenset({"deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation"})


class Missing:
    """The value of a field that is not there."""

    def __repr__(self) -> str:
        return "(missing)"


MISSING = Missing()


class Item(NamedTuple):
    """A step into a list whose items are told apart by one of their words (`name`, `key`…)."""

    word: str
    value: str

    def __str__(self) -> str:
        return f"[{self.value}]"


Step = str | int | Item
FieldPath = tuple[Step, ...]


class FieldChange(NamedTuple):
    """A field that differs: where it is, and what it was and will be (MISSING where it is not there)."""

    path: FieldPath
    before: Any
    after: Any


def content(manifest: Manifest | None) -> Manifest:
    """`manifest` without its status and what only the server writes; empty for None."""
    if manifest is None:
        return {}
    kept = {key: value for key, value in manifest.items() if key not in ("status", "metadata")}
    meta = {key: value for key, value in (manifest.get("metadata") or {}).items() if key not in _SERVER_METADATA}
    if "annotations" in meta:
        notes = {key: value for key, value in (meta["annotations"] or {}).items() if key not in _SERVER_ANNOTATIONS}
        meta = {**meta, "annotations": notes} if notes else {k: v for k, v in meta.items() if k != "annotations"}
    return {"apiVersion": kept.pop("apiVersion", ""), "kind": kept.pop("kind", ""), "metadata": meta, **kept}


def field_changes(before: Any, after: Any, path: FieldPath = ()) -> list[FieldChange]:
    """The fields in which two values differ, as deep as both have them, in the order of `before`, then of `after`."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: list[FieldChange] = []
        for key in [*before, *(key for key in after if key not in before)]:
            found += field_changes(before.get(key, MISSING), after.get(key, MISSING), (*path, key))
        return found
    if isinstance(before, list) and isinstance(after, list) and before != after:
        word = identity(before, after)
        if word:
            return _item_changes(before, after, word, path)
        if len(before) == len(after) and all(isinstance(each, dict) for each in [*before, *after]):
            pairs = enumerate(zip(before, after, strict=True))
            return [change for i, (old, new) in pairs for change in field_changes(old, new, (*path, i))]
    return [] if _same(before, after) else [FieldChange(path, before, after)]


def _item_changes(before: list[Any], after: list[Any], word: str, path: FieldPath) -> list[FieldChange]:
    """The changes of a list whose items are told apart by `word`; a new order of the same items is a change too."""
    old = {str(item[word]): item for item in before}
    new = {str(item[word]): item for item in after}
    found: list[FieldChange] = []
    for name in [*old, *(name for name in new if name not in old)]:
        found += field_changes(old.get(name, MISSING), new.get(name, MISSING), (*path, Item(word, name)))
    return found or [FieldChange(path, before, after)]


def identity(*lists: list[Any]) -> str:
    """The word that tells the items of all `lists` apart: all have it, none twice; empty where there is none."""
    for word in ("name", "key", "mountPath", "containerPort", "port", "host", "type", "ip"):
        if all(_is_told_apart(items, word) for items in lists):
            return word
    return ""


def _is_told_apart(items: list[Any], word: str) -> bool:
    values = [item.get(word) for item in items if isinstance(item, dict)]
    return len(values) == len(items) and None not in values and len({str(value) for value in values}) == len(items)


def _same(before: Any, after: Any) -> bool:
    # True == 1 to Python, but not to Kubernetes.
    return bool(before == after) and isinstance(before, bool) == isinstance(after, bool)


def spelled(path: FieldPath) -> str:
    """A path as a person writes it: `spec.template.spec.containers[hub].image`."""
    out = ""
    for step in path:
        if isinstance(step, Item):
            out += str(step)
        elif isinstance(step, int):
            out += f"[{step}]"
        else:
            word = f'"{step}"' if "." in step else step
            out += f".{word}" if out else word
    return out
