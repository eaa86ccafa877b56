"""The placeholders' PriorityClass."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.names import Names
from chart_py.resources.priority_class import priority
from chart_py.values.root import Values


def priority_class(values: Values, context: Context) -> Manifest | None:
    """The PriorityClass: low, so that every other pod takes a placeholder's room."""
    names, words = Names(values, context), values.scheduling.podPriority
    if not words.enabled or not values.scheduling.userPlaceholder.enabled:
        return None
    return priority(
        names,
        context,
        "user-placeholder",
        names.user_placeholder_priority,
        words.userPlaceholderPriority,
        "With a priority higher or eqaul to a cluster autoscalers priority cutoff, a pod can trigger a cluster scale "
        "up. At the same time, placeholder pods priority should be lower than other pods to make them evictable.",
    )
