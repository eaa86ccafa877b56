"""Owns a running control plane: its servers' life, its users, and what tests do to its cluster."""

from __future__ import annotations

import json
import shutil
import signal
import tempfile
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from tests.control_plane import objects, statuses
from tests.control_plane.api import Api, ApiError
from tests.control_plane.binaries import advice, missing
from tests.control_plane.errors import ControlPlaneError
from tests.control_plane.ports import free_ports
from tests.control_plane.processes import Processes
from tests.control_plane.servers import Ports, Servers
from tests.control_plane.users import (
    ADMIN,
    STRANGERS,
    make_tokens,
    write_kubeconfig,
    write_signing_key,
    write_token_file,
)
from tests.control_plane.versions import SERVERS

if TYPE_CHECKING:
    import kubernetes

Json = dict[str, Any]
_Answer = TypeVar("_Answer")

_START_SECONDS = 60.0
_POLL_SECONDS = 0.05
_TRIES = 3


def wait_until(what: str, look: Callable[[], _Answer | None], seconds: float = 30.0) -> _Answer:
    """Call `look` until its answer is true; return that. ControlPlaneError that names `what` after `seconds`."""
    end = time.monotonic() + seconds
    while True:
        answer = look()
        if answer:
            return answer
        if time.monotonic() > end:
            raise ControlPlaneError(f"after {seconds:g} s, still not so: {what}")
        time.sleep(_POLL_SECONDS)


class ControlPlane:
    """A real Kubernetes API server, controller-manager and scheduler on loopback; kwok plays the nodes' containers.

    `root` is the folder of its data and logs; without it, a temporary one that is deleted at the end. With
    `pod_stages` false nobody runs the pods: a test's own kubelet sets their status. `pod_cidr` is where kwok takes
    pods' addresses from; the API server lets no endpoint be on loopback, so that is not the default.
    """

    def __init__(self, root: Path | None = None, *, pod_stages: bool = True, pod_cidr: str = "10.244.0.0/16") -> None:
        self._is_temporary = root is None
        self.root = root or Path(tempfile.gettempdir()) / f"control-plane-{uuid.uuid4().hex[:12]}"
        self._pod_stages = pod_stages
        self._pod_cidr = pod_cidr
        self._tokens = make_tokens()
        self._running: tuple[Servers, Processes, Api] | None = None

    # ---- its life

    def start(self) -> ControlPlane:
        """Start every server; return when pods can be created. ControlPlaneError if a program is missing or fails."""
        lacking = missing(SERVERS)
        if lacking:
            raise ControlPlaneError(advice(lacking))
        for attempt in range(1, _TRIES + 1):
            try:
                self._start()
                return self
            except BaseException as error:
                # Another process may have taken a port since we looked; anything else will not heal.
                taken = "address already in use" in str(error)
                self.stop()
                if attempt == _TRIES or not isinstance(error, ControlPlaneError) or not taken:
                    raise
        raise AssertionError("unreachable")

    def stop(self) -> None:
        """End every server and throw the data away; the logs stay where `root` was given. Twice is once."""
        if self._running is None:
            return
        self._remove_provisioned_folders()
        _, processes, _ = self._running
        self._running = None
        processes.close()
        if not self._is_temporary:
            shutil.rmtree(self.root / "etcd", ignore_errors=True)

    def __enter__(self) -> ControlPlane:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def restart_apiserver(self, down_seconds: float = 0.0) -> None:
        """Kill the API server and start it again at the same address with the same data; return when it is ready."""
        self.stop_apiserver()
        time.sleep(down_seconds)
        self.start_apiserver()

    def stop_apiserver(self) -> None:
        """Kill the API server as a crash would."""
        self.processes.stop("kube-apiserver", signal.SIGKILL)

    def start_apiserver(self) -> None:
        """Start the API server again after `stop_apiserver`; return when it is ready."""
        self.processes.start("kube-apiserver", self._servers.apiserver())
        self._wait_for_apiserver(self._servers, self.processes, self.api)

    def start_scheduler(self, name: str, configuration: Mapping[str, Any], kubeconfig: Path) -> str:
        """Start a further kube-scheduler; return the address that answers its probes (/healthz, over HTTPS).

        `configuration` is a KubeSchedulerConfiguration, used as it is but for the one thing that a pod has and a
        process lacks: `clientConnection.kubeconfig`. It stops with the control plane, or by `processes.stop(name)`.
        """
        folder = self._servers.root / name
        folder.mkdir(exist_ok=True)
        connection = {**configuration.get("clientConnection", {}), "kubeconfig": str(kubeconfig)}
        file = folder / "configuration.json"
        file.write_text(json.dumps({**configuration, "clientConnection": connection}), encoding="utf-8")
        [port] = free_ports(1)
        self.processes.start(name, self._servers.extra_scheduler(file, kubeconfig, port))
        return f"https://127.0.0.1:{port}"

    # ---- its addresses and users

    @property
    def url(self) -> str:
        """The API server's address."""
        return self._servers.url

    @property
    def authority(self) -> Path:
        """The file of the certificate that signs the API server's."""
        return self._servers.authority

    @property
    def processes(self) -> Processes:
        """The running programs; a test may start its own there, which then end with the control plane."""
        return self._started()[1]

    @property
    def api(self) -> Api:
        """Plain requests as the administrator."""
        return self._started()[2]

    def kubeconfig(self, user: str = ADMIN) -> Path:
        """Return the kubeconfig file of `admin`, or of `nobody`, `alice` or `bob`, who have no rights."""
        if user not in (ADMIN, *STRANGERS):
            raise ControlPlaneError(f"no user {user}; there are {', '.join((ADMIN, *STRANGERS))}")
        return self._servers.kubeconfig(user)

    def service_account_token(self, namespace: str, name: str, seconds: int = 3600) -> str:
        """Return a new token of a ServiceAccount, valid for `seconds` (600 at least), as a pod gets it."""
        path = f"/api/v1/namespaces/{namespace}/serviceaccounts/{name}/token"
        kind = {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest"}
        token: str = self.api.json("POST", path, {**kind, "spec": {"expirationSeconds": seconds}})["status"]["token"]
        return token

    def service_account_kubeconfig(self, namespace: str, name: str) -> Path:
        """Return a new kubeconfig file with which a program acts as a ServiceAccount, its namespace the default."""
        token = self.service_account_token(namespace, name)
        file = self._servers.root / f"{namespace}-{name}.kubeconfig"
        return write_kubeconfig(file, self.url, self.authority, token, namespace)

    def client(self, user: str = ADMIN) -> kubernetes.client.ApiClient:
        """Return a new client of the kubernetes package for one of the users; close it, or use it in a `with`."""
        from kubernetes import config

        client: kubernetes.client.ApiClient = config.new_client_from_config(  # type: ignore[no-untyped-call]
            str(self.kubeconfig(user))
        )
        return client

    # ---- its cluster

    def add_node(self, name: str, **options: Any) -> Json:
        """Add a node with the options of `objects.node`; return it, once it is ready if it is meant to be."""
        wanted = objects.node(name, **options)
        self.api.json("POST", "/api/v1/nodes", wanted)
        return self._wait_for_node(wanted, options.get("ready", True))

    def set_node_ready(self, name: str, ready: bool) -> Json:
        """Let a node lose its kubelet, its pods staying as they are, or get it back; return it as it is then."""
        wanted = objects.node(name, ready=ready)
        annotation = {objects.KWOK_NODE: "fake" if ready else None}
        self.api.patch(wanted, {"metadata": {"annotations": annotation}})
        if not ready:
            self.api.patch(wanted, {"status": {"conditions": wanted["status"]["conditions"]}}, "/status")
        return self._wait_for_node(wanted, ready)

    def remove_node(self, name: str) -> None:
        """Remove a node, if it is there; its pods are deleted by the cluster."""
        self.api.delete(objects.node(name))

    def add_storage_class(self, name: str, **options: Any) -> Json:
        """Add a StorageClass with the options of `objects.storage_class`."""
        return self.api.apply(objects.storage_class(name, **options))

    def add_volume(self, name: str, size: str, storage_class: str, modes: Sequence[str] = ("ReadWriteOnce",)) -> Json:
        """Add a PersistentVolume that a claim of `storage_class` binds to."""
        return self.api.apply(objects.volume(name, size, storage_class, modes))

    def add_namespace(self, prefix: str = "test") -> str:
        """Make a namespace with a name that was never used; return that name once pods can be created in it."""
        name = f"{prefix}-{uuid.uuid4().hex[:8]}"
        self.api.apply(objects.namespace(name))
        self._wait_for_account(self.api, name)
        return name

    def remove_namespace(self, name: str) -> None:
        """Delete a namespace; the cluster empties it in the background."""
        self.api.delete(objects.namespace(name))

    def wait_for(
        self, wanted: Json, so: Callable[[Json], object], namespace: str | None = None, seconds: float = 30.0
    ) -> Json:
        """Wait until the live object that `wanted` names satisfies `so`; return it. ControlPlaneError if not."""
        seen: Json = {}

        def look() -> bool:
            seen.clear()
            seen.update(self.api.get(wanted, namespace))
            return bool(so(seen))

        try:
            wait_until(f"{wanted['kind']} {wanted['metadata']['name']} as wanted", look, seconds)
        except ControlPlaneError as error:
            raise ControlPlaneError(f"{error}\n{json.dumps(seen.get('status', seen), indent=2)}") from None
        return seen

    # ---- its pods

    def fail_pull(
        self, namespace: str, pod: str, *, container: str | None = None, reason: str = "ImagePullBackOff"
    ) -> None:
        """Let a pod's container (the first one) wait for an image that cannot be pulled.

        `reason` is ErrImagePull or ImagePullBackOff. The pod stays so until `heal`.
        """
        if reason not in statuses.PULL_REASONS:
            raise ControlPlaneError(f"reason is one of {', '.join(statuses.PULL_REASONS)}, not {reason}")
        live = self._hold(namespace, pod)
        status = statuses.pull_failure(statuses.container(live, container), reason)
        self.set_pod_status(namespace, pod, statuses.failing_pod(live, status, "Pending")["status"])

    def crash(
        self, namespace: str, pod: str, exit_code: int, *, container: str | None = None, restarts: int = 1
    ) -> None:
        """Let a pod's container (the first one) be in CrashLoopBackOff after it exited with `exit_code`, until `heal`.

        Its log is what `set_container_log` said.
        """
        live = self._hold(namespace, pod)
        now = datetime.now(timezone.utc).isoformat()
        status = statuses.crash(statuses.container(live, container), exit_code, restarts, now)
        self.set_pod_status(namespace, pod, statuses.failing_pod(live, status, "Running")["status"])

    def heal(self, namespace: str, pod: str) -> None:
        """Let kwok run a pod that fails or is held, whatever the reason; it gets a new address."""
        self._hold(namespace, pod)
        cleared = ("containerStatuses", "initContainerStatuses", "podIP", "podIPs")
        self.set_pod_status(namespace, pod, {"phase": "Pending", **dict.fromkeys(cleared)})
        self._hold(namespace, pod, "false")

    def set_pod_status(self, namespace: str, pod: str, status: Mapping[str, Any]) -> Json:
        """Merge `status` into a pod's, as its kubelet would; return the pod. kwok may change it again unless held."""
        return self.api.patch(objects.pod_reference(pod), {"status": dict(status)}, "/status", namespace)

    def set_container_log(self, *lines: str) -> None:
        """Set what every container of the cluster has written, its runs before included."""
        now = datetime.now(timezone.utc).isoformat().replace("+00:00", "Z")
        text = "".join(f"{now} stdout F {line}\n" for line in lines)
        self._servers.container_log.write_text(text, encoding="utf-8")

    # ---- inside

    def _start(self) -> None:
        self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
        etcd, etcd_peer, apiserver, kubelet = free_ports(4)
        servers = Servers(self.root, Ports(etcd, etcd_peer, apiserver, kubelet))
        write_token_file(servers.tokens, self._tokens)
        write_signing_key(servers.signing_key)
        servers.container_log.touch()
        for user, token in self._tokens.items():
            write_kubeconfig(servers.kubeconfig(user), servers.url, servers.authority, token)
        processes = Processes(self.root / "logs", [self.root] if self._is_temporary else [self.root / "etcd"])
        try:
            processes.start("etcd", servers.etcd())
            processes.start("kube-apiserver", servers.apiserver())
            wait_until("the API server has its certificate", lambda: self._certificate(servers, processes))
            api = Api(servers.url, servers.authority, self._tokens[ADMIN])
            # The others would only take the processor from it if they were started before it is ready.
            self._wait_for_apiserver(servers, processes, api)
            processes.start("kube-controller-manager", servers.controller_manager())
            processes.start("kube-scheduler", servers.scheduler())
            processes.start("kwok", servers.kwok(self._pod_stages, self._pod_cidr))
            self._wait_for_account(api, "default")
        except BaseException:
            processes.close()
            raise
        self._running = (servers, processes, api)

    def _started(self) -> tuple[Servers, Processes, Api]:
        if self._running is None:
            raise ControlPlaneError("this control plane is not running")
        return self._running

    @property
    def _servers(self) -> Servers:
        return self._started()[0]

    def _certificate(self, servers: Servers, processes: Processes) -> bool:
        processes.check_running("etcd")
        processes.check_running("kube-apiserver")
        return servers.authority.exists() and servers.authority.stat().st_size > 0

    def _wait_for_apiserver(self, servers: Servers, processes: Processes, api: Api) -> None:
        def is_ready() -> bool:
            processes.check_running("etcd")
            processes.check_running("kube-apiserver")
            try:
                return api.text("GET", "/readyz") == "ok"
            except (ApiError, OSError):
                return False

        wait_until(f"the API server is ready ({processes.log('kube-apiserver')})", is_ready, _START_SECONDS)

    def _wait_for_account(self, api: Api, namespace: str) -> None:
        """Wait for the default ServiceAccount, without which no pod is admitted."""
        account = {"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default"}}
        wait_until(f"namespace {namespace} has its ServiceAccount", lambda: _found(api, account, namespace))

    def _wait_for_node(self, wanted: Json, ready: bool) -> Json:
        """Wait until a node is ready, or is not, and the taint that follows from that has come or gone."""

        def look() -> Json | None:
            live = self.api.get(wanted)
            conditions = {each["type"]: each["status"] for each in live["status"].get("conditions", [])}
            tainted = any(taint["key"] == objects.NOT_READY for taint in live["spec"].get("taints", []))
            return live if (conditions.get("Ready") == "True") == ready == (not tainted) else None

        return wait_until(f"node {wanted['metadata']['name']} is {'ready' if ready else 'not ready'}", look)

    def _hold(self, namespace: str, pod: str, held: str = "true") -> Json:
        patch = {"metadata": {"annotations": {statuses.HELD: held}}}
        return self.api.patch(objects.pod_reference(pod), patch, "", namespace)

    def _remove_provisioned_folders(self) -> None:
        """Remove the folders that the controller-manager made for volumes under /tmp, as only it knows of them."""
        try:
            volumes = self.api.json("GET", "/api/v1/persistentvolumes")["items"]
        except (ControlPlaneError, OSError):
            # The server is down, which a test may have wanted; the folders are empty.
            return
        for each in volumes:
            path = Path(each["spec"].get("hostPath", {}).get("path", "/"))
            if path.parent == Path("/tmp/hostpath_pv") and path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def _found(api: Api, wanted: Json, namespace: str) -> Json | None:
    try:
        return api.get(wanted, namespace)
    except ApiError as error:
        if error.status != 404:
            raise
        return None
