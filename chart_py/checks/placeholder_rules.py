"""What nobody has filled in: variables, templates, angle brackets, `init`'s own placeholders."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from chart_py.checks.rule import Facts, Rule, Said
from chart_py.finding import Level, Path, dotted


class Kind(NamedTuple):
    """One way to leave a place open: how it looks, how it is called, who would fill it in."""

    pattern: str
    name: str
    advice: str


KINDS = (
    Kind(r"(?<!\$)\$\{[A-Za-z_]\w*\}", "shell variables", "Fill them in first, for example with `envsubst`."),
    Kind(r"%\{\s*(?:for|if|endfor|endif|else)\b", "Terraform directives", "Let Terraform fill them in."),
    Kind(r"\{\{[-\s]*[.\w$][^{}]*\}\}", "templates", "Nothing fills them in here; write the values themselves."),
    Kind(r"<(?:your|my|the|insert|enter)?[ _-]?[a-z][a-z _-]*>", "placeholders in angle brackets", "Write the values."),
)
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
_IMAGES = frozenset({"name", "tag", "image"})


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


def _is_open(path: Path, text: str, kind: Kind) -> bool:
    """Whether a text at `path` has a place that nobody fills in."""
    if "\n" in text or not re.search(kind.pattern, text):
        return False
    name = str(path[-1])
    is_image = name in _IMAGES and "image" in [str(step).lower() for step in path]
    if kind.name == "templates":
        return is_image or not _below(path, _FILLED)
    if kind.name == "shell variables":
        return is_image or not _below(path, _SHELL)
    if kind.name == "placeholders in angle brackets":
        return bool(re.fullmatch(kind.pattern, text.strip())) and not _below(
            path, (("hub", "templateVars"), ("custom",))
        )
    return True


def unfilled(facts: Facts) -> Iterator[Said]:
    """Places that a program or a person was to fill in are still open; each kind is told once, with all its places."""
    found: dict[Kind, list[Path]] = {}
    for layer in facts.loaded.sources.layers:
        for path, text in texts(layer.tree):
            for kind in KINDS:
                if _is_open(path, text, kind) and path not in found.get(kind, []):
                    found.setdefault(kind, []).append(path)
                    break
    for kind, paths in found.items():
        places = ", ".join(dotted(path) for path in paths[1:6]) + (" ..." if len(paths) > 6 else "")
        more = f"; also in {places}" if places else ""
        yield Said(paths[0], f"{kind.name} are not filled in{more}", kind.advice)


_OWN = {"my-university": "the organization", "change-me": "the password", "...": "what the provider says"}


def ours(facts: Facts) -> Iterator[Said]:
    """What `init` writes for a person to replace is still there."""
    for class_name, traits in facts.config.items():
        for name, value in traits.items() if isinstance(traits, dict) else ():
            for text in value if isinstance(value, list) else [value]:
                if isinstance(text, str) and text in _OWN:
                    open_door = text == "change-me" and _is_open_to_all(facts)
                    message = "this placeholder is not filled in"
                    message += "; everyone who knows it can log in as anyone" if open_door else ""
                    yield Said(("hub", "config", class_name, name), message, f"Write {_OWN[text]}.")


def _is_open_to_all(facts: Facts) -> bool:
    return any(isinstance(traits, dict) and traits.get("allow_all") for traits in facts.config.values())


RULES: tuple[Rule, ...] = (
    Rule(
        "not-filled-in",
        Level.WARNING,
        unfilled,
        "Write the values themselves.",
        "proxy: {https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: '${USER}@a.org'}}}",
    ),
    Rule(
        "placeholder",
        Level.WARNING,
        ours,
        "Replace it.",
        "hub: {config: {DummyAuthenticator: {password: change-me}}}",
    ),
)
