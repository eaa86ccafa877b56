"""Owns the way from what happened in the hub's Python back to the line of the user's file that caused it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from chart_py.checks.hub.code import Piece, pieces
from chart_py.finding import Path, Place
from chart_py.rehearsal.hub_words import settings_of
from chart_py.rehearsal.result import Exit, Line, Rehearsal, Trait, Where
from chart_py.values.load import Loaded

_FOLDER = "/usr/local/etc/jupyterhub/"
_ENTRIES: dict[str, tuple[tuple[Path, ...], str]] = {
    "role": ((("hub", "loadRoles"),), "load_roles"),
    "service": ((("hub", "services"),), "services"),
    "group": ((("hub", "config", "JupyterHub", "load_groups"),), "load_groups"),
}
_JUPYTERHUB = ("JupyterHub",)
# Where the cause of a step's failure is, if nothing nearer is known of it.
_STAGES: dict[str, tuple[Path, ...]] = {
    "init_db": (("hub", "db", "url"), ("hub", "db")),
    "init_users": (("hub", "config", "Authenticator"), ("hub", "config", "JupyterHub", "authenticator_class")),
    "init_groups": (("hub", "config", "JupyterHub", "load_groups"),),
    "init_services": (("hub", "services"),),
    "init_role_creation": (("hub", "loadRoles"),),
    "init_role_assignment": (("hub", "loadRoles"),),
}
_LAST: tuple[Path, ...] = (("hub", "config"), ("hub", "extraConfig"), ("singleuser", "profileList"), ("hub",))
_NAMED = re.compile(r"\b([A-Z][A-Za-z]+)\.([a-z_]+)\b")


class Origin(NamedTuple):
    """The setting that caused something, and its place; `exact` where it is the very line, and not the nearest one."""

    path: Path
    place: Place | None
    exact: bool = True


class Origins:
    """Finds the lines behind what one rehearsal told of one configuration."""

    def __init__(self, loaded: Loaded, rehearsal: Rehearsal, files: dict[str, str]) -> None:
        self.loaded = loaded
        self.rehearsal = rehearsal
        self.files = files
        self.pieces: dict[str, Piece] = {piece.file: piece for piece in pieces(loaded)}

    def written(self, path: Path) -> bool:
        """Whether any layer of the user's says something at `path`."""
        return any(layer.has(path) for layer in self.loaded.sources.layers)

    def setting(self, path: Path, *, of_value: bool = False, exact: bool = True) -> Origin:
        """A setting as an origin."""
        return Origin(path, self.loaded.sources.place(path, of_value=of_value) if self.written(path) else None, exact)

    def of_line(self, line: Line | None, column: int = 0) -> Origin | None:
        """A line of the user's own Python; None for one of ours."""
        piece = self.pieces.get(line.file) if line else None
        if piece is None or line is None:
            return None
        lines = piece.text.split("\n")
        text = lines[line.line - 1] if 0 < line.line <= len(lines) else ""
        start = column or len(text) - len(text.lstrip()) + 1
        length = 1 if column else max(len(text.strip()), 1)
        return Origin(piece.path, piece.place(line.line, start, length))

    def of(self, where: Where, message: str = "") -> Origin:
        """Where it happened: the innermost line of the user's, else the trait, the entry, the nearest setting."""
        for line in reversed(where.own):
            if found := self.of_line(line):
                return found
        for candidate in (
            self.of_trait(where.trait),
            self._of_entry(where),
            self._of_our_line(where.own),
            self._of_named(message),
        ):
            if candidate:
                return candidate
        for path in (*_STAGES.get(where.stage, ()), *_LAST):
            if self.written(path):
                return self.setting(path, exact=False)
        return Origin((), None, exact=False)

    def of_trait(self, trait: Trait | None) -> Origin | None:
        """Where a trait was set: by which class, in `hub.config`, a setting, or the user's Python; the last counts."""
        for cls in trait.classes if trait else ():
            assert trait is not None
            if found := self.of_setter(cls, trait.name):
                return found
        if trait and trait.of and trait.classes[:1] == ("Service",):
            path: Path = ("hub", "services", trait.of, trait.name)
            return self.setting(path) if self.written(path) else None
        return None

    def of_setter(self, cls: str, name: str) -> Origin | None:
        """Where `cls.name` was set last; None where nobody set it."""
        path: Path = ("hub", "config", cls, name)
        for setter in reversed(self.rehearsal.setters.get(f"{cls}.{name}", ())):
            if found := self.of_line(setter.line):
                return found
            if self.written(path):
                return self.setting(path)
            if setter.path and self.written(tuple(setter.path.split("."))):
                return self.setting(tuple(setter.path.split(".")))
            if found := self._of_our_line((setter.line,)):
                return found
        return self.setting(path) if self.written(path) else None

    def _of_our_line(self, own: Sequence[Line]) -> Origin | None:
        """The first setting that the user wrote of those that a line of the hub's own file reads."""
        for line in reversed(own):
            for path in self._settings(line):
                if self.written(path):
                    return self.setting(path)
        return None

    def _settings(self, line: Line) -> Iterator[Path]:
        text = self.files.get(line.file)
        if text and line.file == f"{_FOLDER}jupyterhub_config.py":
            yield from settings_of(text, line.line)

    def _of_entry(self, where: Where) -> Origin | None:
        if where.entry is None:
            return None
        folders, trait = _ENTRIES[where.entry.kind]
        for folder in folders:
            if self.written((*folder, where.entry.name)):
                return self.setting((*folder, where.entry.name))
            if (found := self.below(folder, where.entry.name)) != folder:
                return self.setting(found)
        return self.of_setter("JupyterHub", trait)

    def _of_named(self, message: str) -> Origin | None:
        """A trait that the message names and somebody has set, or else the class it names."""
        for cls, trait in _NAMED.findall(message):
            if found := self.of_setter(cls, trait):
                return found
        for cls, _ in _NAMED.findall(message):
            if self.written(("hub", "config", cls)):
                return self.setting(("hub", "config", cls), exact=False)
        return None

    def of_exit(self, exited: Exit) -> Origin:
        """Where the hub ended itself: at a line of the user's, or at the setting that our file refuses."""
        for line in reversed(exited.where.own):
            if found := self.of_line(line):
                return found
            for path in self._settings(line):
                for name in exited.names.values():
                    if self.written((*path, name)):
                        return self.setting((*path, name))
        return self.of(exited.where, exited.message)

    def below(self, path: Path, name: Any) -> Path:
        """The item of a list or map at `path` that is called `name`; `path` where there is none."""
        value: Any = self.loaded.tree
        for step in path:
            value = value[step] if _has(value, step) else None
        items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for key, item in items:
            if isinstance(item, dict) and item.get("name") == name:
                return (*path, key)
        return path


def _has(value: Any, step: Any) -> bool:
    if isinstance(value, dict):
        return step in value
    return isinstance(value, list) and isinstance(step, int) and step < len(value)
