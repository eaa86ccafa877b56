"""`Party`: whoever may open a connection or be asked for one, pods or addresses outside of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from chart_py.reach.addresses import PRIVATE, PRIVATE_6, Addresses

NAME_LABEL = "kubernetes.io/metadata.name"
"""The label that every namespace has, its own name."""


@dataclass(frozen=True)
class ContainerPort:
    """A port that a container says it listens on; `name` is empty where it has none."""

    number: int
    protocol: str = "TCP"
    name: str = ""


@dataclass(frozen=True)
class Dropped:
    """Packets that a pod's own iptables drop, whatever policies say: to these addresses, and this port.

    Without a `port` it is all ports, without a `protocol` all protocols.
    """

    addresses: Addresses
    port: int | None = None
    protocol: str = ""

    def drops(self, protocol: str, port: int) -> bool:
        """Whether packets of a protocol to a port are dropped."""
        return self.protocol in ("", protocol) and self.port in (None, port)


@dataclass(frozen=True)
class Space:
    """A namespace: its name and labels. The name is empty for one that nobody has named."""

    name: str
    labels: Mapping[str, str] = field(default_factory=dict)


def space(name: str, labels: Mapping[str, str] | None = None) -> Space:
    """The namespace called `name`, with the label that Kubernetes gives to each."""
    return Space(name, {**(labels or {}), **({NAME_LABEL: name} if name else {})})


@dataclass(frozen=True)
class PodParty:
    """Pods that are alike to every policy: their namespace, labels and ports.

    `addresses` are those that they may have; they are assumed where nothing is known. `ports` are those that their
    containers name. `dropped` is what the pods refuse themselves.
    """

    name: str
    space: Space
    labels: Mapping[str, str] = field(default_factory=dict)
    ports: tuple[ContainerPort, ...] = ()
    addresses: Addresses = PRIVATE | PRIVATE_6
    host_network: bool = False
    dropped: tuple[Dropped, ...] = ()

    def numbers(self, name: str, protocol: str) -> list[int]:
        """The numbers of the ports that the containers call `name`."""
        return [each.number for each in self.ports if each.name == name and each.protocol == protocol]


@dataclass(frozen=True)
class Outside:
    """Addresses that are no pod's: all `addresses`, or with `one` a single, unknown one of them."""

    name: str
    addresses: Addresses
    one: bool = False


Party = PodParty | Outside
