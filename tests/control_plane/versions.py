"""Owns the table of what a control plane is made of: each program, its pinned version and how Go builds it."""

from __future__ import annotations

from dataclasses import dataclass

KUBERNETES = "v1.33.4"
ETCD = "v3.5.21"
KWOK = "v0.8.0"
HELM = "v4.2.3"
KUBECONFORM = "v0.7.0"

MINIMUM_GO = (1, 24)
"""The lowest (major, minor) of Go that builds all of them."""


@dataclass(frozen=True)
class Program:
    """One binary: its name, its Go package, the module's version and the variables that tell the binary its version.

    `symbols` are pairs of a Go variable and its value, for the linker's -X. `installable` programs are built by
    `go install PACKAGE@VERSION`; the others' modules have `replace` lines, which that command refuses, so they are
    built inside a module of ours.
    """

    name: str
    package: str
    version: str
    installable: bool
    symbols: tuple[tuple[str, str], ...] = ()


def _kubernetes(name: str) -> Program:
    major, minor, _ = KUBERNETES.removeprefix("v").split(".")
    base = "k8s.io/component-base/version."
    # Without these the server reports v0.0.0 and Helm refuses to talk to it.
    symbols = ((f"{base}gitVersion", KUBERNETES), (f"{base}gitMajor", major), (f"{base}gitMinor", minor))
    return Program(name, f"k8s.io/kubernetes/cmd/{name}", KUBERNETES, False, symbols)


# In the order in which they are built: the small ones first, as some tests need nothing else.
PROGRAMS: tuple[Program, ...] = (
    Program("kubeconform", "github.com/yannh/kubeconform/cmd/kubeconform", KUBECONFORM, True,
            (("main.version", KUBECONFORM),)),
    Program("helm", "helm.sh/helm/v4/cmd/helm", HELM, True,
            (("helm.sh/helm/v4/internal/version.version", HELM),)),
    Program("kwok", "sigs.k8s.io/kwok/cmd/kwok", KWOK, True,
            (("sigs.k8s.io/kwok/pkg/consts.Version", KWOK),)),
    Program("etcd", "go.etcd.io/etcd/server/v3", ETCD, False),
    _kubernetes("kube-apiserver"),
    _kubernetes("kube-controller-manager"),
    _kubernetes("kube-scheduler"),
)  # fmt: skip

SERVERS = ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
"""What a running control plane needs."""

STAGING = (
    "api", "apiextensions-apiserver", "apimachinery", "apiserver", "cli-runtime", "client-go", "cloud-provider",
    "cluster-bootstrap", "code-generator", "component-base", "component-helpers", "controller-manager", "cri-api",
    "cri-client", "csi-translation-lib", "dynamic-resource-allocation", "endpointslice", "externaljwt", "kms",
    "kube-aggregator", "kube-controller-manager", "kube-proxy", "kube-scheduler", "kubectl", "kubelet", "metrics",
    "mount-utils", "pod-security-admission", "sample-apiserver", "sample-cli-plugin", "sample-controller",
)  # fmt: skip
"""Kubernetes' own modules, which its go.mod asks for as v0.0.0 and expects to be replaced."""

STAGES = (
    "node/fast/node-initialize.yaml",
    "node/heartbeat-with-lease/node-heartbeat-with-lease.yaml",
    "pod/fast/pod-ready.yaml",
    "pod/fast/pod-complete.yaml",
    "pod/fast/pod-delete.yaml",
)
"""kwok's stage files that a control plane uses, below kustomize/stage in kwok's module."""


def version_key() -> str:
    """Return the name of the cache folder of exactly these versions."""
    parts = {"kubernetes": KUBERNETES, "etcd": ETCD, "kwok": KWOK, "helm": HELM, "kubeconform": KUBECONFORM}
    return "_".join(f"{name}-{version.removeprefix('v')}" for name, version in parts.items())


def program(name: str) -> Program:
    """Return the program called `name`; KeyError if there is none."""
    return {each.name: each for each in PROGRAMS}[name]
