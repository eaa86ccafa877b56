"""Who can reach whom before and after an upgrade."""

from __future__ import annotations

from collections.abc import Sequence

from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.editions import edition
from chart_py.reach.edges import Shifts, edges
from chart_py.rendering import context_for, render
from chart_py.values.layer import Layer
from chart_py.values.load import for_edition


def reach_shifts(
    layers: Sequence[Layer], older: str, newer: str, *, release: str = "jhub", namespace: str = "jhub"
) -> Shifts:
    """The edges that open and close with the upgrade of a configuration. Raises what `explain` raises."""
    sides = []
    for version in (older, newer):
        loaded = for_edition(layers, edition(version), release=release)
        context = context_for(loaded, Context(release=release, namespace=namespace), token=lambda: MASK)
        sides.append(render(loaded, context))
    return edges(sides[0], sides[1], namespace)
