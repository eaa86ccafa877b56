"""docs/editions.md: every chart version, and every named change between two, from the tables that upgrades follow."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.editions.change import Change, Severity
from chart_py.editions.hub_packages import hub_image
from chart_py.editions.order import key
from chart_py.editions.releases import RELEASES
from chart_py.editions.table import CHANGES

_WHO = {
    Severity.ACTION: "act before the upgrade",
    Severity.USERS: "users notice",
    Severity.ADMINS: "administrators notice",
    Severity.QUIET: "nobody notices",
}
_HEAD = """\
# Chart versions

Made from the tables in `chart_py/editions` by `scripts/make-docs`.

`--chart-version X` takes each of these versions, in every verb: settings, defaults and objects are those of that chart.
A hub moves to chart_py with the version that it has, and nothing changes; it goes to another one when you say so.
`chart-py upgrade --from X --to Y` explains what that changes for your configuration, by the changes below.

## Releases

`5.0.0-dev` is the chart's main branch on its date. A change is named in the first release that has it; between two
releases without one, only images differ.

| chart | date | JupyterHub | KubeSpawner | Kubernetes from | changes | security |
| --- | --- | --- | --- | --- | --- | --- |
"""


def editions_page() -> str:
    """The whole page."""
    return _HEAD + "\n".join([*_rows(), "", "## Named changes", "", *_changes()]).rstrip() + "\n"


def _rows() -> Iterator[str]:
    first = next(iter(RELEASES))
    for release in reversed(RELEASES.values()):
        own = [each for each in CHANGES if each.since == release.version and release.version != first]
        names = ", ".join(f"[{each.name}](#{each.name})" for each in own)
        spawner = hub_image(release.version).kubespawner
        cells = (
            release.version,
            release.date,
            release.jupyterhub,
            spawner,
            release.kubernetes,
            names,
            release.security,
        )
        yield f"| {' | '.join(cells)} |"


def _changes() -> Iterator[str]:
    for since in sorted({each.since for each in CHANGES}, key=key, reverse=True):
        for change in (each for each in CHANGES if each.since == since):
            yield from _change(change)


def _change(change: Change) -> Iterator[str]:
    yield f"### {change.name}"
    yield ""
    yield f"Since {change.since}; {_WHO[change.severity]}."
    yield ""
    yield f"{change.what} {change.why}"
    yield ""
    for label, text in (("Noticed", change.noticed), ("Before the upgrade", change.before), ("The hub", change.hub)):
        if text:
            yield f"- {label}: {text}"
    for setting in change.settings:
        if setting.instead:
            yield f"- `{setting.path}` is `{setting.instead}` now."
        elif setting.removed:
            yield f"- `{setting.path}` is gone."
        elif setting.added:
            yield f"- `{setting.path}` is new."
        elif setting.before != setting.after:
            yield f"- `{setting.path}` has another default."
    if change.objects:
        yield f"- Objects: {', '.join('all' if each == '*' else f'`{each}`' for each in change.objects)}"
    yield ""
