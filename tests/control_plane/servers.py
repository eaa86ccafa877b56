"""Owns the files of one control plane and the command line of each of its servers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from tests.control_plane.binaries import path, stage_files
from tests.control_plane.versions import STAGES

HOST = "127.0.0.1"

Command = list[str | Path]


@dataclass(frozen=True)
class Ports:
    """The ports on loopback; `kubelet` is where kwok answers for its nodes."""

    etcd: int
    etcd_peer: int
    apiserver: int
    kubelet: int


@dataclass(frozen=True)
class Servers:
    """Where the files of a control plane are (`root`, all of it thrown away at the end) and how its servers start."""

    root: Path
    ports: Ports

    @property
    def url(self) -> str:
        """The address of the API server."""
        return f"https://{HOST}:{self.ports.apiserver}"

    @property
    def authority(self) -> Path:
        """The certificate that clients trust; the API server makes it when it first starts and keeps it."""
        return self.root / "certificates" / "apiserver.crt"

    @property
    def tokens(self) -> Path:
        """The API server's users."""
        return self.root / "tokens.csv"

    @property
    def signing_key(self) -> Path:
        """The key that signs the tokens of service accounts."""
        return self.root / "service-accounts.key"

    @property
    def container_log(self) -> Path:
        """The log of every container, in the format of container runtimes."""
        return self.root / "container.log"

    def kubeconfig(self, user: str) -> Path:
        """The kubeconfig file of a user or server."""
        return self.root / f"{user}.kubeconfig"

    def etcd(self) -> Command:
        """etcd, which need not survive the machine's end."""
        client, peer = f"http://{HOST}:{self.ports.etcd}", f"http://{HOST}:{self.ports.etcd_peer}"
        return [
            path("etcd"),
            "--name=default",
            f"--data-dir={self.root / 'etcd'}",
            f"--listen-client-urls={client}",
            f"--advertise-client-urls={client}",
            f"--listen-peer-urls={peer}",
            f"--initial-advertise-peer-urls={peer}",
            f"--initial-cluster=default={peer}",
            "--unsafe-no-fsync",
            "--log-level=warn",
        ]

    def apiserver(self) -> Command:
        """kube-apiserver, with all of its default admission."""
        return [
            path("kube-apiserver"),
            f"--etcd-servers=http://{HOST}:{self.ports.etcd}",
            f"--bind-address={HOST}",
            f"--secure-port={self.ports.apiserver}",
            f"--cert-dir={self.authority.parent}",
            f"--token-auth-file={self.tokens}",
            "--authorization-mode=RBAC",
            "--service-account-issuer=https://kubernetes.default.svc",
            f"--service-account-key-file={self.signing_key}",
            f"--service-account-signing-key-file={self.signing_key}",
            "--service-cluster-ip-range=10.0.0.0/24",
            "--allow-privileged=true",
            # The Service `kubernetes` cannot point to loopback, and nothing here goes through it.
            "--endpoint-reconciler-type=none",
            "--kubelet-preferred-address-types=InternalIP",
        ]

    def controller_manager(self) -> Command:
        """kube-controller-manager with all controllers: without the one of nodes, nothing would ever be scheduled."""
        return [
            path("kube-controller-manager"),
            f"--kubeconfig={self.kubeconfig('controller-manager')}",
            "--controllers=*",
            "--leader-elect=false",
            "--secure-port=0",
            f"--service-account-private-key-file={self.signing_key}",
            f"--root-ca-file={self.authority}",
            "--enable-hostpath-provisioner=true",
            "--kube-api-qps=1000",
            "--kube-api-burst=2000",
        ]

    def scheduler(self) -> Command:
        """The cluster's own kube-scheduler."""
        return [
            path("kube-scheduler"),
            f"--kubeconfig={self.kubeconfig('scheduler')}",
            "--leader-elect=false",
            "--secure-port=0",
            "--kube-api-qps=1000",
            "--kube-api-burst=2000",
        ]

    def extra_scheduler(self, configuration: Path, kubeconfig: Path, port: int) -> Command:
        """A further kube-scheduler with a configuration file; it answers /healthz over HTTPS at `port`."""
        return [
            path("kube-scheduler"),
            f"--config={configuration}",
            f"--bind-address={HOST}",
            f"--secure-port={port}",
            f"--cert-dir={configuration.parent / 'certificates'}",
            f"--authentication-kubeconfig={kubeconfig}",
            f"--authorization-kubeconfig={kubeconfig}",
            # Reading the cluster's authentication settings is not a right that a chart gives its scheduler.
            "--authentication-tolerate-lookup-failure=true",
        ]

    def kwok(self, pod_stages: bool, pod_cidr: str) -> Command:
        """kwok for the annotated nodes; without `pod_stages` it keeps the nodes alive and leaves pods alone."""
        stages = [
            file for stage, file in zip(STAGES, stage_files(), strict=True) if pod_stages or stage.startswith("node/")
        ]
        if pod_stages:
            stages.append(Path(__file__).with_name("failing-pods.yaml"))
        return [
            path("kwok"),
            f"--kubeconfig={self.kubeconfig('kwok')}",
            "--manage-nodes-with-annotation-selector=kwok.x-k8s.io/node=fake",
            "--node-lease-duration-seconds=40",
            f"--cidr={pod_cidr}",
            f"--node-ip={HOST}",
            f"--node-port={self.ports.kubelet}",
            f"--server-address={HOST}:{self.ports.kubelet}",
            f"--tls-cert-file={self.authority}",
            f"--tls-private-key-file={self.authority.with_suffix('.key')}",
            *(f"--config={file}" for file in [*stages, self._write_logs_configuration()]),
        ]

    def _write_logs_configuration(self) -> Path:
        """Write what tells kwok where containers' logs are; return its path."""
        log = str(self.container_log)
        configuration = {
            "apiVersion": "kwok.x-k8s.io/v1alpha1",
            "kind": "ClusterLogs",
            "metadata": {"name": "logs"},
            "spec": {"logs": [{"logsFile": log, "previousLogsFile": log}]},
        }
        file = self.root / "logs.json"
        file.write_text(json.dumps(configuration), encoding="utf-8")
        return file
