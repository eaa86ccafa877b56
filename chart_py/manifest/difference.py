"""Where two objects differ, field by field; documents within Secrets and ConfigMaps are opened, secrets are hidden."""

from __future__ import annotations

import base64
import binascii
import difflib
import json
from collections.abc import Iterator
from itertools import zip_longest
from typing import Any, NamedTuple

import yaml

from chart_py.manifest import Manifest
from chart_py.manifest.documents import Loader
from chart_py.secrecy import HIDDEN, is_secret, keyed, masked


class Missing:
    """The value of a field that is not there."""

    def __repr__(self) -> str:
        return "(nothing)"


MISSING = Missing()


class Hidden(str):
    """The text of a secret: compares as itself, and is never shown."""

    __slots__ = ()


class Item(NamedTuple):
    """A step into a list whose items are told apart by one of their keys (`name`, `mountPath`…)."""

    word: str
    value: str

    def __str__(self) -> str:
        return f"[{self.value}]"


Step = str | int | Item
FieldPath = tuple[Step, ...]


class Difference(NamedTuple):
    """A field that differs: where it is, and what it was and will be (MISSING where it is not there)."""

    path: FieldPath
    before: Any
    after: Any

    @property
    def is_hidden(self) -> bool:
        """Whether neither value may be shown."""
        return any(isinstance(value, Hidden) or visible(value, self.path) == HIDDEN for value in self[1:])


def differences(before: Any, after: Any, path: FieldPath = ()) -> list[Difference]:
    """The fields in which two values differ, as deep as both have them, in the order of `before`, then of `after`."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: list[Difference] = []
        for key in [*before, *(key for key in after if key not in before)]:
            found += differences(before.get(key, MISSING), after.get(key, MISSING), (*path, key))
        return found
    if isinstance(before, list) and isinstance(after, list) and before != after:
        word = identity(before, after)
        if word:
            return _of_items(before, after, word, path)
        if before and after and all(isinstance(each, dict) for each in [*before, *after]):
            pairs = enumerate(zip_longest(before, after, fillvalue=MISSING))
            return [found for i, (old, new) in pairs for found in differences(old, new, (*path, i))]
    return [] if _same(before, after) else [Difference(path, before, after)]


def _of_items(before: list[Any], after: list[Any], word: str, path: FieldPath) -> list[Difference]:
    """The differences of a list whose items are told apart by `word`; a new order of the same items is one too."""
    old = {str(item[word]): item for item in before}
    new = {str(item[word]): item for item in after}
    found: list[Difference] = []
    for name in [*old, *(name for name in new if name not in old)]:
        found += differences(old.get(name, MISSING), new.get(name, MISSING), (*path, Item(word, name)))
    return found or [Difference(path, before, after)]


def identity(*lists: list[Any]) -> str:
    """The key that tells the items of all `lists` apart: all have it, none twice; empty where there is none."""
    for word in ("name", "display_name", "key", "mountPath", "containerPort", "port", "host", "type", "ip"):
        if all(_is_told_apart(items, word) for items in lists):
            return word
    return ""


def _is_told_apart(items: list[Any], word: str) -> bool:
    values = [item.get(word) for item in items if isinstance(item, dict)]
    if any(value is None or isinstance(value, (bool, dict, list)) for value in values):
        return False
    return len(values) == len(items) and len({str(value) for value in values}) == len(items)


def _same(before: Any, after: Any) -> bool:
    # True == 1 to Python, but not to Kubernetes.
    return bool(before == after) and isinstance(before, bool) == isinstance(after, bool)


def is_checksum(path: FieldPath) -> bool:
    """Whether the field at `path` is an annotation that holds a checksum of something else."""
    return len(path) > 1 and path[-2] == "annotations" and str(path[-1]).startswith("checksum/")


def opened(manifest: Manifest) -> Manifest:
    """An object whose data can be compared setting by setting: decoded, with documents in it parsed.

    What is no document in a Secret is a secret: it becomes Hidden, which tells only whether it is the same. A Secret's
    `stringData` counts as its `data`.
    """
    if manifest.get("kind") not in ("Secret", "ConfigMap"):
        return manifest
    is_secret_object = manifest["kind"] == "Secret"
    texts = {key: _decoded(text) if is_secret_object else text for key, text in (manifest.get("data") or {}).items()}
    if is_secret_object:
        texts |= manifest.get("stringData") or {}
    data = {}
    for key, text in texts.items():
        document = _document(text)
        data[key] = document if document is not None else Hidden(text) if is_secret_object else text
    rest = {key: value for key, value in manifest.items() if key not in ("data", "stringData")}
    return {**rest, "data": data} if texts or "data" in manifest else rest


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
    except (yaml.YAMLError, ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, (dict, list)) else None


def spelled(path: FieldPath) -> str:
    """A path as a person writes it: `spec.template.spec.containers[hub].image`."""
    out = ""
    for step in path:
        if isinstance(step, Item):
            out += str(step)
        elif isinstance(step, int):
            out += f"[{step}]"
        else:
            word = f'"{step}"' if "." in step else step
            out += f".{word}" if out else word
    return out


_CHECKSUM = 12


def visible(value: Any, path: FieldPath) -> Any:
    """`value`, which stands at `path` of an object, with secrets hidden and checksums cut short; MISSING is None."""
    if value is MISSING:
        return None
    if isinstance(value, Hidden):
        return HIDDEN
    if isinstance(value, dict):
        # A variable of a container says what it holds by its name.
        name = str(value["name"]) if "value" in value and "name" in value else ""
        return {
            key: HIDDEN if key == "value" and name and is_secret([name.lower()]) else visible(inner, (*path, str(key)))
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [visible(inner, path) for inner in value]
    if value is None or isinstance(value, bool):
        return value
    if path and str(path[-1]).startswith("checksum"):
        return str(value)[:_CHECKSUM] + ("…" if len(str(value)) > _CHECKSUM else "")
    if _is_secret(path):
        return HIDDEN
    return "\n".join(masked(line) for line in value.split("\n")) if isinstance(value, str) else value


def _is_secret(path: FieldPath) -> bool:
    """Whether the value at `path` is secret: within a document its whole path counts, elsewhere the last key does.

    What an object's own fields are called says nothing: a volume called `secret` holds none. A variable of a container
    says what it holds by its name.
    """
    words = [step for step in path if isinstance(step, str)]
    if words[-1:] == ["value"] and len(path) > 1 and isinstance(path[-2], Item):
        return is_secret([path[-2].value.lower()])
    if words[:1] == ["data"] and len(words) > 2:
        # A variable says by its name what it holds, as it does in a container.
        return is_secret(word for word in words[2:] if word != "extraEnv")
    # Below some fields `key` names a label, a taint or an entry.
    return is_secret(words[-1:]) and not (words[-1] == "key" and keyed(words))


def lines(found: Difference, width: int = 100) -> Iterator[str]:
    """`path: before -> after` on one line; of a text of several lines, those that differ."""
    before, after = ("(nothing)" if v is MISSING else visible(v, found.path) for v in (found.before, found.after))
    name = spelled(found.path)
    if isinstance(before, str) and isinstance(after, str) and "\n" in before + after and before != after:
        yield f"{name}:"
        yield from (f"    {mark} {text}" for mark, text in text_lines(before, after, around=0) if mark != " ")
        return
    if found.is_hidden or (before == after and isinstance(before, str)):
        before = before if found.before is MISSING else HIDDEN
        after = after if found.after is MISSING else HIDDEN
    sides = (text if text in ("(nothing)", HIDDEN) else _short(text, width) for text in (before, after))
    yield f"{name}: {' -> '.join(sides)}"


def _short(value: Any, width: int) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= width else text[: width - 1] + "…"


def text_lines(before: str, after: str, *, around: int = 2) -> Iterator[tuple[str, str]]:
    """The lines of two texts that differ, each with its mark `-` or `+`, with lines `around` them; a gap as `…`."""
    found = list(difflib.unified_diff(before.split("\n"), after.split("\n"), n=around, lineterm=""))[2:]
    for number, line in enumerate(found):
        if line.startswith("@@"):
            if number:
                yield " ", "…"
        else:
            yield line[0], line[1:]
