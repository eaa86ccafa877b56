"""What of a plan follows from the rest of it: restarts for what pods read, labels that name a renderer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from chart_py.changes.change import WORKLOADS, Change
from chart_py.changes.plan import Plan
from chart_py.manifest.difference import MISSING, Difference, FieldPath, is_checksum

RENDERER_LABELS = frozenset({"app.kubernetes.io/managed-by", "app.kubernetes.io/version", "chart", "helm.sh/chart"}) | {
    "heritage"
}
"""Labels that say who rendered an object, and from which version of the chart; no selector has them."""


class Relabelled(NamedTuple):
    """Labels that change alike in a number of `objects`."""

    objects: int
    labels: tuple[str, ...]
    before: str
    after: str

    def __str__(self) -> str:
        what = "1 object" if self.objects == 1 else f"{self.objects} objects"
        return f"{what}: {', '.join(self.labels)}: {self.before or '(nothing)'} -> {self.after or '(nothing)'}"


def is_renderer_label(path: FieldPath) -> bool:
    """Whether the field at `path` is a label that only names the renderer or the chart's version."""
    return len(path) > 1 and path[-2] == "labels" and path[-1] in RENDERER_LABELS


def own_fields(change: Change) -> list[Difference]:
    """The fields that change and do not follow from anything else."""
    return [each for each in change.fields if not is_checksum(each.path) and not is_renderer_label(each.path)]


def relabelled(changes: Iterable[Change]) -> list[Relabelled]:
    """The renderer's labels that change, those that change alike in one row, the most frequent first."""
    rows: dict[tuple[str, str], dict[str, set[int]]] = {}
    for number, change in enumerate(changes):
        for each in change.fields:
            if is_renderer_label(each.path):
                sides = tuple("" if value is MISSING else str(value) for value in (each.before, each.after))
                rows.setdefault((sides[0], sides[1]), {}).setdefault(str(each.path[-1]), set()).add(number)
    found = [
        Relabelled(len(set().union(*labels.values())), tuple(sorted(labels)), before, after)
        for (before, after), labels in rows.items()
    ]
    return sorted(found, key=lambda row: -row.objects)


def restart_reasons(change: Change, plan: Plan) -> tuple[str, ...]:
    """What the pods of `change` read and the plan changes too, as `Secret/hub`; empty where they do not restart."""
    if not change.restarts:
        return ()
    template = ((change.result or {}).get("spec") or {}).get("template") or {}
    read = set(_reads(template.get("spec") or {}))
    written = {(each.key.kind, each.key.name): str(each.key) for each in plan.writing}
    namespace = change.key.namespace
    there = {(e.key.kind, e.key.name) for e in plan.writing if (e.key.namespace or namespace) == namespace}
    return tuple(name for key, name in written.items() if key in read and key in there)


def only_checksums(change: Change) -> bool:
    """Whether the pods restart only because checksums change, and nothing else of their template does."""
    inside = [each.path for each in change.fields if each.path[:2] == ("spec", "template")]
    return change.key.kind in WORKLOADS and bool(inside) and all(map(is_checksum, inside))


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
