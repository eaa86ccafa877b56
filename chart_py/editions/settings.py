"""The settings through the editions: since when there is one, until when, and what took its place."""

from __future__ import annotations

from dataclasses import dataclass

from chart_py.editions import Edition
from chart_py.editions.change import Change, Setting
from chart_py.editions.table import CHANGES
from chart_py.finding import Path, dotted


@dataclass(frozen=True)
class History:
    """What is known of one setting: the change that brought it, the one that took it away, and what took its place.

    `came` is None for a setting that the oldest chart has, `gone` for one that the newest has. `earlier` is the setting
    whose place it took, `later` the one that took its place.
    """

    path: Path
    came: Change | None = None
    gone: Change | None = None
    earlier: str = ""
    later: str = ""

    def is_in(self, edition: Edition) -> bool:
        """Whether `edition` has the setting."""
        return (self.came is None or edition.has(self.came.name)) and (
            self.gone is None or not edition.has(self.gone.name)
        )


def history(path: Path) -> History:
    """The history of the setting at `path`, which is its own or that of the section it belongs to."""
    came = gone = None
    earlier = later = ""
    for change, setting in _about(path):
        if setting.added:
            came, gone = change, None
            earlier = next((other.path for other in change.settings if _leads_to(other, path)), "")
        elif setting.removed:
            gone, later = change, setting.instead
    return History(path, came, gone, earlier, later)


def _about(path: Path) -> list[tuple[Change, Setting]]:
    """The changes of the settings that `path` is, or lies within, the oldest first."""
    return [
        (change, setting)
        for change in CHANGES
        for setting in change.settings
        if path[: len(setting.steps)] == setting.steps
    ]


def _leads_to(other: Setting, path: Path) -> bool:
    """Whether `path` took the place of another setting."""
    return bool(other.instead) and tuple(other.instead.split("."))[: len(path)] == path


@dataclass(frozen=True)
class Elsewhere:
    """What is said about a setting that an edition does not have: `instead` is the one to write in it, if there is."""

    message: str
    advice: tuple[str, ...]
    instead: str = ""


def elsewhere(path: Path, edition: Edition) -> Elsewhere | None:
    """What is said about the setting at `path` where `edition` does not have it and another one does; else None."""
    found = history(path)
    if found.is_in(edition):
        return None
    if found.gone is not None and edition.has(found.gone.name):
        message = f"unknown setting in chart {edition.version}; it was removed in {found.gone.since}"
        return Elsewhere(message, _write(found.later) or (found.gone.why,), found.later)
    assert found.came is not None, dotted(path)
    message = f"unknown setting in chart {edition.version}; it was added in {found.came.since}"
    newer = f"Remove it, or use --chart-version {found.came.since} or newer."
    return Elsewhere(message, _write(found.earlier) or (newer,), found.earlier)


def widened(path: Path, edition: Edition) -> str:
    """The release after `edition` from which the setting at `path` takes more."""
    return next(
        change.since
        for change in CHANGES
        for setting in change.settings
        if setting.steps == path and setting.took is not None and not edition.has(change.name)
    )


def _write(instead: str) -> tuple[str, ...]:
    return (f"Write {instead} instead.",) if instead else ()
