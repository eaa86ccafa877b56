"""The section `singleuser`: each person's server."""

from typing import Any, Literal

from chart_py.editions import TODAY
from chart_py.quantity import Quantity
from chart_py.values import formats
from chart_py.values.base import Env, Labels, Map, Section, word
from chart_py.values.parts import NODE_SELECTOR, RESOURCES, EgressAllowRules, Image, NetworkPolicy


class Affinity(Section):
    """Affinity terms for the users' pods, as in a pod."""

    required: list[Any] = word([], "Terms that must hold.")
    preferred: list[Any] = word([], "Terms that should hold, with weights.")


class NetworkTools(Section):
    """The init container that blocks the cloud's metadata server."""

    image: Image = word(Image.of(name="quay.io/jupyterhub/k8s-network-tools", tag=TODAY), "Its image.")
    resources: Map = word({}, RESOURCES, format=formats.resources)


class CloudMetadata(Section):
    """The cloud's metadata server, from which a pod could take the node's credentials."""

    blockWithIptables: bool = word(True, "Block it in each user's pod by a privileged init container.", needed=True)
    ip: str = word("169.254.169.254", "The metadata server's address.", format=formats.address)


class StaticStorage(Section):
    """Homes on one shared volume."""

    pvcName: str | None = word(None, "The claim that all homes are on.", format=formats.name)
    subPath: str | None = word("{username}", "Each person's folder on it.")


class DynamicStorage(Section):
    """A volume for each person's home."""

    storageClass: str | None = word(None, "The StorageClass; the cluster's default where not set.", format=formats.name)
    pvcNameTemplate: str | None = word(None, "The claims' names, KubeSpawner's template.")
    volumeNameTemplate: str | None = word("volume-{user_server}", "The volumes' names inside the pods.")
    storageAccessModes: list[str | None] = word(["ReadWriteOnce"], "How the volumes may be mounted.")
    subPath: str | None = word(None, "A folder on the volume that is the home.")


class Storage(Section):
    """Where users' files are."""

    type: Literal["dynamic", "static", "none"] = word(
        "dynamic", "A volume each, one shared volume, or nothing that lasts."
    )
    extraLabels: Labels = word({}, "More labels for the claims.", format=formats.labels)
    extraVolumes: Map | list[Any] | None = word(
        None, "More volumes for users' pods: a list, or a map from any name to one."
    )
    extraVolumeMounts: Map | list[Any] | None = word(None, "More mounts for the notebook's container: a list or a map.")
    static: StaticStorage = word(StaticStorage.of(), "For type static.")
    capacity: str | None = word("10Gi", "The size of each person's volume.", format=formats.quantity)
    homeMountPath: str = word("/home/jovyan", "Where the home is mounted.", format=formats.absolute)
    dynamic: DynamicStorage = word(DynamicStorage.of(), "For type dynamic.")


class Cpu(Section):
    """CPU of each server, in cores."""

    limit: Quantity = word(None, "More than this many cores it never gets.", format=formats.cores)
    guarantee: Quantity = word(None, "This many cores it always has.", format=formats.cores)


class Memory(Section):
    """Memory of each server: bytes, or K, M, G, T behind the number."""

    limit: Quantity = word(None, "A server that uses more is killed.", format=formats.memory)
    guarantee: Quantity = word("1G", "This much it always has.", format=formats.memory)


class ExtraResource(Section):
    """Other resources, such as nvidia.com/gpu."""

    limits: Map = word({}, "Limits by the resource's name.", format=formats.quantities)
    guarantees: Map = word({}, "Requests by the resource's name.", format=formats.quantities)


class LifecycleHooks(Section):
    """What runs in the notebook's container after its start and before its end."""

    postStart: Map | None = word(None, "Runs right after the container's start.")
    preStop: Map | None = word(None, "Runs before the container's end.")


_USERS = NetworkPolicy.of(egressAllowRules=EgressAllowRules.of(cloudMetadataServer=False, privateIPs=False))


class Singleuser(Section):
    """The users' pods."""

    podNameTemplate: str | None = word(None, "The pods' names, KubeSpawner's template.")
    extraTolerations: list[Any] = word([], "Taints that users' pods accept, beside the ones in `scheduling.userPods`.")
    nodeSelector: Map = word({}, NODE_SELECTOR, format=formats.labels)
    extraNodeAffinity: Affinity = word(Affinity.of(), "Terms about nodes.")
    extraPodAffinity: Affinity = word(Affinity.of(), "Terms about pods to be near to.")
    extraPodAntiAffinity: Affinity = word(Affinity.of(), "Terms about pods to be far from.")
    networkTools: NetworkTools = word(NetworkTools.of(), "The container that blocks the metadata server.")
    cloudMetadata: CloudMetadata = word(CloudMetadata.of(), "The cloud's metadata server.")
    networkPolicy: NetworkPolicy = word(_USERS, "The users' NetworkPolicy.")
    events: bool | None = word(True, "Show Kubernetes' events on the progress page.")
    extraAnnotations: Labels = word({}, "Annotations for users' pods and claims.", format=formats.annotation_keys)
    extraLabels: Labels = word(
        {"hub.jupyter.org/network-access-hub": "true"}, "More labels for users' pods.", format=formats.labels
    )
    extraFiles: dict[str, Map] = word(
        {}, "Files mounted into users' containers; each has a mountPath and its content.", format=formats.files
    )
    extraEnv: Env = word(
        {},
        "Environment variables of users' containers; {username} and the like are filled in.",
        format=formats.variables,
    )
    lifecycleHooks: LifecycleHooks = word(LifecycleHooks.of(), "What runs around the container's life.")
    initContainers: list[Any] = word([], "Containers that run before the notebook's.")
    extraContainers: list[Any] = word([], "Containers beside the notebook's.")
    allowPrivilegeEscalation: bool | None = word(
        False, "Whether a process may gain more rights than its parent (sudo)."
    )
    uid: int | None = word(1000, "The user that the container runs as; the image's own where null.")
    fsGid: int | None = word(100, "The group that owns the volumes.")
    serviceAccountName: str | None = word(
        None, "The ServiceAccount that users' pods run under; none where not set.", format=formats.name
    )
    storage: Storage = word(Storage.of(), "Users' files.")
    image: Image = word(Image.of(name="quay.io/jupyterhub/k8s-singleuser-sample", tag=TODAY), "The notebook's image.")
    startTimeout: int | None = word(300, "Seconds after which a start has failed.")
    cpu: Cpu = word(Cpu.of(), "CPU of each server.")
    memory: Memory = word(Memory.of(), "Memory of each server.")
    extraResource: ExtraResource = word(ExtraResource.of(), "Other resources of each server.")
    cmd: list[str] | str | None = word(
        "jupyterhub-singleuser", "The command that starts the server; the image's own where null."
    )
    defaultUrl: str | None = word(None, "The page that people see first, such as /lab.", format=formats.absolute)
    extraPodConfig: Map = word({}, "Fields for the pod's spec beyond the ones that have settings of their own.")
    profileList: list[Any] = word([], "Choices offered at start, KubeSpawner's profile_list.")
