"""Owns the whole of a cluster for end-to-end tests: control plane, kubelet, network, and releases applied to it."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

import yaml

from chart_py import Context, load_values, render
from chart_py.rendering import context_for
from tests.control_plane.plane import ControlPlane, wait_until
from tests.end_to_end.kubelet import Kubelet
from tests.end_to_end.network import Network
from tests.end_to_end.pod_environment import contents
from tests.end_to_end.software import Software

Json = dict[str, Any]
_Answer = TypeVar("_Answer")

_PATIENCE = 120.0
HOOK = "helm.sh/hook"


class Cluster:
    """A running cluster: `plane` for its objects, `network` and `kubelet` for what runs on its nodes."""

    def __init__(self, plane: ControlPlane, network: Network, kubelet: Kubelet, root: Path) -> None:
        self.plane = plane
        self.network = network
        self.kubelet = kubelet
        self.root = root

    def wait(self, what: str, look: Callable[[], _Answer | None], seconds: float = _PATIENCE) -> _Answer:
        """`wait_until` that also sees a kubelet that failed."""

        def looked() -> _Answer | None:
            self.kubelet.check()
            return look()

        return wait_until(what, looked, seconds)

    def items(self, path: str) -> list[Json]:
        """The items of a list."""
        found: list[Json] = self.plane.api.json("GET", path)["items"]
        return found

    def pods(self, namespace: str, component: str) -> list[Json]:
        """The pods of a component that nobody has deleted."""
        selector = f"labelSelector=component%3D{component}"
        pods = self.items(f"/api/v1/namespaces/{namespace}/pods?{selector}")
        return [pod for pod in pods if "deletionTimestamp" not in pod["metadata"]]

    def ready_pod(self, namespace: str, component: str, not_this: str = "") -> Json:
        """Wait for a ready pod of a component, another than `not_this`; return it."""

        def look() -> Json | None:
            ready = [pod for pod in self.pods(namespace, component) if _is_ready(pod)]
            return next((pod for pod in ready if pod["metadata"]["name"] != not_this), None)

        return self.wait(f"{component} is ready ({self.kubelet.logs})", look)

    def service_address(self, namespace: str, name: str) -> str:
        """A Service's address in the cluster."""
        service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": name}}
        return str(self.plane.api.get(service, namespace)["spec"]["clusterIP"])


class Release:
    """A release in a namespace of its own, as `kubectl apply --server-side` would install and change it."""

    def __init__(self, cluster: Cluster, namespace: str, folder: Path) -> None:
        self.cluster = cluster
        self.namespace = namespace
        self._folder = folder
        self._known: dict[str, str] = {}
        self._cluster_wide: list[Json] = []
        self.objects: list[Json] = []

    def apply(self, values: Mapping[str, Any]) -> None:
        """Render `values` and apply all objects but hooks; secrets are made once and kept."""
        file = self._folder / "values.yaml"
        file.write_text(yaml.safe_dump(dict(values)), encoding="utf-8")
        loaded = load_values([str(file)])
        context = context_for(loaded, Context(namespace=self.namespace), known=self._known)
        self.objects = [dict(each) for each in render(loaded, context)]
        self.objects = [each for each in self.objects if HOOK not in each["metadata"].get("annotations", {})]
        [secret] = [each for each in self.objects if (each["kind"], each["metadata"]["name"]) == ("Secret", "hub")]
        self._known = {key: text.decode(errors="replace") for key, text in contents(secret).items()}
        for wanted in self.objects:
            live = self.cluster.plane.api.apply(wanted, self.namespace)
            if "namespace" not in live["metadata"]:
                self._cluster_wide.append(wanted)

    def object(self, kind: str, name: str) -> Json:
        """One of the rendered objects."""
        [found] = [each for each in self.objects if (each["kind"], each["metadata"]["name"]) == (kind, name)]
        return found

    def remove(self) -> None:
        """Delete what is in no namespace, and the namespace; wait until its pods are gone."""
        api = self.cluster.plane.api
        for wanted in reversed(self._cluster_wide):
            api.delete(wanted)
        self.cluster.plane.remove_namespace(self.namespace)
        path = f"/api/v1/namespaces/{self.namespace}/pods"
        self.cluster.wait(f"{self.namespace} has no pods", lambda: not self.cluster.items(path))


def _is_ready(pod: Json) -> bool:
    return any(each["type"] == "Ready" and each["status"] == "True" for each in pod["status"].get("conditions", []))


@contextlib.contextmanager
def running(logs: Path, software: Mapping[str, Software]) -> Iterator[Cluster]:
    """A cluster with two nodes and a default StorageClass; `logs` is where the logs of all stay."""
    # A socket's path is limited to some hundred characters, which pytest's folders come close to.
    root = Path(tempfile.mkdtemp(prefix="e2e-"))
    try:
        with ControlPlane(logs / "control-plane", pod_stages=False) as plane, contextlib.ExitStack() as stack:
            plane.add_storage_class("standard", default=True)
            for name in ("node-1", "node-2"):
                plane.add_node(name)
            network = Network(root / "wires")
            stack.callback(network.close)
            network.join_in(_api_address(plane), 443, "127.0.0.1", int(urlsplit(plane.url).port or 0))
            kubelet = Kubelet(plane, network, root, logs / "pods", software)
            kubelet.start()
            stack.callback(kubelet.stop)
            yield Cluster(plane, network, kubelet, root)
    finally:
        shutil.rmtree(root)


def _api_address(plane: ControlPlane) -> str:
    """The address at which pods find the API server."""
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "kubernetes"}}
    return str(plane.api.get(service, "default")["spec"]["clusterIP"])
