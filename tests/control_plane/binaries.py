"""Owns where the programs are found: $KUBEBUILDER_ASSETS, else the cache folder that `build` fills."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from tests.control_plane.errors import ControlPlaneError
from tests.control_plane.versions import PROGRAMS, STAGES, version_key


def cache_folder() -> Path:
    """Return the folder of the pinned versions' binaries, whether it exists or not."""
    base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "chart_py" / "control-plane" / version_key()


def stage_files(folder: Path | None = None) -> tuple[Path, ...]:
    """Return the paths of kwok's stage files in the cache folder, in the order of `STAGES`."""
    stages = (folder or cache_folder()) / "stages"
    return tuple(stages / Path(stage).name for stage in STAGES)


def is_built(name: str, folder: Path | None = None) -> bool:
    """Say whether the cache folder holds the program `name` (kwok: with its stage files)."""
    folder = folder or cache_folder()
    if not os.access(folder / name, os.X_OK):
        return False
    return name != "kwok" or all(stage.is_file() for stage in stage_files(folder))


def find(name: str) -> Path | None:
    """Return the path of the program `name`, or None where it is not on this machine.

    A program in $KUBEBUILDER_ASSETS, the ecosystem's folder for test binaries, comes before our own build. kwok is
    always ours, as its stage files have to be of its version.
    """
    assets = os.environ.get("KUBEBUILDER_ASSETS")
    if assets and name != "kwok" and os.access(Path(assets) / name, os.X_OK):
        return Path(assets) / name
    return cache_folder() / name if is_built(name) else None


def missing(names: Iterable[str]) -> list[str]:
    """Return those of `names` that are not on this machine."""
    return [name for name in names if find(name) is None]


def advice(names: Iterable[str]) -> str:
    """Return the sentence that says what to run to get the programs `names`."""
    names = list(names)
    small = [each.name for each in PROGRAMS if each.name in names]
    arguments = "" if len(names) > 2 else " " + " ".join(small)
    return f"not built: {', '.join(names)}; run `scripts/control-plane build{arguments}` (it needs Go)"


def path(name: str) -> Path:
    """Return the path of the program `name`; ControlPlaneError, with what to run, where it is missing."""
    found = find(name)
    if found is None:
        raise ControlPlaneError(advice([name]))
    return found
