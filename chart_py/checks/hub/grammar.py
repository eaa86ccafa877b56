"""Whether the Python of the hub's image can read a text, whichever Python runs this.

A newer Python is told the older grammar. An older one may refuse what the image's takes (`type X = int`, quotes within
f-strings), so ruff's parser, which knows the grammar of every version, is asked before its word is taken.
"""

from __future__ import annotations

import ast
import enum
import json
import re
import subprocess
import sys
import warnings
from typing import NamedTuple

from chart_py.checks.hub import image as hub_image

# Syntax errors, and what Python refuses only after parsing: break, continue, return, yield and await at wrong places.
_RULES = "E9,F701,F702,F704,F706,F707"
_SECONDS = 20


class Verdict(enum.Enum):
    """Who refuses a text."""

    WRONG = "the hub's Python"
    NEWER = "the hub's Python; a newer one takes it"
    UNREAD = "only the Python that runs this, which is too old for it"
    DOUBTFUL = "the Python that runs this; it is older than the hub's, and nothing else could be asked"


class UnparsableError(Exception):
    """A text has no syntax tree: `message`, at `line` and `column` of the text, from 1, and the `verdict`."""

    def __init__(self, message: str, line: int, column: int, length: int = 1, verdict: Verdict = Verdict.WRONG) -> None:
        self.message, self.line, self.column, self.length, self.verdict = message, line, column, length, verdict
        super().__init__(message, line, column, length, verdict)


class Refusal(NamedTuple):
    """What a parser says against a text, at `line` and `column` from 1; `since` is the Python that takes it, if any."""

    message: str
    line: int
    column: int
    length: int
    since: tuple[int, int] | None = None


def parse(text: str, name: str) -> ast.Module:
    """The syntax tree of `text`, which is called `name`. Raises UnparsableError."""
    version, running = hub_image.python(), sys.version_info[:2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            try:
                tree = ast.parse(text, name, feature_version=version if version < running else None)
            except SyntaxError as error:
                raise _judged(_refusal(error), text, name) from None
            # What the parser lets pass and the compiler refuses is the same in all versions.
            compile(tree, name, "exec", dont_inherit=True)
            return tree
        except SyntaxError as error:
            raise UnparsableError(*_refusal(error)[:4]) from None
        except (ValueError, RecursionError, MemoryError, OverflowError) as error:
            raise UnparsableError(str(error) or "it is nested too deep", 1, 1) from None


def _refusal(error: SyntaxError) -> Refusal:
    end = error.end_offset if error.end_lineno == error.lineno else None
    length = (end or 0) - (error.offset or 1)
    return Refusal(str(error.msg), error.lineno or 1, max(error.offset or 1, 1), max(length, 1))


def _judged(own: Refusal, text: str, name: str) -> UnparsableError:
    """What the refusal of the parser that runs here is worth."""
    version, running = hub_image.python(), sys.version_info[:2]
    if running > version:
        return UnparsableError(*own[:4], Verdict.NEWER if _reads(text, name) else Verdict.WRONG)
    if running == version:
        return UnparsableError(*own[:4])
    try:
        found = refusals(text, running)
    except (OSError, subprocess.SubprocessError, ValueError, KeyError, ImportError):
        return UnparsableError(*own[:4], Verdict.DOUBTFUL)
    taken = [refusal for refusal in found if refusal.since and refusal.since <= version]
    others = [refusal for refusal in found if refusal not in taken]
    if not others:
        # What else ruff lets pass (`"\\N{no such letter}"`) is as wrong in all versions, but for f-strings.
        doubtful = Verdict.DOUBTFUL if own.message.startswith("f-string") else Verdict.WRONG
        return UnparsableError(*own[:4], Verdict.UNREAD if taken else doubtful)
    first = others[0]
    if first.since:
        message = re.sub(r" on Python [\d.]+ \(", " on Python {}.{} (".format(*version), first.message)
        return UnparsableError(message, *first[1:4], Verdict.NEWER)
    # Python's own words are what the hub's log would say, unless it stumbled over what the hub's takes.
    return UnparsableError(*(first if taken and first.line != own.line else own)[:4])


def _reads(text: str, name: str) -> bool:
    """Whether the Python that runs this reads `text` by its own grammar."""
    try:
        ast.parse(text, name)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def refusals(text: str, version: tuple[int, int]) -> list[Refusal]:
    """What ruff says against `text` by the grammar of a version of Python, in the order of the text.

    Raises OSError, SubprocessError, ValueError, KeyError or ImportError where ruff is not there or gives no answer.
    """
    from ruff import find_ruff_bin

    command = [find_ruff_bin(), "check", "--isolated", "--no-cache", "--ignore-noqa", "--exit-zero", "--quiet"]
    command += ["--select", _RULES, "--target-version", "py{}{}".format(*version), "--output-format", "json", "-"]
    done = subprocess.run(command, input=text.encode(), capture_output=True, timeout=_SECONDS, check=True)
    found = []
    for said in json.loads(done.stdout):
        start, end = said["location"], said["end_location"]
        length = end["column"] - start["column"] if end["row"] == start["row"] else 1
        added = re.search(r" \(syntax was added in Python (\d+)\.(\d+)\)", said["message"])
        since = (int(added[1]), int(added[2])) if added else None
        found.append(Refusal(said["message"], start["row"], start["column"], max(length, 1), since))
    return sorted(found, key=lambda refusal: (refusal.line, refusal.column))
