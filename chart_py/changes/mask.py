"""What of an object may be shown: the values of secrets never, whatever object they stand in."""

from __future__ import annotations

from typing import Any

from chart_py.changes.content import MISSING, FieldChange, FieldPath, Item, content
from chart_py.manifest import Manifest
from chart_py.secrecy import is_secret, masked

HIDDEN = "(hidden)"
_CHECKSUM = 12


def shown(value: Any, path: FieldPath) -> Any:
    """`value`, which stands at `path` of an object that is no Secret, with secrets hidden and checksums cut short."""
    words = [step.value if isinstance(step, Item) else str(step) for step in path]
    return _shown(value, words)


def _shown(value: Any, words: list[str]) -> Any:
    if isinstance(value, dict):
        # A variable of a container says what it holds by its name.
        name = str(value["name"]) if "value" in value and "name" in value else ""
        return {
            key: HIDDEN if key == "value" and name and is_secret([name.lower()]) else _shown(inner, [*words, str(key)])
            for key, inner in value.items()
        }
    if isinstance(value, list):
        return [_shown(inner, words) for inner in value]
    if not isinstance(value, str):
        return value
    last = words[-1] if words else ""
    if last.startswith("checksum"):
        return value[:_CHECKSUM] + ("…" if len(value) > _CHECKSUM else "")
    if is_secret([last]) or (last == "value" and len(words) > 1 and is_secret([words[-2].lower()])):
        return HIDDEN
    return "\n".join(masked(line) for line in value.split("\n"))


def without_secrets(manifest: Manifest) -> Manifest:
    """A whole object as it may be shown: without what the server wrote, a Secret's values each as `(hidden)`."""
    found = content(manifest)
    if manifest.get("kind") != "Secret":
        return dict(shown(found, ()))
    for words in ("data", "stringData"):
        if words in found:
            found = {**found, words: dict.fromkeys(found[words] or {}, HIDDEN)}
    return found


def secret_keys(live: Manifest | None, after: Manifest | None) -> dict[str, str]:
    """What becomes of each key of a Secret: `kept`, `changed`, `new` or `removed`."""
    old = (live or {}).get("data") or {}
    new = (after or {}).get("data") or {}
    # What could not be asked of the server is still in the form in which it is sent.
    texts = (after or {}).get("stringData") or {}
    states = dict.fromkeys(old, "removed")
    for key, value in {**new, **texts}.items():
        if key not in old:
            states[key] = "new"
        else:
            states[key] = "kept" if key in new and old[key] == value else "changed"
    return states


def is_secret_data(change: FieldChange) -> bool:
    """Whether a change of a Secret object is about its values."""
    return bool(change.path) and change.path[0] in ("data", "stringData")


def visible(value: Any, path: FieldPath) -> Any:
    """A change's value as JSON has it: hidden where it is secret, None where it is missing."""
    return None if value is MISSING else shown(value, path)
