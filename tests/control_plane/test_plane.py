"""Tests of the control plane itself: that it does what the tests that stand on it take for granted."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException
from kubernetes.dynamic import DynamicClient

from tests.control_plane import ControlPlane, ControlPlaneError, wait_until
from tests.control_plane.api import ApiError
from tests.control_plane.fixtures import Tool

Json = dict[str, Any]


def _pod_spec(image: str = "example/web:1", **more: Any) -> Json:
    return {"containers": [{"name": "web", "image": image}], **more}


def _deployment(name: str, image: str = "example/web:1", replicas: int = 1, **more: Any) -> Json:
    labels = {"app": name}
    template = {"metadata": {"labels": labels}, "spec": _pod_spec(image, **more)}
    spec = {"replicas": replicas, "selector": {"matchLabels": labels}, "template": template}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": name}, "spec": spec}


def _job(name: str) -> Json:
    template = {"spec": _pod_spec(restartPolicy="Never")}
    return {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": name}, "spec": {"template": template}}


def _claim(name: str, **more: Any) -> Json:
    spec = {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "1Gi"}}, **more}
    return {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": name}, "spec": spec}


def _config_map(name: str, **data: str) -> Json:
    return {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": name}, "data": data}


def _pod(name: str, **spec: Any) -> Json:
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name}, "spec": _pod_spec(**spec)}


def _live(plane: ControlPlane, wanted: Json, namespace: str) -> Json:
    return plane.api.get(wanted, namespace)


def _wait(plane: ControlPlane, wanted: Json, namespace: str, so: Callable[[Json], object]) -> Json:
    """Wait until the live object of `wanted` satisfies `so`; return it."""

    def look() -> Json | None:
        live = _live(plane, wanted, namespace)
        return live if so(live) else None

    return wait_until(f"{wanted['kind']} {wanted['metadata']['name']}", look)


def _waiting(pod: Json, listed: str = "containerStatuses") -> list[str]:
    """Return why the containers of a pod wait, empty where one does not."""
    return [each["state"].get("waiting", {}).get("reason", "") for each in pod["status"].get(listed, [])]


def _is_ready(pod: Json) -> bool:
    conditions = {each["type"]: each["status"] for each in pod["status"].get("conditions", [])}
    return conditions.get("Ready") == "True" and pod["status"]["phase"] == "Running"


def test_an_object_is_applied_by_the_server_and_owned_by_its_manager(
    control_plane: ControlPlane, namespace: str
) -> None:
    with control_plane.client() as api_client:
        dynamic = DynamicClient(api_client)  # type: ignore[no-untyped-call]
        config_maps = dynamic.resources.get(api_version="v1", kind="ConfigMap")
        body = _config_map("colours", sky="blue")
        applied = config_maps.server_side_apply(
            body=body, name="colours", namespace=namespace, field_manager="painter", force_conflicts=True
        )
    assert applied.to_dict()["data"] == {"sky": "blue"}
    [entry] = applied.to_dict()["metadata"]["managedFields"]
    assert (entry["manager"], entry["operation"]) == ("painter", "Apply")
    assert entry["fieldsV1"] == {"f:data": {"f:sky": {}}}


def test_a_deployment_becomes_ready(control_plane: ControlPlane, namespace: str) -> None:
    wanted = _deployment("web", replicas=2)
    control_plane.api.apply(wanted, namespace)
    ready = _wait(control_plane, wanted, namespace, lambda live: live["status"].get("readyReplicas") == 2)
    assert ready["status"]["availableReplicas"] == 2


def test_a_service_gets_the_addresses_of_its_pods(control_plane: ControlPlane, namespace: str) -> None:
    spec = {"selector": {"app": "web"}, "ports": [{"port": 80}]}
    service = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}
    control_plane.api.apply(service, namespace)
    control_plane.api.apply(_deployment("web"), namespace)
    path = f"/apis/discovery.k8s.io/v1/namespaces/{namespace}/endpointslices"

    def addresses() -> list[str]:
        endpoints = [end for each in control_plane.api.json("GET", path)["items"] for end in each["endpoints"] or ()]
        return [address for end in endpoints for address in end["addresses"]]

    [address] = wait_until("the Service has an address", addresses)
    assert address.startswith("10.244.")


def test_a_job_completes(control_plane: ControlPlane, namespace: str) -> None:
    wanted = _job("task")
    control_plane.api.apply(wanted, namespace)
    done = _wait(control_plane, wanted, namespace, lambda live: live["status"].get("succeeded"))
    assert done["status"]["succeeded"] == 1


def test_a_deleted_pod_goes(control_plane: ControlPlane, namespace: str) -> None:
    pod = _pod("passing")
    control_plane.api.apply(pod, namespace)
    _wait(control_plane, pod, namespace, lambda live: live["status"]["phase"] == "Running")
    control_plane.api.delete(pod, namespace)

    def is_gone() -> bool:
        try:
            _live(control_plane, pod, namespace)
        except ApiError as error:
            assert (error.status, error.reason) == (404, "NotFound")
            return True
        return False

    assert wait_until("the pod is gone", is_gone)


def test_a_namespace_is_emptied(control_plane: ControlPlane) -> None:
    name = control_plane.add_namespace()
    control_plane.api.apply(_config_map("colours"), name)
    control_plane.remove_namespace(name)
    path = f"/api/v1/namespaces/{name}/configmaps"
    kept = {"kube-root-ca.crt"}
    wait_until(
        "it is empty", lambda: {e["metadata"]["name"] for e in control_plane.api.json("GET", path)["items"]} <= kept
    )


def test_nodes_are_as_they_are_asked_for(control_plane: ControlPlane) -> None:
    taint = {"key": "hub.jupyter.org/dedicated", "value": "user", "effect": "NoSchedule"}
    live = control_plane.add_node(
        "shaped", cpu="4", memory="8Gi", pods=3, labels={"zone": "a"}, taints=[taint], cordoned=True
    )
    control_plane.remove_node("shaped")
    assert live["status"]["allocatable"] == {"cpu": "4", "memory": "8Gi", "pods": "3"}
    assert live["metadata"]["labels"]["zone"] == "a"
    assert live["metadata"]["labels"]["kubernetes.io/hostname"] == "shaped"
    assert live["spec"]["unschedulable"] is True
    assert taint in live["spec"]["taints"]


def test_an_unready_node_stays_unready_and_gets_no_pods(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.add_node("broken", labels={"only": "broken"}, ready=False)
    pod = _pod("waiting", nodeSelector={"only": "broken"})
    control_plane.api.apply(pod, namespace)
    stuck = _wait(control_plane, pod, namespace, lambda live: live["status"].get("conditions"))
    node = control_plane.api.json("GET", "/api/v1/nodes/broken")
    control_plane.api.delete(pod, namespace)
    control_plane.remove_node("broken")
    assert {each["type"]: each["status"] for each in node["status"]["conditions"]}["Ready"] == "False"
    assert "node.kubernetes.io/not-ready" in {taint["key"] for taint in node["spec"]["taints"]}
    [condition] = stuck["status"]["conditions"]
    assert (condition["type"], condition["reason"]) == ("PodScheduled", "Unschedulable")
    assert "untolerated taint" in condition["message"]


def test_a_node_loses_its_kubelet_and_gets_it_back(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.add_node("flaky", labels={"only": "flaky"})
    before, after = (_pod(name, nodeSelector={"only": "flaky"}) for name in ("before", "after"))
    control_plane.api.apply(before, namespace)
    _wait(control_plane, before, namespace, _is_ready)
    lost = control_plane.set_node_ready("flaky", False)
    control_plane.api.apply(after, namespace)
    _wait(control_plane, after, namespace, lambda live: live["status"].get("conditions"))
    assert "kwok.x-k8s.io/node" not in lost["metadata"].get("annotations", {})
    assert _is_ready(_live(control_plane, before, namespace))
    found = control_plane.set_node_ready("flaky", True)
    _wait(control_plane, after, namespace, _is_ready)
    control_plane.remove_node("flaky")
    assert found["spec"].get("taints", []) == []


def test_a_claim_of_the_default_class_is_bound_with_its_first_pod(control_plane: ControlPlane, namespace: str) -> None:
    claim = _claim("home")
    control_plane.api.apply(claim, namespace)
    volumes = [{"name": "home", "persistentVolumeClaim": {"claimName": "home"}}]
    control_plane.api.apply(_pod("user", volumes=volumes), namespace)
    bound = _wait(control_plane, claim, namespace, lambda live: live["status"]["phase"] == "Bound")
    _wait(control_plane, _pod("user"), namespace, lambda live: live["status"]["phase"] == "Running")
    assert bound["spec"]["storageClassName"] == "standard"


def test_a_claim_binds_to_a_volume_that_was_added(control_plane: ControlPlane, namespace: str) -> None:
    name = f"static-{namespace}"
    storage = control_plane.add_storage_class(name, provisioner="kubernetes.io/no-provisioner", binding="Immediate")
    volume = control_plane.add_volume(name, "2Gi", name)
    claim = _claim("home", storageClassName=name)
    control_plane.api.apply(claim, namespace)
    bound = _wait(control_plane, claim, namespace, lambda live: live["status"]["phase"] == "Bound")
    for each in (volume, storage):
        control_plane.api.delete(each)
    assert bound["spec"]["volumeName"] == name


@pytest.mark.parametrize(
    ("containers", "waiting", "phase"),
    [
        ({"containers": ["example/web:missing", "example/log:1"]}, ["ImagePullBackOff", ""], "Running"),
        ({"containers": ["example/web:exits-7"]}, ["CrashLoopBackOff"], "Running"),
        ({"containers": ["example/web:missing"]}, ["ImagePullBackOff"], "Pending"),
        ({"initContainers": ["i:exits-1", "j:1"], "containers": ["w:1"]}, ["PodInitializing"], "Pending"),
        ({"initContainers": ["i:missing"], "containers": ["w:1"]}, ["PodInitializing"], "Pending"),
        ({"containers": ["example/web:held"]}, [], "Pending"),
    ],
)
def test_an_images_tag_says_how_its_pod_fails(
    control_plane: ControlPlane, namespace: str, containers: dict[str, list[str]], waiting: list[str], phase: str
) -> None:
    spec = {
        kind: [{"name": f"{kind.lower()}-{number}", "image": image} for number, image in enumerate(images)]
        for kind, images in containers.items()
    }
    pod = {**_pod("failing"), "spec": spec}
    control_plane.api.apply(pod, namespace)

    def settled(live: Json) -> bool:
        reasons = _waiting(live) + _waiting(live, "initContainerStatuses")
        scheduled = [each["type"] for each in live["status"].get("conditions", [])]
        return bool({"ImagePullBackOff", "CrashLoopBackOff"} & set(reasons)) or (not waiting and bool(scheduled))

    live = _wait(control_plane, pod, namespace, settled)
    assert _waiting(live) == waiting
    assert live["status"]["phase"] == phase


def test_a_failing_image_is_named_and_a_crash_has_its_exit_code(control_plane: ControlPlane, namespace: str) -> None:
    for name, image in (("pulling", "example/web:missing"), ("crashing", "example/web:exits-7")):
        control_plane.api.apply(_pod(name, image=image), namespace)

    def is_backed_off(live: Json) -> bool:
        return any(reason.endswith("BackOff") for reason in _waiting(live))

    pulling = _wait(control_plane, _pod("pulling"), namespace, is_backed_off)
    crashing = _wait(control_plane, _pod("crashing"), namespace, is_backed_off)
    assert '"example/web:missing"' in pulling["status"]["containerStatuses"][0]["state"]["waiting"]["message"]
    [status] = crashing["status"]["containerStatuses"]
    assert (status["lastState"]["terminated"]["exitCode"], status["restartCount"]) == (7, 1)


def test_a_running_pod_is_made_to_fail_and_heals(control_plane: ControlPlane, namespace: str) -> None:
    pod = _pod("web")
    control_plane.api.apply(pod, namespace)
    _wait(control_plane, pod, namespace, _is_ready)
    control_plane.fail_pull(namespace, "web", reason="ErrImagePull")
    assert _waiting(_live(control_plane, pod, namespace)) == ["ErrImagePull"]
    control_plane.heal(namespace, "web")
    _wait(control_plane, pod, namespace, _is_ready)
    control_plane.crash(namespace, "web", 3, restarts=4)
    live = _live(control_plane, pod, namespace)
    [status] = live["status"]["containerStatuses"]
    assert _waiting(live) == ["CrashLoopBackOff"]
    assert (status["lastState"]["terminated"]["exitCode"], status["restartCount"]) == (3, 4)
    assert not _is_ready(live)
    control_plane.heal(namespace, "web")
    _wait(control_plane, pod, namespace, _is_ready)
    with pytest.raises(ControlPlaneError, match="reason is one of ErrImagePull, ImagePullBackOff, not Typo"):
        control_plane.fail_pull(namespace, "web", reason="Typo")


@pytest.mark.parametrize("tag", ["missing", "exits-1", "held"])
def test_a_pod_with_a_failing_tag_heals(control_plane: ControlPlane, namespace: str, tag: str) -> None:
    pod = _pod("web", image=f"example/web:{tag}")
    control_plane.api.apply(pod, namespace)
    _wait(
        control_plane, pod, namespace, lambda live: tag == "held" or any("BackOff" in each for each in _waiting(live))
    )
    control_plane.heal(namespace, "web")
    _wait(control_plane, pod, namespace, _is_ready)


def test_a_containers_log_is_read_through_the_server(control_plane: ControlPlane, namespace: str) -> None:
    control_plane.api.apply(_pod("web", image="example/web:exits-1"), namespace)
    _wait(control_plane, _pod("web"), namespace, lambda live: _waiting(live) == ["CrashLoopBackOff"])
    control_plane.set_container_log("starting", "no such database")
    with control_plane.client() as api_client:
        core = client.CoreV1Api(api_client)
        logs = [core.read_namespaced_pod_log("web", namespace, previous=previous) for previous in (False, True)]
        last = core.read_namespaced_pod_log("web", namespace, tail_lines=1)
    control_plane.set_container_log()
    assert logs == ["starting\nno such database\n"] * 2
    assert last == "no such database\n"


def test_a_user_without_rights_is_refused_until_a_role_is_bound(control_plane: ControlPlane, namespace: str) -> None:
    with control_plane.client("alice") as api_client:
        core = client.CoreV1Api(api_client)
        with pytest.raises(ApiException) as refused:
            core.list_namespaced_pod(namespace)
        assert refused.value.status == 403
        binding = {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "RoleBinding",
            "metadata": {"name": "alice"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "view"},
            "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "alice"}],
        }
        control_plane.api.apply(binding, namespace)

        def allowed() -> bool:
            # The authorizer learns of the binding from its own watch.
            try:
                return core.list_namespaced_pod(namespace).items == []
            except ApiException as error:
                assert error.status == 403
                return False

        assert wait_until("alice may list pods", allowed)
        with pytest.raises(ApiException) as refused:
            core.delete_namespaced_pod("any", namespace)
    assert refused.value.status == 403
    with pytest.raises(ControlPlaneError, match="no user mallory; there are admin, nobody, alice, bob"):
        control_plane.kubeconfig("mallory")


def test_a_service_account_acts_with_its_own_rights(control_plane: ControlPlane, namespace: str) -> None:
    kubeconfig = json.loads(control_plane.service_account_kubeconfig(namespace, "default").read_text())
    configuration = client.Configuration()
    configuration.host = kubeconfig["clusters"][0]["cluster"]["server"]
    configuration.ssl_ca_cert = kubeconfig["clusters"][0]["cluster"]["certificate-authority"]
    configuration.api_key = {"authorization": f"Bearer {kubeconfig['users'][0]['user']['token']}"}
    assert kubeconfig["contexts"][0]["context"]["namespace"] == namespace
    with client.ApiClient(configuration) as api_client, pytest.raises(ApiException) as refused:
        client.CoreV1Api(api_client).list_namespaced_secret(namespace)
    assert refused.value.status == 403
    assert f"system:serviceaccount:{namespace}:default" in str(refused.value.body)


def test_a_second_scheduler_binds_the_pods_that_name_it(control_plane: ControlPlane, namespace: str) -> None:
    subject = {"kind": "ServiceAccount", "name": "default", "namespace": namespace}
    bindings = [
        {
            "apiVersion": "rbac.authorization.k8s.io/v1",
            "kind": "ClusterRoleBinding",
            "metadata": {"name": f"{namespace}-{number}"},
            "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role},
            "subjects": [subject],
        }
        for number, role in enumerate(("system:kube-scheduler", "system:volume-scheduler", "edit"))
    ]
    for binding in bindings:
        control_plane.api.apply(binding)
    configuration = {
        "apiVersion": "kubescheduler.config.k8s.io/v1",
        "kind": "KubeSchedulerConfiguration",
        "leaderElection": {"leaderElect": True, "resourceName": "second", "resourceNamespace": namespace},
        "profiles": [{"schedulerName": "second"}],
    }
    pod = _pod("picky", schedulerName="second")
    control_plane.api.apply(pod, namespace)
    kubeconfig = control_plane.service_account_kubeconfig(namespace, "default")
    control_plane.start_scheduler("second", configuration, kubeconfig)
    _wait(control_plane, pod, namespace, lambda live: live["status"]["phase"] == "Running")
    control_plane.processes.stop("second")
    for binding in bindings:
        control_plane.api.delete(binding)


def test_helm_installs_a_chart_of_three_objects(
    control_plane: ControlPlane, namespace: str, real_helm: Tool, tmp_path: Path
) -> None:
    templates = tmp_path / "chart" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: three\nversion: 1.0.0\n")
    spec = {"selector": {"app": "web"}, "ports": [{"port": 80}]}
    service: Json = {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "web"}, "spec": spec}
    for wanted in (_deployment("web"), service, _config_map("colours", sky="blue")):
        (templates / f"{wanted['kind'].lower()}.yaml").write_text(json.dumps(wanted))
    assert real_helm("version", "--short").stdout.startswith("v4.2.3")
    real_helm("install", "three", tmp_path / "chart", "--namespace", namespace, "--wait", "--timeout", "30s")
    [release] = json.loads(real_helm("list", "--namespace", namespace, "--output", "json").stdout)
    assert (release["name"], release["revision"], release["status"]) == ("three", "1", "deployed")
    assert _live(control_plane, _deployment("web"), namespace)["status"]["readyReplicas"] == 1
    real_helm("uninstall", "three", "--namespace", namespace)
    refused = real_helm("status", "three", "--namespace", namespace, check=False)
    assert (refused.returncode, "not found" in refused.stderr) == (1, True)


def test_the_server_says_its_version(control_plane: ControlPlane) -> None:
    assert control_plane.api.json("GET", "/version")["gitVersion"] == "v1.33.4"


def test_an_apiserver_restart_keeps_address_users_and_data(tmp_path: Path) -> None:
    with ControlPlane(tmp_path / "plane") as plane, plane.client() as api_client:
        plane.add_node("node-1")
        plane.api.apply(_config_map("colours", sky="blue"))
        before = plane.url
        plane.stop_apiserver()
        with pytest.raises(OSError, match="refused"):
            plane.api.get(_config_map("colours"))
        plane.start_apiserver()
        assert plane.url == before
        assert client.CoreV1Api(api_client).read_namespaced_config_map("colours", "default").data == {"sky": "blue"}
        plane.api.apply(_deployment("web"))
        _wait(plane, _deployment("web"), "default", lambda live: live["status"].get("readyReplicas") == 1)
        plane.restart_apiserver()
        assert plane.api.get(_config_map("colours"))["data"] == {"sky": "blue"}


def test_without_pod_stages_nobody_runs_the_pods(tmp_path: Path) -> None:
    with ControlPlane(tmp_path / "plane", pod_stages=False) as plane:
        plane.add_node("node-1")
        pod = _pod("own")
        plane.api.apply(pod)
        bound = _wait(plane, pod, "default", lambda live: live["spec"].get("nodeName"))
        assert bound["status"]["phase"] == "Pending"
        running = [{"name": "web", "image": "example/web:1", "imageID": "", "ready": True, "restartCount": 0}]
        status = {
            "phase": "Running",
            "podIP": "127.1.2.3",
            "podIPs": [{"ip": "127.1.2.3"}],
            "containerStatuses": running,
        }
        assert plane.set_pod_status("default", "own", status)["status"]["podIP"] == "127.1.2.3"


def test_a_stopped_control_plane_leaves_its_logs_and_says_that_it_is_stopped(tmp_path: Path) -> None:
    root = tmp_path / "plane"
    plane = ControlPlane(root)
    with pytest.raises(ControlPlaneError, match="not running"):
        plane.kubeconfig()
    plane.start()
    logs = {file.name for file in (root / "logs").iterdir()}
    plane.stop()
    plane.stop()
    assert logs == {
        f"{name}.log" for name in ("etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok")
    }
    assert not (root / "etcd").exists()
    with pytest.raises(ControlPlaneError, match="not running"):
        plane.add_namespace()
