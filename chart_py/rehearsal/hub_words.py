"""Owns which settings a line of jupyterhub_config.py depends on, read from its text as it was rendered."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache

from chart_py.finding import Path

# The functions that read a setting by its path, their first argument.
_READERS = ("get_config", "get_secret_value", "entries")
_DEEPEST = 3


@cache
def _parsed(text: str) -> ast.Module:
    return ast.parse(text)


@cache
def settings_of(text: str, line: int) -> tuple[Path, ...]:
    """The settings that the statement at `line` reads, its own first, then those of the names that it uses."""
    tree = _parsed(text)
    outer = next((s for s in tree.body if s.lineno <= line <= (s.end_lineno or s.lineno)), None)
    if outer is None:
        return ()
    found = [*_inner(outer, line), *([outer] if isinstance(outer, (ast.For, ast.If, ast.FunctionDef)) else [])]
    paths = dict.fromkeys(path for node in found for path in _of(node, tree, _DEEPEST))
    return tuple(paths)


def _inner(statement: ast.stmt, line: int) -> list[ast.stmt]:
    """The smallest statement at the line, and those around it, the smallest first."""
    here: list[ast.stmt] = []
    for node in ast.walk(statement):
        if isinstance(node, ast.stmt) and node.lineno <= line <= (node.end_lineno or node.lineno):
            here.append(node)
    return sorted(here, key=lambda node: (node.end_lineno or node.lineno) - node.lineno)


def _of(node: ast.AST, tree: ast.Module, depth: int) -> Iterator[Path]:
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name):
            if inner.func.id in _READERS and inner.args and isinstance(inner.args[0], ast.Constant):
                yield tuple(str(inner.args[0].value).split("."))
            elif depth:
                for function in tree.body:
                    if isinstance(function, ast.FunctionDef) and function.name == inner.func.id:
                        yield from _of(function, tree, depth - 1)
    if not depth:
        return
    used = {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name) and isinstance(inner.ctx, ast.Load)}
    for other in tree.body:
        if isinstance(other, ast.Assign) and any(isinstance(t, ast.Name) and t.id in used for t in other.targets):
            yield from _of(other.value, tree, depth - 1)
