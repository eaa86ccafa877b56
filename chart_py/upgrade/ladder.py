"""The way from one edition to another: each rung has one named change more than the last."""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from chart_py.editions import Edition, edition
from chart_py.editions.change import Change, Severity
from chart_py.editions.order import key
from chart_py.editions.releases import RELEASES
from chart_py.editions.table import between
from chart_py.errors import UsageError


class Rung(NamedTuple):
    """One step of the way: the change that it brings, and the edition that has it."""

    change: Change
    edition: Edition


def ladder(older: str, newer: str) -> tuple[Rung, ...]:
    """The rungs from chart version `older` up to `newer`; those of images and of the version itself come last.

    Raises UsageError for versions that are unknown, before 1.0.0, or the wrong way round.
    """
    first, last = edition(older), edition(newer)
    for each in (first, last):
        if each.version not in RELEASES:
            raise UsageError(
                f"an upgrade is explained from chart 1.0.0 on; `migrate` takes a configuration of {each.version}"
            )
    if key(older) > key(newer):
        raise UsageError(f"{newer} is older than {older}; an upgrade goes up")
    changes = between(older, newer)
    owners = _owners(changes)
    rungs, here = [], first
    wanted = RELEASES[newer].images
    for change in changes:
        images = dict(here.images) | {path: wanted[path] for path in change.images if owners.get(path) is change}
        settings = change.since.partition("-")[0]
        here = replace(here, lacks=here.lacks - {change.name}, images=tuple(images.items()), settings=settings)
        rungs.append(Rung(change, here))
    if RELEASES[older].images != wanted:
        here = replace(here, images=tuple(wanted.items()))
        rungs.append(Rung(_images(older, newer, owners), here))
    if older != newer:
        rungs.append(Rung(_version(older, newer), last))
    return tuple(rungs)


def _owners(changes: tuple[Change, ...]) -> dict[str, Change]:
    """Which change an image belongs to, of those that have it: the most serious one, the newest of these."""
    found: dict[str, Change] = {}
    for change in changes:
        for path in change.images:
            if path not in found or change.severity <= found[path].severity:
                found[path] = change
    return found


def _images(older: str, newer: str, owners: dict[str, Change]) -> Change:
    """The change of all images that no named change is about."""
    before, after = RELEASES[older].images, RELEASES[newer].images
    moved = [path for path in after if before.get(path) != after[path] and path not in owners]
    hub = (RELEASES[older].jupyterhub, RELEASES[newer].jupyterhub)
    more = f" JupyterHub goes from {hub[0]} to {hub[1]}." if hub[0] != hub[1] and "hub.image" not in owners else ""
    return Change(
        "image-versions",
        newer,
        Severity.USERS,
        f"The containers have the images of chart {newer}.{more}",
        "Each release of the chart names images of its own.",
        noticed="The hub is away for a moment while it starts again; servers that run stay.",
        images=tuple(moved),
        concerns=("*",),
    )


def _version(older: str, newer: str) -> Change:
    """The change that every upgrade is: labels and values name another version."""
    return Change(
        "chart-version",
        newer,
        Severity.QUIET,
        f"Labels and the hub's values name chart {newer} instead of {older}.",
        "They say which chart an object comes from.",
        concerns=("*",),
    )
