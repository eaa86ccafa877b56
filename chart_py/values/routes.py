"""The sections `ingress` and `httpRoute`: ways to the hub through a controller that the cluster has."""

from typing import Any, Literal

from chart_py.values import formats
from chart_py.values.base import Labels, Section, word


class Ingress(Section):
    """An Ingress in front of the proxy."""

    enabled: bool = word(False, "Make the Ingress.", needed=True)
    annotations: Labels = word(
        {}, "Annotations for the Ingress; controllers are configured by them.", format=formats.annotation_keys
    )
    ingressClassName: str | None = word(None, "Which controller serves it; the cluster's default where not set.")
    hosts: list[Any] = word([], "Host names; any host where empty.", format=formats.wildcard_hosts)
    pathSuffix: str | None = word(None, "Put behind the path, for controllers that want a pattern.")
    pathType: Literal["Prefix", "Exact", "ImplementationSpecific"] = word("Prefix", "How the path is compared.")
    tls: list[Any] = word([], "Certificates, as in an Ingress.")
    extraPaths: list[Any] = word([], "More paths, as in an Ingress.")


class Gateway(Section):
    """The Gateway that the route belongs to."""

    name: str = word("your-gateway", "The Gateway's name.")
    namespace: str = word("", "The Gateway's namespace; the release's where empty.")
    sectionName: str | None = word(None, "The Gateway's listener.")


class HttpRoute(Section):
    """An HTTPRoute of the Gateway API in front of the proxy."""

    enabled: bool = word(False, "Make the HTTPRoute.", needed=True)
    annotations: Labels = word({}, "Annotations for the HTTPRoute.", format=formats.annotation_keys)
    hostnames: list[Any] = word([], "Host names; any host where empty.", format=formats.wildcard_hosts)
    gateway: Gateway = word(Gateway.of(), "The Gateway.")
    parentRefs: list[Any] | None = word(None, "What the route belongs to, as in an HTTPRoute: Gateways by name.")
