"""Places that nobody has filled in: how they look, and values with stand-ins for them, so that the rest is checked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from chart_py.finding import Finding, Level, Path, dotted
from chart_py.secrecy import is_secret
from chart_py.values.layer import Layer, Say, from_text


class Kind(NamedTuple):
    """One way to leave a place open: how it looks, how it is called, who would fill it in."""

    pattern: str
    name: str
    advice: str


VARIABLES = Kind(r"(?<!\$)\$\{[A-Za-z_]\w*\}", "shell variables", "Fill them in first, for example with `envsubst`.")
DIRECTIVES = Kind(
    r"%\{\s*(?:for|if|endfor|endif|else)\b[^}]*\}?", "Terraform directives", "Let Terraform fill them in."
)
TEMPLATES = Kind(r"\{\{[-\s]*[.\w$][^{}]*\}\}", "templates", "Nothing fills them in here; write the values themselves.")
ANGLES = Kind(
    r"<(?:your|my|the|insert|enter)?[ _-]?[a-z][a-z _-]*>", "placeholders in angle brackets", "Write the values."
)
KINDS = (VARIABLES, DIRECTIVES, TEMPLATES, ANGLES)
REST = "`chart-py validate --placeholders` checks the rest as if they were filled in."
# Where braces are filled in: by us, by KubeSpawner, or by the hub.
_FILLED: tuple[Path, ...] = (
    ("hub", "command"),
    ("hub", "args"),
    ("proxy", "chp", "extraCommandLineFlags"),
    ("hub", "extraFiles"),
    ("hub", "extraConfig"),
    ("hub", "templateVars"),
    ("hub", "config"),
    ("singleuser", "extraFiles"),
    ("singleuser", "lifecycleHooks"),
    ("singleuser", "cmd"),
    ("custom",),
    ("global",),
)
# Where `${VAR}` is the shell's of a container, or text for users.
_SHELL: tuple[Path, ...] = (
    ("hub", "extraFiles"),
    ("hub", "extraConfig"),
    ("hub", "extraEnv"),
    ("hub", "templateVars"),
    ("hub", "command"),
    ("hub", "args"),
    ("hub", "initContainers"),
    ("hub", "extraContainers"),
    ("singleuser",),
    ("custom",),
    ("global",),
    ("proxy", "traefik"),
)
_FREE: tuple[Path, ...] = (("hub", "templateVars"), ("custom",))
_IMAGES = frozenset({"name", "tag", "image"})
# A template that YAML would take for a map, as it has no quotes around it; one that is a line of its own.
_BARE = re.compile(r"^(\s*(?:- )*(?:[\w.\-/\"']+:\s+)?)(\{\{[^{}\n]*\}\}[^\n#'\"]*?)(\s*(?:#.*)?)$", re.MULTILINE)
_DIRECTIVE = re.compile(r"^[ \t]*%\{[^}\n]*\}[ \t]*$", re.MULTILINE)


def texts(tree: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    """The texts in a tree, each with its place."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from texts(value, (*path, str(key)))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from texts(value, (*path, index))
    elif isinstance(tree, str):
        yield path, tree


def _below(path: Path, roots: tuple[Path, ...]) -> bool:
    return any(path[: len(root)] == root for root in roots)


def kind_at(path: Path, text: str) -> Kind | None:
    """The kind of place that is open in the text at `path`; None where nothing is, or somebody fills it in."""
    return next((kind for kind in KINDS if _is_open(path, text, kind)), None)


def _is_open(path: Path, text: str, kind: Kind) -> bool:
    if "\n" in text or not re.search(kind.pattern, text):
        return False
    is_image = path[-1:] and str(path[-1]) in _IMAGES and "image" in [str(step).lower() for step in path]
    if kind is TEMPLATES:
        # KubeSpawner fills in templates of its own in hub.config, but in no secret.
        is_key = path[:2] == ("hub", "config") and is_secret(path[3:])
        return bool(is_image) or is_key or not _below(path, _FILLED)
    if kind is VARIABLES:
        return bool(is_image) or not _below(path, _SHELL)
    if kind is ANGLES:
        return bool(re.fullmatch(kind.pattern, text.strip())) and not _below(path, _FREE)
    return True


def told(kind: Kind, paths: list[Path]) -> str:
    """The message about all places of one kind."""
    places = ", ".join(dotted(path) for path in paths[1:6]) + (" ..." if len(paths) > 6 else "")
    return f"{kind.name} are not filled in{f'; also in {places}' if places else ''}"


def filled(text: str, name: str, say: Say) -> Layer:
    """A values file with a stand-in for each open place, which nothing is said of; each kind of place is told once.

    Lines and columns stay as they are. Templates without quotes, which YAML takes for maps, and directives in lines of
    their own count too.
    """
    bare: dict[Kind, list[int]] = {}
    plain = _DIRECTIVE.sub(lambda found: _noted(bare, DIRECTIVES, text, found.start(), "#" * len(found[0])), text)
    plain = _BARE.sub(
        lambda found: found[1] + _noted(bare, TEMPLATES, text, found.start(2), _stand_in(found[2])) + found[3], plain
    )
    layer = from_text(plain, name, say)
    unfilled: dict[Kind, list[Path]] = {}
    lines = {line for each in bare.values() for line in each}
    for path, held in texts(layer.tree):
        place = layer.place(path, of_value=True)
        if kind := TEMPLATES if place.line in lines and set(held) == {"x"} else kind_at(path, held):
            unfilled.setdefault(kind, []).append(path)
    # The user's own lines are shown.
    layer.lines[:] = text.removeprefix("\ufeff").split("\n")[: len(layer.lines)] or layer.lines
    for kind, paths in unfilled.items():
        place = layer.place(paths[0], of_value=True)
        say(Finding(Level.WARNING, "not-filled-in", paths[0], told(kind, paths), place, (kind.advice,)))
    layer.unknown = frozenset(path for paths in unfilled.values() for path in paths)
    layer.tree = _filled(layer.tree, (), layer.unknown)
    return layer


def _noted(bare: dict[Kind, list[int]], kind: Kind, text: str, start: int, instead: str) -> str:
    bare.setdefault(kind, []).append(text.count("\n", 0, start) + 1)
    return instead


def _stand_in(text: str) -> str:
    """Plain text of the same length, so that what is behind it stays where it is."""
    return "x" * len(text)


def _filled(tree: Any, path: Path, unknown: frozenset[Path]) -> Any:
    if isinstance(tree, dict):
        return {key: _filled(value, (*path, key), unknown) for key, value in tree.items()}
    if isinstance(tree, list):
        return [_filled(value, (*path, index), unknown) for index, value in enumerate(tree)]
    if isinstance(tree, str) and path in unknown:
        for kind in KINDS:
            tree = re.sub(kind.pattern, "placeholder", tree)
    return tree
