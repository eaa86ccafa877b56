"""The order in which objects are installed, Helm's: what others need comes first."""

from __future__ import annotations

from collections.abc import Iterable

from chart_py.manifest import Manifest
from chart_py.manifest.kinds import kind_rank

HOOK = "helm.sh/hook"
HOOK_WEIGHT = "helm.sh/hook-weight"


def hook_events(manifest: Manifest) -> tuple[str, ...]:
    """The events at which an object is applied as a hook; empty for an object of the release itself."""
    value = ((manifest.get("metadata") or {}).get("annotations") or {}).get(HOOK)
    return tuple(event.strip() for event in str(value).split(",")) if value else ()


def hook_weight(manifest: Manifest) -> int:
    """A hook's weight: hooks of one event run from the lowest on."""
    return int(manifest["metadata"]["annotations"].get(HOOK_WEIGHT, 0))


def in_install_order(manifests: Iterable[Manifest]) -> list[Manifest]:
    """Objects by kind and name, after them the hooks by weight, kind and name."""

    def rank(manifest: Manifest) -> tuple[bool, int, int, str, str]:
        hook = bool(hook_events(manifest))
        kind = manifest["kind"]
        return (hook, hook_weight(manifest) if hook else 0, kind_rank(kind), kind, manifest["metadata"]["name"])

    return sorted(manifests, key=rank)
