"""The section `scheduling`: on which nodes the pods run, and room kept free for the next person."""

from typing import Any, Literal

from chart_py.values import formats
from chart_py.values.base import Labels, Map, Section, word
from chart_py.values.parts import (
    EXTRA_POD_SPEC,
    NODE_SELECTOR,
    RESOURCES,
    REVISIONS,
    SECURITY_CONTEXT,
    TOLERATIONS,
    Image,
    Pdb,
    ServiceAccount,
    drops_all,
)

_PLUGINS = {
    "score": {
        "disabled": [
            {"name": "NodeResourcesBalancedAllocation"},
            {"name": "NodeAffinity"},
            {"name": "InterPodAffinity"},
            {"name": "NodeResourcesFit"},
            {"name": "ImageLocality"},
        ],
        "enabled": [
            {"name": "NodeAffinity", "weight": 14631},
            {"name": "InterPodAffinity", "weight": 1331},
            {"name": "NodeResourcesFit", "weight": 121},
            {"name": "ImageLocality", "weight": 11},
        ],
    }
}
_MOST_ALLOCATED = {
    "type": "MostAllocated",
    "resources": [{"name": "cpu", "weight": 1}, {"name": "memory", "weight": 1}],
}
_PLUGIN_CONFIG = [{"name": "NodeResourcesFit", "args": {"scoringStrategy": _MOST_ALLOCATED}}]


def _dedicated(purpose: str) -> list[Map]:
    """The tolerations for nodes that are kept for `purpose`, by the label's two spellings."""
    return [
        {"key": f"hub.jupyter.org{joint}dedicated", "operator": "Equal", "value": purpose, "effect": "NoSchedule"}
        for joint in "/_"
    ]


class UserScheduler(Section):
    """A scheduler for users' pods that fills one node before it uses the next, so that empty nodes can go."""

    enabled: bool = word(True, "Run it and let users' pods be scheduled by it.", needed=True)
    revisionHistoryLimit: int | None = word(None, REVISIONS, ge=0)
    replicas: int = word(2, "How many pods; one leads, the others wait.")
    logLevel: int = word(4, "kube-scheduler's -v.")
    plugins: Map = word(_PLUGINS, "kube-scheduler's plugins, by extension point.", needed=True)
    pluginConfig: list[Any] = word(_PLUGIN_CONFIG, "The plugins' arguments.", needed=True)
    containerSecurityContext: Map = word(drops_all(), SECURITY_CONTEXT)
    image: Image = word(Image.of(name="registry.k8s.io/kube-scheduler", tag="v1.30.14"), "kube-scheduler's image.")
    nodeSelector: Map = word({}, NODE_SELECTOR, format=formats.labels)
    tolerations: list[Any] = word([], TOLERATIONS)
    labels: Labels = word({}, "More labels for its pods.", format=formats.labels)
    annotations: Labels = word({}, "Annotations for its pods.", format=formats.annotation_keys)
    pdb: Pdb = word(Pdb.of(enabled=True, maxUnavailable=1, minAvailable=None), "Its PodDisruptionBudget.")
    resources: Map = word({}, RESOURCES, format=formats.resources)
    serviceAccount: ServiceAccount = word(ServiceAccount.of(), "Its ServiceAccount.")
    extraPodSpec: Map = word({}, EXTRA_POD_SPEC)


class PodPriority(Section):
    """PriorityClasses, so that users' pods push placeholders aside."""

    enabled: bool = word(False, "Make the PriorityClasses and use them.")
    globalDefault: bool = word(
        False, "Let every pod of the cluster without a class of its own have the default priority."
    )
    defaultPriority: int = word(0, "The priority of hub, proxy and users' pods.", format=formats.priority)
    imagePullerPriority: int = word(-5, "The priority of the image pullers.", format=formats.priority)
    userPlaceholderPriority: int = word(-10, "The priority of the placeholders.", format=formats.priority)


class UserPlaceholder(Section):
    """Pods as large as a user's that keep room free, so that the next person need not wait for a node."""

    enabled: bool = word(True, "Make them.")
    image: Image = word(Image.of(name="registry.k8s.io/pause", tag="3.10.1"), "Their image.")
    revisionHistoryLimit: int | None = word(None, REVISIONS, ge=0)
    replicas: int = word(0, "For how many people room is kept.")
    labels: Labels = word({}, "More labels for the placeholders' pods.", format=formats.labels)
    annotations: Labels = word({}, "Annotations for the placeholders' pods.", format=formats.annotation_keys)
    containerSecurityContext: Map = word(drops_all(), SECURITY_CONTEXT)
    resources: Map = word({}, "Their requests and limits; a user's where empty.", format=formats.resources)
    extraPodSpec: Map = word({}, EXTRA_POD_SPEC)


class NodeAffinity(Section):
    """Whether pods care for nodes labelled hub.jupyter.org/node-purpose."""

    matchNodePurpose: Literal["ignore", "prefer", "require"] = word("prefer", "Ignore, prefer or require such nodes.")


class CorePods(Section):
    """hub, proxy, autohttps and user-scheduler."""

    tolerations: list[Any] = word(_dedicated("core"), "Taints that core pods accept.")
    nodeAffinity: NodeAffinity = word(NodeAffinity.of(), "Nodes of purpose core.")


class UserPods(Section):
    """Users' pods, placeholders and image pullers."""

    tolerations: list[Any] = word(_dedicated("user"), "Taints that users' pods accept.")
    nodeAffinity: NodeAffinity = word(NodeAffinity.of(), "Nodes of purpose user.")


class Scheduling(Section):
    """Where pods run."""

    userScheduler: UserScheduler = word(UserScheduler.of(), "The scheduler that packs users' pods.")
    podPriority: PodPriority = word(PodPriority.of(), "Priorities.")
    userPlaceholder: UserPlaceholder = word(UserPlaceholder.of(), "Room kept free.")
    corePods: CorePods = word(CorePods.of(), "The hub's own pods.")
    userPods: UserPods = word(UserPods.of(), "The users' pods.")
