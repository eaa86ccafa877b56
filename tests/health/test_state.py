"""One judgement for `apply` and `status`: what nobody has to wait for is ready, and a note says what it lacks."""

from __future__ import annotations

from typing import Any

from chart_py.health.causes import Cause, Surroundings
from chart_py.health.ready import READY, Readiness
from chart_py.health.state import Judgement, judged

Json = dict[str, Any]
CLAIM: Json = {
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "hub-db-dir", "uid": "2"},
    "spec": {"storageClassName": "standard"},
    "status": {"phase": "Pending"},
}
USER: Json = {"spec": {"volumes": [{"name": "db", "persistentVolumeClaim": {"claimName": "hub-db-dir"}}]}}
PLACEHOLDERS: Json = {
    "kind": "StatefulSet",
    "metadata": {"name": "user-placeholder", "generation": 1, "uid": "1"},
    "spec": {"replicas": 3},
    "status": {"observedGeneration": 1, "updatedReplicas": 3, "readyReplicas": 1},
}
SPARE = frozenset({"StatefulSet/user-placeholder"})
TEMPLATE: Json = {"metadata": {"labels": {}}, "spec": {}}
DEPLOYMENT: Json = {
    "kind": "Deployment",
    "metadata": {"name": "hub", "generation": 1, "uid": "1"},
    "spec": {"replicas": 1, "progressDeadlineSeconds": 300, "template": TEMPLATE},
    "status": {
        "observedGeneration": 1,
        "conditions": [
            {
                "type": "Progressing",
                "status": "False",
                "reason": "ProgressDeadlineExceeded",
                "message": 'ReplicaSet "hub-1" has timed out progressing.',
            }
        ],
    },
}
TOO_SLOW = Cause(
    "Deployment/hub",
    "ProgressDeadlineExceeded",
    'Deployment/hub made no progress for 300 s: ReplicaSet "hub-1" has timed out progressing.',
)


def owned(kind: str, name: str, owner: str, **more: Any) -> Json:
    references = [{"uid": owner, "controller": True}]
    return {"kind": kind, "metadata": {"name": name, "uid": f"of {owner}", "ownerReferences": references}, **more}


def pod(owner: str, node: str = "", **status: Any) -> Json:
    return owned("Pod", "one", owner, spec={"nodeName": node}, status=status)


WITHOUT_ROOM = [{"type": "PodScheduled", "status": "False", "message": "0/1 nodes: 1 Insufficient cpu."}]
WITHOUT_IMAGE = [{"name": "pause", "image": "a:b", "state": {"waiting": {"reason": "InvalidImageName"}}}]


def test_a_claim_is_waited_for_once_a_pod_names_it() -> None:
    note = "PersistentVolumeClaim/hub-db-dir has no volume yet; no pod uses it, and nothing waits for it."
    assert judged(CLAIM, Surroundings()) == Judgement(Readiness(True, note=note))
    assert judged(CLAIM, Surroundings(pods=[USER])) == Judgement(Readiness(False, "a volume: it is Pending"))


def test_the_note_on_a_claim_says_what_is_wrong_with_it() -> None:
    warning = {"involvedObject": {"uid": "2"}, "reason": "ProvisioningFailed", "message": "no such class"}
    assert judged(CLAIM, Surroundings(warnings=[warning])).state.note == (
        "PersistentVolumeClaim/hub-db-dir has no volume: no such class; no pod uses it, and nothing waits for it."
    )


def test_placeholders_are_a_note() -> None:
    """Where there is no room, which is what they are for; and where they lack something else, the note says that."""
    assert not judged(PLACEHOLDERS, Surroundings()).state.is_ready
    assert judged(PLACEHOLDERS, Surroundings(pods=[pod("1", conditions=WITHOUT_ROOM)], spare=SPARE)) == Judgement(
        Readiness(
            True,
            note="StatefulSet/user-placeholder waits for pods to be ready: 1 of 3 are; "
            "its pods give way to users, and nothing waits for them.",
        )
    )
    broken = pod("1", "n", containerStatuses=WITHOUT_IMAGE)
    note = judged(PLACEHOLDERS, Surroundings(pods=[broken], spare=SPARE)).state.note
    assert "(Pod/one on node n cannot pull the image a:b: InvalidImageName); its pods give way" in note


def test_what_is_gone_or_ready_is_judged_as_ever() -> None:
    assert judged(None, Surroundings()) == Judgement(Readiness(False, "to be created"))
    assert judged({**CLAIM, "status": {"phase": "Bound"}}, Surroundings(pods=[USER])) == Judgement(READY)


def test_a_controller_that_took_too_long_is_told_after_what_its_pods_lack() -> None:
    """It goes on trying, so that is nothing final."""
    assert judged(DEPLOYMENT, Surroundings()).causes == (TOO_SLOW,)
    replicas = owned("ReplicaSet", "hub-1", "1", spec={"template": TEMPLATE})
    crowded = pod("of 1", conditions=WITHOUT_ROOM)
    found = judged(DEPLOYMENT, Surroundings(pods=[crowded], replica_sets=[replicas])).causes
    assert [cause.reason for cause in found] == ["Unschedulable", "ProgressDeadlineExceeded"]


def test_what_a_controller_has_not_seen_has_no_causes() -> None:
    changed = {**DEPLOYMENT, "metadata": {**DEPLOYMENT["metadata"], "generation": 2}}
    assert judged(changed, Surroundings()) == Judgement(Readiness(False, "its controller to see the change"))
