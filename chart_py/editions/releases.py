"""Every published release of the chart: when, with which JupyterHub, for which Kubernetes, with which images.

`releases.json` has for each release what is not the same as in the one before it; the images that are built with the
chart have its version for a tag.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

_TABLE = Path(__file__).with_name("releases.json")
# Built with the chart, from the registry that `registry` names.
_OWN = {
    "hub.image": "k8s-hub",
    "proxy.secretSync.image": "k8s-secret-sync",
    "singleuser.networkTools.image": "k8s-network-tools",
    "singleuser.image": "k8s-singleuser-sample",
    "prePuller.hook.image": "k8s-image-awaiter",
}


@dataclass(frozen=True)
class Release:
    """A release: `date` as 2024-07-31, `kubernetes` the oldest version that it runs on, `images` by their setting.

    `security` says in one line what it fixes where it is a security release.
    """

    version: str
    date: str
    jupyterhub: str
    kubernetes: str
    images: dict[str, str] = field(repr=False)
    security: str = ""

    def image(self, setting: str) -> tuple[str, str] | None:
        """The name and the tag of the image at `setting`; None where this release has no such setting."""
        whole = self.images.get(setting)
        if whole is None:
            return None
        name, _, tag = whole.rpartition(":")
        return name, tag


def _read() -> dict[str, Release]:
    rows: dict[str, dict[str, Any]] = json.loads(_TABLE.read_text(encoding="utf-8"))
    found: dict[str, Release] = {}
    images: dict[str, str] = {}
    registry = ""
    for version, row in rows.items():
        registry = row.get("registry", registry)
        tag = version.partition("-")[0]
        images = {
            **images,
            **row.get("images", {}),
            **{setting: f"{registry}/{name}:{tag}" for setting, name in _OWN.items()},
        }
        found[version] = Release(
            version, row["date"], row["jupyterhub"], row["kubernetes"], images, row.get("security", "")
        )
    return found


RELEASES = _read()
"""All releases by version, the oldest first; `5.0.0-dev` is the chart's main branch on its date."""
