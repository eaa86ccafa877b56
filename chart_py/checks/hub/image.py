"""What the hub's image knows: its modules, its authenticators, the traits of its classes and what these take."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from chart_py.spelling import distance, nearest
from chart_py.values.expectation import Expectation, Kind, Taken
from chart_py.values.formats import memory


@cache
def _table() -> dict[str, Any]:
    found: dict[str, Any] = json.loads(
        (Path(__file__).parent.parent / "tables" / "hub.json").read_text(encoding="utf-8")
    )
    return found


def python() -> tuple[int, int]:
    """The version of the image's Python."""
    major, minor = _table()["python"]
    return major, minor


def builtin_names() -> frozenset[str]:
    """The names that the image's Python has everywhere."""
    return frozenset(_table()["builtins"])


def packages() -> dict[str, str]:
    """The packages that the table was made from, name → version."""
    return dict(_table()["packages"])


@cache
def modules() -> frozenset[str]:
    """The modules that can be imported in the hub, Python's own included."""
    return frozenset(_table()["modules"]) | frozenset(_table()["standard_library"]) | {"z2jh"}


def class_names() -> tuple[str, ...]:
    """The classes that can be configured."""
    return tuple(_table()["classes"])


def is_class(name: str) -> bool:
    """Whether the image has a class of that name."""
    return name in _table()["classes"]


@cache
def lineage(name: str) -> tuple[str, ...]:
    """A class and those it inherits from, itself first."""
    return (name, *(base for base in _table()["classes"][name]["bases"] if is_class(base)))


@cache
def traits(name: str) -> dict[str, Any]:
    """The traits that a class can be configured with, its own and inherited ones, name → what it takes."""
    out: dict[str, Any] = {}
    for cls in reversed(lineage(name)):
        out |= _table()["classes"][cls]["traits"]
    return out


def is_of_heir(name: str, trait: str) -> bool:
    """Whether a class made of `name` has a trait: traitlets takes what is set on a parent for all its heirs."""
    return any(trait in own_traits(heir) for heir in class_names() if heir != name and name in lineage(heir))


def own_traits(name: str) -> dict[str, Any]:
    """The traits that a class has by itself, without inherited ones: name → what it takes."""
    return dict(_table()["classes"][name]["traits"])


class Renamed(NamedTuple):
    """The new name of a trait (`allowed_users` or `Authenticator.admin_users`), and since when.

    `stops` is true where the new one takes other values: the class refuses the old one, and the hub does not start.
    """

    new: str
    since: str
    stops: bool = False


def renamed(name: str, trait: str) -> Renamed | None:
    """What a trait of old is called today, however often it was renamed; None if it has no new name."""
    for cls in lineage(name):
        if found := _table()["classes"][cls]["deprecated"].get(trait):
            if not found[0]:
                return None
            first = Renamed(*found)
            next_one = renamed(name, first.new) if "." not in first.new and first.new != trait else None
            return Renamed(next_one.new, first.since, first.stops) if next_one else first
    return None


def service_fields() -> dict[str, Any]:
    """What an entry of c.JupyterHub.services can have, name → what it takes."""
    return dict(_table()["services"])


def scopes() -> tuple[str, ...]:
    """What a role may do, without filters such as `!user=ada`."""
    return tuple(_table()["scopes"])


def authenticators() -> dict[str, str]:
    """Short name → class, as `hub.config.JupyterHub.authenticator_class` takes it."""
    return entry_points("authenticators")


def entry_points(group: str) -> dict[str, str]:
    """Short name → class of the `authenticators`, `spawners` or `proxies` of the image."""
    return dict(_table()[group])


def class_of(value: str, group: str = "authenticators") -> str | None:
    """The class that a short name or a dotted path stands for; None where it is not one of the image's."""
    path = _table()[group].get(value, value)
    name = path.rpartition(".")[2]
    known = "." in path and path.split(".")[0] in {m.split(".")[0] for m in _table()["modules"]}
    return name if known and is_class(name) else None


def short_name(class_name: str) -> str:
    """The name that chooses an authenticator's class; its own where it has no shorter one."""
    return next((short for short, path in authenticators().items() if path.endswith("." + class_name)), class_name)


class Wanted(NamedTuple):
    """What is wrong with a value below a trait: where, and what is expected there."""

    path: tuple[str | int, ...]
    expected: Expectation


def refused(spec: Any, value: Any) -> list[Wanted]:
    """What of `value` the trait that the table describes as `spec` would refuse when the hub starts.

    A list takes a single text too, if texts are what it holds: traitlets puts it into one.
    """
    if spec[0] in ("List", "Set") and isinstance(value, str):
        value = [value]
    return list(unfit(spec, value))


def unfit(spec: Any, value: Any) -> Iterator[Wanted]:
    """What of `value` does not fit `spec`, within other values too."""
    kind, none, detail = spec
    if kind == "Any" or (value is None and none):
        return
    if kind == "Union":
        if all(any(True for _ in unfit(part, value)) for part in detail):
            yield Wanted((), expected(spec))
    elif kind in ("List", "Set"):
        if not isinstance(value, list):
            yield Wanted((), expected(spec))
        elif kind == "Set" and (odd := [i for i, item in enumerate(value) if isinstance(item, (list, dict))]):
            yield Wanted((odd[0],), Expectation((Taken(Kind.TEXT), Taken(Kind.NUMBER))))
        elif detail:
            for index, item in enumerate(value):
                yield from (Wanted((index, *found.path), found.expected) for found in unfit(detail, item))
    elif kind == "Dict":
        if not isinstance(value, dict):
            yield Wanted((), expected(spec))
        elif detail:
            for key, item in value.items():
                yield from (Wanted((str(key), *found.path), found.expected) for found in unfit(detail, item))
    elif not _fits(kind, detail, value):
        yield Wanted((), expected(spec))


def _fits(kind: str, detail: Any, value: Any) -> bool:
    if kind == "Unicode":
        return isinstance(value, str)
    if kind == "Callable":
        return False
    if kind == "Bool":
        return isinstance(value, bool) or (isinstance(value, int) and value in (0, 1))
    if kind == "Command":
        texts = isinstance(value, list) and all(isinstance(part, str) for part in value)
        return isinstance(value, str) or (texts and len(value) >= detail)
    if kind == "Memory":
        # traitlets takes true and false for 1 and 0, as Python does.
        return isinstance(value, bool) or (value is not None and not any(True for _ in memory(value)))
    if kind == "Enum":
        return value in detail
    if kind in ("Integer", "Float"):
        least, most = detail
        number = isinstance(value, int if kind == "Integer" else (int, float))
        return number and (least is None or value >= least) and (most is None or value <= most)
    raise AssertionError(f"the table has an unknown kind of trait: {kind}")


_KINDS = {
    "Unicode": Kind.TEXT,
    "Bool": Kind.BOOL,
    "Integer": Kind.INTEGER,
    "Float": Kind.NUMBER,
    "List": Kind.LIST,
    "Set": Kind.LIST,
    "Dict": Kind.MAP,
    "Command": Kind.COMMAND,
    "Memory": Kind.MEMORY,
    "Callable": Kind.FUNCTION,
}


def expected(spec: Any) -> Expectation:
    """What the trait that the table describes as `spec` takes."""
    kind, _, detail = spec
    if kind == "Union":
        parts = (each for part in detail for each in expected(part).taken)
        return Expectation(tuple(dict.fromkeys(parts)))
    if kind == "Enum":
        choices = tuple(str(value) for value in detail if value is not None)
        return Expectation((Taken(Kind.CHOICE, choices),))
    if kind in ("Integer", "Float"):
        least, most = detail
        return Expectation((Taken(_KINDS[kind], least=least, most=most),))
    if kind in ("List", "Set"):
        return Expectation((Taken(Kind.LIST, items=_KINDS.get(detail[0]) if detail else None),))
    return Expectation.of(_KINDS.get(kind, Kind.OTHER))


def near_class(name: str) -> str | None:
    """The class that a misspelt one was meant to be."""
    short = {alias.replace("-", "").lower(): path.rpartition(".")[2] for alias, path in authenticators().items()}
    if found := short.get(name.replace("-", "").replace("_", "").lower()):
        return found
    # Classes of one's own often have names that resemble others, so only what looks like a slip counts.
    found_names = nearest(name, class_names())
    slip = found_names and distance(name.lower(), found_names[0].lower(), 2) <= (2 if len(name) > 9 else 1)
    return found_names[0] if slip else None


def near_trait(name: str, trait: str) -> str | None:
    """The trait of a class that a misspelt one was meant to be."""
    found = nearest(trait, traits(name))
    return found[0] if found else None
