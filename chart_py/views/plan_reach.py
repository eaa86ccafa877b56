"""What a plan opens and closes: the edges between who asks and who is asked, before it and after it."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.changes.plan import Aim, Plan
from chart_py.reach.edges import Shifts, edges
from chart_py.reach.said import ports_text

MOST = 8
"""How many lines are shown where nobody asks for all."""
# What policies see of a release: themselves, the pods that they select, the values from which users' pods follow.
_SEEN = {"NetworkPolicy", "Secret", "Service", "Deployment", "StatefulSet", "DaemonSet"}


def shifts_of(plan: Plan) -> Shifts:
    """The edges that open and close once a plan is done; none for what installs or removes a whole release.

    Raises InvalidPolicyError where an object that calls itself a NetworkPolicy is none.
    """
    if plan.aim in (Aim.INSTALL, Aim.UNINSTALL) or not any(each.key.kind in _SEEN for each in plan.writing):
        return Shifts()
    before = [each.live for each in plan.changes if each.live is not None]
    after = [each.result for each in plan.changes if each.result is not None]
    return edges(before, after, plan.namespace)


def shift_texts(found: Shifts, *, whole: bool = False) -> Iterator[str]:
    """A line for each group of edges that go the same way, what opens first."""
    groups = found.grouped()
    shown = groups if whole else groups[:MOST]
    for each in shown:
        shift = each.shift
        both = f"{', '.join(each.whos)} -> {', '.join(each.whoms)}"
        yield f"{shift.word} {both} ({ports_text(shift.ports)}): {shift.before.word} -> {shift.after.word}"
    if len(groups) > len(shown):
        yield f"{len(groups) - len(shown)} more groups of edges open or close; -v shows them"
