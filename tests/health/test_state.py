"""One judgement for `apply` and `status`: what nobody has to wait for is ready, and a note says what it is short of."""

from __future__ import annotations

from typing import Any

from chart_py.health.causes import Cause, Surroundings, causes
from chart_py.health.ready import READY, Readiness
from chart_py.health.state import state

CLAIM: dict[str, Any] = {
    "kind": "PersistentVolumeClaim",
    "metadata": {"name": "hub-db-dir"},
    "status": {"phase": "Pending"},
}
POD = {"spec": {"volumes": [{"name": "db", "persistentVolumeClaim": {"claimName": "hub-db-dir"}}]}}
PLACEHOLDERS: dict[str, Any] = {
    "kind": "StatefulSet",
    "metadata": {"name": "user-placeholder", "generation": 1},
    "spec": {"replicas": 3},
    "status": {"observedGeneration": 1, "updatedReplicas": 3, "readyReplicas": 1},
}
DEPLOYMENT: dict[str, Any] = {
    "kind": "Deployment",
    "metadata": {"name": "hub", "generation": 1, "uid": "1"},
    "spec": {"replicas": 1, "progressDeadlineSeconds": 300, "template": {}},
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


def test_a_claim_is_waited_for_once_a_pod_names_it() -> None:
    assert state(CLAIM, Surroundings()) == READY
    assert state(CLAIM, Surroundings(pods=[POD])) == Readiness(False, "a volume: it is Pending")


def test_placeholders_are_a_note() -> None:
    assert not state(PLACEHOLDERS, Surroundings()).is_ready
    assert state(PLACEHOLDERS, Surroundings(spare=frozenset({"StatefulSet/user-placeholder"}))) == Readiness(
        True,
        note="StatefulSet/user-placeholder waits for pods to be ready: 1 of 3 are; "
        "its pods give way to users, and nothing waits for them.",
    )


def test_what_is_gone_or_ready_is_judged_as_ever() -> None:
    assert state(None, Surroundings()) == Readiness(False, "to be created")
    assert state({**CLAIM, "status": {"phase": "Bound"}}, Surroundings(pods=[POD])) == READY


def test_a_controller_that_gave_up_is_told() -> None:
    assert causes(DEPLOYMENT, Surroundings()) == [
        Cause(
            "Deployment/hub",
            "ProgressDeadlineExceeded",
            'Deployment/hub made no progress for 300 s: ReplicaSet "hub-1" has timed out progressing.',
            True,
        )
    ]
