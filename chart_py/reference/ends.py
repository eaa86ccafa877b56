"""Where a word ends: the trait of JupyterHub or KubeSpawner, and the fields of objects that change with it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.errors import ChartError
from chart_py.finding import Path
from chart_py.manifest import Manifest
from chart_py.manifest.difference import differences, spelled
from chart_py.manifest.key import key_of
from chart_py.rendering import context_for, render
from chart_py.values.layer import Layer
from chart_py.values.load import from_layers
from chart_py.values.merge import merge

_CONFIG = FilePath(__file__).parent.parent / "hub_files" / "jupyterhub_config.py"
_EVERYTHING: dict[str, Any] = {
    "proxy": {
        "https": {"enabled": True, "hosts": ["hub.example.org"], "letsencrypt": {"contactEmail": "ops@example.org"}},
        "chp": {"pdb": {"enabled": True}},
        "traefik": {"pdb": {"enabled": True}},
    },
    "hub": {"pdb": {"enabled": True}},
    "ingress": {"enabled": True},
    "httpRoute": {"enabled": True},
    "imagePullSecret": {"create": True},
    "scheduling": {"podPriority": {"enabled": True}, "userPlaceholder": {"replicas": 1}},
}
_MANUAL = {"proxy": {"https": {"enabled": True, "type": "manual", "manual": {"key": "a", "cert": "b"}}}}
_SECRET = {"proxy": {"https": {"enabled": True, "type": "secret", "secret": {"name": "a"}}}}
# Where a word has no effect in the first, it may in one of the others.
_BASES: tuple[dict[str, Any], ...] = ({}, _EVERYTHING, _MANUAL, _SECRET)


@cache
def traits() -> dict[str, tuple[str, ...]]:
    """From a word's path to the traits that the hub's configuration sets by it, read from its syntax tree."""
    tree = ast.parse(_CONFIG.read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        for path, trait in _of_node(node):
            if trait not in found.setdefault(path, []):
                found[path].append(trait)
    return {path: tuple(names) for path, names in found.items()}


def _of_node(node: ast.AST) -> list[tuple[str, str]]:
    if isinstance(node, ast.For) and isinstance(node.iter, ast.Call) and isinstance(node.iter.func, ast.Attribute):
        table = node.iter.func.value
        classes = [name for call in ast.walk(node) if (name := _class_of_call(call))]
        if isinstance(table, ast.Dict) and classes:
            pairs = zip(table.keys, table.values, strict=True)
            texts = [(_text(trait), _text(path)) for trait, path in pairs]
            return [(path, f"{classes[0]}.{trait}") for trait, path in texts if trait and path]
    if (name := _class_of_call(node)) and isinstance(node, ast.Call):
        said = [_text(argument) for argument in node.args[1:]]
        return [(said[1], f"{name}.{said[0]}")] if len(said) == 2 and all(said) else []
    if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
        target = ast.unparse(node.targets[0])
        if re.fullmatch(r"c\.\w+\.\w+", target):
            return [(path, target[2:]) for path in _read(node.value)]
    return []


def _text(node: ast.AST | None) -> str:
    """The text of a constant; empty for anything else."""
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _class_of_call(node: ast.AST) -> str:
    """The class of `set_config_if_not_none(c.CLASS, trait, path)`; empty for another call."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "set_config_if_not_none":
        return ast.unparse(node.args[0]).removeprefix("c.")
    return ""


def _read(node: ast.AST) -> list[str]:
    calls = [n for n in ast.walk(node) if isinstance(n, ast.Call) and isinstance(n.func, ast.Name)]
    return [
        path for call in calls if ast.unparse(call.func) == "get_config" and call.args and (path := _text(call.args[0]))
    ]


@cache
def _objects(base: int) -> dict[Any, Manifest]:
    return _rendered(_BASES[base])


def _rendered(tree: dict[str, Any]) -> dict[Any, Manifest]:
    loaded = from_layers([Layer("values", tree)])
    context = context_for(loaded, Context(), token=lambda: MASK)
    return {key_of(manifest): manifest for manifest in render(loaded, context)}


def fields(path: Path, example: Any, most: int = 4) -> list[str]:
    """The fields of objects that change when the word at `path` gets `example`, as `Deployment/hub spec.replicas`.

    What only hands all values on to the hub, and checksums of other objects, is left out.
    """
    tree: Any = example
    for step in reversed(path):
        tree = {step: tree}
    for index, base in enumerate(_BASES):
        try:
            before, after = _objects(index), _rendered(merge(base, tree))
        except ChartError:
            continue
        found = []
        for key in [*after, *(k for k in before if k not in after)]:
            if key in before and key in after:
                for difference in differences(before[key], after[key]):
                    name = f"{key} {spelled(difference.path)}"
                    if not re.search(r"checksum|Secret/hub data|hub.jupyter.org/", name) and name not in found:
                        found.append(name)
            else:
                found.append(str(key))
        if found:
            return [*found[:most], *([f"and {len(found) - most} more"] if len(found) > most else [])]
    return []
