"""Planning and applying on a real server: what is asked first, what is refused, what is written and what is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chart_py.changes.change import Operation
from chart_py.context import MANAGER
from chart_py.engine.apply import plan_apply, read_standing
from chart_py.engine.errors import (
    LockedError,
    MovedOnError,
    NoReleaseError,
    OtherClusterError,
    PlanRefusedError,
)
from chart_py.engine.execute import World, execute
from chart_py.engine.lock import lease_ref
from chart_py.engine.prepared import Options, Prepared, Release
from chart_py.engine.releases import hubs, revisions
from chart_py.engine.rollback import plan_rollback
from chart_py.engine.saved import identity, load_plan, need_cluster, need_same, save_plan
from chart_py.engine.status import read_state
from chart_py.engine.uninstall import plan_uninstall
from chart_py.errors import UsageError
from chart_py.release.codec import UnreadableRecordError, to_secret
from chart_py.release.record import Status
from chart_py.release.store import RecordTooLargeError
from tests.control_plane import ControlPlane, wait_until
from tests.control_plane.workloads import role_binding
from tests.engine import small
from tests.engine.fault_proxy import FaultProxy
from tests.engine.observer import Memory
from tests.engine.state import history, objects


@pytest.fixture
def world(control_plane: ControlPlane) -> World:
    return small.world(control_plane.kubeconfig())


def planned(world: World, release: Release, **choices: bool) -> Prepared:
    return plan_apply(world, release, read_standing(world, release.name, release.namespace), **choices)


def applied(world: World, release: Release, **choices: bool) -> Prepared:
    prepared = planned(world, release, **choices)
    execute(world, prepared, Options(wait=False))
    return prepared


def operations(prepared: Prepared) -> dict[str, str]:
    return {str(each.key): each.operation.value for each in prepared.plan.changes}


NAMES = frozenset({"robot", "settings", "keys", "web"})
"""The objects of a small release."""


def counts(proxy: FaultProxy) -> dict[str, int]:
    """How many requests there were about each object of a small release since the last look."""
    paths = [each.path.partition("?")[0] for each in proxy.asked]
    found = {path: paths.count(path) for path in set(paths) if path.rpartition("/")[2] in NAMES}
    proxy.asked.clear()
    return found


def test_two_requests_for_each_object_and_phase(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> None:
    """Planning asks twice about an object, acting writes it once: in an install, an upgrade, a rollback, an end."""
    with FaultProxy(control_plane) as proxy:
        world = small.world(proxy.kubeconfig(tmp_path))
        release = small.release(namespace)
        prepared = planned(world, release)
        assert set(counts(proxy).values()) == {2}
        execute(world, prepared)
        assert set(counts(proxy).values()) == {1}
        assert planned(world, release).plan.is_empty
        assert set(counts(proxy).values()) == {2}
        changed = small.with_more(release, small.config_map(edition="two"), small.deployment(image="b:2"))
        upgrade = planned(world, changed)
        assert set(counts(proxy).values()) == {2}
        execute(world, upgrade)
        assert sorted(path.rpartition("/")[2] for path in counts(proxy)) == ["settings", "web"]
        back = plan_rollback(world, read_standing(world, "small", namespace))
        assert set(counts(proxy).values()) == {2}
        execute(world, back)
        assert sorted(counts(proxy).values()) == [1, 1]
        end = plan_uninstall(world, read_standing(world, "small", namespace))
        assert set(counts(proxy).values()) == {1}
        execute(world, end)
        assert sorted(counts(proxy).values()) == [1] * 5


def test_an_administrator_is_asked_for_his_rights_once(
    control_plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    with FaultProxy(control_plane) as proxy:
        planned(small.world(proxy.kubeconfig(tmp_path)), small.release(namespace))
        assert sum("accessreviews" in each.path for each in proxy.asked) == 1


def test_a_second_apply_writes_nothing(control_plane: ControlPlane, namespace: str, tmp_path: Path) -> None:
    with FaultProxy(control_plane) as proxy:
        world = small.world(proxy.kubeconfig(tmp_path))
        applied(world, small.release(namespace))
        proxy.asked.clear()
        again = planned(world, small.release(namespace))
        assert again.plan.is_empty
        assert proxy.writes == []
    assert history(control_plane, namespace) == {1: "deployed"}


def test_only_what_differs_is_applied(world: World, control_plane: ControlPlane, namespace: str) -> None:
    release = small.release(namespace)
    applied(world, release)
    prepared = planned(world, small.with_more(release, small.config_map(edition="two")))
    assert operations(prepared) == {
        "ServiceAccount/robot": "unchanged",
        "Secret/keys": "unchanged",
        "Service/web": "unchanged",
        "Deployment/web": "unchanged",
        "ConfigMap/settings": "update",
    }
    memory = Memory()
    execute(small.world(control_plane.kubeconfig(), memory), prepared, Options(wait=False))
    assert memory.done == ["update ConfigMap/settings"]


def test_what_is_no_longer_wanted_goes_and_what_is_kept_is_named(
    world: World, control_plane: ControlPlane, namespace: str
) -> None:
    kept = small.config_map("precious")
    kept["metadata"]["annotations"] = {"helm.sh/resource-policy": "keep"}
    applied(world, small.release(namespace, small.config_map(), small.account(), small.claim(), kept))
    prepared = applied(world, small.release(namespace, small.config_map()))
    assert operations(prepared) == {
        "ConfigMap/settings": "unchanged",
        "ServiceAccount/robot": "delete",
        "PersistentVolumeClaim/data": "keep",
        "ConfigMap/precious": "keep",
    }
    assert set(objects(control_plane, namespace)) == {
        "configmaps/settings",
        "configmaps/precious",
        "persistentvolumeclaims/data",
    }


def test_nothing_to_apply_is_refused(world: World, namespace: str) -> None:
    with pytest.raises(UsageError, match="there is nothing to apply"):
        planned(world, Release("small", namespace, []))


def test_a_missing_namespace_is_made_on_request(world: World, control_plane: ControlPlane) -> None:
    release = small.release("not-there-yet", small.config_map())
    with pytest.raises(NoReleaseError, match="no namespace not-there-yet"):
        planned(world, release)
    applied(world, release, create_namespace=True)
    assert history(control_plane, "not-there-yet") == {1: "deployed"}
    control_plane.remove_namespace("not-there-yet")


def test_everything_that_is_invalid_is_told_at_once(world: World, control_plane: ControlPlane, namespace: str) -> None:
    wrong = small.config_map("Not_A_Name")
    unknown = small.deployment()
    unknown["spec"]["replicaz"] = 2
    with pytest.raises(PlanRefusedError) as caught:
        planned(world, small.release(namespace, wrong, unknown, small.account()))
    assert [problem.about for problem in caught.value.problems] == ["ConfigMap/Not_A_Name", "Deployment/web"]
    assert "Deployment/web: .spec.replicaz: field not declared in schema" in str(caught.value)
    assert objects(control_plane, namespace) == {}


def test_objects_of_others_stand_in_the_way(world: World, control_plane: ControlPlane, namespace: str) -> None:
    applied(world, small.release(namespace, small.config_map("theirs"), name="other"))
    control_plane.api.apply(small.config_map("nobodys"), namespace, "kubectl")
    with pytest.raises(PlanRefusedError) as caught:
        planned(world, small.release(namespace, small.config_map("theirs"), small.config_map("nobodys")))
    theirs, nobodys = caught.value.problems
    assert f"belongs to the release other in {namespace}" in str(theirs)
    assert "was created by kubectl, and belongs to no release" in str(nobodys)
    assert "--adopt takes it" in str(nobodys)
    applied(world, small.release(namespace, small.config_map("nobodys", a="b")), adopt=True)
    assert objects(control_plane, namespace)["configmaps/nobodys"]["data"] == {"a": "b"}


def test_immutable_fields_are_found_before_anything_is_written(
    world: World, control_plane: ControlPlane, namespace: str
) -> None:
    applied(world, small.release(namespace))
    other = small.deployment()
    other["spec"]["selector"]["matchLabels"] = {"app": "web", "more": "words"}
    other["spec"]["template"]["metadata"]["labels"] = {"app": "web", "more": "words"}
    release = small.with_more(small.release(namespace), other)
    with pytest.raises(PlanRefusedError, match=r"spec\.selector cannot be changed") as caught:
        planned(world, release)
    assert "--allow-replace" in str(caught.value)
    before = control_plane.api.get(other, namespace)["metadata"]["uid"]
    prepared = applied(world, release, allow_replace=True)
    assert operations(prepared)["Deployment/web"] == "replace"
    assert control_plane.api.get(other, namespace)["metadata"]["uid"] != before
    assert planned(world, release).plan.is_empty


def test_claims_are_never_replaced(world: World, namespace: str) -> None:
    applied(world, small.release(namespace, small.claim()))
    other = small.claim()
    other["spec"]["accessModes"] = ["ReadWriteMany"]
    with pytest.raises(PlanRefusedError, match="Claims are never replaced"):
        planned(world, small.release(namespace, other), allow_replace=True)


def test_a_claim_without_any_storage_class_is_told(tmp_path: Path) -> None:
    with ControlPlane(tmp_path / "plane") as plane:
        world = small.world(plane.kubeconfig())
        namespace = plane.add_namespace()
        with pytest.raises(PlanRefusedError, match="the cluster has no default one"):
            planned(world, small.release(namespace, small.claim()))
        plane.add_volume("pv", "1Gi", "")
        assert operations(planned(world, small.release(namespace, small.claim()))) == {
            "PersistentVolumeClaim/data": "create"
        }


test_a_claim_without_any_storage_class_is_told = pytest.mark.control_plane(
    test_a_claim_without_any_storage_class_is_told
)


def test_a_record_that_is_too_large_is_told_first(world: World, control_plane: ControlPlane, namespace: str) -> None:
    import random

    noise = random.Random(1).randbytes(700_000).hex()
    halves = [small.config_map(f"part-{n}", data=noise[n::2]) for n in range(2)]
    with pytest.raises(RecordTooLargeError, match="nothing was written"):
        planned(world, small.release(namespace, *halves))
    assert objects(control_plane, namespace) == {}


def test_a_stranger_changes_nothing_and_is_told_all_that_he_lacks(control_plane: ControlPlane, namespace: str) -> None:
    """Who may look but not write: each right that is missing, in one list."""
    rules = [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]}]
    rbac = "rbac.authorization.k8s.io"
    role = {"apiVersion": f"{rbac}/v1", "kind": "Role", "metadata": {"name": "reader"}, "rules": rules}
    subject = {"kind": "User", "apiGroup": rbac, "name": "alice"}
    control_plane.api.apply(role, namespace)
    control_plane.api.apply(role_binding("reader", "reader", subject, role_kind="Role"), namespace)
    before = objects(control_plane, namespace)
    alice = small.world(control_plane.kubeconfig("alice"))
    with pytest.raises(PlanRefusedError) as caught:
        planned(alice, small.release(namespace))
    assert caught.value.exit_code == 3
    lacking = {problem.about for problem in caught.value.problems}
    applies = {f"{verb} {each['kind']}" for each in small.release(namespace).manifests for verb in ("patch", "create")}
    locks = {f"{verb} Lease" for verb in ("create", "update", "delete")}
    assert lacking == applies | locks | {"update Secret"}
    assert objects(control_plane, namespace) == before


def test_a_quota_forbids_before_anything_is_written(world: World, control_plane: ControlPlane, namespace: str) -> None:
    quota: dict[str, Any] = {"apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "few"}}
    quota["spec"] = {"hard": {"count/configmaps": "1"}}
    control_plane.api.apply(quota, namespace)
    wait_until("the quota is known", lambda: control_plane.api.get(quota, namespace).get("status", {}).get("hard"))
    with pytest.raises(PlanRefusedError) as caught:
        planned(world, small.release(namespace, small.config_map(), small.account()))
    (problem,) = caught.value.problems
    assert problem.about == "ConfigMap/settings"
    assert "exceeded quota: few" in problem.text
    assert "error:" not in problem.text


def test_a_saved_plan_is_run_as_it_is_or_not_at_all(
    world: World, control_plane: ControlPlane, namespace: str, tmp_path: Path
) -> None:
    applied(world, small.release(namespace))
    wanted = small.with_more(small.release(namespace), small.config_map(edition="two"))
    choices = {"adopt": False, "allow_replace": False, "create_namespace": False}
    file = tmp_path / "plan.json"
    save_plan(file, planned(world, wanted, **choices))
    assert file.stat().st_mode & 0o777 == 0o600
    release, options, saved = load_plan(file)
    need_same(planned(world, release, **options).plan, saved)
    control_plane.api.apply(small.config_map(edition="meddled"), namespace, "kubectl")
    with pytest.raises(MovedOnError, match="ConfigMap/settings"):
        need_same(planned(world, release, **options).plan, saved)


def test_a_plan_of_another_cluster_is_refused(world: World, namespace: str, tmp_path: Path) -> None:
    release = small.release(namespace)
    here = identity(world.cluster)
    assert here
    for name, cluster in {"here": here, "unknown": "", "elsewhere": "another-uid"}.items():
        save_plan(tmp_path / name, planned(world, release), cluster)
    need_cluster(world.cluster, load_plan(tmp_path / "here")[2])
    need_cluster(world.cluster, load_plan(tmp_path / "unknown")[2])
    with pytest.raises(OtherClusterError, match="made for another cluster; nothing was written"):
        need_cluster(world.cluster, load_plan(tmp_path / "elsewhere")[2])


def corrupt(plane: ControlPlane, namespace: str, version: int, data: str) -> None:
    """Write over what a revision's record holds."""
    name = f"sh.helm.release.v1.small.v{version}"
    secret = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": name, "namespace": namespace}}
    plane.api.patch(secret, {"data": {"release": data}})


def test_a_record_that_cannot_be_read(world: World, control_plane: ControlPlane, namespace: str) -> None:
    """An old one hides nothing else; the last one stops what would build on it, and is named."""
    applied(world, small.release(namespace, small.config_map(edition="one")))
    applied(world, small.release(namespace, small.config_map(edition="two")))
    memory = Memory()
    telling = small.world(control_plane.kubeconfig(), memory)
    corrupt(control_plane, namespace, 1, "bm9uc2Vuc2U=")
    assert [each.version for each in revisions(telling, "small", namespace)] == [2]
    assert memory.notes == [
        f"small in {namespace}: Secret/sh.helm.release.v1.small.v1 holds no readable release: its data is damaged"
    ]
    applied(world, small.release(namespace, small.config_map(edition="three")))
    corrupt(control_plane, namespace, 3, "bm9uc2Vuc2U=")
    assert hubs(telling, namespace) == []
    verbs: tuple[Callable[[], object], ...] = (
        lambda: planned(world, small.release(namespace, small.config_map(edition="four"))),
        lambda: plan_rollback(world, read_standing(world, "small", namespace)),
        lambda: plan_uninstall(world, read_standing(world, "small", namespace)),
    )
    for verb in verbs:
        with pytest.raises(UnreadableRecordError, match=r"Secret/sh\.helm\.release\.v1\.small\.v3 holds no readable"):
            verb()
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == {"edition": "three"}


def test_a_record_whose_manifest_is_nonsense(world: World, control_plane: ControlPlane, namespace: str) -> None:
    prepared = applied(world, small.release(namespace, small.config_map()))
    for manifest in ("a: {", "just: words", "- a\n- list"):
        broken = to_secret(replace(prepared.record, status=Status.DEPLOYED, manifest=manifest), 0)
        corrupt(control_plane, namespace, 1, broken["data"]["release"])
        with pytest.raises(UnreadableRecordError, match="its manifest is not made of objects"):
            planned(world, small.release(namespace, small.config_map(other="word")))


def test_a_plan_is_not_run_on_another_revision(world: World, control_plane: ControlPlane, namespace: str) -> None:
    applied(world, small.release(namespace))
    late = planned(world, small.with_more(small.release(namespace), small.config_map(edition="late")))
    applied(world, small.with_more(small.release(namespace), small.config_map(edition="early")))
    with pytest.raises(MovedOnError, match="the last revision was 1 and is now 2"):
        execute(world, late, Options(wait=False))
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == {"edition": "early"}


def test_an_install_is_not_run_after_another_one(world: World, control_plane: ControlPlane, namespace: str) -> None:
    late = planned(world, small.with_more(small.release(namespace), small.config_map(edition="late")))
    applied(world, small.with_more(small.release(namespace), small.config_map(edition="early")))
    with pytest.raises(MovedOnError, match="revision 1 has been made in the meantime; nothing was written"):
        execute(world, late, Options(wait=False))
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == {"edition": "early"}
    assert history(control_plane, namespace) == {1: "deployed"}


def test_a_held_lock_is_told_and_a_lapsed_one_is_taken(
    world: World, control_plane: ControlPlane, namespace: str
) -> None:
    ref = lease_ref("small", namespace)

    def held(renewed: str) -> dict[str, Any]:
        spec = {"holderIdentity": "eve@elsewhere", "leaseDurationSeconds": 15, "renewTime": renewed}
        meta = {"name": ref.name, "namespace": namespace}
        return {
            "apiVersion": ref.api_version,
            "kind": "Lease",
            "metadata": meta,
            "spec": {**spec, "acquireTime": renewed},
        }

    control_plane.api.apply(held("2999-01-01T00:00:00.000000Z"))
    with pytest.raises(LockedError, match="another run is at work on small: eve@elsewhere, since 2999-01-01") as caught:
        applied(world, small.release(namespace))
    assert caught.value.exit_code == 3
    assert objects(control_plane, namespace) == {}
    control_plane.api.apply(held("2020-01-01T00:00:00.000000Z"))
    applied(world, small.release(namespace))
    assert history(control_plane, namespace) == {1: "deployed"}


def test_status_names_who_has_changed_what(world: World, control_plane: ControlPlane, namespace: str) -> None:
    applied(world, small.release(namespace))
    control_plane.api.apply(small.config_map(edition="meddled"), namespace, "kubectl-edit")
    patch = {"spec": {"template": {"spec": {"containers": [{"name": "web", "image": "other:2"}]}}}}
    control_plane.api.patch(small.deployment(), patch, "", namespace)
    control_plane.api.patch(small.secret(), {"data": {"token": "b3RoZXI="}}, "", namespace)
    control_plane.api.delete(small.account(), namespace)
    state = read_state(world, read_standing(world, "small", namespace))
    found = {(each.about, each.field): (each.applied, each.live, each.manager) for each in state.drifts}
    assert found == {
        ("ConfigMap/settings", "data.edition"): ("one", "meddled", "kubectl-edit"),
        ("Deployment/web", "spec.template.spec.containers[web].image"): ("pause:1", "other:2", "control-plane-test"),
        ("Secret/keys", "data.token"): ("(hidden)", "(hidden)", "control-plane-test"),
    }
    assert all(each.time for each in state.drifts)
    gone = next(each for each in state.objects if each.about == "ServiceAccount/robot")
    assert gone.state.waits_for == "to be there: it is gone"
    # The next apply puts all of it right, and says so.
    assert operations(applied(world, small.release(namespace))) == {
        "ServiceAccount/robot": "create",
        "ConfigMap/settings": "update",
        "Secret/keys": "update",
        "Service/web": "unchanged",
        "Deployment/web": "update",
    }
    assert read_state(world, read_standing(world, "small", namespace)).drifts == ()


def test_rollback_goes_back_to_the_last_good_revision(
    world: World, control_plane: ControlPlane, namespace: str
) -> None:
    release = small.release(namespace)
    applied(world, release)
    applied(world, small.with_more(release, small.config_map(edition="two"), small.account("extra")))
    prepared = plan_rollback(world, read_standing(world, "small", namespace))
    execute(world, prepared, Options(wait=False))
    assert objects(control_plane, namespace)["configmaps/settings"]["data"] == {"edition": "one"}
    assert "serviceaccounts/extra" not in objects(control_plane, namespace)
    assert history(control_plane, namespace) == {1: "superseded", 2: "superseded", 3: "deployed"}
    with pytest.raises(NoReleaseError, match="Revisions that are kept: 1, 2, 3"):
        plan_rollback(world, read_standing(world, "small", namespace), 9)


def test_uninstall_keeps_data_unless_it_is_to_go(world: World, control_plane: ControlPlane, namespace: str) -> None:
    home = small.claim("claim-alice")
    home["metadata"]["labels"] = {"component": "singleuser-storage"}
    control_plane.api.apply(home, namespace)
    applied(world, small.release(namespace, small.claim(), small.config_map()))
    prepared = plan_uninstall(world, read_standing(world, "small", namespace))
    assert operations(prepared) == {
        "PersistentVolumeClaim/data": "keep",
        "ConfigMap/settings": "delete",
        "PersistentVolumeClaim/claim-alice": "keep",
    }
    execute(world, prepared)
    assert set(objects(control_plane, namespace)) == {
        "persistentvolumeclaims/data",
        "persistentvolumeclaims/claim-alice",
    }
    applied(world, small.release(namespace, small.claim(), small.config_map()))
    everything = plan_uninstall(world, read_standing(world, "small", namespace), delete_data=True)
    assert {each.operation for each in everything.plan.changes} == {Operation.DELETE}
    execute(world, everything)
    assert objects(control_plane, namespace) == {}
    assert history(control_plane, namespace) == {}


def test_all_fields_are_ours_and_no_other_manager_is_left(
    world: World, control_plane: ControlPlane, namespace: str
) -> None:
    applied(world, small.release(namespace, small.config_map()))
    live = control_plane.api.get(small.config_map(), namespace)
    assert [(each["manager"], each["operation"]) for each in live["metadata"]["managedFields"]] == [(MANAGER, "Apply")]
