"""The hub's ConfigMap: the Python that configures JupyterHub, and the names of all objects."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.image_puller.images import images_checksum
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.resources.once import once
from chart_py.values.root import Values

HUB_FILES = Path(__file__).parents[2] / "hub_files"
IMAGES_CHECKSUM = "checksum_hook-image-puller"


@cache
def hub_file(name: str) -> str:
    """The text of a file that runs in the hub's pod; it ships with chart_py and never changes at run time."""
    return (HUB_FILES / name).read_text(encoding="utf-8")


@once
def mounted_data(values: Values, context: Context) -> dict[str, str]:
    """What the hub's pod reads of the ConfigMap."""
    return {
        **Names(values, context).table(),
        "jupyterhub_config.py": hub_file("jupyterhub_config.py"),
        "z2jh.py": hub_file("z2jh.py"),
    }


def config_map(values: Values, context: Context) -> Manifest:
    """The ConfigMap; the images' checksum tells the next upgrade whether there is something to pull."""
    names = Names(values, context)
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": metadata(names, context, "hub", names.hub),
        "data": {**mounted_data(values, context), IMAGES_CHECKSUM: images_checksum(values, context)},
    }
