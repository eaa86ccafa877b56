"""The parts that several sections share: image, account, network policy, probe, disruption budget and the like."""

from typing import Any, Literal

from pydantic import ConfigDict

from chart_py.values import formats
from chart_py.values.base import Labels, Map, Section, word

PullPolicy = Literal["", "IfNotPresent", "Always", "Never"] | None


class Image(Section):
    """A container image: its name, its tag and how it is pulled."""

    name: str = word(
        "", "The image's name without its tag, with the registry where it is not Docker Hub.", format=formats.image_name
    )
    tag: str | None = word(
        "", "The image's tag, or `tag@sha256:…`; empty to let the name stand alone.", format=formats.image_tag
    )
    pullPolicy: PullPolicy = word(
        None, "When the image is pulled; Kubernetes decides by the tag where this is not set."
    )
    pullSecrets: list[Any] = word([], "Names of Secrets in the namespace with which the image can be pulled.")


class ServiceAccount(Section):
    """The account under which a pod talks to the Kubernetes API."""

    create: bool = word(
        True, "Make the ServiceAccount; false uses one that exists already, named by `name`.", needed=True
    )
    name: str | None = word(None, "The account's name; the pod's own name where this is not set.", format=formats.name)
    annotations: Labels = word(
        {}, "Annotations for the ServiceAccount, such as a cloud's workload identity.", format=formats.annotation_keys
    )


class EgressAllowRules(Section):
    """Ready-made rules for where pods may connect to; the policy's `egress` adds to those that are true."""

    cloudMetadataServer: bool = word(True, "Allow the cloud's metadata server, 169.254.169.254.")
    dnsPortsCloudMetadataServer: bool = word(
        True, "Allow DNS on the cloud's metadata server (GKE's resolver is there)."
    )
    dnsPortsKubeSystemNamespace: bool = word(True, "Allow DNS in the namespace kube-system.")
    dnsPortsPrivateIPs: bool = word(True, "Allow DNS on all private addresses.")
    nonPrivateIPs: bool = word(True, "Allow all public addresses.")
    privateIPs: bool = word(True, "Allow all private addresses (10/8, 172.16/12, 192.168/16).")


class NetworkPolicy(Section):
    """Which connections to and from the pods are allowed, where the cluster enforces NetworkPolicies."""

    enabled: bool = word(True, "Make the NetworkPolicy.")
    ingress: list[Any] = word([], "More ingress rules, as in a NetworkPolicy.")
    egress: list[Any] = word([], "More egress rules, as in a NetworkPolicy; they add to `egressAllowRules`.")
    egressAllowRules: EgressAllowRules = word(EgressAllowRules.of(), "Ready-made egress rules, each on or off.")
    interNamespaceAccessLabels: Literal["accept", "ignore"] = word(
        "ignore", "Whether pods of other namespaces that carry the access label may connect too."
    )
    allowedIngressPorts: list[Any] = word([], "Ports that anyone may connect to.", format=formats.ports)


class Pdb(Section):
    """A PodDisruptionBudget: how many pods a node's drain leaves running."""

    enabled: bool = word(False, "Make the PodDisruptionBudget.")
    maxUnavailable: int | None = word(None, "How many pods may be away at once; instead of `minAvailable`.")
    minAvailable: int | None = word(1, "How many pods must stay; instead of `maxUnavailable`.")


class Probe(Section):
    """A container's health check; words beside these go into the probe as they are."""

    model_config = ConfigDict(**{**Section.model_config, "extra": "allow"})

    enabled: bool = word(True, "Make the probe.", needed=True)
    initialDelaySeconds: int | None = word(0, "Seconds from the container's start to the first check.")
    periodSeconds: int | None = word(2, "Seconds between two checks.")
    failureThreshold: int | None = word(1000, "How many failures in a row count as a failure.")
    timeoutSeconds: int | None = word(1, "Seconds after which one check has failed.")


class DeploymentStrategy(Section):
    """How a Deployment replaces its pods."""

    type: str | None = word(
        "Recreate",
        "Recreate stops the old pod first; RollingUpdate starts the new one first.",
        format=formats.one_of("Recreate", "RollingUpdate"),
    )
    rollingUpdate: Map | str | None = word(None, "The parameters of a RollingUpdate.")


def drops_all(**more: Any) -> Map:
    """A container's security context that may nothing, with `more` put where the API reference has it."""
    return {
        "runAsNonRoot": True,
        "runAsUser": 65534,
        "runAsGroup": 65534,
        "allowPrivilegeEscalation": False,
        "capabilities": {"drop": ["ALL"]},
        "seccompProfile": {"type": "RuntimeDefault"},
        **more,
    }


LIVENESS = {"initialDelaySeconds": 300, "periodSeconds": 10, "failureThreshold": 30, "timeoutSeconds": 3}
SECURITY_CONTEXT = "The container's security context."
RESOURCES = "CPU and memory requests and limits of the container."
EXTRA_POD_SPEC = "Fields for the pod's spec beyond the ones that have settings of their own; they win."
REVISIONS = "How many old ReplicaSets or revisions Kubernetes keeps."
NODE_SELECTOR = "Labels that a node must have to run the pod."
TOLERATIONS = "Taints that the pod accepts, beside the ones in `scheduling`."
