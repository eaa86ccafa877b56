"""A plan's dangers as text: a headline for each, and the objects that it is about."""

from __future__ import annotations

from textwrap import wrap

from chart_py.changes.dangers import Danger, Harm

_WIDTH = 76
_MOST = 8
_TO = "\u00a0->\u00a0"


def headline(danger: Danger) -> str:
    """A danger in one line, without its objects."""
    count = len(danger.objects)
    objects, claims = f"{count} object{'s' * (count > 1)}", f"{count} claim{'s' * (count > 1)}"
    beside = ", ".join(each.partition("/")[2] for each in danger.others)
    them = "them" if count > 1 else "it"
    empty = f"creates {claims} " + (f"beside {beside}; no data is copied" if beside else "in a release that is in use")
    return {
        Harm.LOSES_DATA: f"LOSES DATA: deletes {claims} and everything in them",
        Harm.EMPTY_DATABASE: f"EMPTY DATABASE: {empty}",
        Harm.EMPTY_CLAIM: f"EMPTY VOLUME: {empty}",
        Harm.UNUSED_CLAIM: f"LEAVES DATA BEHIND: {claims} {'are' if count > 1 else 'is'} no longer used",
        Harm.RENAMES: f"RENAMES {objects}: creates new ones and deletes the old ones, except claims",
        Harm.DELETES: f"DELETES {objects}",
        Harm.REPLACES: f"REPLACES {objects}: deletes {them} and creates {them} again",
    }[danger.harm]


def named(danger: Danger) -> list[str]:
    """The objects of a danger as lines of a terminal, the first of many."""
    names = list(danger.objects)
    if danger.harm is Harm.RENAMES:
        # Old and new name stay in one line.
        names = [f"{old}{_TO}{new.partition('/')[2]}" for old, new in zip(names, danger.others, strict=True)]
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    lines = wrap(
        ", ".join(names[:_MOST]) + more,
        _WIDTH,
        initial_indent="   ",
        subsequent_indent="   ",
        break_on_hyphens=False,
        break_long_words=False,
    )
    return [line.replace(_TO, " -> ") for line in lines]
