"""`hub.config` and `c.CLASS.trait` in the hub's Python against the classes and traits of the image."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chart_py.checks.code import Code
from chart_py.checks.hub import image as hub_image
from chart_py.checks.hub.classes import is_key
from chart_py.checks.hub.code import Piece, Setting, bound_names
from chart_py.checks.hub.facts import HubFacts
from chart_py.finding import Finding, Level, Path, Place, dotted
from chart_py.secrecy import is_secret
from chart_py.spelling import nearest
from chart_py.values.hub_config import is_class_name
from chart_py.values.load import Loaded
from chart_py.values.root import Values

CODES = (
    Code(
        "unknown-class",
        Level.WARNING,
        "hub.config names an unknown class that resembles one of the image.",
        "Use the suggestion.",
        "hub: {config: {KubeSpawnr: {debug: true}}}",
    ),
    Code(
        "own-class",
        Level.NOTE,
        "hub.config names a class that the image does not have.",
        "Nothing to do, if the class is your own.",
        "hub: {config: {CampusAuthenticator: {realm: x}}}",
    ),
    Code(
        "unknown-trait",
        Level.WARNING,
        "The class has no such trait; JupyterHub ignores it.",
        "Use the suggestion.",
        "hub: {config: {JupyterHub: {authenticator_class: github}, "
        "GitHubOAuthenticator: {clientid: a, allow_all: true}}}",
    ),
    Code(
        "renamed-trait",
        Level.WARNING,
        "The trait has been renamed.",
        "Write the new name.",
        "hub: {config: {Authenticator: {blacklist: [a]}}}",
    ),
    Code(
        "removed-trait",
        Level.ERROR,
        "The class no longer takes this trait: JupyterHub stops at it.",
        "Write the trait that took its place.",
        "hub: {config: {JupyterHub: {authenticator_class: cilogon}, "
        "CILogonOAuthenticator: {username_claim: email, idps: {a: {username_derivation: {username_claim: eppn}, "
        "allow_all: true}}, client_id: a, client_secret: b}}}",
    ),
    Code(
        "trait-type",
        Level.ERROR,
        "JupyterHub rejects this value when it starts.",
        "Write a value of the expected kind.",
        "hub: {config: {KubeSpawner: {start_timeout: 5m}}}",
    ),
    Code(
        "authenticator-class",
        Level.WARNING,
        "The image has no such authenticator.",
        "Use the suggestion, or add your own class.",
        "hub: {config: {JupyterHub: {authenticator_class: githb}}}",
    ),
    Code(
        "unused-class",
        Level.WARNING,
        "An authenticator is configured, but users log in with another one.",
        "Choose it as hub.config.JupyterHub.authenticator_class.",
        "hub: {config: {GitHubOAuthenticator: {client_id: a}}}",
    ),
)


def check(loaded: Loaded) -> list[Finding]:
    """Unknown classes and traits, values that a trait refuses, old names, and classes that nothing uses."""
    now = HubFacts(loaded)
    own = {name for piece, _ in now.python for name in bound_names(piece.tree)}
    out: list[Finding] = []
    for class_name, given in now.config.items():
        out += _of_class(now, class_name, given, own)
    if not now.decided_in_code("authenticator_class"):
        out += _authenticator(loaded)
    for piece, found in now.python:
        out += _of_piece(now, piece, found, own)
    return [left for finding in out if (left := milder(finding))] if own_image(loaded) else out


def own_image(loaded: Loaded) -> bool:
    """Whether the hub runs an image of the user's own, of whose packages nothing is known for certain."""
    image, ours = loaded.values.hub.image, Values.of().hub.image
    return (image.name, image.tag) != (ours.name, ours.tag)


def milder(finding: Finding) -> Finding | None:
    """What is left of a finding about the image's classes where the image is another one."""
    if finding.code in ("own-class", "authenticator-class"):
        return None
    if finding.code == "unused-class":
        return finding
    level = Level.WARNING if finding.level is Level.ERROR else Level.NOTE
    advice = (*finding.advice, "This is so in the chart's own image; this hub uses another one.")
    return replace(finding, level=level, advice=advice)


def _of_class(now: HubFacts, name: str, given: Any, own: set[str]) -> Iterator[Finding]:
    loaded, path = now.loaded, ("hub", "config", name)
    if not isinstance(given, dict):
        return
    if not hub_image.is_class(name):
        # A name that no class can have is told as such, by `classes`.
        if name not in own and is_class_name(name):
            yield _unknown_class(name, path, loaded.sources.place(path))
        return
    reader = now.reader(name)
    for trait, value in given.items():
        here = (*path, trait)
        yield from of_trait(name, trait, here, loaded.sources.place(here), reader=reader, used=reader == now.login)
        spec = hub_image.traits(reader or name).get(trait)
        if spec and value is not None:
            for wanted in hub_image.refused(spec, value):
                at = here + wanted.path
                message = wanted.expected.but(part(value, wanted.path), hide=is_secret(at))
                yield _unfit(at, message, loaded.sources.place(at, of_value=True))


def part(value: Any, path: Path) -> Any:
    """What stands at `path` within a value that has it."""
    for step in path:
        value = value[step]
    return value


def _unknown_class(name: str, path: Path, place: Place | None) -> Finding:
    if near := hub_image.near_class(name):
        message = f"unknown class; did you mean {near}?"
        advice = ("Settings of a class that does not exist have no effect.",)
        return Finding(Level.WARNING, "unknown-class", path, message, place, advice)
    message = "not a class of the hub's image; taken for your own"
    return Finding(Level.NOTE, "own-class", path, message, place)


# How values of a removed trait are written with the one that took its place.
_INSTEAD = {
    ("CILogonOAuthenticator", "username_claim"): "idps: {PROVIDER: {username_derivation: {username_claim: ...}}}",
    ("CILogonOAuthenticator", "additional_username_claims"): (
        "idps: {PROVIDER: {username_derivation: {username_claim: ...}}}, with one claim for each provider"
    ),
    ("CILogonOAuthenticator", "strip_idp_domain"): (
        "idps: {PROVIDER: {username_derivation: {action: strip_idp_domain, domain: ...}}}"
    ),
}


def of_trait(
    class_name: str,
    trait: str,
    path: Path,
    place: Place | None,
    *,
    reader: str | None,
    used: bool = True,
    below: str = "hub.config",
) -> Iterator[Finding]:
    """An old name, or an unknown one; JupyterHub only warns of such in its log, and goes on without.

    `reader` is the class whose traits decide, None for one of the user's own, which may have any; `used` is false where
    the hub makes nothing of that class. `below` is what the trait's full name is written below: `hub.config`, or `c`
    in Python.
    """
    if new := hub_image.renamed(reader or class_name, trait):
        yield _renamed(class_name, trait, new, path, place, below, used=used)
    elif trait not in hub_image.traits(reader or class_name):
        near = hub_image.near_trait(reader or class_name, trait)
        homes = [
            c
            for c in hub_image.class_names()
            if trait in hub_image.traits(c) and c not in hub_image.lineage(reader or class_name)
        ]
        if reader is None and (homes or not near):
            return
        message = f"{reader or class_name} has no such trait" + (f"; did you mean {near}?" if near else "")
        advice = "The hub ignores it."
        if homes and not near:
            advice = f"It is a trait of {nearest(class_name, homes)[0] if nearest(class_name, homes) else homes[0]}."
        yield Finding(Level.WARNING, "unknown-trait", path, message, place, (advice,))


def _renamed(
    class_name: str, trait: str, new: hub_image.Renamed, path: Path, place: Place | None, below: str, *, used: bool
) -> Finding:
    since = f" since {new.since}" if new.since else ""
    full = f"{below}.{new.new if '.' in new.new else f'{class_name}.{new.new}'}"
    if not new.stops:
        message = f"this trait has been called {new.new}{since}" if since else f"this trait is now called {new.new}"
        return Finding(Level.WARNING, "renamed-trait", path, message, place, (f"Write {full}",))
    advice = [f"Use {full} instead, which takes other values."]
    if instead := _INSTEAD.get((class_name, trait)):
        advice.append(f"for example: {instead}")
    level, effect = (Level.ERROR, "; the hub does not start") if used else (Level.WARNING, "")
    return Finding(level, "removed-trait", path, f"removed{since}{effect}", place, tuple(advice))


def _unfit(path: Path, message: str, place: Place | None) -> Finding:
    return Finding(Level.ERROR, "trait-type", path, message, place, ("The hub does not start with it.",))


def _authenticator(loaded: Loaded) -> Iterator[Finding]:
    """The class that users log in with, and settings for other ones."""
    config = loaded.values.hub.config
    jupyterhub = config.get("JupyterHub")
    chosen = jupyterhub.get("authenticator_class") if isinstance(jupyterhub, dict) else None
    if not isinstance(chosen, str):
        return
    name = hub_image.class_of(chosen)
    if name is None:
        path: Path = ("hub", "config", "JupyterHub", "authenticator_class")
        if message := _no_such_authenticator(chosen):
            place = loaded.sources.place(path, of_value=True)
            advice = ("names: " + ", ".join(hub_image.authenticators()),)
            yield Finding(Level.WARNING, "authenticator-class", path, message, place, advice)
        return
    for class_name in config:
        if not hub_image.is_class(class_name) or class_name in hub_image.lineage(name):
            continue
        if "Authenticator" in hub_image.lineage(class_name):
            message = f"users log in with {name}, so what is set here has no effect"
            advice = (f"Choose it: hub.config.JupyterHub.authenticator_class: {hub_image.short_name(class_name)}",)
            here: Path = ("hub", "config", class_name)
            yield Finding(Level.WARNING, "unused-class", here, message, loaded.sources.place(here), advice)


def _no_such_authenticator(chosen: str) -> str:
    """What is wrong with a name or path that is none of the image's; empty where it may be the user's own."""
    package, _, last = chosen.rpartition(".")
    if not package:
        near = nearest(chosen, hub_image.authenticators())
        said = "the hub's image has no authenticator of this name"
    elif chosen.split(".")[0] in _PACKAGES:
        near = nearest(last, hub_image.class_names())
        said = f"{package} has no class of this name"
    else:
        return ""
    return said + (f"; did you mean {near[0]}?" if near else "")


_PACKAGES = frozenset(path.split(".")[0] for path in hub_image.authenticators().values())


def _of_piece(now: HubFacts, piece: Piece, found: list[Setting], own: set[str]) -> Iterator[Finding]:
    for setting in found:
        name, trait = setting.class_name, setting.trait
        said = f"c.{name}.{trait}"
        if not hub_image.is_class(name):
            if name not in own and (near := hub_image.near_class(name)):
                message = f"{said}: unknown class; did you mean {near}?"
                place = piece.place_of(setting.class_node)
                yield Finding(Level.WARNING, "unknown-class", piece.path, message, place)
            continue
        reader = now.reader(name)
        place = piece.place_of(setting.trait_node)
        for finding in of_trait(name, trait, piece.path, place, reader=reader, used=reader == now.login, below="c"):
            yield replace(finding, message=f"{said}: {finding.message}")
        spec = hub_image.traits(reader or name).get(trait)
        if spec and setting.value_node is not None:
            for wanted in hub_image.refused(spec, setting.value):
                message = wanted.expected.but(part(setting.value, wanted.path), hide=is_secret((trait, *wanted.path)))
                place = piece.place_of(setting.value_node)
                yield _unfit(piece.path, f"{said}{dotted(wanted.path)}: {message}", place)
        if (name, trait) == ("CryptKeeper", "keys"):
            yield from _keys(piece, setting)


def _keys(piece: Piece, setting: Setting) -> Iterator[Finding]:
    """Keys that the hub's Python sets as text, and that the hub stops at."""
    keys = setting.value if isinstance(setting.value, list) else [setting.value]
    if setting.value_node is not None and any(isinstance(key, str) and not is_key(key) for key in keys):
        message = "c.CryptKeeper.keys: expected keys of 32 bytes, each as 64 hex digits or as base64"
        advice = ("The hub does not start with it.", "Use the output of `openssl rand -hex 32`.")
        yield Finding(Level.ERROR, "crypt-key", piece.path, message, piece.place_of(setting.value_node), advice)
