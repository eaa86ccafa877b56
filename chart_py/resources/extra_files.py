"""`extraFiles` of hub and singleuser: what a Secret holds of them and how a pod mounts them."""

from __future__ import annotations

import base64
import json
from typing import Any

from chart_py.manifest.documents import to_yaml
from chart_py.values.base import Map


def encoded(text: str) -> str:
    """A text as a Secret's data holds it."""
    return base64.b64encode(text.encode()).decode()


def secret_data(files: dict[str, Map]) -> dict[str, str]:
    """The files' contents by their keys, base64.

    `stringData` is text and ends in a newline, `binaryData` is base64 already, `data` is written in the language that
    the mount path's ending names: .json, .toml, or YAML.
    """
    return {key: _content(file) for key, file in sorted(files.items())}


def _content(file: Map) -> str:
    if file.get("binaryData") is not None:
        return "".join(str(file["binaryData"]).split())
    if file.get("stringData") is not None:
        text = str(file["stringData"])
        return encoded(text if text.endswith("\n") else text + "\n")
    path, data = str(file.get("mountPath", "")), file.get("data") or {}
    if path.endswith(".json"):
        return encoded(json.dumps(data, ensure_ascii=False, sort_keys=True) + "\n")
    if path.endswith(".toml"):
        return encoded(_toml(data))
    return encoded(to_yaml(data))


def _toml(data: Map) -> str:
    """TOML as Helm writes it: every number is a float there, since Helm's values are JSON."""
    import tomli_w

    def floats(value: Any) -> Any:
        if isinstance(value, dict):
            return {str(key): floats(inner) for key, inner in value.items() if inner is not None}
        if isinstance(value, list):
            return [floats(inner) for inner in value if inner is not None]
        return float(value) if isinstance(value, int) and not isinstance(value, bool) else value

    return tomli_w.dumps(floats(data))


def volume(files: dict[str, Map], secret: str) -> Map | None:
    """The volume `files`: the Secret's keys with their modes; None where there are no files."""
    if not files:
        return None
    items = [{"key": key, "path": key, "mode": file.get("mode")} for key, file in sorted(files.items())]
    return {"name": "files", "secret": {"secretName": secret, "items": items}}


def mounts(files: dict[str, Map]) -> list[Map]:
    """The mount of each file at its path."""
    return [
        {"name": "files", "mountPath": file.get("mountPath"), "subPath": key} for key, file in sorted(files.items())
    ]
