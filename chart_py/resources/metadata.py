"""Labels, selectors and metadata: the chart's, old and new, so that an existing release can be taken over."""

from __future__ import annotations

from typing import Any

from chart_py.context import CHART_NAME, MANAGER, Context
from chart_py.resources.names import Names
from chart_py.values.base import Labels


def match_labels(names: Names, component: str) -> Labels:
    """The labels that select the pods of a component. Deployments cannot change them: they are the chart's for ever."""
    return {"app": names.app, "component": component, "release": names.release}


def pod_labels(names: Names, component: str, more: Labels | None = None) -> Labels:
    """The labels of a component's pods; they name no version, so that an upgrade of chart_py restarts nothing."""
    common = _common(names, component) if names.edition.has("pod-kubernetes-labels") else {}
    return {**match_labels(names, component), **common, **(more or {})}


def _common(names: Names, component: str) -> Labels:
    """The labels that Kubernetes recommends."""
    return {
        "app.kubernetes.io/name": names.app,
        "app.kubernetes.io/instance": names.release,
        "app.kubernetes.io/component": component,
    }


def labels(names: Names, component: str, more: Labels | None = None) -> Labels:
    """The labels of a component's objects."""
    chart = f"{CHART_NAME}-{names.edition.chart}"
    is_new = names.edition.has("kubernetes-labels")
    return {
        **match_labels(names, component),
        **(_common(names, component) if is_new else {}),
        "chart": chart,
        "heritage": MANAGER,
        **({"helm.sh/chart": chart, "app.kubernetes.io/managed-by": MANAGER} if is_new else {}),
        **(more or {}),
    }


def metadata(
    names: Names,
    context: Context | None,
    component: str,
    name: str,
    *,
    annotations: Labels | None = None,
    more: Labels | None = None,
) -> dict[str, Any]:
    """An object's metadata; without a namespace where `context` is None, for objects that the cluster shares."""
    return {
        "name": name,
        "namespace": context.namespace if context else None,
        "labels": labels(names, component, more),
        "annotations": annotations or None,
    }


def kept_revisions(names: Names, limit: int | None) -> int | None:
    """How many old revisions a controller keeps; charts that have the setting at first did nothing with it."""
    return limit if names.edition.has("revision-history-kept") else None


def hook_annotations(weight: int, more: Labels | None = None) -> Labels:
    """The annotations by which an object is applied before an install or upgrade and removed afterwards."""
    return {
        **(more or {}),
        "helm.sh/hook": "pre-install,pre-upgrade",
        "helm.sh/hook-delete-policy": "before-hook-creation,hook-succeeded",
        "helm.sh/hook-weight": str(weight),
    }
