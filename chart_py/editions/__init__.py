"""What a chart version is: an edition, which has some of the named changes between versions and lacks the others.

The models of the settings are one edition's, `TODAY`'s; every other is the named changes between the two, applied one
after the other: backwards to an older edition, forwards to a newer one. This module holds what a render on the default
edition needs; the tables of releases and changes are loaded when another edition is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field

TODAY = "4.4.0"
"""The default edition: the newest published chart, whose settings and defaults the models have."""

JUPYTERHUB = "5.5.0"
"""The JupyterHub of the default edition."""

GUIDE = ("0.7", "0.6")
"""The charts of the guide of 2018: their defaults and settings are understood, their objects are today's."""

_NOT_YET = frozenset({"gateway-parent-refs", "proxy-command", "traefik-command", "scheduler-1.35"})

ELSEWHERE: frozenset[tuple[str, ...]] = frozenset(
    {
        ("rbac", "enabled"),
        ("httpRoute", "parentRefs"),
        ("proxy", "chp", "command"),
        ("proxy", "traefik", "command"),
        ("proxy", "traefik", "args"),
    }
)
"""The settings that the models have for other editions, and the default one does not know."""


@dataclass(frozen=True)
class Edition:
    """A chart version.

    `version` is the version that was asked for, `chart` the one whose objects are made: the same, but for the guide's
    charts. `jupyterhub` is the JupyterHub of its hub's image. `lacks` names the changes that it does not have.
    `images` are those that it has instead of its release's, by their settings, and `settings` is the chart in whose
    settings configurations are written, where that is not `chart`: both are empty but on the way between two editions.
    """

    version: str = TODAY
    chart: str = TODAY
    jupyterhub: str = JUPYTERHUB
    lacks: frozenset[str] = field(default=_NOT_YET, repr=False)
    images: tuple[tuple[str, str], ...] = ()
    settings: str = ""

    def has(self, change: str) -> bool:
        """Whether this edition has the named change."""
        return change not in self.lacks


DEFAULT = Edition()


def edition(version: str) -> Edition:
    """The edition of a chart version; raises UsageError, with the nearest ones, for an unknown version."""
    if version == TODAY:
        return DEFAULT
    if version in GUIDE:
        return Edition(version)
    from chart_py.editions.table import edition_of

    return edition_of(version)


def versions() -> tuple[str, ...]:
    """Every version that is known, the newest first and the guide's last."""
    from chart_py.editions.releases import RELEASES

    return (*reversed(RELEASES), *GUIDE)
