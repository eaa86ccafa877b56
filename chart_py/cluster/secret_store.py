"""The Secrets of a cluster as a shelf for records."""

from __future__ import annotations

from chart_py.cluster.interface import Cluster, Ref
from chart_py.manifest import Manifest


class ClusterShelf:
    """The Secrets of `namespace`, or of all namespaces where that is empty; written as field manager `manager`."""

    def __init__(self, cluster: Cluster, namespace: str, manager: str) -> None:
        self._cluster = cluster
        self._namespace = namespace
        self._manager = manager

    def heads(self, labels: str) -> list[Manifest]:
        """The metadata of the Secrets that match a label selector."""
        return self._cluster.find(Ref("v1", "Secret", self._namespace), labels=labels, only_metadata=True).items

    def get(self, namespace: str, name: str) -> Manifest | None:
        """A whole Secret; None where it is not there."""
        return self._cluster.get(Ref("v1", "Secret", namespace, name))

    def create(self, secret: Manifest) -> Manifest:
        """Write a Secret that must not exist."""
        return self._cluster.create(secret, manager=self._manager)

    def replace(self, secret: Manifest) -> Manifest:
        """Write over a Secret."""
        return self._cluster.replace(secret, manager=self._manager)

    def delete(self, namespace: str, name: str) -> None:
        """Throw a Secret away; gone is fine."""
        self._cluster.delete(Ref("v1", "Secret", namespace, name))
