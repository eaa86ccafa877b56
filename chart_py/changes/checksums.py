"""Checksums in pod templates that stay as they are, because nothing of what the pods read has changed in meaning."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from chart_py.manifest import Manifest
from chart_py.manifest.difference import MISSING, differences
from chart_py.manifest.embedded import opened
from chart_py.manifest.key import Key, key_of

Subject = tuple[str, str, str]
"""A Secret or ConfigMap by kind and name, and the key of it that is read; empty for all of it."""


def kept(wanted: Sequence[Manifest], deployed: Mapping[Key, Manifest], annotations: Collection[str]) -> list[Manifest]:
    """`wanted` with the checksums of the deployed pod templates wherever all that these pods read is the same.

    Another renderer computes another checksum of the same data, and a pod would restart for nothing. `deployed` are the
    objects that the running pods were started with; with a run that did not come to its end that is not known.
    `annotations` names those that are computed: another one is somebody's own, and means what it says.
    """
    before = {(key.kind, key.name): each for key, each in deployed.items()}
    after = {(key.kind, key.name): each for each in wanted for key in [key_of(each)]}
    return [_kept(each, before, after, annotations) for each in wanted]


Objects = Mapping[tuple[str, str], Manifest]


def _kept(manifest: Manifest, before: Objects, after: Objects, annotations: Collection[str]) -> Manifest:
    key = key_of(manifest)
    old, new = (_notes(side) for side in (before.get((key.kind, key.name)), manifest))
    moved = {note for note in annotations if note in old and note in new and old[note] != new[note]}
    if not moved or any(_differs(each, before, after) for each in _subjects(manifest["spec"]["template"])):
        return manifest
    template = manifest["spec"]["template"]
    notes = {note: old[note] if note in moved else value for note, value in new.items()}
    meta = {**template["metadata"], "annotations": notes}
    return {**manifest, "spec": {**manifest["spec"], "template": {**template, "metadata": meta}}}


def _notes(manifest: Manifest | None) -> Mapping[str, Any]:
    """The annotations of an object's pod template."""
    template = ((manifest or {}).get("spec") or {}).get("template") or {}
    return (template.get("metadata") or {}).get("annotations") or {}


def _subjects(node: Any) -> Iterator[Subject]:
    """What a pod reads of Secrets and ConfigMaps, by volumes and by variables."""
    if isinstance(node, list):
        for each in node:
            yield from _subjects(each)
    if not isinstance(node, dict):
        return
    for word, value in node.items():
        if isinstance(value, dict):
            name = str(value.get("name") or value.get("secretName") or "")
            if word in ("secretKeyRef", "configMapKeyRef"):
                yield ("Secret" if word == "secretKeyRef" else "ConfigMap", name, str(value.get("key", "")))
            elif word in ("secret", "secretRef"):
                yield from _whole("Secret", name, value)
            elif word in ("configMap", "configMapRef"):
                yield from _whole("ConfigMap", name, value)
        yield from _subjects(value)


def _whole(kind: str, name: str, source: Mapping[str, Any]) -> Iterable[Subject]:
    """A volume of all keys, or of those that it names."""
    items = source.get("items")
    return [(kind, name, str(each.get("key", ""))) for each in items] if items else [(kind, name, "")]


def _differs(subject: Subject, before: Objects, after: Objects) -> bool:
    kind, name, key = subject
    old, new = (_data(side.get((kind, name))) for side in (before, after))
    if key:
        old, new = ({key: side[key]} if key in side else {} for side in (old, new))
    return bool(differences(old or MISSING, new or MISSING))


def _data(manifest: Manifest | None) -> dict[str, Any]:
    """What a Secret or ConfigMap says, documents opened, whichever way it is written down."""
    return dict((opened(manifest or {}).get("data")) or {})
