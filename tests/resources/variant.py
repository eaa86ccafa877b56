"""Objects as the tests expect them: those that a file shows, and others told by what differs from one of them."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import yaml

Object = dict[str, Any]


def shown(folder: str) -> dict[str, Object]:
    """The objects in `expected.yaml` beside the test module `folder`, by kind and name."""
    text = (Path(folder).parent / "expected.yaml").read_text(encoding="utf-8")
    return {f"{one['kind']}/{one['metadata']['name']}": one for one in yaml.safe_load_all(text)}


def changed(one: Object, changes: dict[str, Any]) -> Object:
    """A copy of `one` with each path (words and list positions, blanks between) set; None takes the word away."""
    out = copy.deepcopy(one)
    for path, value in changes.items():
        *above, last = (int(step) if step.lstrip("-").isdigit() else step for step in path.split())
        here: Any = out
        for step in above:
            here = here.setdefault(step, {}) if isinstance(here, dict) else here[step]
        if value is None:
            del here[last]
        else:
            here[last] = value
    return out


def read(one: Object | None) -> Object | None:
    """`one` with the YAML documents in its data parsed."""
    return one and {**one, "data": {name: yaml.safe_load(text) for name, text in one["data"].items()}}
