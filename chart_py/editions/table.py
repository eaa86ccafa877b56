"""The whole table of changes in the order of their releases, and what of it an edition has."""

from __future__ import annotations

from chart_py.editions import GUIDE, TODAY, Edition, chart_1, chart_2, chart_3, chart_4, chart_5
from chart_py.editions.change import Change
from chart_py.editions.order import key, nearest
from chart_py.editions.releases import RELEASES
from chart_py.errors import UsageError

CHANGES: tuple[Change, ...] = (
    *chart_1.CHANGES,
    *chart_2.CHANGES,
    *chart_3.CHANGES,
    *chart_4.CHANGES,
    *chart_5.CHANGES,
)
"""Every named change, the oldest first."""


def edition_of(version: str) -> Edition:
    """The edition of a published release; UsageError, with the nearest ones, where there is no such release."""
    if version not in RELEASES:
        raise UsageError(_unknown(version))
    lacks = frozenset(change.name for change in CHANGES if key(change.since) > key(version))
    return Edition(version, version.partition("-")[0], RELEASES[version].jupyterhub, lacks)


def between(older: str, newer: str) -> tuple[Change, ...]:
    """The changes that came after `older`, up to `newer`, in the order of their releases."""
    return tuple(change for change in CHANGES if key(older) < key(change.since) <= key(newer))


def since(name: str) -> str:
    """The first release that has the named change."""
    return next(change.since for change in CHANGES if change.name == name)


def _unknown(version: str) -> str:
    near = " or ".join(nearest(version, (*GUIDE, *RELEASES))) or TODAY
    published = [each for each in RELEASES if "-" not in each]
    coming = [each for each in RELEASES if "-" in each]
    known = ", ".join((*reversed(GUIDE), f"{published[0]} to {published[-1]}", *coming))
    return f"unknown chart version {version!r}; did you mean {near}? Known versions: {known}"
