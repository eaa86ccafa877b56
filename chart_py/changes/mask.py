"""What of an object may be shown: the values of secrets never, whatever object they stand in."""

from __future__ import annotations

from chart_py.changes.content import content
from chart_py.manifest import Manifest
from chart_py.manifest.shown import visible
from chart_py.secrecy import HIDDEN


def without_secrets(manifest: Manifest) -> Manifest:
    """A whole object as it may be shown: without what the server wrote, a Secret's values each as `(hidden)`."""
    found = content(manifest)
    if manifest.get("kind") != "Secret":
        return dict(visible(found, ()))
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
