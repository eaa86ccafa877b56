"""What a class or trait below `hub.config` is: for `explain`, from the tables of the hub's image."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from chart_py.checks.hub import image as hub_image
from chart_py.errors import UsageError
from chart_py.finding import Path, dotted
from chart_py.reference import ends, trait_help
from chart_py.reference.explanation import NOTHING, Arrival, Explanation, Line, Place
from chart_py.reference.setting import known, nested
from chart_py.values.expectation import Kind
from chart_py.values.load import default_tree

CONFIG: Path = ("hub", "config")
# Traits whose value is the short name or the class of one of the image's.
_EXAMPLES = {"authenticator_class": "github"}
_CHOSEN = {"authenticator_class": "authenticators", "spawner_class": "spawners", "proxy_class": "proxies"}


def explanation(path: Path) -> Explanation | None:
    """What is told of `hub.config.CLASS` or `hub.config.CLASS.trait`; None for every other path.

    Raises UsageError, with the nearest, for a class that almost is one of the image's, and for an unknown trait.
    """
    if path[:2] != CONFIG or len(path) < 3:
        return None
    name, *traits = (str(step) for step in path[2:])
    if hub_image.is_class(name):
        return of_trait(name, traits[0]) if traits else of_class(name)
    if near := hub_image.near_class(name):
        raise UsageError(f"unknown class {name}; did you mean {dotted((*CONFIG, near, *traits))}?")
    said = "The hub's image has no such class: it is taken for one of your own, and nothing is known of its traits."
    return Explanation(dotted(path), "a class of your own" if not traits else "a trait of your own class", said)


def of_class(name: str) -> Explanation:
    """What a class of the image is, and its traits: its own first, then those of its bases."""
    facts = []
    short = hub_image.short_name(name)
    if short != name:
        facts.append(("Chosen by", f"hub.config.JupyterHub.authenticator_class: {short}"))
    if bases := hub_image.lineage(name)[1:]:
        facts.append(("Traits of", f"{', '.join(bases)} as well"))
    own = hub_image.own_traits(name)
    order = [*own, *(trait for trait in sorted(hub_image.traits(name)) if trait not in own)]
    below = [Line(trait, _line(name, trait)) for trait in order if not hub_image.renamed(name, trait)]
    kind = "a class of the hub's image"
    return Explanation(dotted((*CONFIG, name)), kind, trait_help.of_class(name), tuple(facts), below=tuple(below))


def _line(name: str, trait: str) -> str:
    return (
        trait_help.sentence(trait_help.of_trait(name, trait).text)
        or hub_image.expected(hub_image.traits(name)[trait]).text
    )


def of_trait(name: str, trait: str) -> Explanation:
    """What a trait of a class of the image is. Raises UsageError, with the nearest, where there is none."""
    here = dotted((*CONFIG, name, trait))
    if new := hub_image.renamed(name, trait):
        since = f" since {new.since}" if new.since else ""
        today = dotted((*CONFIG, *(new.new if "." in new.new else f"{name}.{new.new}").split(".")))
        return Explanation(here, "an old name", facts=(("Today", today + since),))
    spec = hub_image.traits(name).get(trait)
    if spec is None:
        near = hub_image.near_trait(name, trait)
        hint = f"did you mean {dotted((*CONFIG, name, near))}?" if near else f"`explain hub.config.{name}` lists them"
        raise UsageError(f"{name} has no trait {trait}; {hint}")
    told = trait_help.of_trait(name, trait)
    group = _CHOSEN.get(trait) if name == "JupyterHub" else None
    below = tuple(Line(*pair) for pair in hub_image.entry_points(group).items()) if group else ()
    kind = "a name in the list below, or a class as MODULE.CLASS" if group else hub_image.expected(spec).text
    arrivals = (Arrival((), (Place(f"c.{name}.{trait}"),)),)
    value = _EXAMPLES.get(trait, _example(spec, trait_help.data(told.default)))
    example = NOTHING if value is None else nested((*CONFIG, name, trait), value)
    return Explanation(
        here, kind, "", _facts(name, trait, told), told_default(told), arrivals, example, told.text, below
    )


def _facts(name: str, trait: str, told: trait_help.Help) -> tuple[tuple[str, str], ...]:
    facts = [("Default", "computed when the hub starts")] if told.default == trait_help.COMPUTED else []
    chart = default_tree(CONFIG).get(name, {})
    if trait in chart:
        facts.append(("In chart", json.dumps(chart[trait])))
    facts.append(("Trait of", owner(name, trait)))
    if setters := set_by().get(f"{name}.{trait}"):
        facts.append(("Set by", f"{' and '.join(setters)}; a value in hub.config overrides it"))
    return tuple(facts)


def owner(name: str, trait: str) -> str:
    """The class that has a trait first, of those that a class inherits from."""
    return next(base for base in reversed(hub_image.lineage(name)) if trait in hub_image.traits(base))


def told_default(told: trait_help.Help) -> Any:
    """A trait's default as an explanation has it."""
    return NOTHING if told.default == trait_help.COMPUTED else trait_help.data(told.default)


@cache
def set_by() -> dict[str, list[str]]:
    """From `CLASS.trait` to the settings that set it."""
    found: dict[str, list[str]] = {}
    for path in known():
        for arrival in ends.arrivals(path):
            for place in arrival.places:
                if place.part.startswith("c.") and not place.path:
                    setters = found.setdefault(place.part[2:], [])
                    if dotted(path) not in setters:
                        setters.append(dotted(path))
    return found


def _example(spec: Any, value: Any) -> Any:
    """Another value for a trait than its default `value`, where that is easily told; None for what YAML cannot hold."""
    first = hub_image.expected(spec).taken[0]
    if first.kind is Kind.BOOL:
        return not value
    if first.kind is Kind.CHOICE:
        return next((choice for choice in spec[2] or () if choice not in (None, value)), None)
    if first.kind in (Kind.INTEGER, Kind.NUMBER):
        return 2 * value if value else int(first.least or 1)
    plain = {Kind.TEXT: "...", Kind.LIST: ["..."], Kind.MEMORY: "2G", Kind.COMMAND: ["..."], Kind.MAP: {"NAME": "..."}}
    return plain.get(first.kind)
