"""The PriorityClass of hub, proxy and users' pods, and what all PriorityClasses have alike."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.values.root import Values


def default_priority_class(values: Values, context: Context) -> Manifest | None:
    """The PriorityClass of hub, proxy and users' pods."""
    names, words = Names(values, context), values.scheduling.podPriority
    if not words.enabled:
        return None
    return priority(
        names,
        context,
        "default-priority",
        names.priority,
        words.defaultPriority,
        "A default priority higher than user placeholders priority.",
        global_default=words.globalDefault,
    )


def priority(
    names: Names,
    context: Context,
    component: str,
    name: str,
    value: int,
    description: str,
    *,
    global_default: bool = False,
) -> Manifest:
    """A PriorityClass. The whole cluster shares it, so annotations say which release it belongs to."""
    annotations = {
        "meta.helm.sh/release-name": context.release,
        "meta.helm.sh/release-namespace": context.namespace,
    }
    return {
        "apiVersion": "scheduling.k8s.io/v1",
        "kind": "PriorityClass",
        "metadata": metadata(names, None, component, name, annotations=annotations),
        "value": value,
        "globalDefault": global_default,
        "description": description,
    }
