"""Where people log in: the names that routes and values give a hub, what DNS says of them, and what else there is."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, Ref, ref_of
from chart_py.engine.planning import in_parallel
from chart_py.manifest import Manifest

Resolve = Callable[[str], "tuple[str, ...] | None"]
"""What a name leads to: addresses, none where there is no such name, None where nobody answered."""
LOCAL_PORT = 8080


class Way(enum.Enum):
    """How an entrance is known."""

    INGRESS = "ingress"
    ROUTE = "route"
    HOSTS = "hosts"
    LOAD_BALANCER = "load-balancer"
    NODE_PORT = "node-port"
    FORWARD = "port-forward"


@dataclass(frozen=True)
class Entrance:
    """Where people log in, as a URL.

    `target` are the addresses, or names, at which the cluster takes requests for it; empty where they are not known.
    `dns` is what DNS says of the URL's name: its addresses, none where it has no record, None where it was not asked
    or did not answer.
    """

    url: str
    way: Way
    target: tuple[str, ...] = ()
    dns: tuple[str, ...] | None = None

    @property
    def name(self) -> str:
        """The name that DNS has to know; empty for an address, and for a name with a star."""
        host = urlsplit(self.url).hostname or ""
        is_address = ":" in host or host.replace(".", "").isdigit()
        return "" if is_address or "*" in host or self.way in (Way.FORWARD, Way.NODE_PORT) else host

    @property
    def leads_elsewhere(self) -> bool:
        """Whether DNS has a record that is not the cluster's, as far as both are known."""
        return bool(self.dns and self.target) and not set(self.dns or ()) & set(self.target)


@dataclass(frozen=True)
class Forward:
    """What `kubectl port-forward` needs to reach the hub where nothing else does."""

    namespace: str
    service: str
    port: int
    url: str


@dataclass(frozen=True)
class Entrances:
    """All entrances of a hub, the one to give to people first, and a way in for its administrator."""

    ways: tuple[Entrance, ...] = ()
    forward: Forward | None = None

    @property
    def urls(self) -> tuple[str, ...]:
        """The URLs, each once."""
        return tuple(dict.fromkeys(each.url for each in self.ways))

    @property
    def is_sure(self) -> bool:
        """Whether there is an entrance of which nothing speaks against its working for everybody."""
        return any(each.way is not Way.FORWARD and each.dns != () and not each.leads_elsewhere for each in self.ways)


def entrances(objects: Iterable[Manifest], config: Mapping[str, Any], nodes: Sequence[str] = ()) -> Entrances:
    """The entrances of a hub whose live `objects` these are, and whose values were `config`; `nodes` are addresses."""
    listed = list(objects)
    base = str(_at(config, "hub", "baseUrl") or "/").rstrip("/") + "/"
    public = next((each for each in listed if is_public(each)), None)
    found = [way for each in listed for way in _routed(each, base)]
    if public is not None:
        own = _of_service(public, base, nodes)
        names = _at(config, "proxy", "https", "hosts")
        if not found and isinstance(names, list) and _scheme(public) == "https":
            target = _given(public)
            found = [Entrance(f"https://{name}{base}", Way.HOSTS, target) for name in names if isinstance(name, str)]
        found = found or own
    forward = _forward(public, base) if public is not None else None
    if not found and forward is not None:
        found = [Entrance(forward.url, Way.FORWARD)]
    return Entrances(tuple(sorted(found, key=lambda each: "*" in each.url)), forward)


def read_entrances(cluster: Cluster, objects: Iterable[Manifest], config: Mapping[str, Any]) -> Entrances:
    """The entrances of a hub whose wanted `objects` these are: routes and the public Service are read."""
    ways = [each for each in objects if each["kind"] in ("Ingress", "HTTPRoute") or is_public(each)]
    live = [each for each in in_parallel(lambda each: cluster.get(ref_of(each)), ways) if each is not None]
    return entrances(live, config, node_addresses(cluster, live))


def node_addresses(cluster: Cluster, objects: Iterable[Manifest]) -> tuple[str, ...]:
    """An address of each node, public ones first, where one of `objects` is reached at the nodes."""
    if not any(is_public(each) and (each.get("spec") or {}).get("type") == "NodePort" for each in objects):
        return ()
    try:
        nodes = cluster.find(Ref("v1", "Node")).items
    except RefusedError as error:
        if error.is_forbidden:
            return ()
        raise
    found = [each for node in nodes for each in (node.get("status") or {}).get("addresses") or []]
    kinds = ("ExternalIP", "InternalIP")
    return tuple(str(each["address"]) for kind in kinds for each in found if each.get("type") == kind)


def with_dns(found: Entrances, resolve: Resolve) -> Entrances:
    """`found` with what DNS says of each name; names of load balancers are looked up too, to compare both."""

    def asked(way: Entrance) -> Entrance:
        if not way.name:
            return way
        targets = [address for each in way.target for address in (resolve(each) or (each,))]
        return replace(way, target=tuple(dict.fromkeys(targets)), dns=resolve(way.name))

    return replace(found, ways=tuple(in_parallel(asked, found.ways)))


def is_public(manifest: Manifest) -> bool:
    """Whether an object is the Service that takes users' requests."""
    labels = (manifest.get("metadata") or {}).get("labels") or {}
    return bool(manifest.get("kind") == "Service" and labels.get("component") == "proxy-public")


def _at(config: Any, *path: str) -> Any:
    for step in path:
        config = config.get(step) if isinstance(config, Mapping) else None
    return config


def _routed(manifest: Manifest, base: str) -> list[Entrance]:
    """The entrances of an Ingress or an HTTPRoute."""
    spec = manifest.get("spec") or {}
    if manifest.get("kind") == "HTTPRoute":
        return [Entrance(f"https://{host}{base}", Way.ROUTE) for host in spec.get("hostnames") or []]
    if manifest.get("kind") != "Ingress":
        return []
    secure = {host for tls in spec.get("tls") or [] for host in tls.get("hosts") or []}
    target = _given(manifest)
    hosts = [rule.get("host") for rule in spec.get("rules") or [] if rule.get("host")] or list(target[:1])
    return [Entrance(f"{'https' if host in secure else 'http'}://{host}{base}", Way.INGRESS, target) for host in hosts]


def _given(manifest: Manifest) -> tuple[str, ...]:
    """The addresses and names that a load balancer has given to a Service or an Ingress."""
    given = ((manifest.get("status") or {}).get("loadBalancer") or {}).get("ingress") or []
    return tuple(
        str(each.get("ip") or each.get("hostname")) for each in given if each.get("ip") or each.get("hostname")
    )


def _scheme(service: Manifest) -> str:
    names = {port.get("name") for port in (service.get("spec") or {}).get("ports") or []}
    return "https" if "https" in names else "http"


def _port(service: Manifest) -> Manifest:
    """The port of the Service at which people arrive."""
    ports = (service.get("spec") or {}).get("ports") or []
    scheme = _scheme(service)
    return next((port for port in ports if port.get("name") == scheme), ports[0] if ports else {})


def _of_service(service: Manifest, base: str, nodes: Sequence[str]) -> list[Entrance]:
    spec, scheme, port = service.get("spec") or {}, _scheme(service), _port(service)
    if spec.get("type") == "LoadBalancer":
        usual = {"http": 80, "https": 443}[scheme] == port.get("port")
        tail = "" if usual else f":{port.get('port')}"
        given = _given(service)
        return [Entrance(f"{scheme}://{each}{tail}{base}", Way.LOAD_BALANCER, given) for each in given]
    if spec.get("type") == "NodePort" and port.get("nodePort"):
        node = next(iter(nodes), "NODE")
        return [Entrance(f"{scheme}://{node}:{port['nodePort']}{base}", Way.NODE_PORT, tuple(nodes))]
    return []


def _forward(service: Manifest, base: str) -> Forward | None:
    port, meta = _port(service).get("port"), service["metadata"]
    if not port:
        return None
    url = f"{_scheme(service)}://localhost:{LOCAL_PORT}{base}"
    return Forward(str(meta.get("namespace", "")), str(meta["name"]), int(port), url)
