"""What an upgrade changes in one configuration's objects: every field, and the one named change that explains it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from itertools import pairwise
from typing import Any

from chart_py.context import Context
from chart_py.credentials import MASK, resolve
from chart_py.editions import Edition, edition
from chart_py.editions.change import Change, Setting
from chart_py.editions.order import key
from chart_py.editions.releases import RELEASES, Release
from chart_py.finding import Path, Place
from chart_py.manifest import Manifest
from chart_py.manifest.difference import MISSING, ORDER, Difference, FieldPath, Item, differences, same
from chart_py.manifest.embedded import VALUES, opened
from chart_py.manifest.key import Key, key_of
from chart_py.rendering import render
from chart_py.upgrade.ladder import Rung, ladder
from chart_py.values.layer import Layer
from chart_py.values.load import Loaded, Source, for_edition, read_layers
from chart_py.values.merge import at as layer_at

Objects = Mapping[Key, Manifest]


@dataclass(frozen=True)
class Field:
    """One field of an object that the upgrade changes."""

    object: Key
    difference: Difference

    @property
    def is_told_only(self) -> bool:
        """Whether it is only that the hub's values name a setting which nobody has set."""
        return self.object.kind == "Secret" and self.difference.path[:2] == ("data", VALUES)


@dataclass(frozen=True)
class Written:
    """A setting of the configuration that a change is about, and where it stands."""

    setting: Setting | None
    path: Path
    place: Place | None


@dataclass(frozen=True)
class Explained:
    """One change of the upgrade: the fields that it explains, and the configuration's settings that it is about."""

    change: Change
    fields: tuple[Field, ...] = ()
    written: tuple[Written, ...] = ()

    @property
    def touches(self) -> bool:
        """Whether the change matters to this configuration."""
        matters = any(not each.is_told_only for each in self.fields)
        return matters or bool(self.written) or "*" in self.change.concerns


@dataclass(frozen=True)
class Upgrade:
    """An upgrade from one edition to another: `changes` are all between the two, the most serious first.

    `security` are the security releases in between, the oldest first.
    """

    older: Edition
    newer: Edition
    changes: tuple[Explained, ...] = ()
    security: tuple[Release, ...] = field(default=())

    @property
    def touching(self) -> tuple[Explained, ...]:
        """The changes that matter to this configuration."""
        return tuple(each for each in self.changes if each.touches)

    @property
    def others(self) -> tuple[Change, ...]:
        """The changes that do not."""
        return tuple(each.change for each in self.changes if not each.touches)


def explain(
    layers: Sequence[Layer], older: str, newer: str, *, release: str = "jhub", namespace: str = "jhub"
) -> Upgrade:
    """What the upgrade of the configuration in `layers` from chart `older` to `newer` does.

    Raises UsageError for versions that are unknown or the wrong way round, ValuesError where the configuration is not
    right for one of the two.
    """
    rungs = ladder(older, newer)
    context = Context(release=release, namespace=namespace)
    states = _states(layers, edition(older), rungs, context)
    fields: list[list[Field]] = [[] for _ in rungs]
    for found in _fields(states[0], states[-1]):
        fields[_explains(found, states)].append(found)
    explained = [
        Explained(rung.change, tuple(own), tuple(_written(rung.change, layers)))
        for rung, own in zip(rungs, fields, strict=True)
    ]
    explained.sort(key=lambda each: (each.change.severity, -len(each.written)))
    return Upgrade(edition(older), edition(newer), tuple(explained), security(older, newer))


def explain_upgrade(
    sources: Source | Iterable[Source],
    older: str,
    newer: str,
    *,
    at: str = "",
    release: str = "jhub",
    namespace: str = "jhub",
) -> Upgrade:
    """What the upgrade of a configuration from one chart version to another changes; `sources` as `load` takes them.

    Raises what `load` raises, and UsageError for versions that are the wrong way round.
    """
    return explain(read_layers(sources, at=at), older, newer, release=release, namespace=namespace)


def security(older: str, newer: str) -> tuple[Release, ...]:
    """The security releases after `older`, up to `newer`."""
    return tuple(each for each in RELEASES.values() if each.security and key(older) < key(each.version) <= key(newer))


def objects(loaded: Loaded, context: Context) -> Objects:
    """What a configuration renders, with documents in it opened; secrets that it does not set are all the same."""
    known = Context(context.release, context.namespace, secrets=resolve(loaded.values, token=lambda: MASK))
    return {key_of(each): opened(each) for each in render(loaded, known)}


def _states(layers: Sequence[Layer], first: Edition, rungs: Sequence[Rung], context: Context) -> list[Objects]:
    """The objects at the beginning and on each rung; a change that is none of objects leaves them as they are."""

    def rendered(each: Edition) -> Objects:
        return objects(for_edition(layers, each, release=context.release), context)

    states = [rendered(first)]
    for rung in rungs:
        change = rung.change
        moves = change.settings or change.objects or change.images or rung is rungs[-1]
        states.append(rendered(rung.edition) if moves else states[-1])
    return states


def _fields(before: Objects, after: Objects) -> Iterable[Field]:
    """Every field in which two states differ; an object that is only in one of them is a field as a whole."""
    for name in [*before, *(name for name in after if name not in before)]:
        for found in differences(before.get(name, MISSING), after.get(name, MISSING)):
            yield Field(name, found)


def _explains(found: Field, states: Sequence[Objects]) -> int:
    """The rung that explains a field: the last one on which it came, went, or got the value that it has at the end."""
    path, difference = found.difference.path, found.difference
    here = [state.get(found.object, MISSING) for state in states]
    came, went = difference.before is MISSING, difference.after is MISSING
    depth = _first_moving(path, here)
    if depth is None:
        return _moves([at(each, path) for each in here], came, went)[-1]
    lists = [at(each, path[:depth]) for each in here]
    moved = _moves(lists, False, False)
    if depth + 1 == len(path) and path[depth] != ORDER:
        # An item of its own came or went; where it only made room for another, the list tells.
        whole = difference.before if went else difference.after
        moved = _moves([_item(each, whole) for each in lists], not went, went) or moved
    return moved[-1]


def _moves(values: Sequence[Any], came: bool, went: bool) -> list[int]:
    """The rungs on which a value becomes another; where it came or went as a whole, those alone."""
    return [
        index
        for index, (one, other) in enumerate(pairwise(values))
        if not same(one, other) and (not came or one is MISSING) and (not went or other is MISSING)
    ]


def _first_moving(path: FieldPath, here: Sequence[Any]) -> int | None:
    """Where `path` first steps into a list whose items come and go before it, so that their places say nothing."""
    for depth, step in enumerate(path):
        if step == ORDER:
            return depth
        if isinstance(step, int):
            lists = [found for each in here if isinstance(found := at(each, path[:depth]), list)]
            if len({len(each) for each in lists}) > 1:
                return depth
    return None


def _item(items: Any, whole: Any) -> Any:
    """The item of a list that is `whole`; MISSING where there is none."""
    return next((each for each in items if same(each, whole)), MISSING) if isinstance(items, list) else MISSING


def at(here: Any, path: FieldPath) -> Any:
    """The value at `path`; MISSING where there is none."""
    for step in path:
        if isinstance(step, Item):
            items = here if isinstance(here, list) else []
            here = next(
                (each for each in items if isinstance(each, dict) and str(each.get(step.word)) == step.value), MISSING
            )
        elif isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else MISSING
        else:
            here = here.get(step, MISSING) if isinstance(here, dict) else MISSING
    return here


def _matching(concern: str, layers: Sequence[Layer]) -> Iterable[Path]:
    """The paths that a change concerns: its last key is a pattern where it has what patterns have."""
    *above, last = concern.split(".")
    if not set("*?[") & set(last):
        return [(*above, last)]
    found: dict[Path, None] = {}
    for layer in layers:
        below = layer_at(layer.tree, tuple(above))
        names = [key for key in below if fnmatchcase(key, last)] if isinstance(below, dict) else []
        found |= dict.fromkeys((*above, name) for name in names)
    return found


def _written(change: Change, layers: Sequence[Layer]) -> Iterable[Written]:
    """The settings of a configuration that a change is about; the last layer that has one says where."""
    about: list[tuple[Setting | None, Path]] = [(setting, setting.steps) for setting in change.settings]
    about += [(None, path) for each in change.concerns if each != "*" for path in _matching(each, layers)]
    for setting, path in about:
        for layer in reversed(layers):
            if layer.has(path):
                yield Written(setting, path, layer.place(path))
                break
