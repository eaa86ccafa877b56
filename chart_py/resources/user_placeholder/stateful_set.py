"""The placeholders' StatefulSet."""

from __future__ import annotations

from chart_py.context import Context
from chart_py.manifest import Manifest
from chart_py.quantity import Quantity
from chart_py.resources.metadata import kept_revisions, match_labels, metadata, pod_labels
from chart_py.resources.names import Names
from chart_py.resources.pod import affinity, image_name, laid_over, node_purpose, pull_secrets, tolerations
from chart_py.values.base import Map
from chart_py.values.root import Values


def stateful_set(values: Values, context: Context) -> Manifest | None:
    """The StatefulSet: pods that go wherever a user's pod would go, and do nothing."""
    names, words = Names(values, context), values.scheduling.userPlaceholder
    if not words.enabled:
        return None
    return {
        "apiVersion": "apps/v1",
        "kind": "StatefulSet",
        "metadata": metadata(names, context, "user-placeholder", names.named("user-placeholder")),
        "spec": {
            "podManagementPolicy": "Parallel",
            "revisionHistoryLimit": kept_revisions(names, words.revisionHistoryLimit),
            "replicas": words.replicas,
            "selector": {"matchLabels": match_labels(names, "user-placeholder")},
            "serviceName": names.named("user-placeholder"),
            "template": {
                "metadata": {
                    "labels": pod_labels(names, "user-placeholder", words.labels),
                    "annotations": words.annotations or None,
                },
                "spec": laid_over(_pod(values, names), words.extraPodSpec),
            },
        },
    }


def _pod(values: Values, names: Names) -> Map:
    scheduling, words = values.scheduling, values.scheduling.userPlaceholder
    own = names.edition.has("placeholder-image")
    image = words.image if own else values.prePuller.pause.image
    return {
        "schedulerName": names.user_scheduler if scheduling.userScheduler.enabled else None,
        "priorityClassName": names.user_placeholder_priority if scheduling.podPriority.enabled else None,
        "tolerations": tolerations(values, "user", values.singleuser.extraTolerations),
        "nodeSelector": values.singleuser.nodeSelector or None,
        "affinity": _affinity(values),
        # Ends at once when a user's pod needs the room.
        "terminationGracePeriodSeconds": 0,
        "automountServiceAccountToken": False,
        "imagePullSecrets": pull_secrets(values, names, image) if own else None,
        "containers": [
            {
                "name": "pause",
                "image": image_name(image),
                "imagePullPolicy": image.pullPolicy or None,
                "resources": words.resources or user_resources(values),
                "securityContext": words.containerSecurityContext or None,
            }
        ],
    }


def _affinity(values: Values) -> Map | None:
    users = values.singleuser
    required, preferred = node_purpose(values, "user")
    return affinity(
        [*required, *users.extraNodeAffinity.required],
        [*preferred, *users.extraNodeAffinity.preferred],
        (users.extraPodAffinity.required, users.extraPodAffinity.preferred),
        (users.extraPodAntiAffinity.required, users.extraPodAntiAffinity.preferred),
    )


def user_resources(values: Values) -> Map | None:
    """What a user's container asks for and may use; None where nothing is said."""
    users = values.singleuser
    requests = _amounts(users.cpu.guarantee, users.memory.guarantee, users.extraResource.guarantees)
    limits = _amounts(users.cpu.limit, users.memory.limit, users.extraResource.limits)
    return {"requests": requests, "limits": limits} if requests or limits else None


def _amounts(cpu: Quantity, memory: Quantity, more: Map) -> Map | None:
    own = {"cpu": cpu or None, "memory": _bytes(memory)}
    return {name: amount for name, amount in {**own, **_texts(more)}.items() if amount is not None} or None


def _bytes(memory: Quantity) -> Quantity:
    """Memory as Kubernetes writes it: KubeSpawner's K is Ki there. From a million bytes on the chart writes floats."""
    if isinstance(memory, str):
        return f"{memory}i" if memory.endswith("K") else memory or None
    return float(memory) if memory and memory >= 1_000_000 else memory or None


def _texts(more: Map) -> dict[str, str]:
    return {name: str(amount) for name, amount in sorted(more.items()) if amount is not None}
