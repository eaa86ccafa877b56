"""What rules ask of the hub: which class users log in with, what its traits are in the end, what the Python sets."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Any, NamedTuple

from chart_py.checks.hub import image as hub_image
from chart_py.checks.hub.code import Piece, Setting, pieces, settings
from chart_py.checks.hub.grammar import UnparsableError
from chart_py.checks.rule import Facts
from chart_py.finding import Path

CONFIG: Path = ("hub", "config")


class Trait(NamedTuple):
    """A trait as `hub.config` sets it: the class it is set on, and its value."""

    class_name: str
    name: str
    value: Any

    @property
    def path(self) -> Path:
        """Where it stands."""
        return (*CONFIG, self.class_name, self.name)


class HubFacts(Facts):
    """Facts with the hub's classes and Python beside the values; what these need is loaded only by `validate`."""

    @cached_property
    def python(self) -> list[tuple[Piece, list[Setting]]]:
        """The readable pieces of the hub's Python, each with the traits that it names."""
        found = []
        for piece in pieces(self.loaded):
            try:
                found.append((piece, list(settings(piece.tree))))
            except (UnparsableError, RecursionError):
                continue
        return found

    def in_code(self, class_name: str, trait: str) -> Iterator[tuple[Piece, Setting]]:
        """Where the hub's Python names a trait of a class."""
        for piece, found in self.python:
            for setting in found:
                if (setting.class_name, setting.trait) == (class_name, trait):
                    yield piece, setting

    @cached_property
    def login(self) -> str:
        """The class of the image that users log in with; empty where it is another one, or the hub's Python decides."""
        if any(s.trait == "authenticator_class" for _, found in self.python for s in found):
            return ""
        jupyterhub = self.config.get("JupyterHub")
        chosen = jupyterhub.get("authenticator_class") if isinstance(jupyterhub, dict) else None
        return (hub_image.class_of(chosen) or "") if isinstance(chosen, str) else ""

    def reader(self, class_name: str) -> str | None:
        """The class whose traits decide about what is set on `class_name`; None where it is one of the user's own.

        What is set on a class counts for all that are made of it: `Authenticator.scope` is the login's scope.
        """
        lineage = hub_image.lineage(class_name)
        if self.login and class_name in hub_image.lineage(self.login):
            return self.login
        if class_name in hub_image.lineage("KubeSpawner"):
            return None if self.sets_spawner_class else "KubeSpawner"
        return None if "Authenticator" in lineage and not self.login else class_name

    @cached_property
    def sets_spawner_class(self) -> bool:
        """Whether `hub.config` or the hub's Python chooses the spawner."""
        jupyterhub = self.config.get("JupyterHub")
        return (isinstance(jupyterhub, dict) and "spawner_class" in jupyterhub) or self.decided_in_code("spawner_class")

    def is_login(self, *class_names: str) -> bool:
        """Whether users log in with one of these classes, or one made of it."""
        return bool(self.login) and any(name in hub_image.lineage(self.login) for name in class_names)

    def traits(self, name: str) -> list[Trait]:
        """How the class that users log in with, and those it is made of, set a trait: the one that counts first."""
        found = []
        for class_name in hub_image.lineage(self.login) if self.login else ():
            given = self.config.get(class_name)
            if isinstance(given, dict) and name in given:
                found.append(Trait(class_name, name, given[name]))
        return found

    def setting(self, name: str) -> Any:
        """What a trait of the class that users log in with is in the end; None where nothing sets it."""
        found = self.traits(name)
        return found[0].value if found else None

    def decided_in_code(self, *names: str) -> bool:
        """Whether the hub's Python names one of these traits, so that nothing certain can be said."""
        return any(setting.trait in names for _, found in self.python for setting in found)

    def functions(self) -> Iterator[tuple[Piece, ast.FunctionDef | ast.AsyncFunctionDef]]:
        """The functions that the hub's Python defines."""
        for piece, _ in self.python:
            for node in ast.walk(piece.tree):
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    yield piece, node
