"""The pullers' PriorityClass."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.names import Names
from chart_py.resources.priority_class import priority
from chart_py.values.root import Values


def priority_class(values: Values, context: Context) -> Manifest | None:
    """The PriorityClass: above placeholders, so that a node full of them is no obstacle, and below users."""
    names, words = Names(values, context), values.scheduling.podPriority
    own = context.edition.has("image-puller-priority") and words.enabled
    if not own or not (values.prePuller.hook.enabled or values.prePuller.continuous.enabled):
        return None
    return priority(
        names,
        context,
        "image-puller",
        names.image_puller_priority,
        words.imagePullerPriority,
        "Enables [hook|continuous]-image-puller pods to fit on nodes even though they are clogged by "
        "user-placeholder pods, while not evicting normal user pods.",
    )
