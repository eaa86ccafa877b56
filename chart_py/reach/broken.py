"""Broken assertions as findings: what is so instead, why, and what to write."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from chart_py.finding import Finding, Level
from chart_py.reach.assertions import BROKEN, Judgement
from chart_py.reach.decision import Answer
from chart_py.reach.matrix import Edge
from chart_py.reach.pair import Piece
from chart_py.reach.said import REASONS, answer_text, cause_text, change_text
from chart_py.reach.settings import Settings
from chart_py.reach.why import explain

_SHOWN = 3


def findings(judged: Iterable[Judgement], settings: Settings | None) -> list[Finding]:
    """A finding for each assertion that does not hold, at its line."""
    return [_finding(each, settings) for each in judged if not each.holds]


def _finding(judged: Judgement, settings: Settings | None) -> Finding:
    wants = judged.assertion.wants
    said = [_so(edge, _otherwise(edge, wants)) for edge in judged.broken]
    more = f" and {len(said) - _SHOWN} more" if len(said) > _SHOWN else ""
    edge = judged.broken[0]
    advice = tuple(_advice(edge, _otherwise(edge, wants), wants, settings))
    return Finding(Level.ERROR, BROKEN, (), f"{'; '.join(said[:_SHOWN])}{more}", judged.assertion.place, advice)


def _otherwise(edge: Edge, wants: Answer) -> list[Piece]:
    """The pieces that are not as they should be, the worst ones."""
    found = [piece for piece in edge.pieces if piece.answer is not wants]
    worst = (max if wants is Answer.NO else min)(piece.answer for piece in found)
    return [piece for piece in found if piece.answer is worst]


def _so(edge: Edge, pieces: list[Piece]) -> str:
    return f"{edge.who.name} -> {edge.target.name}: {answer_text(pieces[0].answer, (each.ports for each in pieces))}"


def _advice(edge: Edge, pieces: list[Piece], wants: Answer, settings: Settings | None) -> Iterator[str]:
    found = explain(edge, pieces, settings)
    for reason in pieces[0].reasons:
        yield f"It depends on {REASONS[reason]}."
    for cause in found.causes:
        yield cause_text(cause)
    changes = found.closing if wants is Answer.NO else found.opening
    for index, change in enumerate(changes):
        yield f"{'and' if index else 'To close it' if wants is Answer.NO else 'To allow it'}: {change_text(change)}"
