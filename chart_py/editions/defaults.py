"""The defaults of an edition: those of the models, with every change between the two undone or done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chart_py.editions import DEFAULT, GUIDE, Edition
from chart_py.editions.change import ABSENT, Setting
from chart_py.editions.releases import RELEASES
from chart_py.editions.table import CHANGES
from chart_py.finding import Path

Tree = dict[str, Any]


def tree(edition: Edition, models: Tree) -> Tree:
    """The defaults of `edition`, as `models` are those of the models; what is not changed is shared with it."""
    found = models
    for setting, value in _steps(edition):
        found = _put(found, setting.steps, value)
    if edition.version in RELEASES and edition != DEFAULT:
        for path, image in {**RELEASES[edition.version].images, **dict(edition.images)}.items():
            name, _, tag = image.rpartition(":")
            for word, text in (("name", name), ("tag", tag)):
                found = _put(found, (*path.split("."), word), text)
    return found


def read_instead(edition: Edition, defaults: Tree, models: Tree) -> Tree:
    """`defaults`, an edition's, with what builders read for the settings that the edition does not know."""
    found = defaults
    unknown = absent(edition)
    for setting in (setting for change in CHANGES for setting in change.settings):
        if setting.steps in unknown or (setting.reads is not ABSENT and _at(found, setting.steps) is None):
            found = _put(found, setting.steps, _at(models, setting.steps) if setting.reads is ABSENT else setting.reads)
    return found


def absent(edition: Edition) -> frozenset[Path]:
    """The paths of the settings that the models have and `edition` does not know."""
    known: dict[Path, bool] = {}
    for change in CHANGES:
        for setting in change.settings:
            has = edition.has(change.name)
            if setting.added or setting.removed:
                known[setting.steps] = has != setting.removed
    return frozenset(path for path, here in known.items() if not here)


def narrower(edition: Edition) -> dict[Path, Any]:
    """What `edition` takes for a setting, as an annotation, where that is less than the models take."""
    lacking = (change for change in reversed(CHANGES) if not edition.has(change.name))
    return {setting.steps: setting.took for change in lacking for setting in change.settings if setting.took}


def _steps(edition: Edition) -> Iterator[tuple[Setting, Any]]:
    """The settings that lie between the models and `edition`, in the order in which they are applied."""
    if edition.version in GUIDE:
        return
    for change in reversed(CHANGES):
        if DEFAULT.has(change.name) and not edition.has(change.name):
            yield from ((setting, setting.before) for setting in reversed(change.settings))
    for change in CHANGES:
        if edition.has(change.name) and not DEFAULT.has(change.name):
            yield from ((setting, setting.after) for setting in change.settings)


def _at(here: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        here = here.get(step) if isinstance(here, dict) else None
    return here


def _put(here: Tree, path: tuple[str, ...], value: Any) -> Tree:
    """A copy of `here` with `value` at `path`; ABSENT and None take away what is there."""
    first, *rest = path
    made = dict(here)
    if rest:
        made[first] = _put(made.get(first) or {}, tuple(rest), value)
        if not made[first]:
            del made[first]
    elif value is ABSENT or value is None:
        made.pop(first, None)
    else:
        made[first] = value
    return made
