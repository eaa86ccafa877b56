"""Where a file keeps a hub's values: at its top, below a key of an umbrella chart, or in a Flux or Argo CD object."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import yaml

from chart_py.finding import Finding, Level, Path, dotted
from chart_py.values.layer import Layer, from_text
from chart_py.values.merge import at
from chart_py.values.root import Values

_DEEP = 3
# Objects that hold values for a chart, with the paths where these may stand.
_HOLDERS: dict[str, tuple[Path, ...]] = {
    "HelmRelease": (("spec", "values"),),
    "Application": (
        ("spec", "source", "helm", "valuesObject"),
        ("spec", "source", "helm", "values"),
    ),
}


def _known() -> set[str]:
    return {field.alias or name for name, field in Values.__pydantic_fields__.items()} | {"auth"}


def umbrellas(tree: dict[str, Any]) -> list[Path]:
    """The keys `jupyterhub` below which a tree has a hub's values; none where they stand at the top."""
    return list(_umbrellas(tree, (), _known()))


def _umbrellas(tree: dict[str, Any], path: Path, known: set[str]) -> Iterator[Path]:
    for word, value in tree.items():
        if isinstance(value, dict) and (path or word not in known) and len(path) < _DEEP:
            if word == "jupyterhub" and not value.keys().isdisjoint(known):
                yield (*path, word)
            else:
                yield from _umbrellas(value, (*path, word), known)


def places(tree: dict[str, Any]) -> list[Path]:
    """Where else than at its top a file keeps a hub's values."""
    for path in _HOLDERS.get(str(tree.get("kind", "")), ()):
        held = at(tree, path)
        if isinstance(held, str):
            return [path]
        if isinstance(held, dict):
            return [(*path, *below) for below in umbrellas(held)] or [path]
    return umbrellas(tree)


def steps(text: str) -> Path:
    """The keys of a path as `--at` takes it: `binderhub.jupyterhub`, `"a.b".jupyterhub`."""
    return tuple(quoted or plain for quoted, plain in re.findall(r'"([^"]*)"|([^."]+)', text))


def below(layer: Layer, path: Path, say: Callable[[Finding], None]) -> Layer | None:
    """What a layer says at `path`, as a layer of its own; None where it has nothing there.

    Text, as Argo CD's `helm.values` is, is read as YAML, and stands where it stands in the file.
    """
    for end in range(1, len(path) + 1):
        held = at(layer.tree, path[:end])
        if isinstance(held, str):
            found = _of_text(layer, path[:end], held, say)
            return below(found, path[end:], say) if path[end:] else found
    held = at(layer.tree, path)
    return layer.below(path) if isinstance(held, dict) else None


def _of_text(layer: Layer, path: Path, text: str, say: Callable[[Finding], None]) -> Layer:
    node = layer.node_at(path)
    if isinstance(node, yaml.ScalarNode) and node.style == "|":
        first, last = node.start_mark.line + 1, node.end_mark.line
        # Its own lines, as they are, below as many empty ones as are above them: each keeps its line and column.
        text = "\n" * first + "\n".join(layer.lines[first:last]) + "\n"
    return from_text(text, layer.name, say)


def elsewhere(layer: Layer) -> Finding | None:
    """What to say of a file whose values stand below some key; None where they do not."""
    found = places(layer.tree)
    if not found:
        return None
    shown = [dotted(path) for path in found]
    message = f"the hub's values in this file are below {' and '.join(shown)}"
    return Finding(
        Level.ERROR,
        "values-elsewhere",
        found[0],
        message,
        layer.place(found[0]),
        (f"Add --at {shown[0]} to the command.",),
    )


# Charts whose values people give to this one: keys at the top that only they have, and what corresponds here.
_OTHERS: tuple[tuple[str, frozenset[str], tuple[str, ...]], ...] = (
    (
        "Bitnami's jupyterhub chart",
        frozenset(
            {"commonAnnotations", "commonLabels", "clusterDomain", "diagnosticMode", "extraDeploy", "externalDatabase"}
            | {"global", "imagePuller", "kubeVersion", "namespaceOverride", "postgresql", "auxiliaryImage"}
        ),
        (
            "hub.configuration: hub.config and hub.extraConfig",
            "externalDatabase: hub.db.type, hub.db.url and hub.db.password",
            "imagePuller: prePuller",
            "proxy.ingress: ingress",
            "singleuser.image.registry and repository: singleuser.image.name",
        ),
    ),
    (
        "BinderHub's chart",
        frozenset(
            {
                "registry",
                "imageBuilderType",
                "dind",
                "pink",
                "imageCleaner",
                "deployment",
                "service",
                "config",
                "replicas",
            }
            | {"podSecurityContext", "initContainers"}
        ),
        (
            "config.BinderHub: settings of BinderHub, none of the hub",
            "jupyterhub: the hub's values (--at jupyterhub)",
        ),
    ),
)
_ENOUGH = 3


def foreign(layer: Layer) -> Finding | None:
    """What to say of a file that is encrypted, or that another chart's values are in; None where neither is so."""
    if isinstance(sops := layer.tree.get("sops"), dict) and "mac" in sops:
        advice = (f"Decrypt it first: sops --decrypt {layer.name} | chart-py ... -f -",)
        message = "this file is encrypted with SOPS"
        return Finding(Level.ERROR, "encrypted", ("sops",), message, layer.place(("sops",)), advice)
    for chart, keys, instead in _OTHERS:
        # What the hub's own chart has too says nothing.
        found = [key for key in layer.tree if key in keys - _known()]
        if len(found) >= _ENOUGH:
            message = f"these are values of {chart}, which has other settings"
            lines = ("What corresponds:", *(f"  {line}" for line in instead))
            return Finding(Level.ERROR, "another-chart", (found[0],), message, layer.place((found[0],)), lines)
    return None
