"""The settings of an edition beside those of the models: what it does not know, what takes less in it, what is said."""

from __future__ import annotations

from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic.fields import FieldInfo

from chart_py.editions import DEFAULT, ELSEWHERE, Edition
from chart_py.finding import Finding, Level, Path
from chart_py.values.sources import Sources


@cache
def absent(edition: Edition | None) -> frozenset[Path]:
    """The settings of the models that `edition` does not know; none for None."""
    if edition is None:
        return frozenset()
    if edition.lacks == DEFAULT.lacks:
        return ELSEWHERE
    from chart_py.editions import defaults

    return defaults.absent(edition)


@cache
def narrower(edition: Edition | None) -> dict[Path, Any]:
    """What `edition` takes for the settings that take more in the models, as annotations."""
    if edition is None or edition.lacks == DEFAULT.lacks:
        return {}
    from chart_py.editions import defaults

    return defaults.narrower(edition)


def narrowed(field: FieldInfo, kind: Any) -> FieldInfo:
    """`field` with another type."""
    narrow = copy(field)
    narrow.annotation, narrow.metadata = kind, []
    return narrow


def accepted_later(finding: Finding, path: Path, edition: Edition) -> Finding:
    """`finding` about a value that `edition` does not take at `path` yet, with the release that does."""
    from chart_py.editions.settings import widened

    return replace(finding, advice=(*finding.advice, f"Accepted from chart {widened(path, edition)} on."))


def of_another(path: Path, edition: Edition, sources: Sources) -> Finding | None:
    """What is said about a setting that `edition` does not have and another one has; None where none has it."""
    from chart_py.editions.settings import elsewhere

    found = elsewhere(path, edition)
    if found is None:
        return None
    place = sources.place(path)
    other = tuple(found.instead.split(".")) if found.instead else ()
    there = sources.place(other) if other and any(layer.has(other) for layer in sources.layers) else None
    if there is None:
        return Finding(Level.ERROR, "other-edition", path, found.message, place, found.advice)
    message = f"{found.instead} at {there} sets the same; remove this one"
    return Finding(
        Level.ERROR, "old-and-new", path, message, place, (f"{found.message[0].upper()}{found.message[1:]}.",)
    )
