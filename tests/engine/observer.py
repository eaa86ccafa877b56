"""Owns an observer that remembers what it was told."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from chart_py.changes.change import Change
from chart_py.engine.progress import Pending


class Memory:
    """Remembers phases, changes, notes, and every cause that it was told. `on_wait` is called at each wait."""

    def __init__(self, on_wait: Callable[[Sequence[Pending]], None] | None = None) -> None:
        self.phases: list[str] = []
        self.done: list[str] = []
        self.notes: list[str] = []
        self.causes: list[str] = []
        self.waited_for: list[str] = []
        self._on_wait = on_wait

    def phase(self, name: str) -> None:
        self.phases.append(name)

    def did(self, change: Change) -> None:
        self.done.append(f"{change.operation.value} {change.key}")

    def waits(self, pending: Sequence[Pending], ready: int) -> None:
        for each in pending:
            text = f"{each.about}: {each.waits_for}"
            if text not in self.waited_for:
                self.waited_for.append(text)
            self.causes += [cause.text for cause in each.causes if cause.text not in self.causes]
        if self._on_wait:
            self._on_wait(pending)

    def note(self, text: str) -> None:
        self.notes.append(text)
