"""Nodes are read from a cluster's list or from a short one, and every profile is told where it fits."""

from __future__ import annotations

import json

import pytest

from chart_py.errors import UsageError
from chart_py.rehearsal.fitting import Node
from chart_py.rehearsal.machines import machine
from chart_py.rehearsal.nodes import nodes_of
from chart_py.rehearsal.worker import Worker
from chart_py.views.rehearsal import fits_text
from tests.rehearsal.rehearsing import rehearsed

GIB = 1 << 30


@pytest.mark.parametrize(
    ("name", "cpu", "memory", "pods", "gpus"),
    [
        ("r5.xlarge", 3920, 29.7, 58, 0),
        ("m5.large", 1930, 6.9, 29, 0),
        ("t3.medium", 1930, 3.2, 17, 0),
        ("g4dn.xlarge", 3920, 14.5, 29, 1),
        ("n2-highmem-4", 3920, 27.7, 110, 0),
        ("e2-standard-4", 3920, 12.9, 110, 0),
        ("g2-standard-8", 7910, 27.7, 110, 1),
        ("Standard_D4s_v5", 3860, 13.3, 110, 0),
        ("Standard_NC4as_T4_v3", 3860, 25.0, 110, 1),
    ],
)
def test_a_machine_type_has_what_its_cloud_leaves(name: str, cpu: int, memory: float, pods: int, gpus: int) -> None:
    found = machine(name)
    assert found
    given = dict(found.allocatable)
    assert abs(given.pop("memory") / GIB - memory) < 0.3
    assert given == {"cpu": cpu, "pods": pods, **({"nvidia.com/gpu": gpus} if gpus else {})}


@pytest.mark.parametrize("name", ["r5.huge", "z1-standard-4", "Standard_Q4_v2", "", "t3.48xlarge"])
def test_other_types_are_unknown(name: str) -> None:
    assert machine(name) is None


def test_a_clusters_list_is_read_with_its_pods_on_every_node() -> None:
    def node(name: str, memory: str, **spec: object) -> dict[str, object]:
        labels = {"kubernetes.io/hostname": name, "pool": "user"}
        status = {"allocatable": {"cpu": "3920m", "memory": memory, "pods": "58"}}
        return {"kind": "Node", "metadata": {"name": name, "labels": labels}, "spec": spec, "status": status}

    taints = [
        {"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"},
        {"key": "gpu", "effect": "NoSchedule"},
    ]
    pod = {
        "kind": "Pod",
        "metadata": {"name": "proxy-a", "ownerReferences": [{"kind": "DaemonSet"}]},
        "spec": {"nodeName": "a", "containers": [{"resources": {"requests": {"cpu": "100m"}}}]},
    }
    items = [node("a", "31000000Ki"), node("b", "31000001Ki"), node("c", "31000000Ki", taints=taints), pod]
    labels = {"kubernetes.io/hostname": "a", "pool": "user"}
    allocatable = {"cpu": 3920, "memory": 31000000 << 10, "pods": 58}
    assert nodes_of(json.dumps({"kind": "List", "items": items}), "nodes.json") == [
        Node("a", allocatable, labels, used={"cpu": 100, "pods": 1}),
        Node("c", allocatable, {**labels, "kubernetes.io/hostname": "c"}, (taints[1],)),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- {type: r5.huge}", "entry 1: unknown machine type r5.huge; give its cpu and memory too"),
        ("- {cpu: 4, memory: lots}", "entry 1: expected memory as a quantity, for example 30Gi, got 'lots'"),
        ("- {cpu: 4}", "entry 1: a type is missing, or cpu and memory; for example: "),
        ("- {type: r5.xlarge, lables: {}}", "entry 1: unknown key lables; the keys are name, type, cpu, memory, gpu"),
        ("- {type: r5.xlarge, taints: [gpu]}", "entry 1: expected a taint such as gpu=present:NoSchedule, got 'gpu'"),
        ("- {type: r5.xlarge, max: many}", "entry 1: expected max as a whole number, got 'many'"),
        ("nodes", "expected the output of kubectl get nodes -o json, or a list; for example: "),
        ("[]", "no node is in it; for example: "),
        ("a: [", "neither JSON nor YAML: "),
        ('{"items": []', "neither JSON nor YAML: "),
    ],
)
def test_a_file_that_is_wrong_is_refused(text: str, message: str) -> None:
    with pytest.raises(UsageError) as refused:
        nodes_of(text, "nodes.yaml")
    assert f"--nodes nodes.yaml: {message}" in str(refused.value)


VALUES = """\
singleuser:
  memory: {guarantee: 4G, limit: 4G}
  profileList:
    - display_name: Small
    - display_name: Huge
      kubespawner_override: {mem_guarantee: 60G, mem_limit: 60G}
    - display_name: GPU
      kubespawner_override:
        extra_resource_limits: {nvidia.com/gpu: "1"}
    - display_name: Elsewhere
      kubespawner_override:
        node_selector: {pool: usr}
"""
NODES = """\
- {type: r5.xlarge, labels: {pool: user}, max: 20}
- {name: gpu, cpu: 4, memory: 16Gi, gpu: 1, taints: ["nvidia.com/gpu=present:NoSchedule"]}
"""


def test_each_profile_is_told_where_it_fits(worker: Worker) -> None:
    result = rehearsed(worker, VALUES, nodes=nodes_of(NODES, "nodes.yaml"), users=["ada"])
    assert fits_text(result.fits) == (
        "Small      r5.xlarge  7 on each, 140 on all\n"
        "Small      gpu        none: the taint nvidia.com/gpu=present:NoSchedule is not tolerated\n"
        "Huge       r5.xlarge  none: it asks for 60.0Gi of memory, and 29.8Gi can be had\n"
        "Huge       gpu        none: the taint nvidia.com/gpu=present:NoSchedule is not tolerated\n"
        "GPU        r5.xlarge  none: it asks for 1 of nvidia.com/gpu, and 0 can be had\n"
        "GPU        gpu        none: the taint nvidia.com/gpu=present:NoSchedule is not tolerated\n"
        "Elsewhere  r5.xlarge  none: the node selector asks for the label pool: usr\n"
        "Elsewhere  gpu        none: the taint nvidia.com/gpu=present:NoSchedule is not tolerated\n"
    )
    said = [(f.code, f.place and f.place.line, f.message) for f in result.findings if f.code == "server-fit"]
    assert said == [
        (
            "server-fit",
            6,
            "the profile Huge fits on no node; on r5.xlarge, it asks for 60.0Gi of memory, and 29.8Gi can be had",
        ),
        (
            "server-fit",
            7,
            "the profile GPU fits on no node; on gpu, the taint nvidia.com/gpu=present:NoSchedule is not tolerated",
        ),
        (
            "server-fit",
            12,
            "the profile Elsewhere fits on no node; on r5.xlarge, the node selector asks for the label pool: usr",
        ),
    ]


def test_a_level_of_pod_security_is_told_with_its_settings(worker: Worker) -> None:
    text = "hub:\n  extraVolumes: [{name: data, hostPath: {path: /data}}]\n"
    result = rehearsed(worker, text, pod_security="baseline", users=["ada"])
    said = [(f.path, f.place and f.place.line, f.message) for f in result.findings if f.code == "pod-security"]
    assert sorted(said, key=str) == [
        (
            ("hub", "extraVolumes"),
            2,
            "baseline refuses the pods of Deployment hub: hostPath volumes (volume data)",
        ),
        (
            ("singleuser", "cloudMetadata", "blockWithIptables"),
            None,
            "baseline refuses the pods of all servers: the init container block-cloud-metadata is privileged",
        ),
    ]
    allowed = "singleuser: {cloudMetadata: {blockWithIptables: false}}"
    result = rehearsed(worker, allowed, pod_security="baseline", users=["ada"])
    assert [f for f in result.findings if f.code == "pod-security"] == []
