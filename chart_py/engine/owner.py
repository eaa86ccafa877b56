"""To which release an object belongs: the annotations that Helm puts on objects, which are ours too."""

from __future__ import annotations

from typing import NamedTuple

from chart_py.manifest import Manifest
from chart_py.manifest.key import key_of
from chart_py.manifest.kinds import known_in

_NAME = "meta.helm.sh/release-name"
_NAMESPACE = "meta.helm.sh/release-namespace"
KEEP = "helm.sh/resource-policy"


class Owner(NamedTuple):
    """A release by its name and namespace."""

    release: str
    namespace: str

    def __str__(self) -> str:
        return f"the release {self.release} in {self.namespace}"


def owner_of(manifest: Manifest) -> Owner | None:
    """The release that an object says it belongs to; None where it says nothing."""
    notes = (manifest.get("metadata") or {}).get("annotations") or {}
    return Owner(str(notes[_NAME]), str(notes.get(_NAMESPACE, ""))) if _NAME in notes else None


def as_owned(manifest: Manifest, owner: Owner) -> Manifest:
    """`manifest` as it is applied for a release: saying so, and in the release's namespace where it names none."""
    meta = manifest.get("metadata") or {}
    notes = {**(meta.get("annotations") or {}), _NAME: owner.release, _NAMESPACE: owner.namespace}
    owned = {**meta, "annotations": notes}
    key = key_of(manifest)
    kind = known_in(key.group, key.kind)
    if kind and not kind.wide and not meta.get("namespace"):
        owned["namespace"] = owner.namespace
    return {**manifest, "metadata": owned}


def is_kept(manifest: Manifest) -> bool:
    """Whether an object asks to be kept when its release no longer wants it."""
    notes = (manifest.get("metadata") or {}).get("annotations") or {}
    return str(notes.get(KEEP, "")).strip().lower() == "keep"
