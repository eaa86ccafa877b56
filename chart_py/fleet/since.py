"""Which hubs change between two states of their files, and how: what several share is told once."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import PurePosixPath
from typing import NamedTuple

from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.editions import TODAY
from chart_py.errors import ChartError, FileError, ValuesError
from chart_py.finding import Finding
from chart_py.fleet.files import Files
from chart_py.golden import by_key, field_lines
from chart_py.manifest import Manifest
from chart_py.reach.edges import edges
from chart_py.reach.said import ports_text
from chart_py.rendering import context_for, render
from chart_py.values.layer import from_text
from chart_py.values.load import from_layers

# What policies see of a release; where none of it changes, no edge does.
_SEEN = frozenset({"NetworkPolicy", "Secret", "Service", "Deployment", "StatefulSet", "DaemonSet"})
# Of fewer hubs, a process for some of them is not worth its start.
_FEW = 8


class Outcome(enum.Enum):
    """What became of a hub."""

    SAME = "same"
    CHANGED = "changed"
    NEW = "new"
    GONE = "gone"
    BROKEN = "broken"


@dataclass(frozen=True)
class HubChange:
    """One hub: `changes` are its objects that differ, each with its lines; `edges` what opens and closes.

    `problem` says why it cannot be rendered any more.
    """

    name: str
    outcome: Outcome
    changes: tuple[tuple[str, ...], ...] = ()
    edges: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Group:
    """What the same hubs share: the changes of objects, or the edges."""

    hubs: tuple[str, ...]
    changes: tuple[tuple[str, ...], ...] = field(default=())


@dataclass(frozen=True)
class Question:
    """What is compared: two states of a folder, the release that is rendered of each hub, the chart version."""

    before: Files
    after: Files
    context: Context
    chart_version: str = TODAY
    folder: str = ""

    def shown(self, file: str) -> str:
        """A file as messages name it."""
        return str(PurePosixPath(self.folder, file))


def compare(asked: Question, names: Sequence[str] = ()) -> list[HubChange]:
    """What became of each hub, a values file each; only of `names` where there are some."""
    old, new = ({PurePosixPath(each).stem: each for each in side.names()} for side in (asked.before, asked.after))
    every = [*new, *(name for name in old if name not in new)]
    chosen = [name for name in every if not names or name in names]
    done: dict[str, HubChange] = {}
    moving = []
    for name in chosen:
        before, after = old.get(name), new.get(name)
        if before and before == after and asked.before.identity(before) == asked.after.identity(after):
            done[name] = HubChange(name, Outcome.SAME)
        else:
            moving.append(name)
    before_texts = asked.before.texts([old[name] for name in moving if name in old])
    after_texts = asked.after.texts([new[name] for name in moving if name in new])
    moved = []
    for name in moving:
        earlier, later = old.get(name, ""), new.get(name, "")
        moved.append(Hub(name, before_texts.get(earlier), after_texts.get(later), asked.shown(later or earlier)))
    workers = min(os.cpu_count() or 1, len(moved) // _FEW)
    one = partial(_one, asked.context, asked.chart_version)
    if workers < 2:
        found = [one(each) for each in moved]
    else:
        with ProcessPoolExecutor(workers) as pool:
            found = list(pool.map(one, moved, chunksize=_FEW))
    done |= {each.name: each for each in found}
    return [done[name] for name in chosen]


Text = str | FileError | None


class Hub(NamedTuple):
    """A hub whose file is another: its texts before and after, None where there is none, and the file's name."""

    name: str
    before: Text
    after: Text
    file: str


def _one(context: Context, chart_version: str, hub: Hub) -> HubChange:
    name = hub.name
    rendered = partial(_objects, context, chart_version, hub.file)
    try:
        new = rendered(hub.after)
    except ChartError as error:
        return HubChange(name, Outcome.BROKEN, problem=_told(error))
    try:
        old = rendered(hub.before)
    except ChartError:
        # It could not be rendered before: all of it is new.
        old = []
    if old == new:
        return HubChange(name, Outcome.SAME)
    outcome = Outcome.NEW if not old else Outcome.GONE if not new else Outcome.CHANGED
    if outcome is not Outcome.CHANGED:
        return HubChange(name, outcome)
    changes = tuple(_changes(old, new))
    return HubChange(name, outcome, changes, tuple(_edges(old, new, changes, context.namespace)))


def _objects(context: Context, chart_version: str, file: str, text: Text) -> list[Manifest]:
    """What a hub renders, with zeros for secrets that it does not set; nothing where it is not there."""
    if text is None:
        return []
    if isinstance(text, FileError):
        raise text
    said: list[Finding] = []
    layer = from_text(text, file, said.append)
    if said:
        raise ValuesError(said)
    loaded = from_layers([layer], chart_version=chart_version, release=context.release)
    return render(loaded, context_for(loaded, context, token=lambda: MASK))


def _told(error: ChartError) -> str:
    if isinstance(error, ValuesError):
        errors = [each for each in error.findings if each.level.value == "error"]
        return "\n".join(replace(each, advice=each.advice[:1]).text() for each in errors[:3])
    return str(error)


def _changes(old: Iterable[Manifest], new: Iterable[Manifest]) -> Iterable[tuple[str, ...]]:
    before, after = by_key(old), by_key(new)
    for key in [*before, *(key for key in after if key not in before)]:
        if key not in after:
            yield (f"- {key}",)
        elif key not in before:
            yield (f"+ {key}",)
        elif before[key] != after[key]:
            yield (f"~ {key}", *field_lines(before[key], after[key]))


def _edges(
    old: Sequence[Manifest], new: Sequence[Manifest], changes: Iterable[tuple[str, ...]], namespace: str
) -> Iterable[str]:
    """What opens and what closes, a line for each group of edges that go the same way."""
    if not any(_may_be_seen(each) for each in changes):
        return
    for group in edges(old, new, namespace).grouped():
        shift = group.shift
        both = f"{', '.join(group.whos)} -> {', '.join(group.whoms)}"
        yield f"{shift.word} {both} ({ports_text(shift.ports)}): {shift.before.word} -> {shift.after.word}"


def _may_be_seen(change: tuple[str, ...]) -> bool:
    """Whether policies, the pods that they select, or what these listen on may be others."""
    kind, lines = change[0][2:].partition("/")[0], change[1:]
    # A pod that only starts again is who it was.
    return kind in _SEEN and (not lines or any(not line.startswith("its pods restart") for line in lines))


def groups(found: Iterable[HubChange]) -> list[Group]:
    """The changes of objects, those that the same hubs share together; the most hubs first."""
    return _grouped((each.name, each.changes) for each in found)


def edge_groups(found: Iterable[HubChange]) -> list[Group]:
    """The edges that open or close, those of the same hubs together; the most hubs first."""
    return _grouped((each.name, tuple((line,) for line in each.edges)) for each in found)


def _grouped(found: Iterable[tuple[str, tuple[tuple[str, ...], ...]]]) -> list[Group]:
    having: dict[tuple[str, ...], list[str]] = {}
    for name, changes in found:
        for change in changes:
            having.setdefault(change, []).append(name)
    together: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for change, names in having.items():
        together.setdefault(tuple(names), []).append(change)
    made = [Group(names, tuple(changes)) for names, changes in together.items()]
    return sorted(made, key=lambda group: -len(group.hubs))
