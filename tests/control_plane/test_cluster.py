"""Tests of the cluster behind the API: workloads run, nodes and volumes are as they are asked for."""

from __future__ import annotations

from kubernetes.dynamic import DynamicClient

from tests.control_plane import ControlPlane, wait_until
from tests.control_plane.api import ApiError
from tests.control_plane.fixtures import AddNode, Apply
from tests.control_plane.workloads import claim, config_map, deployment, is_ready, job, pod, service


def test_an_object_is_applied_by_the_server_and_owned_by_its_manager(
    control_plane: ControlPlane, namespace: str
) -> None:
    with control_plane.client() as api_client:
        dynamic = DynamicClient(api_client)  # type: ignore[no-untyped-call]
        config_maps = dynamic.resources.get(api_version="v1", kind="ConfigMap")
        body = config_map("colours", sky="blue")
        applied = config_maps.server_side_apply(
            body=body, name="colours", namespace=namespace, field_manager="painter", force_conflicts=True
        )
    assert applied.to_dict()["data"] == {"sky": "blue"}
    [entry] = applied.to_dict()["metadata"]["managedFields"]
    assert (entry["manager"], entry["operation"]) == ("painter", "Apply")
    assert entry["fieldsV1"] == {"f:data": {"f:sky": {}}}


def test_a_deployment_becomes_ready(control_plane: ControlPlane, namespace: str, apply: Apply) -> None:
    wanted = deployment("web", replicas=2)
    apply(wanted)
    ready = control_plane.wait_for(wanted, lambda live: live["status"].get("readyReplicas") == 2, namespace)
    assert ready["status"]["availableReplicas"] == 2


def test_a_service_gets_the_addresses_of_its_pods(control_plane: ControlPlane, namespace: str, apply: Apply) -> None:
    apply(service("web"))
    apply(deployment("web"))
    path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"

    def addresses() -> list[str]:
        endpoints = [end for each in control_plane.api.json("GET", path)["items"] for end in each["endpoints"] or ()]
        return [address for end in endpoints for address in end["addresses"]]

    [address] = wait_until("the Service has an address", addresses)
    assert address.startswith("10.244.")


def test_a_job_completes(control_plane: ControlPlane, namespace: str, apply: Apply) -> None:
    apply(job("task"))
    done = control_plane.wait_for(job("task"), lambda live: live["status"].get("completionTime"), namespace)
    assert done["status"]["succeeded"] == 1


def test_a_deleted_pod_goes(control_plane: ControlPlane, namespace: str, apply: Apply) -> None:
    apply(pod("passing"))
    control_plane.wait_for(pod("passing"), is_ready, namespace)
    control_plane.api.delete(pod("passing"), namespace)

    def is_gone() -> bool:
        try:
            control_plane.api.get(pod("passing"), namespace)
        except ApiError as error:
            assert (error.status, error.reason) == (404, "NotFound")
            return True
        return False

    assert wait_until("the pod is gone", is_gone)


def test_a_namespace_is_emptied(control_plane: ControlPlane) -> None:
    name = control_plane.add_namespace()
    control_plane.api.apply(config_map("colours"), name)
    control_plane.remove_namespace(name)

    def names() -> set[str]:
        listed = control_plane.api.json("GET", f"/api/v1/namespaces/{name}/configmaps")["items"]
        return {each["metadata"]["name"] for each in listed}

    assert wait_until("it is empty", lambda: "colours" not in names())


def test_nodes_are_as_they_are_asked_for(add_node: AddNode) -> None:
    taint = {"key": "hub.jupyter.org/dedicated", "value": "user", "effect": "NoSchedule"}
    live = add_node("shaped", cpu="4", memory="8Gi", pods=3, labels={"zone": "a"}, taints=[taint], cordoned=True)
    assert live["status"]["allocatable"] == {"cpu": "4", "memory": "8Gi", "pods": "3"}
    assert live["metadata"]["labels"]["zone"] == "a"
    assert live["metadata"]["labels"]["kubernetes.io/hostname"] == "shaped"
    assert live["spec"]["unschedulable"] is True
    assert taint in live["spec"]["taints"]


def test_an_unready_node_stays_unready_and_gets_no_pods(
    control_plane: ControlPlane, namespace: str, add_node: AddNode, apply: Apply
) -> None:
    add_node("broken", labels={"only": "broken"}, ready=False)
    wanted = pod("waiting", nodeSelector={"only": "broken"})
    apply(wanted)
    stuck = control_plane.wait_for(wanted, lambda live: live["status"].get("conditions"), namespace)
    node = control_plane.api.json("GET", "/api/v1/nodes/broken")
    assert {each["type"]: each["status"] for each in node["status"]["conditions"]}["Ready"] == "False"
    assert "node.kubernetes.io/not-ready" in {taint["key"] for taint in node["spec"]["taints"]}
    [condition] = stuck["status"]["conditions"]
    assert (condition["type"], condition["reason"]) == ("PodScheduled", "Unschedulable")
    assert "untolerated taint" in condition["message"]


def test_a_node_loses_its_kubelet_and_gets_it_back(
    control_plane: ControlPlane, namespace: str, add_node: AddNode, apply: Apply
) -> None:
    add_node("flaky", labels={"only": "flaky"})
    before, after = (pod(name, nodeSelector={"only": "flaky"}) for name in ("before", "after"))
    apply(before)
    control_plane.wait_for(before, is_ready, namespace)
    lost = control_plane.set_node_ready("flaky", False)
    apply(after)
    control_plane.wait_for(after, lambda live: live["status"].get("conditions"), namespace)
    assert "kwok.x-k8s.io/node" not in lost["metadata"].get("annotations", {})
    assert is_ready(control_plane.api.get(before, namespace))
    found = control_plane.set_node_ready("flaky", True)
    control_plane.wait_for(after, is_ready, namespace)
    assert found["spec"].get("taints", []) == []


def test_a_claim_of_the_default_class_is_bound_with_its_first_pod(
    control_plane: ControlPlane, namespace: str, apply: Apply
) -> None:
    apply(claim("home"))
    apply(pod("user", volumes=[{"name": "home", "persistentVolumeClaim": {"claimName": "home"}}]))
    bound = control_plane.wait_for(claim("home"), lambda live: live["status"]["phase"] == "Bound", namespace)
    control_plane.wait_for(pod("user"), is_ready, namespace)
    assert bound["spec"]["storageClassName"] == "standard"


def test_a_claim_binds_to_a_volume_that_was_added(control_plane: ControlPlane, namespace: str, apply: Apply) -> None:
    name = f"static-{namespace}"
    static = control_plane.add_storage_class(name, provisioner="kubernetes.io/no-provisioner", binding="Immediate")
    volume = control_plane.add_volume(name, "2Gi", name)
    wanted = claim("home", storageClassName=name)
    apply(wanted)
    bound = control_plane.wait_for(wanted, lambda live: live["status"]["phase"] == "Bound", namespace)
    for each in (volume, static):
        control_plane.api.delete(each)
    assert bound["spec"]["volumeName"] == name
