"""Who can reach whom for programs: every edge with its answers, reasons, deciding settings and changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from chart_py.finding import dotted
from chart_py.reach.assertions import Judgement
from chart_py.reach.decision import Reason
from chart_py.reach.edges import Shift, Shifts
from chart_py.reach.matrix import Edge, Matrix, joined
from chart_py.reach.pair import ANY, Piece, Ports
from chart_py.reach.party import Outside, Party
from chart_py.reach.plugin import Plugins
from chart_py.reach.policy import Fault, Rule
from chart_py.reach.settings import Cause, Settings
from chart_py.reach.why import Change, explain
from chart_py.secrecy import hidden
from chart_py.views.reach_text import by_answer, unprotected


def matrix_data(
    found: Matrix, settings: Settings | None, plugins: Plugins, unread: Sequence[str] = ()
) -> dict[str, Any]:
    """The matrix as plain data."""
    return {
        "namespace": found.release.namespace,
        "enforcement": plugins.enforcement.value,
        "plugins": list(plugins.names),
        "unread": list(unread),
        "faults": [_fault(rule, fault) for rule in found.release.rules() for fault in rule.faults],
        "ungoverned": [each.name for each in unprotected(found)],
        "parties": [_party(each) for each in found.release.everyone()],
        "edges": [_edge(edge, pieces, settings) for edge in found.edges for _, pieces in by_answer(edge)],
    }


def judged_data(judged: Iterable[Judgement], settings: Settings | None) -> dict[str, Any]:
    """Assertions as plain data, each with the edges that break it."""
    return {"assertions": [_judgement(each, settings) for each in judged]}


def _judgement(judged: Judgement, settings: Settings | None) -> dict[str, Any]:
    place, wants = judged.assertion.place, judged.assertion.wants
    broken = [(edge, [p for p in edge.pieces if p.answer is not wants]) for edge in judged.broken]
    return {
        "assertion": str(judged.assertion),
        "file": place.file,
        "line": place.line,
        "holds": judged.holds,
        "broken": [
            _edge(edge, same, settings)
            for edge, pieces in broken
            for answer in dict.fromkeys(piece.answer for piece in pieces)
            for same in [[piece for piece in pieces if piece.answer is answer]]
        ],
    }


def _fault(rule: Rule, fault: Fault) -> dict[str, Any]:
    return {"policy": rule.policy, "direction": rule.direction, "rule": rule.index, "message": fault.text}


def _party(party: Party) -> dict[str, Any]:
    if isinstance(party, Outside):
        return {"name": party.name, "addresses": [str(each) for each in party.addresses.networks()]}
    return {
        "name": party.name,
        "namespace": party.space.name or None,
        "labels": hidden(dict(party.labels)),
        "ports": [{"name": p.name or None, "port": p.number, "protocol": p.protocol} for p in party.ports],
        "hostNetwork": party.host_network,
    }


def _edge(edge: Edge, pieces: Sequence[Piece], settings: Settings | None) -> dict[str, Any]:
    piece, why = pieces[0], explain(edge, pieces, settings)
    return {
        "from": edge.who.name,
        "to": edge.target.name,
        "host": edge.target.host or None,
        "ports": ports_data(each.ports for each in pieces),
        "answer": piece.answer.word,
        "dependsOn": [each.value for each in Reason if each in piece.reasons],
        "because": [_cause(each) for each in why.causes],
        "toAllow": [_change(each) for each in why.opening],
        "toClose": [_change(each) for each in why.closing],
    }


def ports_data(ports: Iterable[Ports]) -> list[dict[str, Any]]:
    """Ranges of ports; the protocol is null for all."""
    return [
        {"protocol": None if each.protocol == ANY else each.protocol, "first": each.first, "last": each.last}
        for each in joined(list(ports))
    ]


def _cause(cause: Cause) -> dict[str, Any]:
    made: dict[str, Any] = {
        "policy": cause.policy or None,
        "direction": cause.direction,
        "rule": cause.rule,
        "always": cause.always,
        "iptables": cause.dropped,
        "setting": None,
    }
    if (setting := cause.setting) is not None:
        place = setting.place
        made |= {"setting": setting.name, "value": setting.value, "file": place.file if place else None}
        made |= {"line": place.line, "column": place.column} if place and place.line else {}
    return made


def _change(change: Change) -> dict[str, Any]:
    return {"act": change.act.value, "setting": dotted(change.path), "value": change.value}


def shifts_data(found: Shifts) -> dict[str, Any]:
    """The edges that open and close."""
    return {"opens": [_shift(each) for each in found.opens], "closes": [_shift(each) for each in found.closes]}


def _shift(shift: Shift) -> dict[str, Any]:
    return {
        "from": shift.who,
        "to": shift.whom,
        "ports": ports_data(shift.ports),
        "before": shift.before.word,
        "after": shift.after.word,
    }
