"""Documents within Secrets and ConfigMaps: opened, so that what is in them can be compared setting by setting."""

from __future__ import annotations

import base64
import binascii
import math
from typing import Any

import yaml

from chart_py.manifest import Manifest
from chart_py.manifest.documents import Loader
from chart_py.secrecy import Hidden, has_secret_keys, is_code

VALUES = "values.yaml"
"""The key under which a release's values are kept: what is secret in them is told by their names."""
# How the key of a YAML or JSON document ends; one without any ending may hold a document too.
_ENDINGS = ("yaml", "yml", "json", "dockerconfigjson")
_MOST = 100_000


def opened(manifest: Manifest) -> Manifest:
    """An object whose data can be compared setting by setting: decoded, with YAML and JSON documents in it parsed.

    All in a Secret is secret but programs and pages, and the settings in `values.yaml`, whose names tell: it becomes
    Hidden, which tells only whether it is the same. A Secret's `stringData` counts as its `data`.
    """
    kind = manifest.get("kind")
    if kind not in ("Secret", "ConfigMap"):
        return manifest
    texts = {key: _decoded(text) if kind == "Secret" else text for key, text in (manifest.get("data") or {}).items()}
    if kind == "Secret":
        texts |= manifest.get("stringData") or {}
    data = {}
    for key, text in texts.items():
        found = _document(str(key), text)
        is_open = kind == "ConfigMap" or is_code(str(key)) or (key == VALUES and not isinstance(found, str))
        data[key] = found if is_open else hidden(found)
    rest = {key: value for key, value in manifest.items() if key not in ("data", "stringData")}
    return {**rest, "data": data} if texts or "data" in manifest else rest


def hidden(value: Any) -> Any:
    """`value` with every text, number and truth value in it Hidden: which of them differ can be told, and no more."""
    if isinstance(value, dict):
        return {key: hidden(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [hidden(inner) for inner in value]
    return value if value is None or isinstance(value, Hidden) else Hidden(repr(value))


def _decoded(text: Any) -> str:
    try:
        return base64.b64decode(str(text)).decode()
    except (binascii.Error, UnicodeDecodeError):
        return str(text)


def _document(key: str, text: Any) -> Any:
    """The map or list that a text holds, as plain data; the text itself where it holds none."""
    if not isinstance(text, str) or not _may_hold_one(key, text):
        return text
    try:
        parsed = yaml.load(text, Loader=Loader)
        return _Plain().plain(parsed) if isinstance(parsed, (dict, list)) else text
    except (yaml.YAMLError, ValueError, RecursionError):
        return text


def _may_hold_one(key: str, text: str) -> bool:
    _, dot, ending = key.rpartition(".")
    if dot and ending not in _ENDINGS:
        return False
    return "\n" in text.strip() or text.lstrip()[:1] in ("{", "[") or (":" in text and ending in _ENDINGS)


class _Plain:
    """Makes plain data of what YAML was read to: text for keys and dates, and no more than a person would write.

    Raises ValueError where aliases would make it grow beyond measure, or where two keys become one.
    """

    def __init__(self) -> None:
        self._left = _MOST

    def plain(self, value: Any) -> Any:
        self._left -= 1
        if self._left < 0:
            raise ValueError("too large")
        if isinstance(value, dict):
            found = {_word(key): self.plain(inner) for key, inner in value.items()}
            if len(found) < len(value):
                raise ValueError("two keys are one text")
            # Where the keys are secrets, the map is compared as one, and no path names them.
            return {
                key: Hidden(repr(inner)) if isinstance(inner, dict) and has_secret_keys((key,)) else inner
                for key, inner in found.items()
            }
        if isinstance(value, list):
            return [self.plain(inner) for inner in value]
        if value is None or isinstance(value, (bool, int, str)) or (isinstance(value, float) and math.isfinite(value)):
            return value
        return str(value)


def _word(key: Any) -> str:
    if isinstance(key, bool) or key is None:
        return {True: "true", False: "false", None: "null"}[key]
    return str(key)
