"""Who owns which field of an object: Kubernetes' managedFields as sets, and what changes when ownership moves.

A set of fields is FieldsV1: `f:NAME` is a field, `k:{…}` an item of a list told apart by keys, `v:…` an item of a list
of scalars, `.` the thing itself. An empty map is a leaf.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from chart_py.manifest import Manifest

FieldSet = dict[str, Any]
APPLY = "Apply"


class Owner(NamedTuple):
    """Who wrote a field: the manager, how (`Apply` or `Update`), and when (RFC 3339)."""

    manager: str
    operation: str
    time: str


def entries(manifest: Manifest) -> list[dict[str, Any]]:
    """The entries of managedFields about the object itself, not its status or scale."""
    found = (manifest.get("metadata") or {}).get("managedFields") or []
    return [entry for entry in found if not entry.get("subresource")]


def owned(manifest: Manifest, managers: Iterable[str], operation: str = "") -> FieldSet:
    """The fields that any of `managers` owns, by the operation if one is named."""
    names = frozenset(managers)
    found: FieldSet = {}
    for entry in entries(manifest):
        if entry.get("manager") in names and operation in ("", entry.get("operation")):
            found = union(found, entry.get("fieldsV1") or {})
    return found


def managers(manifest: Manifest) -> set[str]:
    """The managers that own fields of the object itself."""
    return {str(entry.get("manager", "")) for entry in entries(manifest)}


def union(one: FieldSet, other: FieldSet) -> FieldSet:
    """The fields that are in either."""
    found = dict(one)
    for step, inner in other.items():
        found[step] = union(found[step], inner) if step in found else inner
    return found


def minus(one: FieldSet, other: FieldSet) -> FieldSet:
    """The fields that are in `one` and not in `other`."""
    found: FieldSet = {}
    for step, inner in one.items():
        if step not in other:
            found[step] = inner
        elif inner:
            rest = minus(inner, other[step]) if other[step] else {}
            if rest:
                found[step] = rest
    return found


def moved(manifest: Manifest, sources: Iterable[str], target: str, time: str) -> list[dict[str, Any]] | None:
    """The managedFields in which all that `sources` own belongs to the Apply entry of `target`; None if nothing moves.

    `time` (RFC 3339) is when. What `target` owned by Update counts as its own too, as nothing may be owned by it twice.
    """
    names = {*sources, target}
    mine = [entry for entry in entries(manifest) if entry.get("manager") in names]
    if all(entry.get("manager") == target and entry.get("operation") == APPLY for entry in mine):
        return None
    # The server keeps one Apply entry for each manager, whatever versions the old ones had.
    everything = owned(manifest, names)
    rest = [entry for entry in manifest["metadata"]["managedFields"] if entry not in mine]
    entry = {
        "manager": target,
        "operation": APPLY,
        "apiVersion": str(manifest["apiVersion"]),
        "time": time,
        "fieldsType": "FieldsV1",
        "fieldsV1": everything,
    }
    return [entry, *rest]


def without(manifest: Manifest, fields: FieldSet) -> Manifest:
    """`manifest` as it is left when nobody owns `fields` any more; defaults that the server puts back are not known."""
    found = copy.deepcopy(manifest)
    _remove(found, fields)
    return found


def _remove(value: Any, fields: FieldSet) -> None:
    if isinstance(value, dict):
        for step, inner in fields.items():
            if not step.startswith("f:") or step[2:] not in value:
                continue
            name = step[2:]
            if not inner:
                del value[name]
                continue
            _remove(value[name], inner)
            if "." in inner and value[name] in ({}, []):
                del value[name]
    elif isinstance(value, list):
        for step, inner in fields.items():
            for item in [item for item in value if is_item(step, item)]:
                if not inner or (
                    "." in inner and set(item) <= _keys(step) | {s[2:] for s in inner if s.startswith("f:")}
                ):
                    value.remove(item)
                else:
                    _remove(item, inner)


def _keys(step: str) -> set[str]:
    return set(json.loads(step[2:])) if step.startswith("k:") else set()


def is_item(step: str, item: Any) -> bool:
    """Whether a step (`k:{…}` or `v:…`) is about an item of a list."""
    if step.startswith("k:") and isinstance(item, dict):
        return all(item.get(key, _DEFAULTS.get(key)) == value for key, value in json.loads(step[2:]).items())
    return step.startswith("v:") and json.loads(step[2:]) == item


# What the server puts in for a key that was left out.
_DEFAULTS = {"protocol": "TCP"}


def owners_of(manifest: Manifest, path: Iterable[tuple[str, Any]]) -> list[Owner]:
    """Who owns the field at `path`, the last writer first.

    Each step of `path` is (`f`, name) into a map or (`i`, item) into a list; owning something above it counts, where
    that is owned as a whole.
    """
    steps = list(path)
    found = [
        Owner(str(entry.get("manager", "")), str(entry.get("operation", "")), str(entry.get("time", "")))
        for entry in entries(manifest)
        if _owns(entry.get("fieldsV1") or {}, steps)
    ]
    return sorted(found, key=lambda owner: owner.time, reverse=True)


def _owns(fields: FieldSet, steps: list[tuple[str, Any]]) -> bool:
    here = fields
    for kind, what in steps:
        names = [f"f:{what}"] if kind == "f" else [step for step in here if is_item(step, what)]
        matching = [name for name in names if name in here]
        if not matching:
            return False
        here = here[matching[0]]
        if not here:
            return True
    return True
