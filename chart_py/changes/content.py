"""What counts as content of an object: all but its status and what only the server writes into it."""

from __future__ import annotations

from chart_py.manifest import Manifest

_SERVER_METADATA = frozenset(
    {"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields"}
    | {"ownerReferences", "resourceVersion", "selfLink", "uid"}
)
# Written by controllers at every roll-out; nobody applies them.
_SERVER_ANNOTATIONS = frozenset({"deployment.kubernetes.io/revision", "deprecated.daemonset.template.generation"})


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
