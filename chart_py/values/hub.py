"""The section `hub`: the pod that logs people in and starts their servers."""

from typing import Any, Literal

from chart_py.editions import TODAY
from chart_py.values import formats
from chart_py.values.base import Env, Labels, Map, Section, TextMap, word
from chart_py.values.parts import (
    EXTRA_POD_SPEC,
    LIVENESS,
    NODE_SELECTOR,
    RESOURCES,
    REVISIONS,
    SECURITY_CONTEXT,
    TOLERATIONS,
    DeploymentStrategy,
    Image,
    NetworkPolicy,
    Pdb,
    Probe,
    ServiceAccount,
)


class HubServicePorts(Section):
    """The port of the hub's Service."""

    nodePort: int | None = word(
        None, "The node's port, for a Service of type NodePort.", ge=0, format=formats.node_port
    )
    appProtocol: str | None = word(None, "The protocol spoken, for meshes and gateways that ask for it.")


class HubService(Section):
    """The Service in front of the hub; only the proxy and the users' servers need it."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"] = word("ClusterIP", "The Service's type.")
    annotations: Labels = word({}, "Annotations for the Service.", format=formats.annotation_keys)
    ports: HubServicePorts = word(HubServicePorts.of(), "The port's own settings.")
    extraPorts: list[Any] = word([], "More ports, as in a Service.")
    loadBalancerIP: str | None = word(None, "The address to ask a load balancer for.", format=formats.address)
    ipFamilyPolicy: str | None = word(
        "PreferDualStack",
        "SingleStack, PreferDualStack or RequireDualStack.",
        format=formats.one_of("SingleStack", "PreferDualStack", "RequireDualStack"),
    )
    ipFamilies: list[Any] = word([], "IPv4 and IPv6 in the order of preference.", format=formats.families)


class DbPvc(Section):
    """The claim that holds the hub's SQLite database."""

    annotations: Labels = word({}, "Annotations for the claim.", format=formats.annotation_keys)
    selector: Map = word({}, "Labels that the volume must have, as in a PersistentVolumeClaim.")
    accessModes: list[str | None] = word(["ReadWriteOnce"], "How the volume may be mounted.")
    storage: str = word("1Gi", "The volume's size.", format=formats.quantity)
    subPath: str | None = word(None, "A folder on the volume that holds the database.")
    storageClassName: str | None = word(
        None,
        "The StorageClass; the cluster's default where this is not set, none where empty.",
        format=formats.name,
    )


class Db(Section):
    """Where the hub remembers users, servers and tokens."""

    type: Literal["sqlite-pvc", "sqlite-memory", "mysql", "postgres", "other"] = word(
        "sqlite-pvc", "The kind of database."
    )
    upgrade: bool | None = word(
        None, "Upgrade the database's tables at start; one on a volume of ours is, unless this is false."
    )
    pvc: DbPvc = word(DbPvc.of(), "The claim, for sqlite-pvc.")
    url: str | None = word(
        None, "SQLAlchemy's URL of the database, for mysql, postgres and other.", format=formats.database
    )
    password: str | None = word(None, "The database's password, if the URL has none.")


class Hub(Section):
    """The hub's pod and everything JupyterHub itself is told."""

    revisionHistoryLimit: int | None = word(None, REVISIONS, ge=0)
    config: dict[str, Map] = word(
        {"JupyterHub": {"admin_access": True, "authenticator_class": "dummy"}},
        "JupyterHub's own configuration: a map from class to trait to value.",
        needed=True,
    )
    service: HubService = word(HubService.of(), "The Service in front of the hub.")
    baseUrl: str = word("/", "The path under which everything is served.", format=formats.base_url)
    cookieSecret: str | None = word(
        None, "32 bytes as hex that sign the login cookies; made once where not set.", format=formats.hexadecimal
    )
    initContainers: list[Any] = word([], "Containers that run before the hub starts.")
    nodeSelector: Map = word({}, NODE_SELECTOR, format=formats.labels)
    tolerations: list[Any] = word([], TOLERATIONS)
    concurrentSpawnLimit: int | None = word(64, "How many servers may be starting at once.")
    consecutiveFailureLimit: int | None = word(5, "After how many failed starts in a row the hub restarts itself.")
    activeServerLimit: int | None = word(None, "How many servers may run at once.")
    deploymentStrategy: DeploymentStrategy = word(DeploymentStrategy.of(), "How the hub's pod is replaced.")
    db: Db = word(Db.of(), "The hub's database.")
    labels: Labels = word({}, "More labels for the hub's pod.", format=formats.labels)
    annotations: Labels = word({}, "Annotations for the hub's pod.", format=formats.annotation_keys)
    command: list[Any] = word(
        [], "The container's command instead of the image's; can contain {{ .Values.… }}.", template=True
    )
    args: list[Any] = word(
        [], "The command's arguments instead of the usual ones; can contain {{ .Values.… }}.", template=True
    )
    extraConfig: TextMap = word(
        {},
        "Python that runs in jupyterhub_config.py: a map of names to texts, run in the names' order.",
        format=formats.code,
    )
    extraFiles: dict[str, Map] = word(
        {},
        "Files mounted into the hub's container; each has a mountPath and its content.",
        format=formats.files,
    )
    extraEnv: Env = word(
        {},
        "Environment variables of the hub's container: a map, or a list as in a container.",
        format=formats.variables,
    )
    extraContainers: list[Any] = word([], "More containers beside the hub's.")
    extraVolumes: list[Any] = word([], "More volumes for the hub's pod.")
    extraVolumeMounts: list[Any] = word([], "More mounts for the hub's container.")
    image: Image = word(Image.of(name="quay.io/jupyterhub/k8s-hub", tag=TODAY), "The hub's image.")
    resources: Map = word({}, RESOURCES, format=formats.resources)
    podSecurityContext: Map = word(
        {"runAsNonRoot": True, "fsGroup": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
        "The pod's security context.",
    )
    containerSecurityContext: Map = word(
        {"runAsUser": 1000, "runAsGroup": 1000, "allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
        SECURITY_CONTEXT,
    )
    fsGid: int | None = word(
        None, "The group that owns the pod's volumes; today's name is `podSecurityContext.fsGroup`.", ge=0
    )
    lifecycle: Map = word({}, "What runs in the hub's container after its start and before its end.")
    loadRoles: Map = word(
        {}, "JupyterHub roles: a map from name to the role's description, scopes, users and services."
    )
    services: Map = word({}, "JupyterHub services: a map from name to the service; a missing apiToken is made once.")
    pdb: Pdb = word(Pdb.of(), "The hub's PodDisruptionBudget.")
    networkPolicy: NetworkPolicy = word(NetworkPolicy.of(), "The hub's NetworkPolicy.")
    allowNamedServers: bool | None = word(False, "Let people have more than one server each.")
    namedServerLimitPerUser: int | None = word(None, "How many named servers each may have.")
    authenticatePrometheus: bool | None = word(None, "Ask for a token at /hub/metrics; JupyterHub does where not set.")
    redirectToServer: bool | None = word(
        None, "Send people to their running server after login; JupyterHub does where not set."
    )
    shutdownOnLogout: bool | None = word(None, "Stop users' servers when they log out.")
    templatePaths: list[Any] = word([], "Folders with page templates that come before JupyterHub's.")
    templateVars: Map = word({}, "Variables for the page templates.")
    livenessProbe: Probe = word(Probe.of(**LIVENESS), "When the hub's container is restarted.")
    readinessProbe: Probe = word(Probe.of(), "When the hub's container gets requests.")
    existingSecret: str | None = word(
        None,
        "The name of a Secret of your own whose values come before the generated ones.",
        format=formats.name,
    )
    serviceAccount: ServiceAccount = word(ServiceAccount.of(), "The hub's ServiceAccount.")
    extraPodSpec: Map = word({}, EXTRA_POD_SPEC)
