"""Owns a cluster in memory on which a hub becomes ready, and runs of the command line on it."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest

from chart_py.cli import main
from chart_py.cluster.fake import FakeCluster
from chart_py.cluster.interface import Ref, ref_of
from chart_py.engine import opening
from chart_py.engine.execute import World
from chart_py.engine.opening import Address
from chart_py.engine.progress import Silence

Json = dict[str, Any]
STANDARD = {
    "apiVersion": "storage.k8s.io/v1",
    "kind": "StorageClass",
    "metadata": {"name": "standard", "annotations": {"storageclass.kubernetes.io/is-default-class": "true"}},
}


def status_of(live: Json) -> Json:
    """The status that a controller would give to an object that works."""
    spec, generation = live.get("spec") or {}, live["metadata"]["generation"]
    count = int(spec.get("replicas", 1))
    if live["kind"] == "Deployment":
        ready = {"updatedReplicas": count, "availableReplicas": count, "replicas": count, "readyReplicas": count}
        return {"observedGeneration": generation, **ready}
    if live["kind"] == "StatefulSet":
        return {"observedGeneration": generation, "updatedReplicas": count, "readyReplicas": count}
    if live["kind"] == "DaemonSet":
        return {"observedGeneration": generation, "desiredNumberScheduled": 0}
    if live["kind"] == "PersistentVolumeClaim":
        return {"phase": "Bound"}
    return {}


def working_cluster(*objects: Json, never: Callable[[Json], bool] = lambda live: False, **words: Any) -> FakeCluster:
    """A cluster whose controllers make all ready at once, but not what `never` says; with a default StorageClass."""

    def play(cluster: FakeCluster, written: Json) -> None:
        status = status_of(written)
        if status and not never(written):
            cluster.set_status(ref_of(written), status)

    return FakeCluster([copy.deepcopy(STANDARD), *objects], after_write=play, **words)


def namespace(name: str = "jhub") -> Json:
    """A Namespace."""
    return {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}


class Ran(NamedTuple):
    """What a verb left behind: its exit code, its data and its talk."""

    code: int
    out: str
    err: str


class Desk:
    """Somebody at a terminal, or a script, who runs verbs on a cluster in memory."""

    def __init__(self, cluster: FakeCluster, capsys: pytest.CaptureFixture[str]) -> None:
        self.cluster = cluster
        self.address = Address("prod", "https://203.0.113.7:6443", "default")
        self._capsys = capsys

    def run(self, *argv: object) -> Ran:
        """Run a verb."""
        self._capsys.readouterr()
        code = main([str(each) for each in argv])
        return Ran(code, *self._capsys.readouterr())

    def live(self, kind: str, name: str, namespace: str = "jhub", api: str = "v1") -> Json | None:
        """A live object."""
        return self.cluster.get(Ref(api, kind, namespace, name))

    def history(self) -> dict[int, str]:
        """The status of each revision, by its labels."""
        found = self.cluster.find(Ref("v1", "Secret"), labels="owner=helm").items
        labels = [each["metadata"]["labels"] for each in found]
        return {int(each["version"]): each["status"] for each in labels}


@contextmanager
def instead_of_the_network(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Verbs that would open a cluster have that of `desk`."""

    def connected(
        kubeconfig: object = None, context: object = None, observer: Any = None, on_request: object = None
    ) -> tuple[World, Address]:
        return World(desk.cluster, observer or Silence()), desk.address

    with monkeypatch.context() as patch:
        patch.setattr(opening, "connected", connected)
        yield
