"""What `reach --cluster` reads: all policies of a namespace, the pods that run, and what can be known around them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pytest

import chart_py
from chart_py.cluster.errors import RefusedError
from chart_py.engine.opening import Hub, open_cluster
from chart_py.engine.reaching import of_cluster, of_revision
from chart_py.reach.edges import between
from chart_py.reach.matrix import matrix
from chart_py.reach.plugin import Enforcement
from chart_py.reach.said import cause_text
from chart_py.reach.targets import named
from chart_py.reach.why import explain
from tests.control_plane import ControlPlane
from tests.engine.state import remove_cluster_wide
from tests.fake_hub import namespace as namespace_object
from tests.fake_hub import working_cluster

VALUES = {
    "proxy": {"service": {"type": "ClusterIP"}},
    "singleuser": {"networkPolicy": {"egressAllowRules": {"nonPrivateIPs": False}}},
}
LOCK = {
    "apiVersion": "networking.k8s.io/v1",
    "kind": "NetworkPolicy",
    "metadata": {"name": "lock", "namespace": "jhub"},
    "spec": {"podSelector": {"matchLabels": {"app": "dask"}}, "policyTypes": ["Ingress", "Egress"]},
}
USER_LABELS = {
    "app": "jupyterhub",
    "component": "singleuser-server",
    "release": "jhub",
    "hub.jupyter.org/network-access-hub": "true",
}


def pod(name: str, address: str, labels: dict[str, str], **spec: Any) -> dict[str, Any]:
    container = {"name": "c", "image": "x", "ports": [{"name": "notebook-port", "containerPort": 8888}]}
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": name, "namespace": "jhub", "labels": labels},
        "spec": {"containers": [container], **spec},
        "status": {"phase": "Running", "podIP": address, "podIPs": [{"ip": address}]},
    }


AROUND = [
    namespace_object(),
    {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "monitoring", "labels": {"team": "ops"}}},
    {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "n"}, "spec": {"podCIDRs": ["100.64.0.0/16"]}},
    {
        "apiVersion": "discovery.k8s.io/v1",
        "kind": "EndpointSlice",
        "metadata": {
            "name": "kubernetes",
            "namespace": "default",
            "labels": {"kubernetes.io/service-name": "kubernetes"},
        },
        "endpoints": [{"addresses": ["10.9.9.9"]}],
    },
    {
        "apiVersion": "apps/v1",
        "kind": "DaemonSet",
        "metadata": {"name": "kube-flannel-ds", "namespace": "kube-flannel"},
        "spec": {"template": {"spec": {"containers": [{"image": "flannel/flannel:v0.25"}]}}},
    },
    LOCK,
    pod("dask-1", "100.64.0.9", {"app": "dask"}),
    pod("jupyter-ada", "100.64.0.7", {**USER_LABELS, "hub.jupyter.org/username": "ada"}),
    pod("jupyter-bob", "100.64.0.8", {**USER_LABELS, "hub.jupyter.org/username": "bob", "gpu": "1"}),
]


def installed(*objects: dict[str, Any], forbidden: Iterable[tuple[str, str]] = ()) -> Hub:
    """A release of a hub on a cluster in memory, with more objects in it."""
    hub = open_cluster(cluster=working_cluster(*objects), release="jhub", namespace="jhub")
    values = chart_py.load([VALUES])
    chart_py.execute(hub, chart_py.plan(hub, values))
    if forbidden:
        cluster = working_cluster(*hub.world.cluster.objects(), forbidden=forbidden)  # type: ignore[attr-defined]
        return open_cluster(cluster=cluster, release="jhub", namespace="jhub")
    return hub


def answer(view: Any, who: str, whom: str) -> str:
    asking = [each.party for each in named(view.release, who)]
    found = {
        piece.answer.word
        for edge in matrix(view.release, asking, named(view.release, whom)).edges
        for piece in edge.pieces
    }
    assert len(found) == 1, found
    return found.pop()


def test_a_namespace_with_all_that_is_in_it() -> None:
    view = of_cluster(installed(*AROUND))
    assert (view.plugins.enforcement, view.plugins.names, view.unread) == (Enforcement.NO, ("flannel",), ())
    assert {each.name for each in view.release.policies} == {"hub", "proxy", "singleuser", "lock"}
    # Users' pods are those that the hub could start, and those that run and are none of these.
    assert [each.labels.get("gpu") for each in view.release.users] == [None, None, "1"]
    assert {each.name for each in view.release.workloads} >= {"hub", "proxy", "dask-1"}
    # Somebody else's policy counts.
    assert answer(view, "dask-1", "internet") == "no"
    assert answer(view, "other-pods", "dask-1:8786") == "no"
    # Nodes say which addresses pods have: to the chart's rules 100.64/10 is not private.
    assert answer(view, "hub", "other-pods:80") == "depends"
    assert answer(view, "user", "kubernetes-api:443") == "no"
    assert answer(view, "hub", "kubernetes-api:443") == "yes"
    assert view.release.space("monitoring").labels == {"team": "ops", "kubernetes.io/metadata.name": "monitoring"}


def test_the_settings_are_those_of_the_revision() -> None:
    view = of_cluster(installed(*AROUND))
    (user, *_) = view.release.users
    (edge,) = matrix(view.release, [user], named(view.release, "internet:443")).edges
    why = explain(edge, edge.pieces, view.settings)
    setting = "singleuser.networkPolicy.egressAllowRules.nonPrivateIPs"
    assert [cause_text(cause) for cause in why.causes] == [
        f"NetworkPolicy/singleuser, egress: {setting}: false (revision 1)"
    ]


def test_a_policy_that_somebody_has_removed_opens() -> None:
    hub = installed(*AROUND)
    before = of_revision(hub, 1)
    assert not between(before.release, of_revision(hub, None).release)
    from chart_py.cluster.interface import Ref

    hub.world.cluster.delete(Ref("networking.k8s.io/v1", "NetworkPolicy", "jhub", "singleuser"))
    opened = between(before.release, of_cluster(hub).release).opens
    assert any((each.who, each.whom, each.word) == ("user", "internet", "opens") for each in opened)


KINDS = ["Pod", "Deployment", "Service", "Secret", "Namespace", "Node", "EndpointSlice", "DaemonSet"]


@pytest.mark.parametrize("kind", KINDS)
def test_what_may_not_be_read_is_named(kind: str) -> None:
    view = of_cluster(installed(*AROUND, forbidden=[("list", kind)]))
    assert view.unread
    assert all(name.startswith(kind) for name in view.unread)
    assert matrix(view.release).edges


def test_without_the_policies_there_is_no_answer() -> None:
    with pytest.raises(RefusedError):
        of_cluster(installed(*AROUND, forbidden=[("list", "NetworkPolicy")]))


def test_a_namespace_without_a_hub() -> None:
    view = of_cluster(open_cluster(cluster=working_cluster(*AROUND), release="jhub", namespace="jhub"))
    assert view.settings is None
    assert [each.name for each in view.release.policies] == ["lock"]
    assert answer(view, "user", "internet") == "yes"


def test_on_a_real_api_server(
    control_plane: ControlPlane, namespace: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from chart_py.cli import main

    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig()))
    hub = open_cluster(release=namespace, namespace=namespace)
    try:
        chart_py.execute(hub, chart_py.plan(hub, chart_py.load([VALUES])), chart_py.Options(wait=False))
        lock = {**LOCK, "metadata": {"name": "lock", "namespace": namespace}}
        hub.world.cluster.create(lock, manager="somebody")
        where = ["--release", namespace, "--namespace", namespace]
        assert main(["reach", "--cluster", *where, "--output", "json"]) == 0
        data = json.loads(capsys.readouterr().out)
        assert data["unread"] == []
        assert data["enforcement"] == "unknown"
        said = {(each["from"], each["to"]): each["answer"] for each in data["edges"]}
        assert said["user", "internet"] == "no"
        assert said["hub", "internet"] == "yes"
        assert main(["reach", "--cluster", *where, "--from", "app=dask", "--to", "internet:443"]) == 0
        assert "NetworkPolicy/lock, egress: no rule allows it" in capsys.readouterr().out
        assert main(["reach", "--cluster", *where, "--against", "1"]) == 0
        assert capsys.readouterr().out == "No edge opens or closes.\n"
    finally:
        remove_cluster_wide(control_plane, namespace)
