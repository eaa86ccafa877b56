"""The section `prePuller`: images on the nodes before anyone waits for them."""

from typing import Any

from chart_py.editions import TODAY
from chart_py.values import formats
from chart_py.values.base import Images, Labels, Map, Section, word
from chart_py.values.parts import (
    NODE_SELECTOR,
    RESOURCES,
    REVISIONS,
    SECURITY_CONTEXT,
    TOLERATIONS,
    Image,
    ServiceAccount,
    drops_all,
)


class Hook(Section):
    """Pulls the images before an upgrade goes on."""

    enabled: bool = word(True, "Pull before an upgrade.", needed=True)
    pullOnlyOnChanges: bool = word(True, "Only where an image has changed since the last upgrade.")
    image: Image = word(
        Image.of(name="quay.io/jupyterhub/k8s-image-awaiter", tag=TODAY), "The image of the pod that waits."
    )
    containerSecurityContext: Map = word(drops_all(), SECURITY_CONTEXT)
    podSchedulingWaitDuration: int = word(
        10, "Seconds to wait for a puller that no node has room for; -1 waits for ever."
    )
    nodeSelector: Map = word({}, NODE_SELECTOR, format=formats.labels)
    tolerations: list[Any] = word([], TOLERATIONS)
    resources: Map = word({}, RESOURCES, format=formats.resources)
    serviceAccount: ServiceAccount = word(ServiceAccount.of(), "The ServiceAccount of the pod that waits.")
    serviceAccountImagePuller: ServiceAccount = word(ServiceAccount.of(), "The ServiceAccount of the pods that pull.")
    daemonsetAnnotations: Labels = word({}, "Annotations for the pullers' DaemonSet.", format=formats.annotation_keys)


class Continuous(Section):
    """Pulls the images on every node that joins."""

    enabled: bool = word(True, "Pull on new nodes.", needed=True)
    serviceAccount: ServiceAccount = word(ServiceAccount.of(), "The ServiceAccount of the pods that pull.")
    daemonsetAnnotations: Labels = word({}, "Annotations for the pullers' DaemonSet.", format=formats.annotation_keys)


class Pause(Section):
    """The container that does nothing once the images are there."""

    containerSecurityContext: Map = word(drops_all(), SECURITY_CONTEXT)
    image: Image = word(Image.of(name="registry.k8s.io/pause", tag="3.10.1"), "Its image.")


class PrePuller(Section):
    """The image pullers."""

    revisionHistoryLimit: int | None = word(None, REVISIONS, ge=0)
    labels: Labels = word({}, "More labels for the pullers' pods.", format=formats.labels)
    annotations: Labels = word({}, "Annotations for the pullers' pods.", format=formats.annotation_keys)
    resources: Map = word({}, RESOURCES, format=formats.resources)
    containerSecurityContext: Map = word(drops_all(), SECURITY_CONTEXT)
    extraTolerations: list[Any] = word([], TOLERATIONS)
    hook: Hook = word(Hook.of(), "Before an upgrade.")
    continuous: Continuous = word(Continuous.of(), "On new nodes.")
    pullProfileListImages: bool = word(True, "Pull the images of `singleuser.profileList` too.")
    extraImages: Images = word({}, "More images to pull: a map from any name to name, tag and pullPolicy.")
    pause: Pause = word(Pause.of(), "The container that waits.")
