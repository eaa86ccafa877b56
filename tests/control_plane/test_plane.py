"""Tests of the servers: who is let in, what stands on them, how they start, restart and stop."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from kubernetes import client
from kubernetes.client.exceptions import ApiException

from tests.control_plane import ControlPlane, ControlPlaneError, wait_until
from tests.control_plane.fixtures import Apply, Tool
from tests.control_plane.versions import HELM, KUBERNETES, SERVERS
from tests.control_plane.workloads import config_map, deployment, is_ready, pod, role_binding, service


def test_a_user_without_rights_is_refused_until_a_role_is_bound(
    control_plane: ControlPlane, namespace: str, apply: Apply
) -> None:
    with control_plane.client("alice") as api_client:
        core = client.CoreV1Api(api_client)
        with pytest.raises(ApiException) as refused:
            core.list_namespaced_pod(namespace)
        assert refused.value.status == 403
        apply(role_binding("alice", "view", {"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": "alice"}))

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


def test_an_unknown_user_is_told(control_plane: ControlPlane) -> None:
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


def test_a_second_scheduler_binds_the_pods_that_name_it(
    control_plane: ControlPlane, namespace: str, apply: Apply
) -> None:
    account = {"kind": "ServiceAccount", "name": "default", "namespace": namespace}
    for role in ("system:kube-scheduler", "system:volume-scheduler", "edit"):
        # A name with a colon is not one that a binding may have in a path.
        apply(role_binding(f"{namespace}-{role.rpartition(':')[2]}", role, account, "ClusterRoleBinding"))
    configuration = {
        "apiVersion": "kubescheduler.config.k8s.io/v1",
        "kind": "KubeSchedulerConfiguration",
        "leaderElection": {"leaderElect": True, "resourceName": "second", "resourceNamespace": namespace},
        "profiles": [{"schedulerName": "second"}],
    }
    apply(pod("picky", schedulerName="second"))
    kubeconfig = control_plane.service_account_kubeconfig(namespace, "default")
    control_plane.start_scheduler("second", configuration, kubeconfig)
    try:
        control_plane.wait_for(pod("picky"), is_ready, namespace)
    finally:
        control_plane.processes.stop("second")


def test_helm_installs_a_chart_of_three_objects(
    control_plane: ControlPlane, namespace: str, real_helm: Tool, tmp_path: Path
) -> None:
    templates = tmp_path / "chart" / "templates"
    templates.mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: three\nversion: 1.0.0\n")
    for wanted in (deployment("web"), service("web"), config_map("colours", sky="blue")):
        (templates / f"{wanted['kind'].lower()}.yaml").write_text(json.dumps(wanted))
    assert real_helm("version", "--short").stdout.startswith(HELM)
    real_helm("install", "three", tmp_path / "chart", "--namespace", namespace, "--wait", "--timeout", "30s")
    [release] = json.loads(real_helm("list", "--namespace", namespace, "--output", "json").stdout)
    assert (release["name"], release["revision"], release["status"]) == ("three", "1", "deployed")
    assert control_plane.api.get(deployment("web"), namespace)["status"]["readyReplicas"] == 1
    assert control_plane.api.get(config_map("colours"), namespace)["data"] == {"sky": "blue"}
    real_helm("uninstall", "three", "--namespace", namespace)
    refused = real_helm("status", "three", "--namespace", namespace, check=False)
    assert refused.returncode == 1
    assert "not found" in refused.stderr


def test_the_server_says_its_version(control_plane: ControlPlane) -> None:
    assert control_plane.api.json("GET", "/version")["gitVersion"] == KUBERNETES


def test_what_was_waited_for_in_vain_is_named_and_shown(control_plane: ControlPlane, namespace: str) -> None:
    wanted = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}
    with pytest.raises(ControlPlaneError, match=rf'(?s)after 0 s, .*Namespace {namespace} .*"phase": "Active"'):
        control_plane.wait_for(wanted, lambda live: live["status"]["phase"] == "Gone", seconds=0)


@pytest.mark.control_plane
def test_an_apiserver_restart_keeps_address_users_and_data(tmp_path: Path) -> None:
    with ControlPlane(tmp_path / "plane") as plane, plane.client() as api_client:
        plane.add_node("node-1")
        plane.api.apply(config_map("colours", sky="blue"))
        before = plane.url
        plane.stop_apiserver()
        with pytest.raises(OSError, match="refused"):
            plane.api.get(config_map("colours"))
        plane.start_apiserver()
        assert plane.url == before
        assert client.CoreV1Api(api_client).read_namespaced_config_map("colours", "default").data == {"sky": "blue"}
        plane.api.apply(deployment("web"))
        plane.wait_for(deployment("web"), lambda live: live["status"].get("readyReplicas") == 1)


@pytest.mark.control_plane
def test_without_pod_stages_nobody_runs_the_pods(tmp_path: Path) -> None:
    with ControlPlane(tmp_path / "plane", pod_stages=False) as plane:
        plane.add_node("node-1")
        plane.api.apply(pod("own"))
        bound = plane.wait_for(pod("own"), lambda live: live["spec"].get("nodeName"))
        assert bound["status"]["phase"] == "Pending"
        running = [{"name": "web", "image": "example/web:1", "imageID": "", "ready": True, "restartCount": 0}]
        status = {"phase": "Running", "podIP": "127.1.2.3", "podIPs": [{"ip": "127.1.2.3"}]}
        live = plane.set_pod_status("default", "own", {**status, "containerStatuses": running})
        assert live["status"]["podIP"] == "127.1.2.3"


@pytest.mark.control_plane
def test_a_stopped_control_plane_leaves_its_logs_and_says_that_it_is_stopped(tmp_path: Path) -> None:
    root = tmp_path / "plane"
    plane = ControlPlane(root)
    with pytest.raises(ControlPlaneError, match="not running"):
        plane.kubeconfig()
    plane.start()
    logs = {file.name for file in (root / "logs").iterdir()}
    plane.stop()
    plane.stop()
    assert logs == {f"{name}.log" for name in SERVERS}
    assert not (root / "etcd").exists()
    with pytest.raises(ControlPlaneError, match="not running"):
        plane.add_namespace()
