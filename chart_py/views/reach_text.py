"""Who can reach whom for people: the matrix in columns, edges with their reasons, what opened and what closed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from chart_py.reach.decision import Answer, Reason
from chart_py.reach.edges import Shifts
from chart_py.reach.matrix import IPV6, Edge, Matrix, governed
from chart_py.reach.pair import Piece
from chart_py.reach.party import PodParty
from chart_py.reach.plugin import Enforcement, Plugins
from chart_py.reach.said import REASONS, cause_text, cell, change_text, ports_text, setting_text
from chart_py.reach.settings import Settings
from chart_py.reach.why import explain

GAP = "  "
_LONGEST = 26


def rows(found: Matrix) -> list[list[str]]:
    """The matrix as rows of cells, the first one its head: who asks; the first column: who is asked."""
    shown = [each for each in found.targets if found.speaks_ipv6 or each.name not in IPV6]
    cells = {(id(edge.target), edge.who.name): cell(edge) for edge in found.edges}
    head = ["to \\ from", *(each.name for each in found.whos)]
    return [head, *([str(each), *(cells[id(each), who.name] for who in found.whos)] for each in shown)]


def matrix_lines(found: Matrix, width: int = 80) -> Iterator[str]:
    """The matrix in columns; where it is wider than `width`, in several tables below each other."""
    table = rows(found)
    table = [[_shortened(row[0]), *row[1:]] for row in table]
    # A long name of who asks breaks at its dash or slash, over two lines.
    heads = [_broken(_shortened(name)) for name in table[0]]
    first = max(len(row[0]) for row in table)
    widths = [max(*(len(part) for part in heads[i]), *(len(row[i]) for row in table[1:]), 0) for i in range(len(heads))]
    for columns in _groups(widths[1:], width - first):
        for line in (0, 1):
            if any(heads[i][line] for i in (0, *columns)):
                parts = [heads[0][line].ljust(first), *(heads[i][line].ljust(widths[i]) for i in columns)]
                yield GAP.join(parts).rstrip()
        for row in table[1:]:
            yield GAP.join([row[0].ljust(first), *(row[i].ljust(widths[i]) for i in columns)]).rstrip()
        if columns[-1] != len(heads) - 1:
            yield ""


def _shortened(name: str) -> str:
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _broken(name: str) -> tuple[str, str]:
    for sign in "/-":
        head, found, tail = name.partition(sign)
        if found and len(name) > 8:
            return head + found, tail
    return "", name


def _groups(widths: Sequence[int], room: int) -> Iterator[list[int]]:
    """The columns, from 1, in groups that fit beside the first one."""
    group: list[int] = []
    used = 0
    for index, width in enumerate(widths, 1):
        if group and used + len(GAP) + width > room:
            yield group
            group, used = [], 0
        group.append(index)
        used += len(GAP) + width
    if group:
        yield group


def legend(found: Matrix, settings: Settings | None) -> Iterator[str]:
    """What the cells mean, and on what those with a question mark depend."""
    yield "yes: any port; no: none; numbers: these ports only; ?: depends"
    reasons: dict[Reason, list[str]] = {}
    shown = [each for each in found.edges if found.speaks_ipv6 or each.target.name not in IPV6]
    for edge in shown:
        for piece in edge.pieces:
            for reason in piece.reasons:
                names = reasons.setdefault(reason, [])
                names += _settings(edge, piece, reason, settings)
    for reason in Reason:
        if reason in reasons:
            names = list(dict.fromkeys(reasons[reason]))
            yield f"? depends on {REASONS[reason]}"
            if names:
                yield f"  because of {_listed(names)}"
    for target in found.targets:
        if target.host:
            yield f"{target.name}: {target.host}"


def _listed(names: Sequence[str], most: int = 2) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def _settings(edge: Edge, piece: Piece, reason: Reason, settings: Settings | None) -> Iterable[str]:
    """The settings whose rules an answer depends on."""
    for decision in (piece.egress, piece.ingress):
        for grant in decision.grants if decision.answer is Answer.DEPENDS else ():
            concerns = reason in grant.reasons or reason in (Reason.PART, Reason.UNKNOWN, Reason.RANGE)
            if settings and concerns and (made := settings.of_grant(grant)) is not None:
                yield made.name


def edge_lines(edge: Edge, settings: Settings | None) -> Iterator[str]:
    """An edge with its answers, what decides each, and what to write to change it."""
    groups = list(by_answer(edge))
    for index, (answer, pieces) in enumerate(groups):
        asked = ports_text(piece.ports for piece in pieces)
        rest = index == len(groups) - 1 and index > 0
        yield f"{edge.who.name} -> {edge.target.name}: {answer.word} ({'other ports' if rest else asked})"
        yield from _why(edge, pieces, settings, brief=rest and answer is Answer.NO)


def _why(edge: Edge, pieces: Sequence[Piece], settings: Settings | None, *, brief: bool) -> Iterator[str]:
    piece = pieces[0]
    for reason in sorted(piece.reasons, key=list(Reason).index):
        yield f"   depends on {REASONS[reason]}"
    found = explain(edge, pieces, settings)
    for cause in found.causes:
        yield f"   {cause_text(cause)}"
    certain = " for certain" if piece.answer is Answer.DEPENDS else ""
    for words, changes in ((f"to allow it{certain}", found.opening), ("to close it", found.closing)):
        for index, change in enumerate(changes if not brief else ()):
            yield f"   {'and' if index else words}: {change_text(change)}"


def by_answer(edge: Edge) -> Iterator[tuple[Answer, list[Piece]]]:
    """The pieces of an edge by answer, the most open first; those that are open also by what opens them."""
    groups: list[list[Piece]] = []
    for piece in edge.pieces:
        for group in groups:
            if group[0].same(piece) or group[0].answer is piece.answer is Answer.NO:
                group.append(piece)
                break
        else:
            groups.append([piece])
    for group in sorted(groups, key=lambda each: -each[0].answer):
        yield group[0].answer, group


def unprotected(found: Matrix) -> Iterator[PodParty]:
    """The hub's own pods that no policy governs."""
    for each in found.whos:
        core = each.name.partition("/")[0] in ("user", "hub", "proxy", "autohttps")
        if isinstance(each, PodParty) and core and not governed(found.release, each):
            yield each


_ENFORCED = {
    Enforcement.YES: "The cluster's network plugin enforces NetworkPolicies: {names}.",
    Enforcement.NO: "The cluster's network plugin does not enforce NetworkPolicies ({names}): what they close is open.",
    Enforcement.UNKNOWN: "Policies count only where the cluster's network plugin enforces them; it is not known here.",
}


def head(found: Matrix, settings: Settings | None, plugins: Plugins, unread: Sequence[str] = ()) -> Iterator[str]:
    """What has to be known before anything else: whether policies count, and whose are switched off."""
    if plugins.enforcement is not Enforcement.UNKNOWN:
        yield _ENFORCED[plugins.enforcement].format(names=", ".join(plugins.names))
    for each in unprotected(found):
        section = settings.section_of("singleuser" if each.name.startswith("user") else each.name) if settings else None
        enabled = settings.at((*section, "enabled")) if settings and section else None
        why = f": {setting_text(enabled)}" if enabled and enabled.value is False else ""
        yield f"No policy governs {each.name}{why}"
    if plugins.enforcement is Enforcement.UNKNOWN:
        yield _ENFORCED[plugins.enforcement]
    for rule in found.release.rules():
        for fault in rule.faults:
            setting = settings.of_rule(rule) if settings else None
            own = f" ({setting.name}, {setting.place})" if setting and setting.place else ""
            name = f"NetworkPolicy/{rule.policy}, {rule.direction.lower()} rule {rule.index + 1}{own}"
            yield f"Not valid, so the API server refuses it: {name}: {fault.text}"
    if unread:
        yield f"Not allowed to read: {', '.join(unread)}. What follows from them is left out."
    yield ""


def shift_lines(found: Shifts) -> Iterator[str]:
    """What opens and what closes, line by line; what opens comes first."""
    if not found:
        yield "No edge opens or closes."
    for each in found.grouped():
        shift, ports = each.shift, ports_text(each.shift.ports)
        both = f"{', '.join(each.whos)} -> {', '.join(each.whoms)}"
        yield f"{shift.word:<9} {both} ({ports}): {shift.before.word} -> {shift.after.word}"
