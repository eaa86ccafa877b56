"""Owns a hub as one tree: its objects, what its files tell JupyterHub, and the server that KubeSpawner makes.

    whole({"singleuser": {"memory": {"limit": "2G"}}})
    {"Deployment/hub": {...}, ..., "c.KubeSpawner.mem_limit": "2G", ..., "users' Pod": {...}}

The real JupyterHub and KubeSpawner do the work. They are asked again only where something that the hub's files read
has changed, which a recording of z2jh tells. What repeats all values (values.yaml in the hub's Secret) is left out.
"""

from __future__ import annotations

import base64
import contextlib
import json
import logging
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.manifest.key import key_of
from chart_py.rendering import context_for, render
from chart_py.resources.hub.config_map import IMAGES_CHECKSUM
from chart_py.values.layer import Layer
from chart_py.values.load import from_layers
from tests.hub_files.mounted_hub import HOME, container, mounted

Tree = dict[str, Any]
SERVER, CLAIM = "users' Pod", "users' PersistentVolumeClaim"
TOKEN = "a" * 64
_VALUES = f"{HOME}/secret/values.yaml"
# Beside the recording: YAML read by libyaml, which says the same ten times as fast.
_RECORDING = """
READ = []
_read_yaml = yaml.load
yaml = type("yaml", (), {
    "safe_load": staticmethod(lambda file, loader=yaml.CSafeLoader: _read_yaml(file, loader)),
    "YAMLError": yaml.YAMLError,
})
_get_config, _get_secret_value = get_config, get_secret_value


def get_config(path, default=None):
    READ.append(path)
    return _get_config(path, default)


def get_secret_value(key, default=NO_DEFAULT):
    READ.append(key)
    return _get_secret_value(key, default)
"""


@dataclass(frozen=True)
class _Run:
    """What the hub's files made of one container: the inputs, the paths that they read, and what came of it."""

    files: Mapping[str, str]
    variables: Mapping[str, str]
    values: Tree
    read: frozenset[str]
    made: Tree

    def same(self, files: Mapping[str, str], variables: Mapping[str, str], values: Tree) -> bool:
        """Whether another container would give the same: all that was read is equal."""
        return (
            files == self.files
            and variables == self.variables
            and all(_at(values, path) == _at(self.values, path) for path in self.read)
        )


_RUNS: list[_Run] = []


def read() -> frozenset[str]:
    """The paths of values, and the keys of secrets, that the hub's files have read until now."""
    return frozenset().union(*(run.read for run in _RUNS))


def whole(values: Tree, *, again: bool = False, hub: bool = True) -> Tree:
    """All that `values` make. `again`: the release exists, and its images were pulled by the last upgrade.

    Without `hub` only the objects.
    """
    objects = _objects(json.dumps(values), again)
    return _whole(json.dumps(values), again) if hub else _opened_all(objects)


@cache
def _objects(text: str, again: bool) -> list[Manifest]:
    loaded = from_layers([Layer("values", json.loads(text))])
    context = context_for(loaded, Context(is_upgrade=again), token=lambda: TOKEN)
    objects = render(loaded, context)
    if again:
        pulled = next(o["data"][IMAGES_CHECKSUM] for o in objects if IMAGES_CHECKSUM in o.get("data", ()))
        objects = render(loaded, Context(is_upgrade=True, pulled_images=pulled, secrets=context.secrets))
    return objects


@cache
def _whole(text: str, again: bool) -> Tree:
    objects = _objects(text, again)
    return _opened_all(objects) | _hub(*container(objects))


def _opened_all(objects: list[Manifest]) -> Tree:
    return {str(key_of(manifest)): _opened(manifest) for manifest in objects}


def _hub(files: dict[str, str], variables: dict[str, str]) -> Tree:
    """What the hub's files make of one container, run anew only where something that they read has changed."""
    rest = {path: text for path, text in files.items() if path != _VALUES}
    values = _document(files[_VALUES])
    for run in reversed(_RUNS):
        if run.same(rest, variables, values):
            return run.made
    recorded = files | {f"{HOME}/z2jh.py": files[f"{HOME}/z2jh.py"] + _RECORDING}
    with tempfile.TemporaryDirectory() as folder, _quiet(), mounted(Path(folder), recorded, variables) as hub:
        paths = frozenset(sys.modules["z2jh"].READ)
        made = {f"c.{name}.{trait}": value for name in hub.config for trait, value in hub.section(name).items()}
        server = hub.server("ada")
        made |= {f"{name} in the hub's environment": value for name, value in hub.variables.items()}
        made |= {SERVER: server.pod, CLAIM: server.claim or {}}
    _RUNS.append(_Run(rest, variables, values, paths, made))
    return made


def _at(tree: Any, path: str) -> Any:
    for step in path.split("."):
        tree = tree.get(step) if isinstance(tree, dict) else None
    return tree


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


def _opened(manifest: Manifest) -> Manifest:
    """An object with its data as text or, where a ConfigMap holds documents, as what these say."""
    data = dict(manifest.get("data") or {})
    if manifest["kind"] == "Secret":
        data = {key: base64.b64decode(text).decode() for key, text in data.items() if key != "values.yaml"}
    elif manifest["kind"] == "ConfigMap":
        data = {key: _document(text) if key.endswith(".yaml") else text for key, text in data.items()}
    return {**manifest, **({"data": data} if data else {})}


@cache
def _document(text: str) -> Any:
    return yaml.load(text, Loader=yaml.CSafeLoader)
