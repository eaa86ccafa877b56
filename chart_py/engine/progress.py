"""What a verb tells of itself while it acts: to whoever shows it to a person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from chart_py.changes.change import Change
from chart_py.health.causes import Cause


class Pending(NamedTuple):
    """An object that is not ready: what it waits for, for how many seconds, and why, the gravest cause first."""

    about: str
    waits_for: str
    seconds: float
    causes: tuple[Cause, ...] = ()


class Observer(Protocol):
    """Is told what happens, from the thread that acts, or with `did` from several."""

    def phase(self, name: str) -> None:
        """A new phase has begun: `settings`, `images`, `workloads`, `routes`, `deletions`, `waiting`…"""

    def did(self, change: Change) -> None:
        """A change has been made."""

    def waits(self, pending: Sequence[Pending], ready: int) -> None:
        """These objects are not ready, `ready` others are. Told whenever something changed, and each second."""

    def note(self, text: str) -> None:
        """Something that a person should know, and that holds nothing up."""


class Silence:
    """An observer that lets everything pass."""

    def phase(self, name: str) -> None:
        return

    def did(self, change: Change) -> None:
        return

    def waits(self, pending: Sequence[Pending], ready: int) -> None:
        return

    def note(self, text: str) -> None:
        return
