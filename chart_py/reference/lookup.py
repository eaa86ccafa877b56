"""What `explain` was asked for: one thing by its path, all sections, or what has to do with some words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from chart_py.checks.hub import image as hub_image
from chart_py.errors import UsageError
from chart_py.reference import entry, old_setting, recipe, search, trait
from chart_py.reference.explanation import Explanation, Found, Line
from chart_py.reference.setting import find, known, nearest, parse, sections
from chart_py.values.entries import ENTRIES


def explain(words: Sequence[str], most: int | None = search.MOST) -> Explanation | Found:
    """What is told of `words`: a path, a class, a trait, a file of values/, or words to search for.

    Without words, the sections. `most` is how many things of a kind a search tells; None for all. Raises UsageError,
    with the nearest, where nothing is found.
    """
    if not words:
        below = tuple(Line(each.path[0], each.description) for each in sections() if isinstance(each.path[0], str))
        return Explanation("", below=below)
    if len(words) == 1 and (told := _one(words[0])):
        return told
    found = search.search([word for each in words for word in each.split()], most)
    if found.groups:
        return found
    if len(words) == 1 and (near := nearest(words[0])):
        raise UsageError(f"unknown setting: {words[0]}; did you mean {near}?")
    raise UsageError(f"nothing found for {' '.join(words)!r}; `explain` lists the sections")


def _one(text: str) -> Explanation | None:
    """The thing that `text` names; None where it has to be searched for."""
    path = parse(text)
    if path in known():
        told = find(text).explanation()
        return replace(told, below=entry.below(ENTRIES[path])) if path in ENTRIES else told
    if told_old := old_setting.explanation(text):
        return told_old
    named = path[1:] if path[:1] == ("c",) else path
    if named and hub_image.is_class(str(named[0])):
        path = (*trait.CONFIG, *named)
    for of in (trait.explanation, entry.explanation, recipe.explanation):
        if other := of(path):
            return other
    if len(path) > 1:
        # A dotted path that names nothing is a slip, not words to search for.
        find(text)
    return None
