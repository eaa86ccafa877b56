"""Kubernetes' schemas in the form that kubeconform reads, made of the package kubernetes-validate.

Its files refer to each other by an address that kubeconform cannot follow, so every definition that a kind needs is
written into the kind's own file.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

FILE = "/api/_definitions.json"
WITHIN = "#/$defs/"


def references(node: Any) -> Iterator[str]:
    """The names of the definitions that a schema refers to."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "$ref" and isinstance(value, str):
                yield value.removeprefix(FILE).removeprefix(WITHIN)
            else:
                yield from references(value)
    elif isinstance(node, list):
        for value in node:
            yield from references(value)


def whole(schema: dict[str, Any], definitions: dict[str, Any]) -> str:
    """The text of `schema` with all the definitions that it needs, directly or not."""
    needed: dict[str, Any] = {}
    waiting = list(references(schema))
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed[name] = definitions[name]
            waiting += references(definitions[name])
    return json.dumps({**schema, "$defs": needed}).replace(f'"{FILE}{WITHIN}', f'"{WITHIN}')


def suffix(api_version: str) -> str:
    """An object's apiVersion as the files' names have it: `apps/v1` is `-apps-v1`, `v1` is `-v1`."""
    group, _, version = api_version.rpartition("/")
    return "".join(f"-{part}" for part in (group.partition(".")[0], version) if part)


def write(folder: Path, kinds: set[tuple[str, str]], version: str) -> None:
    """Write the schemas of `kinds` (apiVersion, kind) of Kubernetes `version` (such as 1.33) into `folder`.

    Raises ImportError without kubernetes-validate, FileNotFoundError for a kind that the version does not have.
    """
    import kubernetes_validate

    source = Path(kubernetes_validate.__file__).parent / "kubernetes-json-schema" / f"v{version}.0-local-strict"
    definitions = json.loads((source / "_definitions.json").read_text(encoding="utf-8"))["$defs"]
    for api_version, kind in kinds:
        name = f"{kind.lower()}{suffix(api_version)}.json"
        schema = json.loads((source / name).read_text(encoding="utf-8"))
        (folder / name).write_text(whole(schema, definitions), encoding="utf-8")
