"""What tells one object from another: its `Key`."""

from __future__ import annotations

from typing import NamedTuple

from chart_py.manifest import Manifest
from chart_py.manifest.kinds import CLUSTER_KINDS


class Key(NamedTuple):
    """An object's API group and kind, its namespace (empty for cluster-wide objects) and its name."""

    group: str
    kind: str
    namespace: str
    name: str

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}"


def key_of(manifest: Manifest) -> Key:
    """The key of an object; its version does not count."""
    group, slash, _ = str(manifest.get("apiVersion", "")).partition("/")
    meta = manifest.get("metadata") or {}
    kind = str(manifest.get("kind", ""))
    namespace = "" if kind in CLUSTER_KINDS else str(meta.get("namespace") or "")
    return Key(group if slash else "", kind, namespace, str(meta.get("name", "")))
