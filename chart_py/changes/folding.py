"""What of a plan follows from the rest of it, and is told in one line: restarts, renderers' names, settings not set."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from chart_py.changes.change import Change, Operation
from chart_py.changes.dangers import renamed
from chart_py.changes.plan import Plan
from chart_py.manifest.difference import MISSING, Difference, FieldPath, differences, is_checksum
from chart_py.manifest.embedded import opened

RENDERER_LABELS = frozenset(
    {"app.kubernetes.io/managed-by", "app.kubernetes.io/version", "chart", "helm.sh/chart", "heritage"}
)
"""Labels and annotations that say who rendered an object, and from which version of the chart; nothing selects them."""
_RENDERER_FACTS = (("Release", "Service"), ("Chart", "Name"), ("Chart", "Version"))
_SHOWN = (Operation.UPDATE, Operation.REPLACE)


class Derived(enum.Enum):
    """Why a field that changes says nothing by itself."""

    CHECKSUM = "checksum"
    """It is a checksum of what changes elsewhere."""
    RENDERER = "renderer"
    """It names the renderer, or the version of the chart."""
    UNSET = "unset"
    """It is null on one side and not there on the other: a setting that is not set, written in two ways."""


def derived(field: Difference) -> Derived | None:
    """Why a field says nothing by itself; None for one that does."""
    if is_checksum(field.path):
        return Derived.CHECKSUM
    if is_renderer(field.path):
        return Derived.RENDERER
    if _is_in_document(field.path) and all(side is None or side is MISSING for side in field[1:]):
        return Derived.UNSET
    return None


def is_renderer(path: FieldPath) -> bool:
    """Whether the field at `path` only names the renderer or the chart's version."""
    if len(path) > 1 and path[-2] in ("labels", "annotations"):
        return path[-1] in RENDERER_LABELS
    return _is_in_document(path) and path[2:] in _RENDERER_FACTS


def _is_in_document(path: FieldPath) -> bool:
    return len(path) > 2 and path[0] == "data"


def fields_of(change: Change, plan: Plan) -> tuple[Difference, ...]:
    """The fields of an object that change, for an update or replacement; else none.

    Of a Secret or ConfigMap that comes again under another name, the data: what is in it may change as well.
    """
    if change.operation in _SHOWN:
        return change.fields
    before = counterpart(change, plan)
    if before is None:
        return ()
    old, new = (opened(each or {}).get("data") or {} for each in (before.live, change.result))
    return tuple(differences(old, new, ("data",)))


def counterpart(change: Change, plan: Plan) -> Change | None:
    """The Secret or ConfigMap that a new one takes the place of, where the plan renames it."""
    if change.operation is not Operation.CREATE or change.key.kind not in ("Secret", "ConfigMap"):
        return None
    return next((before for before, after in renamed(plan.changes) if after is change), None)


def own_fields(fields: Iterable[Difference]) -> list[Difference]:
    """Those fields that say something by themselves."""
    return [each for each in fields if derived(each) is None]


class Relabelled(NamedTuple):
    """Names of the renderer, or of the chart's version, that change alike in a number of `objects`."""

    objects: int
    labels: tuple[str, ...]
    before: str
    after: str


def relabelled(changes: Iterable[Change]) -> list[Relabelled]:
    """The renderer's names that change, those that change alike in one row, the most frequent first."""
    rows: dict[tuple[str, str], dict[str, set[int]]] = {}
    for number, change in enumerate(each for each in changes if each.operation in _SHOWN):
        for field in change.fields:
            if is_renderer(field.path):
                before, after = ("" if value is MISSING else str(value) for value in field[1:])
                rows.setdefault((before, after), {}).setdefault(_label(field.path), set()).add(number)
    found = [
        Relabelled(len(set().union(*labels.values())), tuple(sorted(labels)), before, after)
        for (before, after), labels in rows.items()
    ]
    return sorted(found, key=lambda row: -row.objects)


def _label(path: FieldPath) -> str:
    return ".".join(map(str, path[2:] if _is_in_document(path) else path[-1:]))


class Restart(NamedTuple):
    """Why an object's pods are replaced.

    `reads` is what they read and the plan changes, as `Secret/hub`. `follows` tells that nothing of their template
    changes by itself, and why it changes.
    """

    reads: tuple[str, ...] = ()
    follows: frozenset[Derived] = frozenset()


def restart(change: Change, plan: Plan) -> Restart | None:
    """Why the pods of an object are replaced; None where they stay."""
    if not change.restarts:
        return None
    reasons = [derived(each) for each in change.fields if each.path[:2] == ("spec", "template")]
    follows = frozenset(each for each in reasons if each is not None)
    if Derived.CHECKSUM not in follows:
        return Restart(follows=follows if None not in reasons else frozenset())
    template = ((change.result or {}).get("spec") or {}).get("template") or {}
    read = set(_reads(template.get("spec") or {}))
    written = [each for each in plan.writing if (each.key.kind, each.key.name) in read and _is_here(each, change)]
    return Restart(tuple(str(each.key) for each in written), follows if None not in reasons else frozenset())


def _is_here(read: Change, by: Change) -> bool:
    """Whether what `read` holds changes, and is in the namespace of `by`."""
    if read.key.namespace and by.key.namespace and read.key.namespace != by.key.namespace:
        return False
    return read.operation not in _SHOWN or any(field.path[0] in ("data", "binaryData") for field in read.fields)


def _reads(spec: Any) -> Iterator[tuple[str, str]]:
    """The ConfigMaps and Secrets that a pod's spec names, as (kind, name)."""
    if isinstance(spec, list):
        for each in spec:
            yield from _reads(each)
    elif isinstance(spec, dict):
        for key, value in spec.items():
            if key in ("secret", "secretRef", "secretKeyRef") and isinstance(value, dict):
                yield "Secret", str(value.get("secretName") or value.get("name") or "")
            elif key in ("configMap", "configMapRef", "configMapKeyRef") and isinstance(value, dict):
                yield "ConfigMap", str(value.get("name") or "")
            yield from _reads(value)
