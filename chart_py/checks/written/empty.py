"""Keys with nothing behind their colon: classes of `hub.config` that null removes, variables, the login itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path, dotted
from chart_py.values.load import default_tree
from chart_py.values.merge import at

_CONFIG: Path = ("hub", "config")
_CLASS: Path = (*_CONFIG, "JupyterHub", "authenticator_class")
_WITH_VARIABLES: tuple[Path, ...] = (("hub",), ("singleuser",), ("proxy", "chp"), ("proxy", "traefik"))


@row(
    "empty-class",
    Level.ERROR,
    remedy="Write its settings below it, or remove it; to remove them on purpose, write null.",
    example="hub: {config: {JupyterHub: }, extraConfig: {a: c.JupyterHub.authenticator_class = 'dummy'}}",
)
def classes(facts: Facts) -> Iterator[Said]:
    """A class of hub.config has nothing below its key, which removes what the defaults or other files set on it."""
    layers = facts.loaded.sources.layers
    empty = [(layer, name) for layer in layers for name in _given(layer.tree) if layer.text((*_CONFIG, name)) == ""]
    for layer, name in empty:
        path: Path = (*_CONFIG, name)
        if name in facts.config or at(layer.tree, path) is not None:
            continue
        found = [default_tree(path), *(at(other.tree, path) for other in layers)]
        lost = dict.fromkeys(dotted((*path, trait)) for each in found if isinstance(each, dict) for trait in each)
        shown = ", ".join([*lost][:3]) + (" ..." if len(lost) > 3 else "")
        yield Said(path, f"nothing is below this key; that means null, which removes {shown}")


def _given(tree: Any) -> Iterator[str]:
    config = at(tree, _CONFIG)
    yield from config if isinstance(config, dict) else ()


@row(
    "empty-variable",
    Level.WARNING,
    remedy="Write its value.",
    example="hub: {extraEnv: {A: }}",
)
def variables(facts: Facts) -> Iterator[Said]:
    """A variable has no value."""
    for owner in _WITH_VARIABLES:
        given = getattr(facts.at(owner), "extraEnv", None)
        for name, value in given.items() if isinstance(given, dict) else ():
            if value is None:
                advice = f'Write {name}: "" if that is meant, or remove it.'
                message = "this variable has no value; in the container it is empty"
                yield Said((*owner, "extraEnv", name), message, advice)


@row(
    "no-authenticator",
    Level.WARNING,
    remedy="Write hub.config.JupyterHub.authenticator_class, such as dummy for a first look.",
    example="hub: {config: {JupyterHub: {authenticator_class: null}}}",
)
def no_login(facts: Facts) -> Iterator[Said]:
    """hub.config has no authenticator_class: users log in as Linux users of the hub's container, of which none can."""
    jupyterhub = facts.config.get("JupyterHub")
    chosen = jupyterhub.get("authenticator_class") if isinstance(jupyterhub, dict) else None
    hub = facts.values.hub
    elsewhere = hub.existingSecret or hub.command or hub.args or facts.in_python("authenticator_class")
    if chosen is None and not elsewhere:
        path = next((_CLASS[:end] for end in (4, 3, 2) if facts.written(*_CLASS[:end])), _CLASS)
        yield Said(path, "no authenticator_class is left: users log in as Linux users of the hub's container (PAM)")


RULES = rules_of(globals())
