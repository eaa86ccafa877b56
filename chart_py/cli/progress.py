"""How a person sees what happens: a live table on a terminal, plain lines elsewhere; both on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from chart_py.changes.change import Change
    from chart_py.engine.progress import Pending

_PHASES = {
    "foundations": "What all need: namespace and classes",
    "settings": "Accounts, roles, configuration, claims, services",
    "images": "Pulling images",
    "workloads": "Workloads",
    "routes": "Routes",
    "deletions": "Deleting what is no longer wanted",
    "waiting": "Waiting until all is ready",
    "ending": "Waiting until all is gone",
}


@contextlib.contextmanager
def watched() -> Iterator[Lines | Table]:
    """The observer for this standard error, closed at the end."""
    watcher = Table() if sys.stderr.isatty() and os.environ.get("TERM") != "dumb" else Lines()
    try:
        yield watcher
    finally:
        watcher.close()


class Lines:
    """Says each thing once, in a line of its own: for logs and pipes."""

    def __init__(self) -> None:
        self._said: dict[str, set[str]] = {}
        self._causes: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def phase(self, name: str) -> None:
        """Say what begins."""
        self._say(_PHASES.get(name, name))

    def did(self, change: Change) -> None:
        """Say what was done."""
        with self._lock:
            self._say(f"  {change.operation.value} {change.key}")

    def waits(self, pending: Sequence[Pending], ready: int) -> None:
        """Say what is waited for, whenever that is something new, and each cause when it is first known."""
        left: dict[str, set[str]] = {}
        for each in pending:
            left.setdefault(each.about, set()).add(each.waits_for)
            if each.waits_for not in self._said.get(each.about, ()):
                self._say(f"  {each.about} waits for {each.waits_for}")
            for cause in each.causes:
                if cause.key not in self._causes:
                    self._causes.add(cause.key)
                    self._say(f"  {'!' if cause.is_final else '?'} {cause.text}")
        for about in [about for about in self._said if about not in left]:
            self._say(f"  {about} is ready")
        self._said = left

    def note(self, text: str) -> None:
        """Say it."""
        self._say(f"note: {text}")

    def close(self) -> None:
        """Nothing is open."""

    def _say(self, text: str) -> None:
        click.echo(text, err=True)


class Table:
    """A table that is redrawn while it lasts, and stays as it was at the end."""

    def __init__(self) -> None:
        from rich.console import Console

        self._console = Console(stderr=True, highlight=False)
        self._live: Any = None
        self._lock = threading.Lock()
        self._said: set[tuple[str, str]] = set()

    def phase(self, name: str) -> None:
        """Say what begins."""
        self.close()
        self._said.clear()
        self._console.print(f"[bold]{_PHASES.get(name, name)}[/bold]")

    def did(self, change: Change) -> None:
        """Say what was done."""
        colour = {"create": "green", "delete": "red", "replace": "red"}.get(change.operation.value, "yellow")
        with self._lock:
            self._console.print(f"  [{colour}]{change.operation.value}[/{colour}] {change.key}")

    def waits(self, pending: Sequence[Pending], ready: int) -> None:
        """Draw what is waited for; causes that are new stay above the table."""
        from rich.live import Live
        from rich.padding import Padding
        from rich.text import Text

        if self._live is None:
            self._live = Live(console=self._console, refresh_per_second=8, transient=True)
            self._live.start()
        for cause in dict.fromkeys(cause for each in pending for cause in each.causes):
            if cause.key not in self._said:
                self._said.add(cause.key)
                colour = "red" if cause.is_final else "yellow"
                self._live.console.print(Padding(Text(cause.text, style=colour), (0, 0, 0, 2), expand=False))
        self._live.update(_table(pending, ready, self._console.width))
        if not pending:
            self.close()
            self._console.print(f"  [green]{ready} ready[/green]")

    def note(self, text: str) -> None:
        """Say it."""
        from rich.markup import escape

        self._console.print(f"[cyan]note:[/cyan] {escape(text)}")

    def close(self) -> None:
        """End the table, if there is one."""
        if self._live is not None:
            self._live.stop()
            self._live = None


def _table(pending: Sequence[Pending], ready: int, width: int) -> Any:
    """What is waited for; an object whose name takes half of the screen has what it waits for in the next line."""
    from rich.table import Table as RichTable
    from rich.text import Text

    table = RichTable(box=None, pad_edge=False, padding=(0, 2), title_justify="left")
    is_narrow = max((len(each.about) for each in pending), default=0) > width // 2
    table.add_column(f"  {ready} ready, {len(pending)} not", no_wrap=not is_narrow)
    if not is_narrow:
        table.add_column("waits for")
        table.add_column("since", justify="right", no_wrap=True)
    for each in pending:
        why = each.causes[0].reason if each.causes else ""
        what = Text(each.waits_for)
        if why:
            what.append(f"  {why}", style="red" if each.causes[0].is_final else "yellow")
        if is_narrow:
            table.add_row(Text(f"  {each.about}"))
            table.add_row(Text("    waits for ").append_text(what).append(f"  {each.seconds:.0f} s"))
        else:
            table.add_row(Text(f"  {each.about}"), what, f"{each.seconds:.0f} s")
    return table
