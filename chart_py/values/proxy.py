"""The section `proxy`: what users' browsers talk to first."""

from typing import Any, Literal

from chart_py.editions import TODAY
from chart_py.values import formats
from chart_py.values.base import Env, Labels, Map, Section, word
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
    drops_all,
)

_ENTRANCE = NetworkPolicy.of(allowedIngressPorts=["http", "https"])


class NodePorts(Section):
    """The nodes' ports, for a Service of type NodePort."""

    http: int | None = word(None, "The port for http.", format=formats.node_port)
    https: int | None = word(None, "The port for https.", format=formats.node_port)


class ProxyService(Section):
    """The Service that people reach the hub by."""

    type: Literal["ClusterIP", "NodePort", "LoadBalancer", "ExternalName"] = word("LoadBalancer", "The Service's type.")
    labels: Labels = word({}, "More labels for the Service.", format=formats.labels)
    annotations: Labels = word(
        {},
        "Annotations for the Service; clouds configure their load balancers by them.",
        format=formats.annotation_keys,
    )
    nodePorts: NodePorts = word(NodePorts.of(), "The nodes' ports.")
    disableHttpPort: bool = word(False, "Leave the http port out where there is https.")
    extraPorts: list[Any] = word([], "More ports, as in a Service.")
    externalIPs: list[Any] = word(
        [], "Addresses of nodes that accept traffic for the Service.", format=formats.addresses
    )
    loadBalancerIP: str | None = word(None, "The address to ask the load balancer for.", format=formats.address)
    loadBalancerSourceRanges: list[Any] = word([], "Networks that the load balancer lets in.", format=formats.networks)
    ipFamilyPolicy: str | None = word(
        "PreferDualStack",
        "SingleStack, PreferDualStack or RequireDualStack.",
        format=formats.one_of("SingleStack", "PreferDualStack", "RequireDualStack"),
    )
    ipFamilies: list[Any] = word([], "IPv4 and IPv6 in the order of preference.", format=formats.families)


class Chp(Section):
    """configurable-http-proxy: the proxy that knows each person's server."""

    revisionHistoryLimit: int | None = word(None, REVISIONS, ge=0)
    containerSecurityContext: Map = word(drops_all(), SECURITY_CONTEXT)
    image: Image = word(Image.of(name="quay.io/jupyterhub/configurable-http-proxy", tag="5.2.0"), "The proxy's image.")
    command: list[str] | None = word(
        None, "The program of the proxy's container; can contain {{ .Values.… }}.", template=True
    )
    extraCommandLineFlags: list[Any] = word(
        [], "More flags for configurable-http-proxy; can contain {{ .Values.… }}.", template=True
    )
    livenessProbe: Probe = word(
        Probe.of(**LIVENESS | {"initialDelaySeconds": 60}), "When the proxy's container is restarted."
    )
    readinessProbe: Probe = word(Probe.of(), "When the proxy's container gets requests.")
    resources: Map = word({}, RESOURCES, format=formats.resources)
    defaultTarget: str | None = word(
        None, "Where requests without a route go; the hub where not set.", format=formats.web_address
    )
    errorTarget: str | None = word(
        None, "Where errors are explained; the hub's error page where not set.", format=formats.web_address
    )
    extraEnv: Env = word(
        {},
        "Environment variables of the proxy's container: a map, or a list as in a container.",
        format=formats.variables,
    )
    nodeSelector: Map = word({}, NODE_SELECTOR, format=formats.labels)
    tolerations: list[Any] = word([], TOLERATIONS)
    networkPolicy: NetworkPolicy = word(_ENTRANCE, "The proxy's NetworkPolicy.")
    pdb: Pdb = word(Pdb.of(), "The proxy's PodDisruptionBudget.")
    extraPodSpec: Map = word({}, EXTRA_POD_SPEC)


class Hsts(Section):
    """Strict-Transport-Security: browsers are told to stay with https."""

    includeSubdomains: bool = word(False, "Let it hold for all subdomains too.", needed=True)
    preload: bool = word(False, "Let browsers ship the domain in their list.", needed=True)
    maxAge: int = word(15724800, "Seconds for which browsers remember it.")


class Traefik(Section):
    """traefik: the proxy in front that gets certificates from Let's Encrypt and ends TLS."""

    revisionHistoryLimit: int | None = word(None, REVISIONS, ge=0)
    containerSecurityContext: Map = word(drops_all(), SECURITY_CONTEXT)
    image: Image = word(Image.of(name="traefik", tag="v3.6.12"), "traefik's image.")
    command: list[str] | None = word(None, "The program of traefik's container; the image's own where not set.")
    args: list[str] | None = word(None, "The arguments of traefik's container; the image's own where not set.")
    hsts: Hsts = word(Hsts.of(), "Strict-Transport-Security.")
    resources: Map = word({}, RESOURCES, format=formats.resources)
    labels: Labels = word({}, "More labels for traefik's pod.", format=formats.labels)
    extraInitContainers: list[Any] = word([], "Containers that run before traefik starts.")
    extraEnv: Env = word(
        {},
        "Environment variables of traefik's container: a map, or a list as in a container.",
        format=formats.variables,
    )
    extraVolumes: list[Any] = word([], "More volumes for traefik's pod.")
    extraVolumeMounts: list[Any] = word([], "More mounts for traefik's container.")
    extraStaticConfig: Map = word({}, "Merged into traefik's static configuration.")
    extraDynamicConfig: Map = word({}, "Merged into traefik's dynamic configuration.")
    nodeSelector: Map = word({}, NODE_SELECTOR, format=formats.labels)
    tolerations: list[Any] = word([], TOLERATIONS)
    extraPorts: list[Any] = word([], "More ports of traefik's container.")
    networkPolicy: NetworkPolicy = word(_ENTRANCE, "traefik's NetworkPolicy.")
    pdb: Pdb = word(Pdb.of(), "traefik's PodDisruptionBudget.")
    serviceAccount: ServiceAccount = word(ServiceAccount.of(), "traefik's ServiceAccount.")
    extraPodSpec: Map = word({}, EXTRA_POD_SPEC)


class SecretSync(Section):
    """The container beside traefik that keeps its certificates in a Secret."""

    containerSecurityContext: Map = word(drops_all(), SECURITY_CONTEXT)
    image: Image = word(Image.of(name="quay.io/jupyterhub/k8s-secret-sync", tag=TODAY), "Its image.")
    resources: Map = word({}, RESOURCES, format=formats.resources)


class LetsEncrypt(Section):
    """Certificates from Let's Encrypt or another ACME server."""

    contactEmail: str | None = word(
        None, "Whom the certificate authority writes to before a certificate ends.", format=formats.email
    )
    acmeServer: str | None = word(
        "https://acme-v02.api.letsencrypt.org/directory", "The ACME server's directory.", format=formats.web_address
    )


class ManualCertificate(Section):
    """A certificate of your own, in the values."""

    key: str | None = word(None, "The private key, PEM.")
    cert: str | None = word(None, "The certificate with its chain, PEM.")


class SecretCertificate(Section):
    """A certificate of your own, in a Secret that exists."""

    name: str | None = word(None, "The Secret's name.", format=formats.name)
    key: str | None = word("tls.key", "The Secret's key that holds the private key.")
    crt: str | None = word("tls.crt", "The Secret's key that holds the certificate.")


class Https(Section):
    """Who ends TLS and where the certificate comes from."""

    enabled: bool | None = word(False, "Serve https.")
    type: Literal["", "letsencrypt", "manual", "offload", "secret"] | None = word(
        "letsencrypt",
        "letsencrypt fetches a certificate, manual and secret bring one, offload leaves TLS to the load balancer.",
    )
    letsencrypt: LetsEncrypt = word(LetsEncrypt.of(), "For type letsencrypt.")
    manual: ManualCertificate = word(ManualCertificate.of(), "For type manual.")
    secret: SecretCertificate = word(SecretCertificate.of(), "For type secret.")
    hosts: list[Any] = word([], "The names that people use in their browsers.", format=formats.hosts)


class Proxy(Section):
    """The proxies and the Service in front of them."""

    secretToken: str | None = word(None, "32 bytes as hex, shared by hub and proxy; made once where not set.")
    annotations: Labels = word({}, "Annotations for the proxy's pod.", format=formats.annotation_keys)
    deploymentStrategy: DeploymentStrategy = word(DeploymentStrategy.of(), "How the proxies' pods are replaced.")
    service: ProxyService = word(ProxyService.of(), "The public Service.")
    chp: Chp = word(Chp.of(), "configurable-http-proxy.")
    traefik: Traefik = word(Traefik.of(), "traefik, for https of type letsencrypt.")
    secretSync: SecretSync = word(SecretSync.of(), "The container that keeps traefik's certificates.")
    labels: Labels = word({}, "More labels for the proxy's pod.", format=formats.labels)
    https: Https = word(Https.of(), "https.")
