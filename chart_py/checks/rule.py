"""A `Rule`: one contradiction or trap in values that are each right by themselves, with its code and an example."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from chart_py.finding import Finding, Level, Path, Place
from chart_py.values.load import Loaded
from chart_py.values.root import Values


class Said(NamedTuple):
    """What a rule found: the setting it is about, what is wrong; `advice` where it can be more exact than the rule's.

    `place` is where it stands, if not at the setting itself: a line of the hub's Python.
    """

    path: Path
    message: str
    advice: str = ""
    level: Level | None = None
    place: Place | None = None


class Facts:
    """What rules look at: the checked values, and what of them the user has written."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded
        self.values: Values = loaded.values

    def written(self, *path: str | int) -> bool:
        """Whether any layer says something at `path`."""
        return any(layer.has(path) for layer in self.loaded.sources.layers)

    @property
    def config(self) -> dict[str, Any]:
        """`hub.config`: class → trait → value."""
        return self.values.hub.config

    def below(self, word: str) -> set[Path]:
        """The paths at which any layer says something about a map called `word`, outside of what is the user's own."""
        found: set[Path] = set()

        def walk(tree: dict[str, Any], path: Path) -> None:
            for key, value in tree.items():
                if key == word:
                    found.add((*path, key))
                elif isinstance(value, dict) and key not in ("config", "custom", "global"):
                    walk(value, (*path, key))

        for layer in self.loaded.sources.layers:
            walk(layer.tree, ())
        return found

    def at(self, path: Path) -> Any:
        """The checked value at `path`, section or word; None where the models have none of that name."""
        here: Any = self.values
        for step in path:
            here = getattr(here, str(step), None)
        return here

    def trait(self, name: str) -> tuple[Path, Any] | None:
        """Where a trait of any class is set in `hub.config`, and its value; None where nowhere."""
        for class_name, traits in self.config.items():
            if isinstance(traits, dict) and name in traits:
                return ("hub", "config", class_name, name), traits[name]
        return None

    def in_python(self, text: str) -> bool:
        """Whether the user's own Python for the hub mentions `text`, so that a rule had better be silent."""
        return any(text in str(part) for part in self.values.hub.extraConfig.values())


Check = Callable[[Facts], Iterator[Said]]


class Rule(NamedTuple):
    """One row of the table: how it is called, how bad it is, how it is found, and what to do about it.

    `example` is a configuration that breaks the rule; the reference page shows it and a test runs it.
    """

    code: str
    level: Level
    check: Check
    remedy: str
    example: str

    @property
    def text(self) -> str:
        """What is wrong where it finds something: the first words of its function."""
        return (self.check.__doc__ or "").strip()


def row(code: str, level: Level, *, remedy: str, example: str) -> Callable[[Check], Rule]:
    """Makes a rule of the function below it, whose docstring says what is wrong."""
    return lambda check: Rule(code, level, check, remedy, example)


def rules_of(module: dict[str, Any]) -> tuple[Rule, ...]:
    """The rules that a module defines, in their order; what it imports is another's."""
    return tuple(
        each for each in module.values() if isinstance(each, Rule) and each.check.__module__ == module["__name__"]
    )


def findings(rules: tuple[Rule, ...], facts: Facts) -> list[Finding]:
    """What the rules find, at the places of the settings."""
    loaded, found = facts.loaded, []
    for rule in rules:
        for said in rule.check(facts):
            place = said.place or (loaded.sources.place(said.path) if facts.written(*said.path[:2]) else None)
            advice = (said.advice or rule.remedy,)
            found.append(Finding(said.level or rule.level, rule.code, said.path, said.message, place, advice))
    return found
