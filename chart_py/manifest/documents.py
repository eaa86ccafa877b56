"""Objects as text and back: YAML documents as kubectl reads them, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable

import yaml

from chart_py.manifest import Manifest
from chart_py.manifest.yaml_text import to_documents, to_yaml

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def to_json(manifests: Iterable[Manifest]) -> str:
    """Objects as one JSON List, as `kubectl get -o json` writes it."""
    listed = {"apiVersion": "v1", "kind": "List", "items": list(manifests)}
    return json.dumps(listed, indent=2, ensure_ascii=False) + "\n"


def from_documents(text: str) -> list[Manifest]:
    """The objects in a YAML text of any number of documents; Lists are taken apart. Raises yaml.YAMLError."""
    found: list[Manifest] = []
    for document in yaml.load_all(text, Loader=Loader):
        if (
            isinstance(document, dict)
            and str(document.get("kind", "")).endswith("List")
            and isinstance(document.get("items"), list)
        ):
            found += [item for item in document["items"] if isinstance(item, dict)]
        elif isinstance(document, dict):
            found.append(document)
        elif document is not None:
            raise yaml.YAMLError("a document is no object: it has to be a map with apiVersion and kind")
    return found


__all__ = ["Loader", "from_documents", "to_documents", "to_json", "to_yaml"]
