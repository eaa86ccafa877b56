"""The fake keeps the promises of the protocol that a test relies on, and the live one keeps them too."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from chart_py.cluster.connection import Connection
from chart_py.cluster.errors import RefusedError
from chart_py.cluster.fake import FakeCluster
from chart_py.cluster.follow import Follower, Topic
from chart_py.cluster.interface import Cluster, Ref
from chart_py.cluster.live import LiveCluster
from tests.control_plane import ControlPlane


@pytest.fixture(params=["fake", "live"])
def place(request: pytest.FixtureRequest) -> Iterator[tuple[Cluster, str]]:
    """Each kind of cluster, with a namespace in it."""
    if request.param == "fake":
        yield FakeCluster(), "ns"
        return
    plane: ControlPlane = request.getfixturevalue("control_plane")
    yield LiveCluster(Connection(str(plane.kubeconfig()))), request.getfixturevalue("namespace")


def settings(namespace: str, **data: str) -> dict[str, object]:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "x", "namespace": namespace}, "data": data}


def test_applying(place: tuple[Cluster, str]) -> None:
    cluster, namespace = place
    ref = Ref("v1", "ConfigMap", namespace, "x")
    assert cluster.get(ref) is None
    dry = cluster.apply(settings(namespace, a="1"), manager="me", dry_run=True)
    assert dry["data"] == {"a": "1"}
    assert cluster.get(ref) is None
    cluster.apply(settings(namespace, a="1", b="1"), manager="me")
    cluster.apply(settings(namespace, c="1"), manager="other")
    after = cluster.apply(settings(namespace, a="2"), manager="me")
    assert after["data"] == {"a": "2", "c": "1"}
    again = cluster.apply(settings(namespace, a="2"), manager="me")
    assert again["metadata"]["resourceVersion"] == after["metadata"]["resourceVersion"]


def test_creating_replacing_deleting(place: tuple[Cluster, str]) -> None:
    cluster, namespace = place
    ref = Ref("v1", "ConfigMap", namespace, "x")
    made = cluster.create(settings(namespace, a="1"), manager="me")
    with pytest.raises(RefusedError) as caught:
        cluster.create(settings(namespace, a="2"), manager="me")
    assert caught.value.is_conflict
    newer = cluster.replace({**made, "data": {"a": "2"}}, manager="me")
    with pytest.raises(RefusedError) as caught:
        cluster.replace({**made, "data": {"a": "3"}}, manager="me")
    assert caught.value.is_conflict
    with pytest.raises(RefusedError):
        cluster.delete(ref, version=made["metadata"]["resourceVersion"])
    cluster.delete(ref, uid="another")
    assert cluster.get(ref) is not None
    cluster.delete(ref, uid=newer["metadata"]["uid"])
    cluster.delete(ref)
    assert cluster.get(ref) is None


def test_a_json_patch_only_of_what_was_read(place: tuple[Cluster, str]) -> None:
    cluster, namespace = place
    ref = Ref("v1", "ConfigMap", namespace, "x")
    made = cluster.create(settings(namespace, a="1"), manager="me")
    changes = [
        {"op": "test", "path": "/metadata/resourceVersion", "value": made["metadata"]["resourceVersion"]},
        {"op": "replace", "path": "/data/a", "value": "2"},
    ]
    assert cluster.patch(ref, changes, manager="me")["data"] == {"a": "2"}
    with pytest.raises(RefusedError):
        cluster.patch(ref, changes, manager="me")


def test_listing_by_labels(place: tuple[Cluster, str]) -> None:
    cluster, namespace = place
    manifest = settings(namespace)
    manifest["metadata"] = {"name": "x", "namespace": namespace, "labels": {"team": "blue"}}
    cluster.create(manifest, manager="me")
    ref = Ref("v1", "ConfigMap", namespace)
    assert [each["metadata"]["name"] for each in cluster.find(ref, labels="team=blue").items] == ["x"]
    assert cluster.find(ref, labels="team=red").items == []
    bare = cluster.find(ref, labels="team=blue", only_metadata=True).items
    assert bare[0]["kind"] == "ConfigMap"
    assert "data" not in bare[0]


def test_following(place: tuple[Cluster, str]) -> None:
    cluster, namespace = place
    ref = Ref("v1", "ConfigMap", namespace, "x")
    with Follower(cluster, [Topic(ref._replace(name=""))]) as follower:
        assert follower.find(ref) is None
        follower.wait(0)
        cluster.create(settings(namespace, a="1"), manager="me")
        while follower.find(ref) is None:
            follower.wait(5)
        cluster.delete(ref)
        while follower.find(ref) is not None:
            follower.wait(5)
        assert all(each["metadata"]["name"] != "x" for each in follower.objects("ConfigMap"))


def test_rights(place: tuple[Cluster, str]) -> None:
    cluster, namespace = place
    assert cluster.may("patch", Ref("v1", "Secret", namespace))


def test_a_kind_that_nobody_knows(control_plane: ControlPlane) -> None:
    cluster = LiveCluster(Connection(str(control_plane.kubeconfig())))
    with pytest.raises(RefusedError, match=r"the cluster has no kind HTTPRoute in gateway\.networking\.k8s\.io/v1"):
        cluster.get(Ref("gateway.networking.k8s.io/v1", "HTTPRoute", "default", "x"))
    with pytest.raises(RefusedError, match="the cluster has no kind Nonsense in apps/v1"):
        cluster.get(Ref("apps/v1", "Nonsense", "default", "x"))
    # Discovered, as it is in no table.
    assert cluster.get(Ref("node.k8s.io/v1", "RuntimeClass", "", "x")) is None
    assert cluster.server_version() == "1.33"


def test_what_is_mounted_twice_stays_twice() -> None:
    """Items whose names tell nothing apart are applied as a whole, and applied again they are the same."""
    cluster = FakeCluster()
    mounts = [{"name": "config", "mountPath": path} for path in ("/a", "/b")]
    spec = {"containers": [{"name": "hub", "volumeMounts": mounts}]}
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "hub", "namespace": "ns"}, "spec": spec}
    first = cluster.apply(pod, manager="me")
    assert first["spec"] == spec
    assert cluster.apply(pod, manager="me") == first
