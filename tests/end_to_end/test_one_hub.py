"""One hub from the first login to the culler, with the rights that its Role gives it and no others."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.control_plane.api import Api, ApiError
from tests.control_plane.objects import pod_reference
from tests.end_to_end.cluster import Cluster, Release
from tests.end_to_end.conftest import NOTEBOOK, OTHER_NOTEBOOK, MakeRelease
from tests.end_to_end.people import PASSWORD, Person

Json = dict[str, Any]

VALUES: Json = yaml.safe_load(f"""
hub:
  config:
    JupyterHub: {{authenticator_class: shared-password}}
    SharedPasswordAuthenticator: {{user_password: {PASSWORD}, admin_password: {PASSWORD}-for-admins-of-the-whole-hub}}
    Authenticator: {{allowed_users: [alice, bob], admin_users: [grace]}}
singleuser:
  image: {{name: {NOTEBOOK}, tag: "16.10"}}
  memory: {{limit: 512M, guarantee: 64M}}
  cpu: {{limit: 1, guarantee: 0.1}}
  extraEnv: {{JUPYTERHUB_ACTIVITY_INTERVAL: "1"}}
  extraFiles:
    welcome: {{mountPath: /home/jovyan/welcome.txt, stringData: "Hello.\\n"}}
  profileList:
  - {{display_name: The course, slug: course, default: true}}
  - display_name: Statistics
    slug: statistics
    kubespawner_override: {{image: "{OTHER_NOTEBOOK}:r-4", mem_limit: 1G, cpu_limit: 2}}
""")
ADMIN_PASSWORD = VALUES["hub"]["config"]["SharedPasswordAuthenticator"]["admin_password"]
# Servers tell the hub that they are used, and while it starts again nobody hears them: a server that is idle is so for
# some times longer than that takes on this machine.
IDLE_SECONDS, TIMES_A_START = 40, 3


@pytest.fixture(scope="module")
def release(make_release: MakeRelease) -> Release:
    """The hub, up and running."""
    release = make_release()
    release.apply(VALUES)
    for component in ("proxy", "user-scheduler", "hub"):
        release.cluster.ready_pod(release.namespace, component)
    return release


def server_pod(release: Release, name: str) -> Json:
    """A user's pod."""
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": f"jupyter-{name}"}}
    return release.cluster.plane.api.get(pod, release.namespace)


def claim(release: Release, name: str) -> Json:
    """A user's claim."""
    claim = {"apiVersion": "v1", "kind": "PersistentVolumeClaim", "metadata": {"name": f"claim-{name}"}}
    return release.cluster.plane.api.get(claim, release.namespace)


def test_one_hub_from_login_to_culling(release: Release) -> None:
    alice, bob, grace = (Person(release, name) for name in ("alice", "bob", "grace"))
    alice.wait_for_hub()
    a_user_starts_a_server(release, alice)
    another_profile_is_another_image_with_other_limits(release, bob)
    nobody_enters_without_being_allowed(release, bob)
    an_admin_sees_both(grace)
    uids = {name: server_pod(release, name)["metadata"]["uid"] for name in ("alice", "bob")}
    away = both_servers_outlive_a_hub_that_starts_again(release, [alice, bob], grace)
    idle = max(IDLE_SECONDS, math.ceil(TIMES_A_START * away))
    the_culler_removes_the_idle_server(release, alice, bob, grace, idle)
    assert server_pod(release, "bob")["metadata"]["uid"] == uids["bob"]


def a_user_starts_a_server(release: Release, alice: Person) -> None:
    assert alice.log_in().path == "/hub/spawn"
    events = alice.start("course")
    assert events[0]["message"] == "Server requested"
    assert events[-1]["ready"] is True
    [scheduled] = [each["raw_event"] for each in events if each.get("raw_event", {}).get("reason") == "Scheduled"]
    assert scheduled["reportingComponent"] == "jhub-user-scheduler"
    assert server_pod(release, "alice")["spec"]["schedulerName"] == "jhub-user-scheduler"
    page = alice.visit("alice")
    assert (page.status, page.text) == (200, "Hello.\n")
    status = alice.ask("alice")
    assert (status.status, status.path, status.json()["kernels"]) == (200, "/user/alice/api/status", 0)


def another_profile_is_another_image_with_other_limits(release: Release, bob: Person) -> None:
    bob.log_in()
    assert bob.start("statistics")[-1]["ready"] is True
    assert bob.visit("bob").status == 200
    containers = [server_pod(release, name)["spec"]["containers"][0] for name in ("alice", "bob")]
    assert [(each["image"], each["resources"]["limits"]) for each in containers] == [
        (f"{NOTEBOOK}:16.10", {"cpu": "1", "memory": str(512 * 2**20)}),
        (f"{OTHER_NOTEBOOK}:r-4", {"cpu": "2", "memory": str(2**30)}),
    ]
    requests = {"cpu": "100m", "memory": str(64 * 2**20)}
    assert [each["resources"]["requests"] for each in containers] == [requests, requests]


def nobody_enters_without_being_allowed(release: Release, bob: Person) -> None:
    refused = Person(release, "mallory").log_in()
    assert (refused.status, refused.path) == (403, "/hub/login")
    wrong = Person(release, "alice").log_in("a-guess")
    assert (wrong.status, wrong.path) == (403, "/hub/login")
    others = bob.visit("alice")
    assert (others.status, others.path) == (403, "/hub/api/oauth2/authorize")
    assert bob.ask("alice").status == 403
    assert bob.browser.get("/hub/admin").status == 403


def an_admin_sees_both(grace: Person) -> None:
    grace.log_in(ADMIN_PASSWORD)
    assert grace.browser.get("/hub/admin").status == 200
    ready = {name: user["servers"].get("", {}).get("ready") for name, user in grace.users().items()}
    assert ready == {"alice": True, "bob": True, "grace": None}
    entered = grace.confirm(grace.visit("alice"))
    assert (entered.status, entered.text) == (200, "Hello.\n")


def both_servers_outlive_a_hub_that_starts_again(release: Release, users: list[Person], grace: Person) -> float:
    """Return for how many seconds the hub was away."""
    cluster, before = release.cluster, release.cluster.ready_pod(release.namespace, "hub")
    pods = {user.name: server_pod(release, user.name)["metadata"]["uid"] for user in users}
    started = time.monotonic()
    cluster.plane.api.delete(pod_reference(before["metadata"]["name"]), release.namespace)
    cluster.ready_pod(release.namespace, "hub", not_this=before["metadata"]["name"])
    grace.wait_for_hub()
    away = time.monotonic() - started
    assert {name: grace.users()[name]["servers"][""]["ready"] for name in pods} == dict.fromkeys(pods, True)
    for user in users:
        assert server_pod(release, user.name)["metadata"]["uid"] == pods[user.name]
        # Nobody has to log in again: the hub knows its people and its secrets from before.
        assert user.visit(user.name).text == "Hello.\n"
    return away


def the_culler_removes_the_idle_server(
    release: Release, alice: Person, bob: Person, grace: Person, idle_seconds: int
) -> None:
    cluster, before = release.cluster, release.cluster.ready_pod(release.namespace, "hub")
    bound = claim(release, "alice")
    release.apply({**VALUES, "cull": {"every": 2, "timeout": idle_seconds}})

    def is_gone() -> bool:
        assert bob.ask("bob", "api/contents").status == 200  # somebody who works
        names = [pod["metadata"]["name"] for pod in cluster.pods(release.namespace, "singleuser-server")]
        return "jupyter-alice" not in names

    cluster.wait("alice's idle server is gone", is_gone, 240.0 + idle_seconds)
    after = cluster.ready_pod(release.namespace, "hub", not_this=before["metadata"]["name"])
    grace.wait_for_hub()
    assert f"--timeout={idle_seconds}" in cluster.kubelet.log(after["metadata"]["name"], "hub")
    cluster.wait("the hub knows it", lambda: not grace.users()["alice"]["servers"])
    assert grace.users()["bob"]["servers"][""]["ready"] is True
    kept = claim(release, "alice")
    assert (kept["metadata"]["uid"], kept["status"]["phase"]) == (bound["metadata"]["uid"], "Bound")
    # The proxy leads to the hub again, which offers to start it.
    assert alice.visit("alice").status == 424


def rules(api: Api, namespace: str) -> list[Json]:
    """What the user of `api` may do in the namespace, one entry for each group, resource and verb."""
    kind = {"apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview"}
    path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews"
    status = api.json("POST", path, {**kind, "spec": {"namespace": namespace}})["status"]
    assert not status["incomplete"]
    return [
        {"group": group, "resource": resource, "verb": verb, "names": rule.get("resourceNames")}
        for rule in status["resourceRules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    ]


@pytest.fixture
def hubs_api(cluster: Cluster, release: Release) -> Api:
    """The API server for whoever holds the token that is mounted in the hub's pod."""
    pod = cluster.ready_pod(release.namespace, "hub")
    [volume] = [each["name"] for each in pod["spec"]["volumes"] if "projected" in each]
    folder: Path = cluster.root / "pods" / pod["metadata"]["uid"] / "volumes" / volume
    return Api(cluster.plane.url, cluster.plane.authority, (folder / "token").read_text(encoding="utf-8"))


def test_the_hub_has_the_rights_of_its_role_and_no_others(cluster: Cluster, release: Release, hubs_api: Api) -> None:
    namespace = release.namespace
    kind = {"apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview"}
    who = hubs_api.json("POST", "/apis/authentication.k8s.io/v1/selfsubjectreviews", kind)["status"]["userInfo"]
    assert who["username"] == f"system:serviceaccount:{namespace}:hub"
    nobodys = cluster.plane.service_account_token(namespace, "default")
    common = rules(Api(cluster.plane.url, cluster.plane.authority, nobodys), namespace)
    own = [rule for rule in rules(hubs_api, namespace) if rule not in common]
    wanted = [
        {"group": group, "resource": resource, "verb": verb, "names": None}
        for rule in release.object("Role", "hub")["rules"]
        for group in rule["apiGroups"]
        for resource in rule["resources"]
        for verb in rule["verbs"]
    ]
    assert sorted(own, key=str) == sorted(wanted, key=str)
    assert rules(hubs_api, "default") == rules(Api(cluster.plane.url, cluster.plane.authority, nobodys), "default")


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/api/v1/namespaces/default/secrets", None),
        ("GET", "/api/v1/secrets", None),
        ("GET", "/api/v1/nodes", None),
        ("GET", "/api/v1/namespaces/{here}/configmaps", None),
        ("GET", "/apis/apps/v1/namespaces/{here}/deployments", None),
        ("PATCH", "/api/v1/namespaces/{here}/secrets/hub", {"data": {}}),
        ("POST", "/api/v1/namespaces/{here}/events", {"kind": "Event", "metadata": {"name": "x"}}),
        ("POST", "/api/v1/namespaces/{here}/pods/jupyter-bob/exec?command=id&stdout=true", {}),
        ("GET", "/api/v1/namespaces/{here}/pods/jupyter-bob/log", None),
        ("POST", "/api/v1/namespaces/{here}/serviceaccounts/hub/token", {"spec": {}}),
        ("POST", "/api/v1/namespaces/default/pods", {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "x"}}),
        ("POST", "/apis/rbac.authorization.k8s.io/v1/namespaces/{here}/rolebindings", {"metadata": {"name": "x"}}),
    ],
)
def test_a_request_outside_the_role_is_refused(
    release: Release, hubs_api: Api, method: str, path: str, body: Json | None
) -> None:
    content = "application/merge-patch+json" if method == "PATCH" else "application/json"
    with pytest.raises(ApiError) as refused:
        hubs_api.text(method, path.format(here=release.namespace), body, content)
    assert (refused.value.status, refused.value.reason) == (403, "Forbidden")


def test_all_that_the_hub_asked_for_was_granted(release: Release) -> None:
    cluster = release.cluster
    # Pods of the past are gone, but not the ReplicaSets that made them: hubs of other tests log into the same folder.
    sets = cluster.items(f"/apis/apps/v1/namespaces/{release.namespace}/replicasets?labelSelector=component%3Dhub")
    files = [file for each in sets for file in cluster.kubelet.logs.glob(f"{each['metadata']['name']}-*-hub.log")]
    logs = [file.read_text(encoding="utf-8") for file in files]
    # Before and after it started again, and with the culler.
    assert len(logs) >= 3
    assert [line for log in logs for line in log.splitlines() if "orbidden" in line and "k8s" in line] == []
    assert not any("Traceback" in log for log in logs)
