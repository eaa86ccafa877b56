"""The modules that a configuration itself brings into the hub: files, mounts, and ways that may bring any."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath
from typing import Any

from chart_py.checks.hub.code import Piece
from chart_py.values.load import Loaded

# Folders in which the hub's Python looks for modules.
_SEARCHED = re.compile(r"/(?:site|dist)-packages(?:/|$)|^/usr/local/etc/jupyterhub(?:/|$)|^/srv/jupyterhub(?:/|$)")


def brought(loaded: Loaded, pieces: Sequence[Piece]) -> set[str] | None:
    """The first names of the modules that the configuration mounts; None where it may bring any."""
    hub = loaded.values.hub
    files = [str(file.get("mountPath", "")) for file in hub.extraFiles.values() if isinstance(file, dict)]
    mounts = [
        str(mount.get("mountPath", "")) for mount in _dicts([*hub.extraVolumeMounts, *_of_spec(hub.extraPodSpec)])
    ]
    if _installs(hub.command, hub.args) or _searches_elsewhere(hub.extraEnv) or any(map(_changes_path, pieces)):
        return None
    # A whole folder that Python searches may have any module in it.
    if any(_SEARCHED.search(path) and _is_searched_itself(path) for path in mounts):
        return None
    return {name for path in (*files, *mounts) if (name := module_at(path))}


def module_at(path: str) -> str:
    """The first name of the module that a file or folder at `path` is; empty where it is none."""
    found = PurePosixPath(path)
    if match := re.search(r"/(?:site|dist)-packages/([^/]+)", path):
        return match[1].removesuffix(".py")
    if found.name == "__init__.py":
        return found.parent.name
    if found.suffix == ".py":
        return found.stem
    return found.name if _SEARCHED.search(path) else ""


def _is_searched_itself(path: str) -> bool:
    return bool(re.search(r"/(?:site|dist)-packages/?$|^/usr/local/etc/jupyterhub/?$|^/srv/jupyterhub/?$", path))


def _dicts(items: Iterable[Any]) -> list[dict[str, Any]]:
    return [item for item in items if isinstance(item, dict)]


def _of_spec(spec: Any) -> list[Any]:
    """The mounts of the containers that an extraPodSpec has in place of the chart's."""
    containers = spec.get("containers") if isinstance(spec, dict) else None
    listed = _dicts(containers) if isinstance(containers, list) else []
    return [mount for each in listed for mount in each.get("volumeMounts") or () if isinstance(mount, dict)]


def _installs(*commands: Sequence[Any]) -> bool:
    """Whether the hub's own command installs packages before it starts."""
    return any(re.search(r"\b(?:pip|conda|mamba|apt|apk|uv)\b", str(part)) for command in commands for part in command)


def _searches_elsewhere(variables: Any) -> bool:
    """Whether PYTHONPATH names more folders."""
    if isinstance(variables, dict):
        return "PYTHONPATH" in variables
    return any(variable.get("name") == "PYTHONPATH" for variable in _dicts(variables or ()))


def _changes_path(piece: Piece) -> bool:
    """Whether a text changes where Python looks, or installs something: sys.path, site.addsitedir, pip."""
    for node in ast.walk(piece.tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("sys.path", "site.addsitedir", "sys.meta_path"):
            return True
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.search(r"\bpip3?\b", node.value):
            return True
    return False
