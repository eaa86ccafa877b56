"""Objects as text and back: YAML documents as kubectl reads them, or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import yaml

from chart_py.manifest import Manifest

_Dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Writer(_Dumper):  # type: ignore[misc, valid-type]
    """libyaml's writer: no anchors, and texts of several lines as block scalars, as a person would write them."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _text(writer: Any, data: str) -> Any:
    # A block scalar can hold neither trailing blanks nor characters that need escapes; libyaml falls back to quotes.
    return writer.represent_scalar("tag:yaml.org,2002:str", data, style="|" if "\n" in data else None)


_Writer.add_representer(str, _text)


def to_yaml(data: Any) -> str:
    """One value as a YAML text, maps in their own order."""
    text: str = yaml.dump(data, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=2**31 - 1)
    return text


def to_documents(manifests: Iterable[Manifest]) -> str:
    """Objects as YAML documents, each after a line of its own that says `---`."""
    text: str = yaml.dump_all(
        manifests, Dumper=_Writer, sort_keys=False, allow_unicode=True, width=2**31 - 1, explicit_start=True
    )
    return text


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
