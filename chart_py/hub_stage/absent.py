"""Owns packages that only the user's image has: told where they are imported, then stood in for, so that the rest runs.

Only an import in the configuration's own files is stood in for. One that the file expects to fail (within `try`) and
those of packages fail as they would in the hub.
"""

from __future__ import annotations

import ast
import importlib.abc
import importlib.machinery
import linecache
import sys
import types
from typing import Any

from chart_py.hub_stage.telling import Teller, stack

STAND_IN = "chart_py_stand_in"


class _Meta(type):
    """A class of which any attribute is there."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()


class StandIn(metaclass=_Meta):
    """Something of a package that is not here: it can be called, subclassed, asked for attributes and items."""

    def __init__(self, *_: Any, **__: Any) -> None:
        pass

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return StandIn()

    def __call__(self, *given: Any, **_: Any) -> Any:
        # A decorator gives back what it is put on.
        return given[0] if len(given) == 1 and callable(given[0]) else StandIn()

    def __getitem__(self, key: Any) -> Any:
        return StandIn()

    def __iter__(self) -> Any:
        return iter(())


def _stand_in(module: str, name: str) -> Any:
    """What stands in for `module.name`: a class of JupyterHub's where the name says that it is one."""
    base: Any = StandIn
    if name.endswith("Authenticator"):
        from jupyterhub.auth import Authenticator

        base = Authenticator
    elif name.endswith("Spawner"):
        from kubespawner import KubeSpawner

        base = KubeSpawner
    elif not name[:1].isupper():
        return StandIn()
    return type(base)(name, (base,), {"__module__": module, STAND_IN: True})


class _Module(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _stand_in(self.__name__, name)
        setattr(self, name, made)
        return made


class Absent(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """The last of the finders: it finds what no other has."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.names: set[str] = set()

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        top = name.partition(".")[0]
        if top in self.names:
            return importlib.machinery.ModuleSpec(name, self, is_package=True)
        if "." in name or not (place := self._importing()):
            return None
        self.add(name, [place])
        return importlib.machinery.ModuleSpec(name, self, is_package=True)

    def add(self, name: str, own: list[list[Any]], trait: dict[str, Any] | None = None) -> None:
        """Have a stand-in for the package `name` from now on, and tell of it."""
        self.names.add(name)
        self.teller.tell({"event": "absent", "module": name, "own": own, "trait": trait})

    def create_module(self, spec: Any) -> types.ModuleType:
        return _Module(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass

    def _importing(self) -> list[Any] | None:
        """The line of the configuration's own files that imports, unless it expects that to fail."""
        frames = [f for f in stack(sys._getframe()) if "importlib" not in f.f_code.co_filename]
        for frame in reversed(frames):
            file = frame.f_code.co_filename
            if file == __file__:
                continue
            if not self.teller.is_own(file) or _is_tried(file, frame.f_lineno):
                return None
            return [self.teller.path(file), frame.f_lineno]
        return None


def _is_tried(file: str, line: int) -> bool:
    """Whether a line stands within a `try` that has a handler."""
    try:
        tree = ast.parse("".join(linecache.getlines(file)))
    except SyntaxError:
        return False
    return any(
        isinstance(node, ast.Try)
        and node.handlers
        and any(part.lineno <= line <= (part.end_lineno or part.lineno) for part in node.body)
        for node in ast.walk(tree)
    )


def stand_in_for_absent(teller: Teller) -> Absent:
    """Put the finder behind all others."""
    finder = Absent(teller)
    sys.meta_path.append(finder)
    return finder
