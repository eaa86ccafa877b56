"""What the hub stops at in `hub.config`: names that are no class, classes emptied by null, keys that are no keys."""

from __future__ import annotations

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Iterator

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.values.hub_config import instead_of, is_class_name

_CONFIG: Path = ("hub", "config")


@row(
    "not-a-class",
    Level.ERROR,
    remedy="Write it below the class that it belongs to.",
    example="hub: {config: {loadRoles: {}}}",
)
def not_a_class(facts: Facts) -> Iterator[Said]:
    """A name below hub.config cannot be a class: the hub stops at it."""
    for name in facts.config:
        if not is_class_name(name):
            message = "not the name of a class; the hub does not start"
            yield Said((*_CONFIG, name), message, instead_of(name) or _of_the_image(name))


def _of_the_image(name: str) -> str:
    """What to write by the classes and traits of the hub's image, a table that is loaded only for this."""
    from chart_py.checks.hub import image as hub_image

    if near := hub_image.near_class(name):
        return f"Did you mean hub.config.{near}?"
    classes = dict.fromkeys(("Authenticator", "JupyterHub", "KubeSpawner", *hub_image.class_names()))
    owner = next((cls for cls in classes if name in hub_image.traits(cls)), None)
    if owner:
        return f"hub.config has a map for each class: write hub.config.{owner}.{name}"
    return "hub.config has a map for each class to configure, such as hub.config.Authenticator."


@row(
    "crypt-key",
    Level.WARNING,
    remedy="Use the output of `openssl rand -hex 32`.",
    example="hub: {config: {CryptKeeper: {keys: [abc]}}}",
)
def keys(facts: Facts) -> Iterator[Said]:
    """CryptKeeper's keys are not 32 bytes each: the hub stops at them."""
    given = facts.config.get("CryptKeeper")
    found = given.get("keys") if isinstance(given, dict) else None
    path: Path = (*_CONFIG, "CryptKeeper", "keys")
    listed = enumerate(found) if isinstance(found, list) else [(None, found)] if isinstance(found, str) else ()
    for index, given_keys in listed:
        parts = [part for part in str(given_keys).split(";") if part]
        # What is still to be filled in is told as such.
        if any(not is_key(part) for part in parts if not part.startswith(("$", "{", "<"))):
            here = path if index is None else (*path, index)
            yield Said(here, "expected keys of 32 bytes, each as 64 hex digits or as base64; the hub does not start")


def is_key(text: str) -> bool:
    """Whether JupyterHub takes a text as a key: 32 bytes as they are, as hex or as base64 for URLs."""
    if not text.isascii():
        return False
    if len(text) == 64:
        try:
            return len(binascii.a2b_hex(text)) == 32
        except ValueError:
            return False
    if len(text) == 44:
        try:
            return len(urlsafe_b64decode(text)) == 32
        except ValueError:
            return False
    return len(text) == 32


RULES = rules_of(globals())
