"""Owns objects as Helm would have rendered them of the JupyterHub chart: other names of the renderer, other texts."""

from __future__ import annotations

import base64
import copy
from collections.abc import Iterable
from typing import Any

import yaml

from chart_py.manifest.documents import to_yaml

Json = dict[str, Any]
VERSION = "4.3.0"
CHART = f"jupyterhub-{VERSION}"
HERITAGE = {"heritage": "Helm", "chart": CHART}
LABELS = {**HERITAGE, "app.kubernetes.io/managed-by": "Helm", "helm.sh/chart": CHART}
# The chart says null for what is not set.
NULLS = (("hub", "db", "url"), ("hub", "db", "password"), ("singleuser", "defaultUrl"), ("proxy", "secretToken"))


def as_helm(manifests: Iterable[Json], version: str = VERSION) -> list[Json]:
    """The objects with Helm's labels, nulls among the values, other files of the hub and other checksums.

    Before chart 4 there were no labels but the old ones.
    """
    labels = HERITAGE if version < "4" else LABELS
    own = {key: value.replace(VERSION, version) for key, value in labels.items()}
    return [_as_helm(copy.deepcopy(each), own, version) for each in manifests]


def _as_helm(manifest: Json, labels: Json, version: str) -> Json:
    meta, name = manifest["metadata"], (manifest["kind"], manifest["metadata"]["name"])
    meta["labels"] = {**meta["labels"], **labels}
    if name == ("Secret", "hub"):
        manifest["data"]["values.yaml"] = _encoded(to_yaml(_values(manifest["data"]["values.yaml"], version)))
    if name == ("ConfigMap", "hub"):
        for key in manifest["data"]:
            if key.endswith(".py"):
                manifest["data"][key] = "".join(f"# Line {i} of the chart's own.\n" for i in range(500))
            elif key.startswith("checksum_"):
                manifest["data"][key] = "f" * 64
    notes = manifest.get("spec", {}).get("template", {}).get("metadata", {}).get("annotations", {})
    notes.update({key: "e" * 64 for key in notes if key.startswith("checksum/")})
    return manifest


def _values(data: str, version: str) -> Json:
    found: Json = yaml.safe_load(base64.b64decode(data))
    found["Release"]["Service"], found["Chart"]["Version"] = "Helm", version
    for *above, last in NULLS:
        here = found
        for step in above:
            here = here.setdefault(step, {})
        here.setdefault(last, None)
    return found


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()
