"""A plan without a cluster: from one configuration to another, or from manifests to a configuration."""

from __future__ import annotations

from collections.abc import Sequence

from chart_py.changes.between import plan_between
from chart_py.changes.plan import Plan
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.engine.hub_facts import context_beside
from chart_py.manifest import Manifest
from chart_py.manifest.order import hook_events
from chart_py.rendering import context_for, render
from chart_py.values.load import Loaded


def compare(
    before: Loaded | Sequence[Manifest], after: Loaded, *, release: str = "jhub", namespace: str = "jhub"
) -> Plan:
    """What would change from one configuration, or from the objects in a file, to the configuration `after`.

    Secrets that a configuration does not set are those of the objects; between configurations, they are the same.
    Hooks, which come and go, are left out.
    """
    if isinstance(before, Loaded):
        plain = Context(release=release, namespace=namespace)
        old, new = (render(each, context_for(each, plain, token=lambda: MASK)) for each in (before, after))
    else:
        old = list(before)
        new = render(after, context_beside(after, old, release, namespace))
    return plan_between(without_hooks(old), without_hooks(new), release=release, namespace=namespace)


def without_hooks(manifests: Sequence[Manifest]) -> list[Manifest]:
    """The objects of a release without its hooks."""
    return [each for each in manifests if not hook_events(each)]
