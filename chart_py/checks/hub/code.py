"""The Python that a configuration brings into the hub: its pieces, where they stand, what they set and define."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import yaml

from chart_py.checks.hub.grammar import parse
from chart_py.finding import Path, Place
from chart_py.values.document import lines_of
from chart_py.values.layer import Layer
from chart_py.values.load import Loaded
from chart_py.values.scalar_text import Spot, spots

_CONFIG_FOLDER = "/usr/local/etc/jupyterhub/jupyterhub_config.d/"


@dataclass(frozen=True)
class Piece:
    """One text of Python: its `path` in the values, the `text`, the file that it is in the hub, and its layer."""

    path: Path
    text: str
    file: str
    layer: Layer | None
    shares_names: bool
    """Whether it runs with the names of jupyterhub_config.py, as parts of extraConfig and of jupyterhub_config.d do."""

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree, as the hub's Python has it. Raises UnparsableError."""
        return parse(self.text, self.file)

    @cached_property
    def _spots(self) -> list[Spot] | None:
        """Where each character of the text stands in the user's file; None where that cannot be told."""
        found = self.layer.node_at(self.path) if self.layer else None
        return spots(found, self.layer.lines) if self.layer and isinstance(found, yaml.ScalarNode) else None

    def place(self, line: int, column: int, length: int = 1) -> Place | None:
        """Where a character of the text stands in the user's file; `line` and `column` count from 1."""
        if self.layer is None:
            return None
        if self.layer.node is None:
            return self._in_named_file(line, column, length)
        found = self.layer.node_at(self.path)
        lines = self.text.split("\n")
        offset = sum(len(text) + 1 for text in lines[: line - 1]) + min(
            column - 1, len(lines[min(line, len(lines)) - 1])
        )
        if isinstance(found, yaml.ScalarNode) and (where := self._spots):
            row, start = where[min(offset, len(where) - 1)]
            row = min(row, len(self.layer.lines) - 1)
            return Place(self.layer.name, row + 1, start + 1, length, self.layer.lines[row])
        return self.layer.place(self.path, of_value=True)

    def _in_named_file(self, line: int, column: int, length: int) -> Place | None:
        """For `--set-file PATH=FILE`, the place in that file; for `--set` the flag."""
        assert self.layer is not None
        flag, _, setting = self.layer.name.partition(" ")
        if flag == "--set-file":
            lines = lines_of(self.text)
            source = lines[line - 1] if line <= len(lines) else ""
            return Place(setting.partition("=")[2], line, column, length, source)
        return self.layer.place(self.path)

    def place_of(self, node: ast.AST) -> Place | None:
        """Where a node of the syntax tree stands."""
        line, start = getattr(node, "lineno", 1), getattr(node, "col_offset", 0)
        text = self.text.split("\n")
        before = text[line - 1].encode()[:start].decode(errors="replace") if line <= len(text) else ""
        same = getattr(node, "end_lineno", line) == line
        length = getattr(node, "end_col_offset", start + 1) - start if same else 1
        return self.place(line, len(before) + 1, max(length, 1))


def pieces(loaded: Loaded) -> list[Piece]:
    """The Python of a configuration: parts of hub.extraConfig, and files of hub.extraFiles that end in `.py`."""
    out = []
    hub = loaded.values.hub
    for name, file in hub.extraFiles.items():
        target, text = str(file.get("mountPath", "")), file.get("stringData")
        if target.endswith(".py") and isinstance(text, str):
            path: Path = ("hub", "extraFiles", name, "stringData")
            out.append(Piece(path, text, target, _layer(loaded, path), target.startswith(_CONFIG_FOLDER)))
    for name, text in sorted(hub.extraConfig.items()):
        if isinstance(text, str):
            path = ("hub", "extraConfig", name)
            out.append(Piece(path, text, f"hub.extraConfig.{name}", _layer(loaded, path), True))
    return out


def _layer(loaded: Loaded, path: Path) -> Layer | None:
    return loaded.sources.layer(path)


def bound_names(tree: ast.Module) -> set[str]:
    """Every name that a text binds anywhere: assignments, functions, classes, imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            found.add(node.id)
        elif isinstance(node, (ast.MatchAs, ast.MatchStar)) and node.name:
            found.add(node.name)
        elif isinstance(node, (ast.Import, ast.ImportFrom)):
            found |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
    return found


@dataclass(frozen=True)
class Setting:
    """`c.CLASS.TRAIT` in a text: the nodes, and the value where it is a literal that is assigned."""

    class_name: str
    trait: str
    class_node: ast.AST
    trait_node: ast.AST
    value: Any = None
    value_node: ast.AST | None = None


def settings(tree: ast.Module) -> Iterator[Setting]:
    """The traits that a text sets or reads: `c.CLASS.TRAIT`, `c["CLASS"].TRAIT`, `c.CLASS["TRAIT"]`."""
    values: dict[int, ast.expr] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            values |= {id(target): node.value for target in node.targets}
        elif isinstance(node, ast.AnnAssign) and node.value is not None:
            values[id(node.target)] = node.value
    for node in ast.walk(tree):
        if (outer := _step(node)) and (inner := _step(outer[0])):
            base, (class_name, class_node), (trait, trait_node) = inner[0], inner[1], outer[1]
            if isinstance(base, ast.Name) and base.id == "c" and class_name[:1].isupper():
                value_node = values.get(id(node))
                value = _literal(value_node) if value_node is not None else None
                yield Setting(
                    class_name, trait, class_node, trait_node, value, value_node if value is not None else None
                )


def _step(node: ast.AST) -> tuple[ast.expr, tuple[str, ast.AST]] | None:
    """What stands before the last dot or bracket, and the name behind it with a node that covers just that name."""
    if isinstance(node, ast.Attribute):
        word = ast.Name(node.attr)
        word.lineno = node.end_lineno or node.lineno
        word.end_lineno = word.lineno
        word.end_col_offset = node.end_col_offset
        word.col_offset = (node.end_col_offset or 0) - len(node.attr.encode())
        return node.value, (node.attr, word)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and isinstance(node.slice.value, str):
        return node.value, (node.slice.value, node.slice)
    return None


def _literal(node: ast.expr) -> Any:
    """The plain value of an expression; None where it is none, or nothing that YAML could say too."""
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple, set, frozenset)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    return value if isinstance(value, (str, int, float, bool)) else None
