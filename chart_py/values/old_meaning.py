"""What old configurations meant beside their single words: who may log in, what egress rules did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from chart_py.editions import DEFAULT, GUIDE, Edition
from chart_py.finding import Finding, Level, Path, dotted
from chart_py.values.guide_settings import EVERY, OF_GUIDE, Facts
from chart_py.values.guide_settings.auth import section_of
from chart_py.values.guide_settings.row import Row
from chart_py.values.layer import Layer
from chart_py.values.login import authenticator, lists
from chart_py.values.login_python import python_decides
from chart_py.values.merge import at, layered
from chart_py.values.sources import Sources
from chart_py.values.translation import EMPTY, Say, Step, Translated, facts_of, put, translated

Tree = dict[str, Any]

ALLOW_ALL: Path = ("hub", "config", "Authenticator", "allow_all")
# With these it is OAuthenticator 16 that lets nobody in, before JupyterHub 5 does.
_OAUTH = ("github", "google", "cilogon", "globus", "gitlab", "mediawiki", "azuread", "okpy", "openshift", "bitbucket")
LET_IN = Row(
    "auth", (".".join(map(str, ALLOW_ALL)),), Any,
    "JupyterHub 5 lets nobody in who is not allowed by name or group; without a list everyone was let in",
)  # fmt: skip
_POLICIES: tuple[Path, ...] = (
    ("hub", "networkPolicy"),
    ("proxy", "chp", "networkPolicy"),
    ("proxy", "traefik", "networkPolicy"),
    ("singleuser", "networkPolicy"),
)


def translate(
    layers: Sequence[Layer], default: Tree, say: Say, *, edition: Edition = DEFAULT, release: str = "jhub"
) -> list[Translated]:
    """All `layers` in the settings of `edition`, with what they meant; `default` is the tree below them all."""
    facts = facts_of(layers, release)
    rows = (*EVERY, *OF_GUIDE) if edition.version in GUIDE else EVERY
    found = [translated(layer, facts, say, rows=rows, edition=edition) for layer in layers]
    _drop_nulls(found, default)
    if edition.has("jupyterhub-5") or (edition.has("jupyterhub-4") and facts.auth_type in _OAUTH):
        _let_in(found, default, facts, say)
    if edition.version not in GUIDE and edition.has("egress-allow-rules"):
        for finding in _egress(found, default):
            say(finding)
    for each in found:
        if any(step.row is not EMPTY for step in each.steps):
            say(_summary(each, edition.chart))
    return found


def _summary(found: Translated, chart: str) -> Finding:
    words = [step.old for step in found.steps if step.row not in (LET_IN, EMPTY)]
    if len(words) == 1:
        message = f"one setting of charts before {chart} was understood and translated: {dotted(words[0])}"
    else:
        count = f"{len(words)} settings"
        message = f"{count} of charts before {chart} were understood and translated, first {dotted(words[0])}"
    advice = ("`chart-py migrate` rewrites the file with today's settings and says why for each line.",)
    return Finding(Level.NOTE, "old-settings", (), message, found.layer.place(words[0]), advice)


def _drop_nulls(found: Sequence[Translated], default: Tree) -> None:
    """Nulls of old words that remove nothing go: they stood for `not set`, and the new word may not take null."""
    below: list[Tree] = [default]
    for each in found:
        for step in each.steps:
            for path, value in step.new.items():
                if value is None and not any(_says(tree, path) for tree in below):
                    _remove(each.layer, path)
        below.append(each.layer.tree)


def _says(tree: Any, path: Path) -> bool:
    for step in path:
        if not isinstance(tree, dict) or step not in tree:
            return False
        tree = tree[step]
    return tree is not None


def _remove(layer: Layer, path: Path) -> None:
    """Take a null out of a tree, with the maps that held nothing else."""
    here: Any = layer.tree
    chain: list[tuple[Tree, Any]] = []
    for step in path:
        if not isinstance(here, dict) or step not in here:
            return
        chain.append((here, step))
        here = here[step]
    for tree, step in reversed(chain):
        if tree[step] in (None, {}):
            del tree[step]
        else:
            break


def _let_in(found: list[Translated], default: Tree, facts: Facts, say: Say) -> None:
    """Add `allow_all` to the lowest layer with `auth`, if no layer says who may log in."""
    said = [any(step.old[0] == "auth" and step.row is not EMPTY for step in each.steps) for each in found]
    index = said.index(True) if True in said else None
    if index is None:
        return
    hub = layered(default, [each.layer.tree for each in found]).get("hub")
    config = (hub.get("config") if isinstance(hub, dict) else None) or {}
    if not isinstance(hub, dict) or not isinstance(config, dict):
        return
    jupyterhub = config.get("JupyterHub")
    cls = jupyterhub.get("authenticator_class") if isinstance(jupyterhub, dict) else None
    known = authenticator(cls)
    # A class of one's own may be made of any of these.
    own = ("Authenticator", "LocalAuthenticator", "OAuthenticator", section_of(str(cls)))
    if any(trait == "allow_all" or value for trait, value in lists(config, known.sections if known else own)):
        return
    each = found[index]
    old = next(step.old[:1] for step in each.steps if step.old[0] == "auth")
    if elsewhere := _decided_by(hub):
        lines = (f"Write {dotted(ALLOW_ALL)}: true to let in everyone who passes the login.",)
        message = f"{elsewhere} may say who may log in, so {dotted(ALLOW_ALL)} is not added"
        say(Finding(Level.WARNING, "login-by-python", old, message, each.layer.place(("auth",)), lines))
        return
    put(each.layer, ALLOW_ALL, True, old, say, each.layer)
    step = Step(LET_IN, old, {ALLOW_ALL: True})
    found[index] = replace(each, steps=(*each.steps, step))


def _decided_by(hub: Tree) -> str:
    """What may say who gets in beside the values; empty where nothing does."""
    if python_decides(hub):
        return "the hub's own Python"
    return next((f"hub.{word}" for word in ("existingSecret", "command", "args") if hub.get(word)), "")


def _egress(found: Sequence[Translated], default: Tree) -> Iterator[Finding]:
    """Warnings about egress rules that restricted when they were written, and only add today."""
    layers = [each.layer for each in found]
    sources, tree = Sources(layers), layered(default, [layer.tree for layer in layers])
    old = any(each.steps for each in found)
    where: dict[Path, list[Path]] = {}
    for path in _POLICIES:
        policy = at(tree, path)
        if not isinstance(policy, dict) or not policy.get("enabled") or not isinstance(policy.get("egress"), list):
            continue
        told = any(layer.has((*path, "egressAllowRules")) for layer in layers)
        # An empty list said: nothing. Rules in a file that shows another sign of its age may have said: only these.
        is_empty = not policy["egress"] and any(layer.has((*path, "egress")) for layer in layers)
        if (layer := sources.layer(path)) and not told and (is_empty or (policy["egress"] and old)):
            where.setdefault(layer.written((*path, "egress")), []).append(path)
    for written, paths in where.items():
        rules = ", ".join(rule for rule, on in at(tree, (*paths[0], "egressAllowRules")).items() if on)
        once = "these were all that pods could reach; today they only add to"
        if not at(tree, (*paths[0], "egress")):
            once = "an empty list let pods reach nothing; today they still reach what is allowed by"
        message = f"up to chart 1.2 {once} {rules}"
        words = " and ".join(dotted((*path, "egressAllowRules")) for path in paths)
        advice = (
            f"To restrict, write {words} with those that you do not want: false.",
            "To keep all of the guide's defaults, give --chart-version 0.7.",
        )
        place = sources.place((*paths[0], "egress"))
        yield Finding(Level.WARNING, "egress-adds", written, message, place, advice)
