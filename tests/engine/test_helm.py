"""Helm and chart_py on one release: each reads what the other wrote, takes it over, and gives it back."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py.changes.change import Operation
from chart_py.changes.content import content
from chart_py.context import MANAGER
from chart_py.engine.apply import plan_apply, read_standing
from chart_py.engine.execute import World, execute
from chart_py.engine.handover import hand_over, plan_handover
from chart_py.engine.prepared import Options, Prepared, Release
from chart_py.engine.releases import revisions
from chart_py.engine.rollback import plan_rollback
from chart_py.engine.status import read_state
from chart_py.engine.uninstall import plan_uninstall
from chart_py.manifest.documents import from_documents
from tests.control_plane import ControlPlane
from tests.control_plane.fixtures import Tool
from tests.engine import small
from tests.engine.fault_proxy import FaultProxy
from tests.engine.state import history, objects

NAMES = {"configmaps/settings", "deployments/web", "secrets/keys", "serviceaccounts/robot", "services/web"}


@pytest.fixture
def world(control_plane: ControlPlane) -> World:
    return small.world(control_plane.kubeconfig())


def planned(world: World, release: Release, **choices: bool) -> Prepared:
    return plan_apply(world, release, read_standing(world, release.name, release.namespace), **choices)


def applied(world: World, release: Release) -> Prepared:
    prepared = planned(world, release)
    execute(world, prepared, Options(wait=False))
    return prepared


def chart(folder: Path, release: Release, version: str = "1.0.0") -> Path:
    """A chart whose templates are the release's objects as they are."""
    path = folder / f"chart-{version}"
    (path / "templates").mkdir(parents=True, exist_ok=True)
    meta = {"apiVersion": "v2", "name": "jupyterhub", "version": version, "appVersion": "1"}
    (path / "Chart.yaml").write_text(yaml.safe_dump(meta), encoding="utf-8")
    for number, each in enumerate(release.manifests):
        (path / "templates" / f"{number}.yaml").write_text(yaml.safe_dump(each), encoding="utf-8")
    return path


def managers(plane: ControlPlane, namespace: str) -> set[tuple[str, str]]:
    """Who owns fields of the release's objects, and how."""
    found: set[tuple[str, str]] = set()
    for path in ("api/v1/namespaces/{}/configmaps/settings", "apis/apps/v1/namespaces/{}/deployments/web"):
        live = plane.api.json("GET", "/" + path.format(namespace))
        found |= {(e["manager"], e["operation"]) for e in live["metadata"]["managedFields"] if not e.get("subresource")}
    return found - {("kube-controller-manager", "Update")}


def pods(plane: ControlPlane, namespace: str) -> set[str]:
    listed = plane.api.json("GET", f"/api/v1/namespaces/{namespace}/pods")["items"]
    return {each["metadata"]["name"] for each in listed}


def test_helm_reads_what_we_wrote(world: World, real_helm: Tool, namespace: str) -> None:
    release = small.release(namespace, name="small", word="said")
    applied(world, release)
    applied(world, small.with_more(release, small.config_map(edition="two")))
    listed = json.loads(real_helm("list", "-n", namespace, "-o", "json").stdout)
    assert [{k: each[k] for k in ("name", "revision", "status", "chart", "app_version")} for each in listed] == [
        {"name": "small", "revision": "2", "status": "deployed", "chart": "jupyterhub-1.0.0", "app_version": "1"}
    ]
    past = json.loads(real_helm("history", "small", "-n", namespace, "-o", "json").stdout)
    assert [(each["revision"], each["status"], each["description"]) for each in past] == [
        (1, "superseded", "Install complete"),
        (2, "deployed", "Upgrade complete"),
    ]
    status = json.loads(real_helm("status", "small", "-n", namespace, "-o", "json").stdout)
    assert status["info"]["status"] == "deployed"
    assert json.loads(real_helm("get", "values", "small", "-n", namespace, "-o", "json").stdout) == {"word": "said"}
    manifest = real_helm("get", "manifest", "small", "-n", namespace, "--revision", "1").stdout
    assert from_documents(manifest) == list(release.manifests)


def test_helm_uninstalls_ours(world: World, real_helm: Tool, control_plane: ControlPlane, namespace: str) -> None:
    applied(world, small.release(namespace))
    real_helm("uninstall", "small", "-n", namespace)
    assert objects(control_plane, namespace) == {}
    assert history(control_plane, namespace) == {}


def test_helm_goes_on_from_ours_by_force(
    world: World, real_helm: Tool, control_plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    release = small.release(namespace)
    applied(world, release)
    applied(world, small.with_more(release, small.config_map(edition="two", more="words")))
    real_helm("rollback", "small", "1", "-n", namespace, "--force-conflicts")
    # What only we owned stays without a handover, as docs/apply.md says.
    kept = {"edition": "one", "more": "words"}
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == kept
    third = chart(tmp_path, small.with_more(release, small.config_map(edition="three")))
    real_helm("upgrade", "small", third, "-n", namespace, "--force-conflicts")
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == {**kept, "edition": "three"}
    assert history(control_plane, namespace) == {1: "superseded", 2: "superseded", 3: "superseded", 4: "deployed"}


def test_after_a_handover_helm_needs_no_force(
    world: World, real_helm: Tool, control_plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    release = small.release(namespace)
    applied(world, release)
    changed = chart(tmp_path, small.with_more(release, small.config_map(edition="two"), small.deployment(image="b:2")))
    refused = real_helm("upgrade", "small", changed, "-n", namespace, check=False)
    assert "conflict" in refused.stderr
    real_helm("rollback", "small", "1", "-n", namespace, "--force-conflicts")
    applied(world, release)
    before = pods(control_plane, namespace)
    standing = read_standing(world, "small", namespace)
    given = plan_handover(world, standing)
    assert hand_over(world, standing, given) == len(NAMES)
    assert managers(control_plane, namespace) == {("helm", "Apply")}
    assert pods(control_plane, namespace) == before
    assert plan_handover(world, standing) == []
    real_helm("upgrade", "small", changed, "-n", namespace)
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == {"edition": "two"}
    real_helm("rollback", "small", "1", "-n", namespace)
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == {"edition": "one"}


@pytest.mark.parametrize("how", ["--server-side=true", "--server-side=false"], ids=["applied", "updated"])
def test_a_release_of_helm_is_taken_over(
    world: World, real_helm: Tool, control_plane: ControlPlane, namespace: str, tmp_path: Path, how: str
) -> None:
    """Nothing restarts that has not changed, the diff is right about all of it, and the second apply is empty."""
    gone = small.config_map("gone", a="b")
    theirs = small.with_more(
        small.release(namespace), small.config_map(edition="one", old="word"), gone, small.claim("data")
    )
    real_helm("install", "small", chart(tmp_path, theirs), "-n", namespace, how)
    before = pods(control_plane, namespace)
    ours = small.with_more(small.release(namespace), small.config_map(edition="one"))
    with FaultProxy(control_plane) as proxy:
        prepared = planned(small.world(proxy.kubeconfig(tmp_path)), ours)
        paths = Counter(each.path.partition("?")[0] for each in proxy.asked)
    asked = {count for path, count in paths.items() if path.rpartition("/")[2] in ("keys", "robot", "settings", "web")}
    # What Helm had not applied but updated is asked about once more, where fields of it may have to go.
    assert asked == {2} if how == "--server-side=true" else asked <= {2, 3}
    expected = {str(each.key): each for each in prepared.plan.changes}
    assert {name: each.operation for name, each in expected.items()} == {
        "ServiceAccount/robot": Operation.UPDATE,
        "ConfigMap/settings": Operation.UPDATE,
        "Secret/keys": Operation.UPDATE,
        "Service/web": Operation.UPDATE,
        "Deployment/web": Operation.UPDATE,
        "ConfigMap/gone": Operation.DELETE,
        "PersistentVolumeClaim/data": Operation.KEEP,
    }
    assert all(each.takes_over == ("helm",) for each in expected.values() if each.operation is Operation.UPDATE)
    assert prepared.plan.restarts == ()
    settings = expected["ConfigMap/settings"].after
    assert settings and settings["data"] == {"edition": "one"}
    execute(world, prepared, Options(wait=False))
    assert managers(control_plane, namespace) == {(MANAGER, "Apply")}
    live = objects(control_plane, namespace)
    assert live["configmaps/settings"]["data"] == {"edition": "one"}
    # What the diff had said is what has become of it, whole objects.
    for change in expected.values():
        if change.operation is Operation.UPDATE:
            assert change.after and change.wanted
            assert content(control_plane.api.get(change.wanted)) == content(change.after)
    assert planned(world, ours).plan.is_empty
    assert set(live) == (NAMES | {"persistentvolumeclaims/data"})
    assert pods(control_plane, namespace) >= before
    assert history(control_plane, namespace) == {1: "superseded", 2: "deployed"}


def test_we_read_and_roll_back_and_remove_what_helm_made(
    world: World, real_helm: Tool, control_plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    release = small.release(namespace)
    real_helm("install", "small", chart(tmp_path, release), "-n", namespace, "--set", "a.b=1")
    second = small.with_more(release, small.config_map(edition="two"))
    real_helm("upgrade", "small", chart(tmp_path, second, "2.0.0"), "-n", namespace)
    found = revisions(world, "small", namespace)
    assert [(each.version, each.status.value, each.chart_name) for each in found] == [
        (1, "superseded", "jupyterhub-1.0.0"),
        (2, "deployed", "jupyterhub-2.0.0"),
    ]
    assert found[0].config == {"a": {"b": 1}}
    state = read_state(world, read_standing(world, "small", namespace))
    assert (state.word, state.drifts) == ("deployed", ())
    execute(world, plan_rollback(world, read_standing(world, "small", namespace)), Options(wait=False))
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == {"edition": "one"}
    past = json.loads(real_helm("history", "small", "-n", namespace, "-o", "json").stdout)
    assert [(each["revision"], each["status"], each["description"]) for each in past] == [
        (1, "superseded", "Install complete"),
        (2, "superseded", "Upgrade complete"),
        (3, "deployed", "Rollback to 1"),
    ]
    execute(world, plan_uninstall(world, read_standing(world, "small", namespace)), Options(wait=False))
    assert objects(control_plane, namespace) == {}
    assert json.loads(real_helm("list", "-n", namespace, "-o", "json").stdout) == []


def test_ten_revisions_are_kept(world: World, control_plane: ControlPlane, namespace: str) -> None:
    for number in range(12):
        applied(world, small.release(namespace, small.config_map(number=str(number))))
    assert history(control_plane, namespace) == dict.fromkeys(range(3, 12), "superseded") | {12: "deployed"}


def test_our_record_round_trips_through_helms_json(world: World, real_helm: Tool, namespace: str) -> None:
    """What Helm reads of our record is all that it knows of a release: nothing is lost, nothing is of a wrong type."""
    applied(world, small.release(namespace, word="said"))
    whole: dict[str, Any] = json.loads(real_helm("get", "metadata", "small", "-n", namespace, "-o", "json").stdout)
    assert {k: whole[k] for k in ("name", "chart", "version", "appVersion", "namespace", "revision", "status")} == {
        "name": "small",
        "chart": "jupyterhub",
        "version": "1.0.0",
        "appVersion": "1",
        "namespace": namespace,
        "revision": 1,
        "status": "deployed",
    }
    assert whole["applyMethod"] == "ssa"
