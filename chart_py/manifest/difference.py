"""Where two objects differ, field by field, without showing what a Secret holds."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterator
from typing import Any, NamedTuple

import yaml

from chart_py.finding import Path, dotted
from chart_py.manifest import Manifest
from chart_py.manifest.documents import Loader
from chart_py.secrecy import is_secret

ABSENT = object()


class Difference(NamedTuple):
    """One field: its path in the object, the value before and after; `ABSENT` where there is none."""

    path: Path
    before: Any
    after: Any

    def text(self, width: int = 100) -> str:
        """One line: `path: before -> after`; a secret's values are hidden."""
        hide = is_secret(self.path) or isinstance(self.before, Hidden) or isinstance(self.after, Hidden)
        sides = [
            "(nothing)" if v is ABSENT else "(hidden)" if hide else _short(v, width) for v in (self.before, self.after)
        ]
        return f"{dotted(self.path)}: {sides[0]} -> {sides[1]}"


def _short(value: Any, width: int) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= width else text[: width - 1] + "…"


def differences(before: Any, after: Any, path: Path = ()) -> Iterator[Difference]:
    """Each place where `before` and `after` part; items of lists that have names are paired by name."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in [*before, *(k for k in after if k not in before)]:
            yield from differences(before.get(key, ABSENT), after.get(key, ABSENT), (*path, key))
    elif isinstance(before, list) and isinstance(after, list):
        if _named(before) and _named(after):
            old, new = ({item["name"]: item for item in items} for items in (before, after))
            yield from differences(old, new, path)
            if before != after and old == new:
                yield Difference(path, [*old], [*new])
        else:
            for index in range(max(len(before), len(after))):
                sides = [items[index] if index < len(items) else ABSENT for items in (before, after)]
                yield from differences(sides[0], sides[1], (*path, index))
    elif type(before) is not type(after) or before != after:
        yield Difference(path, before, after)


def _named(items: list[Any]) -> bool:
    names = [item.get("name") for item in items if isinstance(item, dict)]
    return all(isinstance(name, str) for name in names) and len(names) == len(items) == len(set(names))


def readable(manifest: Manifest) -> Manifest:
    """An object with a Secret's data decoded and documents in it parsed, so that differences are found word by word.

    What is no document in a Secret is a secret: it is replaced by a mark that tells only whether it is the same.
    """
    if manifest.get("kind") not in ("Secret", "ConfigMap"):
        return manifest
    secret = manifest["kind"] == "Secret"
    data = {}
    for key, text in (manifest.get("data") or {}).items():
        plain = _decoded(text) if secret else text
        parsed = _document(plain)
        data[key] = parsed if parsed is not None else Hidden(plain) if secret else plain
    return {**manifest, "data": data}


class Hidden(str):
    """A secret's text: compares as itself, and is never shown."""

    __slots__ = ()


def _decoded(text: Any) -> str:
    try:
        return base64.b64decode(str(text)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return str(text)


def _document(text: Any) -> Any:
    if not isinstance(text, str) or "\n" not in text:
        return None
    try:
        parsed = yaml.load(text, Loader=Loader)
    except yaml.YAMLError:
        return None
    return parsed if isinstance(parsed, (dict, list)) else None
