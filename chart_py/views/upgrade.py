"""What an upgrade to another chart does to a configuration: as text for a terminal, as Markdown, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from chart_py.editions.change import Change, Setting, Severity
from chart_py.editions.order import key
from chart_py.editions.releases import RELEASES
from chart_py.finding import dotted, wrapped
from chart_py.reach.edges import Shifts
from chart_py.upgrade.explanation import Explained, Upgrade, Written
from chart_py.views.plan_reach import shift_texts

WIDTH = 80
HEADS = {
    Severity.ACTION: "Act before the upgrade",
    Severity.USERS: "Users notice",
    Severity.ADMINS: "Administrators notice",
    Severity.QUIET: "Nobody notices",
}
"""What a group of changes is called, by how much they ask of people."""
KEYS = {Severity.ACTION: "action", Severity.USERS: "users", Severity.ADMINS: "admins", Severity.QUIET: "quiet"}
_OBJECTS = 6
_INDENT = "   "

Paint = Callable[[str, Severity], str]


def plain(text: str, severity: Severity) -> str:
    """Text as it is, for whoever wants no colour."""
    return text


def upgrade_lines(found: Upgrade, shifts: Shifts, *, whole: bool = False, paint: Paint = plain) -> Iterator[str]:
    """Everything for a terminal: the changes that touch the configuration, then the others in one line."""
    yield from wrapped(_head(found), WIDTH, "")
    for line in filter(None, (_kubernetes(found), *_security(found))):
        yield from wrapped(line, WIDTH, _INDENT)
    for severity in Severity:
        group = [each for each in found.touching if each.change.severity is severity]
        if group:
            yield ""
            yield paint(HEADS[severity], severity)
        for each in group:
            yield from _change(each, whole)
    if shifts:
        yield ""
        yield "Who can reach whom"
        for text in shift_texts(shifts, whole=whole):
            yield from wrapped(text, WIDTH, _INDENT)
    yield ""
    yield from _folded(found.others, whole)


def _head(found: Upgrade) -> str:
    older, newer = found.older, found.newer
    count = len(found.touching)
    which = f"chart {older.version} to {newer.version}"
    if older.jupyterhub != newer.jupyterhub:
        which += f" (JupyterHub {older.jupyterhub} to {newer.jupyterhub})"
    if not found.changes:
        return f"From {which}: nothing changes."
    return f"From {which}: {count} {'change touches' if count == 1 else 'changes touch'} this configuration."


def _security(found: Upgrade) -> Iterator[str]:
    for each in found.security:
        yield f"Security release {each.version} ({each.date}) in between: {each.security}."


def _kubernetes(found: Upgrade) -> str:
    """What to say where the newer chart is for newer versions of Kubernetes alone; empty where it is not."""
    older, newer = (RELEASES[each.version].kubernetes for each in (found.older, found.newer))
    if key(newer) <= key(older):
        return ""
    return f"Chart {found.newer.version} is for Kubernetes {newer} and newer; {found.older.version} took {older}."


def _change(each: Explained, whole: bool) -> Iterator[str]:
    change = each.change
    yield from wrapped(f"{change.name} (since {change.since}): {change.what}", WIDTH, "  ")
    for label, text in (("Noticed", change.noticed), ("Before", change.before), ("Why", change.why if whole else "")):
        if text:
            yield from wrapped(f"{label}: {text}", WIDTH, _INDENT)
    for written in each.written:
        yield from wrapped(_said(written), WIDTH, _INDENT)
    if objects := _objects(each):
        yield from wrapped(f"In: {', '.join(objects)}", WIDTH, _INDENT)


def _said(written: Written) -> str:
    place = f"{written.place}: " if written.place else ""
    return f"{place}{dotted(written.path)}{_becomes(written.setting)}"


def _becomes(setting: Setting | None) -> str:
    if setting is None:
        return ""
    if setting.instead:
        return f": write {setting.instead} instead"
    if setting.removed:
        return ": removed; nothing takes its place"
    return ""


def _objects(each: Explained) -> list[str]:
    """The objects of which fields change, each with how many."""
    told = Counter(f"{f.object.kind}/{f.object.name}" for f in each.fields if not f.is_told_only)
    rows = [f"{name} ({count} field{'s' * (count > 1)})" for name, count in told.items()]
    return rows if len(rows) <= _OBJECTS else [*rows[: _OBJECTS - 1], f"{len(rows) - _OBJECTS + 1} more objects"]


def _folded(others: Sequence[Change], whole: bool) -> Iterator[str]:
    if not others:
        return
    if whole:
        yield f"{len(others)} changes do not touch it"
        for each in others:
            yield from wrapped(f"{each.name} (since {each.since}): {each.what}", WIDTH, "  ")
        return
    names = ", ".join(each.name for each in others)
    verb = "change does" if len(others) == 1 else "changes do"
    yield from wrapped(f"{len(others)} {verb} not touch it (-v tells what they are): {names}", WIDTH, "")


def upgrade_data(found: Upgrade, shifts: Shifts) -> dict[str, Any]:
    """The same as data: `from`, `to`, `security`, `changes` with `touches`, `reach`."""
    return {
        "from": {"version": found.older.version, "jupyterhub": found.older.jupyterhub},
        "to": {"version": found.newer.version, "jupyterhub": found.newer.jupyterhub},
        "kubernetes": RELEASES[found.newer.version].kubernetes,
        "security": [{"version": e.version, "date": e.date, "what": e.security} for e in found.security],
        "changes": [_change_data(each) for each in found.changes],
        "reach": list(shift_texts(shifts, whole=True)),
    }


def _change_data(each: Explained) -> dict[str, Any]:
    change = each.change
    fields: dict[str, int] = Counter(f"{f.object.kind}/{f.object.name}" for f in each.fields)
    return {
        "name": change.name,
        "since": change.since,
        "severity": KEYS[change.severity],
        "touches": each.touches,
        "what": change.what,
        "why": change.why,
        "noticed": change.noticed,
        "before": change.before,
        "settings": [
            {
                "path": dotted(one.path),
                "place": str(one.place) if one.place else "",
                "instead": one.setting.instead if one.setting else "",
            }
            for one in each.written
        ],
        "objects": dict(fields),
    }


def upgrade_markdown(found: Upgrade, shifts: Shifts) -> Iterator[str]:
    """The same as a comment for a pull request."""
    yield f"**{_head(found)}**"
    security = [*filter(None, (_kubernetes(found), *_security(found)))]
    if security:
        yield ""
        yield from (f"- {line}" for line in security)
    for severity in Severity:
        group = [each for each in found.touching if each.change.severity is severity]
        if not group:
            continue
        yield from ("", f"### {HEADS[severity]}", "")
        for each in group:
            yield f"- **{each.change.name}** (since {each.change.since}): {each.change.what}"
            for label, text in (("Noticed", each.change.noticed), ("Before", each.change.before)):
                if text:
                    yield f"  - {label}: {text}"
            yield from (f"  - `{_said(written)}`" for written in each.written)
            if objects := _objects(each):
                yield f"  - In: {', '.join(objects)}"
    if shifts:
        yield from ("", "### Who can reach whom", "")
        yield from (f"- {text}" for text in shift_texts(shifts, whole=True))
    if found.others:
        yield from ("", f"<details><summary>{len(found.others)} more that do not touch it</summary>", "")
        yield from (f"- **{each.name}** (since {each.since}): {each.what}" for each in found.others)
        yield from ("", "</details>")
