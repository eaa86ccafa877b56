"""The hub's Python before it ships: does it compile, does it use names and modules that are there. It is never run."""

from __future__ import annotations

import ast
import builtins
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path as FilePath
from types import ModuleType

from chart_py.checks.code import Code
from chart_py.checks.hub import image as hub_image
from chart_py.checks.hub.code import Piece, bound_names, pieces
from chart_py.checks.hub.grammar import UnparsableError, Verdict
from chart_py.checks.hub.modules import brought
from chart_py.checks.hub.traits import own_image
from chart_py.finding import Finding, Level
from chart_py.secrecy import is_secret
from chart_py.spelling import nearest
from chart_py.values.load import Loaded

CODES = (
    Code(
        "python-syntax",
        Level.ERROR,
        "The hub's Python is not valid.",
        "Correct it; the hub does not start with it.",
        "hub:\n  extraConfig:\n    mine: |\n      x = = 1",
    ),
    Code(
        "python-name",
        Level.WARNING,
        "The hub's Python uses a name that nothing defines.",
        "Import or define it first.",
        "hub:\n  extraConfig:\n    mine: |\n      x = enviorn",
    ),
    Code(
        "python-import",
        Level.WARNING,
        "The hub's image does not have this module.",
        "Mount the module as a file, or use your own image.",
        "hub:\n  extraConfig:\n    mine: |\n      import numpy",
    ),
)

# For so many undefined names of a piece the nearest one is searched; a text with more of them is of another kind.
_SEARCHED = 50
_HUB_FILES = FilePath(__file__).parent.parent.parent / "hub_files"
# What is said of a text that has no syntax tree: how bad it is, before the parser's message, and below it.
_SAID = {
    Verdict.WRONG: (Level.ERROR, "not valid Python: {message}", ()),
    Verdict.NEWER: (Level.ERROR, "not valid in Python {image}, which the hub has: {message}", ()),
    Verdict.DOUBTFUL: (
        Level.WARNING,
        "Python {running}, which runs chart_py, cannot read this: {message}",
        ("The hub has Python {image}, which may; to know, run chart_py with that version, or install ruff beside it.",),
    ),
    Verdict.UNREAD: (
        Level.NOTE,
        "the hub's Python {image} can read this; Python {running}, which runs chart_py, cannot",
        ("So its names, modules and traits are not checked; run chart_py with Python {image} or newer.",),
    ),
}


def check(loaded: Loaded) -> list[Finding]:
    """Syntax errors (errors), names that nothing defines and modules that the image has not (warnings)."""
    found = pieces(loaded)
    out: list[Finding] = []
    parsed: list[Piece] = []
    for piece in found:
        try:
            assert piece.tree
            parsed.append(piece)
        except UnparsableError as error:
            out.append(_unparsable(piece, error, own=own_image(loaded)))
    # A text that does not compile may define anything.
    if len(parsed) == len(found):
        for piece in parsed:
            out += undefined(piece, parsed)
    own = None if own_image(loaded) else brought(loaded, parsed)
    for piece in parsed:
        out += [] if own is None else missing_modules(piece, own)
    return out


def _unparsable(piece: Piece, error: UnparsableError, *, own: bool) -> Finding:
    """What is said of a text without a syntax tree; `own` where the hub's image, and so its Python, is the user's."""
    level, said, advice = _SAID[error.verdict]
    if own and error.verdict is Verdict.NEWER:
        level = Level.WARNING
        advice = ("The chart's own image has Python {image}; this hub uses another image.",)
    running = ".".join(map(str, sys.version_info[:2]))
    facts = {"message": error.message, "image": ".".join(map(str, hub_image.python())), "running": running}
    lines = [f"Within the code this is line {error.line}, column {error.column}."]
    lines += [line.format(**facts) for line in advice]
    place = piece.place(error.line, error.column, error.length)
    return Finding(level, "python-syntax", piece.path, said.format(**facts), place, tuple(lines))


@cache
def shared_names() -> frozenset[str]:
    """The names of jupyterhub_config.py, which the user's code runs with."""
    tree = ast.parse((_HUB_FILES / "jupyterhub_config.py").read_text(encoding="utf-8"))
    return frozenset(bound_names(tree)) | {"c", "get_config", "load_subconfig"}


def undefined(piece: Piece, all_pieces: Sequence[Piece]) -> Iterator[Finding]:
    """Names that neither the piece nor the ones that it shares names with define."""
    from pyflakes.checker import Checker
    from pyflakes.messages import UndefinedName

    known = set(hub_image.builtin_names())
    if piece.shares_names:
        known |= set(shared_names()).union(*(bound_names(other.tree) for other in all_pieces if other.shares_names))
    try:
        messages = Checker(piece.tree, builtins=known).messages
    except RecursionError:
        return
    own = bound_names(piece.tree)
    places = [(str(m.message_args[0]), m.lineno, m.col) for m in messages if isinstance(m, UndefinedName)]
    # What the Python that runs this has by itself, and the hub's has not.
    newer = set(dir(builtins)) - known - own - set(dir(ModuleType("")))
    places += [
        (node.id, node.lineno, node.col_offset)
        for node in (ast.walk(piece.tree) if newer else ())
        if isinstance(node, ast.Name) and node.id in newer
    ]
    names = sorted(known | own)
    for number, (name, line, column) in enumerate(places):
        node = ast.Name(name)
        node.lineno = node.end_lineno = line
        node.col_offset, node.end_col_offset = column, column + len(name.encode())
        near = nearest(name, names) if number < _SEARCHED else []
        said = f"nothing here defines {_named(name, piece)}" + (f"; did you mean {near[0]}?" if near else "")
        advice = ("The hub stops when it reaches this line.",)
        yield Finding(Level.WARNING, "python-name", piece.path, said, piece.place_of(node), advice)


def missing_modules(piece: Piece, own: set[str]) -> Iterator[Finding]:
    """Imports of modules that neither the image nor the configuration has, its `own`; but for those that may fail."""
    optional = {
        id(inner)
        for node in ast.walk(piece.tree)
        if isinstance(node, ast.Try) and node.handlers
        for part in node.body
        for inner in ast.walk(part)
    }
    for node in ast.walk(piece.tree):
        if id(node) in optional:
            continue
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module]
        for name in names:
            if not _there(name) and name.split(".")[0] not in own:
                near = nearest(name, sorted(hub_image.modules()))
                said = f"the hub's image has no module {_named(name, piece)}" + (
                    f"; did you mean {near[0]}?" if near else ""
                )
                advice = ("Mount it as a file (hub.extraFiles), or use your own image (hub.image).",)
                yield Finding(Level.WARNING, "python-import", piece.path, said, piece.place_of(node), advice)


def _named(name: str, piece: Piece) -> str:
    """A name of the user's code as a finding shows it: what looks like a secret's value is never repeated."""
    return "this name" if is_secret(piece.path) else name


def _there(name: str) -> bool:
    """Whether the image has a module; of most packages only the first name is known."""
    known = hub_image.modules()
    top = name.split(".")[0]
    listed = any(module.startswith(top + ".") for module in known)
    return name in known or (top in known and not listed)
