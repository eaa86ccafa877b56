"""The errors that chart_py raises, all of one tree.

    ChartError
    ├── InputError           exit 2: the user's input cannot be used
    │   ├── ValuesError      findings about values files, --set and --set-file
    │   ├── FileError        a file cannot be read or written
    │   └── UsageError       options that do not go together
    ├── ClusterError         exit 3: the cluster refused or was not reached
    └── NotReadyError        exit 4: it did not become ready in time

Every error carries its facts as fields and knows the exit code of the process that it ends.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from chart_py.finding import Finding, Place


class ChartError(Exception):
    """Something that the user can act upon; `str()` of it is the whole message, without secrets."""

    exit_code = 2


class InputError(ChartError):
    """The input cannot be used as it is."""


class ValuesError(InputError):
    """Findings of level error about the values; `findings` holds them in the order of the file, with all others."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(self.findings)

    def __str__(self) -> str:
        return "\n".join(finding.text() for finding in self.findings)


class FileError(InputError):
    """A file or folder that cannot be used: `path`, and `reason` in the system's words.

    `line` and `column` count from 1 and are 0 where it is about the whole file.
    """

    def __init__(self, path: str, reason: str, advice: str = "", line: int = 0, column: int = 0) -> None:
        self.path = path
        self.reason = reason
        self.advice = advice
        self.line = line
        self.column = column
        super().__init__(path, reason, advice, line, column)

    def __str__(self) -> str:
        return f"{self.place}: error: {self.reason}" + (f"\n   {self.advice}" if self.advice else "")

    @property
    def place(self) -> Place:
        """Where the file stands, and what of it cannot be read."""
        from chart_py.finding import Place

        return Place(self.path, self.line, self.column)


class UsageError(InputError):
    """Options that do not go together; `message` says which and what to do instead."""

    def __init__(self, message: str) -> None:
        self.message = message
        super().__init__(message)

    def __str__(self) -> str:
        return f"error: {self.message}"


class ClusterError(ChartError):
    """The cluster refused or was not reached; `message` is free of secrets, `advice` says what to do next.

    `aftermath` tells how far a run came that was ended by this, by its fields and as text; None where none had begun.
    """

    exit_code = 3
    aftermath: object | None = None

    def __init__(self, message: str, advice: str = "") -> None:
        self.message = message
        self.advice = advice
        super().__init__(message, advice)

    def __str__(self) -> str:
        after = [] if self.aftermath is None else str(self.aftermath).splitlines()
        advice = [self.advice] if self.advice else []
        return "\n   ".join((f"error: {self.message}", *advice, *after))


class NotReadyError(ClusterError):
    """What was applied did not become ready in time, or never can."""

    exit_code = 4
