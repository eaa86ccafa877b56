"""traefik's PodDisruptionBudget."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.access import disruption_budget
from chart_py.resources.names import Names
from chart_py.resources.proxy.https import https_way
from chart_py.values.root import Values


def pdb(values: Values, context: Context) -> Manifest | None:
    """The PodDisruptionBudget, with a name of its own beside the proxy's."""
    budget = values.proxy.traefik.pdb
    if https_way(values) != "letsencrypt" or not budget.enabled:
        return None
    return disruption_budget(Names(values, context), context, "autohttps", budget)
