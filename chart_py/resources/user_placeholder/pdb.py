"""The placeholders' PodDisruptionBudget."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.access import disruption_budget
from chart_py.resources.names import Names
from chart_py.values.parts import Pdb
from chart_py.values.root import Values


def pdb(values: Values, context: Context) -> Manifest | None:
    """The PodDisruptionBudget: no placeholder ever keeps a node from being drained."""
    if not values.scheduling.userPlaceholder.enabled:
        return None
    return disruption_budget(Names(values, context), context, "user-placeholder", Pdb.of(minAvailable=0))
