"""What the hub's image of each release has: its Python and its packages, pinned.

`hub_packages.json` has for each release what is not the same as in the one before it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("hub_packages.json")


@dataclass(frozen=True)
class HubImage:
    """The hub's image of a release: `python` as 3.12, `packages` their versions by their names on PyPI."""

    python: str
    packages: dict[str, str] = field(repr=False)

    @property
    def kubespawner(self) -> str:
        """KubeSpawner's version."""
        return self.packages["jupyterhub-kubespawner"]


def hub_image(version: str) -> HubImage:
    """The hub's image of a release; raises KeyError for a version that was not released."""
    return _images()[version]


@cache
def _images() -> dict[str, HubImage]:
    rows: dict[str, dict[str, Any]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    found: dict[str, HubImage] = {}
    python, packages = "", dict[str, str]()
    for version, row in rows.items():
        python = row.get("python", python)
        laid = {**packages, **row.get("packages", {})}
        packages = {name: pin for name, pin in laid.items() if pin is not None}
        found[version] = HubImage(python, packages)
    return found
