"""Whether a cluster enforces policies: by the DaemonSets that its network plugins run."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.reach.plugin import Enforcement, Plugins, plugins


def daemon(name: str, *images: str, args: tuple[str, ...] = ()) -> dict[str, Any]:
    containers = [{"name": f"c{index}", "image": image, "args": list(args)} for index, image in enumerate(images)]
    return {"metadata": {"name": name}, "spec": {"template": {"spec": {"containers": containers}}}}


@pytest.mark.parametrize(
    ("found", "names", "enforcement"),
    [
        ([daemon("calico-node", "docker.io/calico/node:v3.28.0")], ["Calico"], Enforcement.YES),
        ([daemon("canal", "calico/node:v3.26.1", "flannel/flannel:v0.22")], ["Calico"], Enforcement.YES),
        ([daemon("cilium", "quay.io/cilium/cilium:v1.16.1@sha256:0")], ["Cilium"], Enforcement.YES),
        ([daemon("anetd", "gke.gcr.io/cilium/cilium:1.14")], ["Cilium", "GKE Dataplane V2"], Enforcement.YES),
        ([daemon("antrea-agent", "antrea/antrea-agent:v2")], ["Antrea"], Enforcement.YES),
        ([daemon("kube-router", "cloudnativelabs/kube-router")], ["kube-router"], Enforcement.YES),
        ([daemon("kube-router", "x/kube-router", args=("--run-firewall=false",))], ["kube-router"], Enforcement.NO),
        ([daemon("kube-flannel-ds", "docker.io/flannel/flannel:v0.25.1")], ["flannel"], Enforcement.NO),
        (
            [daemon("kube-flannel", "flannel/flannel"), daemon("x", "registry.k8s.io/kube-network-policies:v0.4")],
            ["kube-network-policies"],
            Enforcement.YES,
        ),
        ([daemon("kindnet", "docker.io/kindest/kindnetd:v20230511-dc714da8")], ["kindnet"], Enforcement.NO),
        ([daemon("kindnet", "docker.io/kindest/kindnetd:v20241108-5c6d2daf")], ["kindnet"], Enforcement.YES),
        ([daemon("aws-node", "x/amazon-k8s-cni:v1.18")], ["Amazon VPC CNI"], Enforcement.NO),
        (
            [daemon("aws-node", "x/amazon/aws-network-policy-agent:v1.1", args=("--enable-network-policy=true",))],
            ["Amazon VPC CNI"],
            Enforcement.YES,
        ),
        (
            [daemon("aws-node", "x/amazon/aws-network-policy-agent:v1.1", args=("--enable-network-policy=false",))],
            ["Amazon VPC CNI"],
            Enforcement.NO,
        ),
        ([daemon("kube-proxy", "registry.k8s.io/kube-proxy:v1.33.4"), {}], [], Enforcement.UNKNOWN),
        ([], [], Enforcement.UNKNOWN),
    ],
)  # fmt: skip
def test_what_enforces(found: list[dict[str, Any]], names: list[str], enforcement: Enforcement) -> None:
    said = plugins(found)
    assert said.enforcement is enforcement
    assert set(said.names) == set(names)


def test_one_plugin_that_enforces_is_enough() -> None:
    both = [daemon("kube-flannel-ds", "flannel/flannel"), daemon("calico-node", "calico/node")]
    assert plugins(both) == Plugins(Enforcement.YES, ("Calico",))
