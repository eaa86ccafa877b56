"""The schemas that ship with chart_py: of the kinds that it makes, for each Kubernetes version; nothing is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple
from zipfile import ZipFile

from chart_py.errors import UsageError
from chart_py.finding import Path as Pointer
from chart_py.manifest import Manifest

_ARCHIVE = Path(__file__).parent.parent / "tables" / "schemas.zip"
LATEST = "1.37"


class Violation(NamedTuple):
    """Where an object is not as its schema has it: `pointer` to the field, and what is wrong with it.

    `unknown` is true where the schema has no field of the pointer's last name.
    """

    manifest: Manifest
    pointer: Pointer
    message: str
    unknown: bool = False


@cache
def versions() -> tuple[str, ...]:
    """The Kubernetes versions whose schemas ship, oldest first."""
    with ZipFile(_ARCHIVE) as archive:
        found = [name.removesuffix(".json") for name in archive.namelist()]
    return tuple(sorted(found, key=lambda version: int(version.split(".")[1])))


def version_range(text: str) -> tuple[str, ...]:
    """The versions that `1.30`, `v1.30.2` or `1.28..1.30` names. Raises UsageError for one without schemas."""
    first, _, last = text.partition("..")
    ends = []
    for end in (first, last or first):
        found = re.fullmatch(r"v?(\d+\.\d+)(?:\..*)?", end.strip())
        if not found or found[1] not in versions():
            known = f"{versions()[0]} to {versions()[-1]}"
            raise UsageError(f"--kube-version {text}: schemas are here for Kubernetes {known}, for example 1.33")
        ends.append(versions().index(found[1]))
    return versions()[min(ends) : max(ends) + 1]


@cache
def of_version(version: str) -> dict[str, dict[str, Any]]:
    """The schemas of a version, from the stem of a file as kubeconform looks for it to the schema with its `$defs`."""
    with ZipFile(_ARCHIVE) as archive:
        found = json.loads(archive.read(f"{version}.json"))
    near = {name: _references(schema) for name, schema in found["$defs"].items()}
    out = {}
    for stem, schema in found["kinds"].items():
        needed, left = dict[str, Any](), _references(schema)
        while left:
            name = left.pop()
            if name not in needed:
                needed[name] = found["$defs"][name]
                left += near[name]
        out[stem] = schema | {"$defs": needed}
    return out


def _references(schema: dict[str, Any]) -> list[str]:
    """The definitions that a schema refers to itself."""
    return re.findall(r'"#/\$defs/([^"]+)"', json.dumps(schema))


@contextmanager
def folder(version: str) -> Iterator[Path]:
    """The schemas of a version as files, for programs that read such."""
    with TemporaryDirectory(prefix="chart-py-schemas-") as name:
        for stem, schema in of_version(version).items():
            (Path(name) / f"{stem}.json").write_text(json.dumps(schema), encoding="utf-8")
        yield Path(name)


def stem_of(manifest: Manifest) -> str:
    """The stem of the file that holds the schema of an object: kind, first word of its API group, version."""
    group, slash, version = str(manifest.get("apiVersion", "")).rpartition("/")
    return "-".join([str(manifest.get("kind", "")).lower(), *([group.split(".")[0]] if slash else []), version])


def fields_at(schema: dict[str, Any], pointer: Pointer) -> list[str]:
    """The names that the schema has at `pointer`; [] where anything goes."""
    here: Any = schema
    for step in pointer:
        here = _resolved(here, schema)
        if isinstance(step, int):
            here = here.get("items", {})
        else:
            extra = here.get("additionalProperties")
            here = here.get("properties", {}).get(step) or (extra if isinstance(extra, dict) else {})
    return list(_resolved(here, schema).get("properties", {}))


def _resolved(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    reference = schema.get("$ref")
    found: dict[str, Any] = root["$defs"][reference.removeprefix("#/$defs/")] if reference else schema
    return found
