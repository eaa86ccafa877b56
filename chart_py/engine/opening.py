"""Opening a cluster, and finding the release that is meant in it: a `Hub`, on which everything else is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chart_py.cluster.interface import Cluster
from chart_py.context import check_names
from chart_py.engine.apply import read_standing
from chart_py.engine.execute import World
from chart_py.engine.progress import Observer, Silence
from chart_py.engine.releases import meant
from chart_py.engine.standing import Standing


@dataclass(frozen=True)
class Hub:
    """A release on an open cluster: `world` is what is acted through, `release` and `namespace` name the release.

    `context` is the kubeconfig's context and `server` the API server's address; both are empty where there is none, as
    with a cluster in memory.
    """

    world: World
    release: str
    namespace: str
    context: str = ""
    server: str = ""

    def standing(self) -> Standing:
        """How the release stands now: its revisions and their records."""
        return read_standing(self.world, self.release, self.namespace)


def open_cluster(
    kubeconfig: str | Path | None = None,
    context: str | None = None,
    *,
    release: str | None = None,
    namespace: str | None = None,
    cluster: Cluster | None = None,
    observer: Observer | None = None,
) -> Hub:
    """Open a cluster and find out which release is meant.

    `kubeconfig` and `context` are those of kubectl: without them $KUBECONFIG, ~/.kube/config, or the account of the pod
    that this runs in. Without `release` and `namespace` it is the only release in use, else jhub. `cluster` is one that
    is open already, such as a FakeCluster; `observer` is told what happens while a plan is executed.

    Raises LoginError where no configuration can be used, UsageError where several releases could be meant.
    """
    if cluster is not None:
        return chosen(World(cluster, observer or Silence()), release=release, namespace=namespace)
    world, address = connected(kubeconfig, context, observer)
    return chosen(world, address, release=release, namespace=namespace)


@dataclass(frozen=True)
class Address:
    """Where a cluster is: the kubeconfig's context, its server, and the namespace that the context names.

    `is_verified` is False where the kubeconfig asks for no proof that the server is the right one.
    """

    context: str = ""
    server: str = ""
    namespace: str = "default"
    is_verified: bool = True


def connected(
    kubeconfig: str | Path | None = None,
    context: str | None = None,
    observer: Observer | None = None,
    on_request: Callable[[str, str], None] | None = None,
) -> tuple[World, Address]:
    """Open a cluster without asking which release is meant; `on_request` is told of each request's method and path."""
    from chart_py.cluster.connection import Connection
    from chart_py.cluster.live import LiveCluster

    connection = Connection(None if kubeconfig is None else str(kubeconfig), context)
    world = World(LiveCluster(connection, on_request=on_request), observer or Silence())
    return world, Address(connection.context, connection.url, connection.namespace, connection.is_verified)


def chosen(
    world: World, address: Address | None = None, *, release: str | None = None, namespace: str | None = None
) -> Hub:
    """The release that is meant in an open cluster, as `meant` finds it. Raises UsageError for names that cannot be."""
    address = address or Address()
    named = meant(world, release, namespace, address.namespace)
    check_names(named.release, named.namespace)
    return Hub(world, named.release, named.namespace, address.context, address.server)
