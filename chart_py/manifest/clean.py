"""What a builder left open is taken out of an object."""

from __future__ import annotations

from typing import Any


def clean(value: Any) -> Any:
    """`value` without the words that are None, at every depth. Parts with nothing to take out are returned as they are.

    Empty maps and lists stay: `emptyDir: {}` says something. A builder writes `words or None` where it says nothing.
    """
    if type(value) is dict:
        changed = False
        out = {}
        for key, inner in value.items():
            if inner is None:
                changed = True
                continue
            kept = clean(inner) if type(inner) is dict or type(inner) is list else inner
            changed = changed or kept is not inner
            out[key] = kept
        return out if changed else value
    if type(value) is list:
        items = [clean(item) if type(item) is dict or type(item) is list else item for item in value]
        return items if any(new is not old for new, old in zip(items, value, strict=True)) else value
    return value
