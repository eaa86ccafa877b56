"""Which chart version a release is at, and which one a plan is for: the release's own, until somebody names another."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from chart_py.context import CHART_NAME
from chart_py.editions import TODAY, versions
from chart_py.engine.standing import Standing, manifests_of
from chart_py.errors import UsageError
from chart_py.release.record import Record

_LABELS = ("helm.sh/chart", "chart")
_CHART = re.compile(rf"{CHART_NAME}-(\d.*)")


@dataclass(frozen=True)
class ChartVersion:
    """The chart version that a plan is for; `release` is the one that the release is at, empty where there is none.

    `security` are the security releases of the chart after the plan's version, the oldest first.
    """

    wanted: str
    release: str = ""
    security: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """What there is to say of it, in a sentence; empty where nothing moves and nothing is newer."""
        if self.release and self.release != self.wanted:
            way = f"chart {self.release} -> {self.wanted}"
            return f"{way}; `chart-py upgrade --to {self.wanted}` explains what changes"
        if not self.release or self.wanted == TODAY or not self._is_behind:
            return ""
        said = f"the release stays at chart {self.wanted}; the newest is {TODAY}"
        if self.security:
            said += f", with security fixes in {_listed(self.security)}"
        return f"{said}. `chart-py upgrade` explains what it changes"

    @property
    def _is_behind(self) -> bool:
        from chart_py.editions.order import key

        return key(self.wanted) < key(TODAY)


def chart_version_of(record: Record) -> str:
    """The version of the chart that made a revision; empty where nothing says so.

    Where the hub's chart is a part of another one, the objects' labels say it.
    """
    meta = record.chart.get("metadata") or {}
    found = str(meta.get("version", "")) if meta.get("name") == CHART_NAME else _of_labels(record)
    return f"{found}-dev" if f"{found}-dev" in versions() else found


def _of_labels(record: Record) -> str:
    named = Counter(_labelled(record))
    return named.most_common(1)[0][0] if named else ""


def _labelled(record: Record) -> Iterator[str]:
    for each in manifests_of(record):
        labels = each["metadata"].get("labels") or {}
        for label in _LABELS:
            if found := _CHART.fullmatch(str(labels.get(label, ""))):
                yield found[1].replace("_", "+")
                break


def chart_version(standing: Standing, named: str = "") -> ChartVersion:
    """The chart version that a plan for a release is for: `named`, else the release's own, else the newest.

    Raises UsageError where the release's version is unknown here and none is named.
    """
    record = standing.deployed or standing.latest
    own = chart_version_of(record) if record else ""
    if record and not named and own not in versions():
        what = (
            f"made by chart {own}, which is not known here" if own else "made by a chart that does not say its version"
        )
        raise UsageError(
            f"the release {standing.release} in {standing.namespace} was {what}\n"
            f"   Name the version that your values are for: --chart-version {TODAY}"
        )
    wanted = named or own or TODAY
    return ChartVersion(wanted, own, _security(wanted))


def _security(version: str) -> tuple[str, ...]:
    from chart_py.editions.order import key
    from chart_py.editions.releases import RELEASES

    if version == TODAY or version not in RELEASES:
        return ()
    return tuple(e.version for e in RELEASES.values() if e.security and key(version) < key(e.version) <= key(TODAY))


def _listed(names: tuple[str, ...]) -> str:
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
