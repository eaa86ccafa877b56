"""The hub's Python before it ships: does it compile, does it use names and modules that are there. It is never run."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path as FilePath

from chart_py.checks import hub_image
from chart_py.checks.hub_code import Piece, UnparsableError, bound_names, module_of, pieces
from chart_py.checks.hub_traits import own_image
from chart_py.finding import Finding, Level
from chart_py.spelling import nearest
from chart_py.values.load import Loaded

_HUB_FILES = FilePath(__file__).parent.parent / "hub_files"
# Prints the first syntax error of standard input as JSON, or null.
_COMPILE = (
    "import json,sys,warnings; warnings.simplefilter('ignore')\n"
    "try: compile(sys.stdin.read(), 'x', 'exec', dont_inherit=True); print('null')\n"
    "except SyntaxError as e: print(json.dumps([e.msg, e.lineno or 1, e.offset or 1]))\n"
)


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
            if reported := _in_the_image(piece, error):
                out.append(_syntax(piece, reported))
    # A text that does not compile may define anything.
    if len(parsed) == len(found):
        for piece in parsed:
            out += undefined(piece, parsed)
    for piece in parsed:
        out += [] if own_image(loaded) else missing_modules(piece, found)
    return out


def _syntax(piece: Piece, error: UnparsableError) -> Finding:
    place = piece.place(error.line, error.column, error.length)
    advice = [f"In the text itself this is line {error.line}, column {error.column}."]
    if sys.version_info[:2] != hub_image.PYTHON:
        wanted = ".".join(map(str, hub_image.PYTHON))
        advice.append(f"Read by Python {sys.version_info[0]}.{sys.version_info[1]}; the hub has Python {wanted}.")
    message = f"this is not Python: {error.message}"
    return Finding(Level.ERROR, "python-syntax", piece.path, message, place, tuple(advice))


def _in_the_image(piece: Piece, error: UnparsableError) -> UnparsableError | None:
    """The error as the image's Python has it, where that can be asked; None where that one takes the text."""
    if sys.version_info[:2] >= hub_image.PYTHON:
        return error
    program = shutil.which(f"python{hub_image.PYTHON[0]}.{hub_image.PYTHON[1]}")
    if program is None:
        return error
    try:
        done = subprocess.run(
            [program, "-I", "-S", "-c", _COMPILE],
            input=piece.text,
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
        )
        said = json.loads(done.stdout)
    except (OSError, subprocess.SubprocessError, ValueError):
        return error
    return UnparsableError(*said) if said else None


@cache
def shared_names() -> frozenset[str]:
    """The names of jupyterhub_config.py, which the user's code runs with."""
    tree = ast.parse((_HUB_FILES / "jupyterhub_config.py").read_text(encoding="utf-8"))
    return frozenset(bound_names(tree)) | {"c", "get_config", "load_subconfig"}


def undefined(piece: Piece, all_pieces: Sequence[Piece]) -> Iterator[Finding]:
    """Names that neither the piece nor the ones that it shares names with define."""
    from pyflakes.checker import Checker
    from pyflakes.messages import UndefinedName

    known = set()
    if piece.shares_names:
        known = set(shared_names()).union(*(bound_names(other.tree) for other in all_pieces if other.shares_names))
    try:
        messages = Checker(piece.tree, builtins=known).messages
    except RecursionError:
        return
    for message in messages:
        if isinstance(message, UndefinedName):
            name = str(message.message_args[0])
            node = ast.Name(name)
            node.lineno = node.end_lineno = message.lineno
            node.col_offset, node.end_col_offset = message.col, message.col + len(name.encode())
            near = nearest(name, sorted(known | bound_names(piece.tree) | set(dir(__builtins__))))
            said = f"nothing here defines {name}" + (f"; did you mean {near[0]}?" if near else "")
            advice = ("The hub stops when it comes here.",)
            yield Finding(Level.WARNING, "python-name", piece.path, said, piece.place_of(node), advice)


def missing_modules(piece: Piece, all_pieces: Sequence[Piece]) -> Iterator[Finding]:
    """Imports of modules that neither the image nor the configuration has, but for those that may fail."""
    own = {module_of(other) for other in all_pieces}
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
                said = f"the hub's image has no module {name}" + (f"; did you mean {near[0]}?" if near else "")
                advice = ("Bring it as a file (hub.extraFiles), or use an image of your own (hub.image).",)
                yield Finding(Level.WARNING, "python-import", piece.path, said, piece.place_of(node), advice)


def _there(name: str) -> bool:
    """Whether the image has a module; of most packages only the first name is known."""
    known = hub_image.modules()
    top = name.split(".")[0]
    listed = any(module.startswith(top + ".") for module in known)
    return name in known or (top in known and not listed)
