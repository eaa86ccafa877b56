"""The parties of a release, out of its manifests: its workloads, users' pods, and everyone around it."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from chart_py.manifest import Manifest
from chart_py.reach import addresses
from chart_py.reach.addresses import Addresses
from chart_py.reach.party import ContainerPort, Dropped, Outside, PodParty, Space, space
from chart_py.reach.policy import PROTOCOLS, Policy, Rule, policies
from chart_py.reach.user_pods import COMPONENT, Choice, choices

USER, HUB, PROXY, AUTOHTTPS, PLACEHOLDER = "user", "hub", "proxy", "autohttps", "placeholder"
OTHER_PODS, OTHER_SPACES = "other-pods", "other-namespaces"
DNS, API, METADATA, PRIVATE, INTERNET = "dns", "kubernetes-api", "metadata", "private", "internet"
PRIVATE_6, INTERNET_6 = "private-ipv6", "internet-ipv6"
_TEMPLATES = ("Deployment", "StatefulSet", "DaemonSet", "Job", "ReplicaSet")
# What a component of the chart is called here, where that is another name.
_NAMES = {"user-placeholder": PLACEHOLDER, "image-puller": "image-awaiter"}
_RESERVED = frozenset({USER, OTHER_PODS, OTHER_SPACES, DNS, API, METADATA, PRIVATE, INTERNET, "database", "service"})
CORE = (HUB, PROXY, AUTOHTTPS, PLACEHOLDER)


@dataclass(frozen=True)
class Surroundings:
    """What is known of the cluster around a release; all of it may be unknown.

    `pods` are the addresses that pods have, `api` and `dns` those of the Kubernetes API and its port, and the DNS pods'
    labels; `spaces` the labels of namespaces by their names.
    """

    pods: Addresses = addresses.PRIVATE | addresses.PRIVATE_6
    api: Addresses | None = None
    spaces: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Release:
    """A release as policies see it: the policies of its namespace, and by name the parties that there are.

    `values` are what the hub reads, {} where they are not known. `services` are the Kubernetes Services by name.
    """

    namespace: str
    policies: tuple[Policy, ...]
    users: tuple[PodParty, ...]
    workloads: tuple[PodParty, ...]
    services: Mapping[str, Manifest]
    values: Mapping[str, Any] = field(default_factory=dict, repr=False)
    surroundings: Surroundings = field(default_factory=Surroundings)

    def everyone(self) -> list[PodParty | Outside]:
        """All parties, in the order in which they are shown."""
        return [*self.users, *self.workloads, *self.around()]

    def around(self) -> list[PodParty | Outside]:
        """The parties that are in no manifest."""
        near, own = self.surroundings, self.space(self.namespace)
        unknown = addresses.PRIVATE | addresses.INTERNET
        dns = (ContainerPort(53, "UDP", "dns"), ContainerPort(53, "TCP", "dns-tcp"))
        return [
            PodParty(OTHER_PODS, own, addresses=near.pods),
            PodParty(OTHER_SPACES, space(""), addresses=near.pods),
            PodParty(DNS, self.space("kube-system"), {"k8s-app": "kube-dns"}, dns, near.pods),
            Outside(API, near.api or unknown, one=True),
            Outside(METADATA, addresses.network(self.metadata)),
            Outside(PRIVATE, addresses.PRIVATE),
            Outside(INTERNET, addresses.INTERNET),
            Outside(PRIVATE_6, addresses.PRIVATE_6),
            Outside(INTERNET_6, addresses.INTERNET_6),
        ]

    def rules(self) -> Iterator[Rule]:
        """All rules of all policies."""
        for each in self.policies:
            yield from each.ingress or ()
            yield from each.egress or ()

    def space(self, name: str) -> Space:
        """A namespace of the cluster."""
        return space(name, self.surroundings.spaces.get(name))

    @property
    def metadata(self) -> str:
        """The address of the cloud's metadata server."""
        user = self.values.get("singleuser")
        cloud = user.get("cloudMetadata") if isinstance(user, Mapping) else None
        found = cloud.get("ip") if isinstance(cloud, Mapping) else None
        return found if isinstance(found, str) and addresses.is_address(found) else addresses.METADATA


def release(
    manifests: Sequence[Manifest],
    namespace: str,
    *,
    values: Mapping[str, Any] | None = None,
    pods: Iterable[Choice] | None = None,
    surroundings: Surroundings | None = None,
) -> Release:
    """The release that `manifests` make in `namespace`.

    `values` are those that the hub reads; without them they are read from its Secret. `pods` are the users' pods as a
    rehearsal has made them, or as they run; without them they follow from the values.
    """
    near = surroundings or Surroundings()
    known = hub_values(manifests) if values is None else values
    found = Release(namespace, tuple(policies(manifests, namespace)), (), (), services(manifests), known, near)
    started = choices(known, namespace) if pods is None else list(pods)
    return replace(found, users=tuple(_users(found, started)), workloads=tuple(_workloads(found, manifests)))


def hub_values(manifests: Iterable[Manifest]) -> Mapping[str, Any]:
    """The values that the hub reads, out of its Secret; {} where there is none that can be read."""
    import yaml

    from chart_py.manifest.documents import Loader

    for each in manifests:
        text = (each.get("data") or {}).get("values.yaml") if each.get("kind") == "Secret" else None
        if isinstance(text, str):
            try:
                found = yaml.load(base64.b64decode(text, validate=True), Loader=Loader)
            except (binascii.Error, yaml.YAMLError, UnicodeDecodeError):
                continue
            if isinstance(found, dict):
                return found
    return {}


def services(manifests: Iterable[Manifest]) -> dict[str, Manifest]:
    """The Services by name."""
    return {str(each["metadata"].get("name")): each for each in manifests if each.get("kind") == "Service"}


def _users(found: Release, started: Iterable[Choice]) -> Iterable[PodParty]:
    """One party for all users' pods that are alike to policies; named for its profile where there are several."""
    by_looks: dict[Any, tuple[PodParty, list[str]]] = {}
    for each in started:
        made = _party(found, USER, each.pod)
        looks = (made.space.name, tuple(sorted(made.labels.items())), made.ports, made.host_network, made.dropped)
        by_looks.setdefault(looks, (made, []))[1].append(each.profile)
    if len(by_looks) == 1:
        return [made for made, _ in by_looks.values()]
    return _told_apart([(made, names[0]) for made, names in by_looks.values()])


def _told_apart(found: list[tuple[PodParty, str]]) -> Iterable[PodParty]:
    used: dict[str, int] = {}
    for made, name in found:
        used[name] = used.get(name, 0) + 1
        number = f"-{used[name]}" if used[name] > 1 else ""
        yield replace(made, name=f"{USER}/{name}{number}" if name else USER)


def _workloads(found: Release, manifests: Iterable[Manifest]) -> list[PodParty]:
    """The pods of the release's workloads, the hub's own first; pods that are no workload's are given as they are."""
    made: dict[str, PodParty] = {}
    for each in manifests:
        template = each if each.get("kind") == "Pod" else None
        if each.get("kind") in _TEMPLATES:
            template = (each.get("spec") or {}).get("template")
        if not isinstance(template, dict):
            continue
        own, meta = each.get("metadata") or {}, template.get("metadata") or {}
        pod = {"metadata": {"namespace": own.get("namespace"), **meta}, "spec": template.get("spec")}
        component = str((meta.get("labels") or {}).get("component") or own.get("name"))
        if component != COMPONENT:
            party = _party(found, _NAMES.get(component, component), pod)
            # Somebody else's pods may call themselves a hub, or be called as a party is that is no pod.
            if party.name in _RESERVED or made.get(party.name, party).labels != party.labels:
                party = replace(party, name=f"pods/{own.get('name')}")
            made.setdefault(party.name, party)
    return [made[name] for name in CORE if name in made] + [made[name] for name in made if name not in CORE]


def _party(found: Release, name: str, pod: Manifest) -> PodParty:
    """The party that a pod, or a pod's template, is one of."""
    meta, spec = pod.get("metadata") or {}, pod.get("spec") or {}
    containers = _maps(spec.get("containers"))
    # A sidecar that starts before the others is an init container that is always restarted.
    containers += [each for each in _maps(spec.get("initContainers")) if each.get("restartPolicy") == "Always"]
    ports = [port for each in containers for raw in _maps(each.get("ports")) if (port := _container_port(raw))]
    dropped = [drop for each in _maps(spec.get("initContainers")) if (drop := _dropped(each))]
    return PodParty(
        name,
        found.space(str(meta.get("namespace") or found.namespace)),
        {str(key): str(value) for key, value in (meta.get("labels") or {}).items()},
        tuple(ports),
        found.surroundings.pods,
        bool(spec.get("hostNetwork")),
        tuple(dropped),
    )


def _maps(value: Any) -> list[dict[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _container_port(raw: Mapping[str, Any]) -> ContainerPort | None:
    number, protocol = raw.get("containerPort"), raw.get("protocol") or "TCP"
    if isinstance(number, bool) or not isinstance(number, int) or protocol not in PROTOCOLS:
        return None
    return ContainerPort(number, protocol, str(raw.get("name") or ""))


def _dropped(container: Mapping[str, Any]) -> Dropped | None:
    """What an init container that calls iptables drops; None for one that does anything else."""
    words = [str(each) for key in ("command", "args") for each in container.get(key) or () if isinstance(key, str)]
    if not words or words[0].rpartition("/")[2] not in ("iptables", "ip6tables"):
        return None
    options = dict(pairwise(words))
    told = {
        name: next((options[each] for each in names if each in options), "")
        for name, names in {
            "chain": ("--append", "-A", "--insert", "-I"),
            "jump": ("--jump", "-j"),
            "protocol": ("--protocol", "-p"),
            "address": ("--destination", "-d"),
            "port": ("--destination-port", "--dport"),
        }.items()
    }
    is_drop = told["chain"] == "OUTPUT" and told["jump"] in ("DROP", "REJECT")
    if not is_drop or (told["port"] and not told["port"].isdigit()):
        return None
    try:
        where = addresses.network(told["address"])
    except ValueError:
        return None
    protocol = told["protocol"].upper()
    port = int(told["port"]) if told["port"] else None
    return Dropped(where, port, "" if protocol == "ALL" else protocol)
