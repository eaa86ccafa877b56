"""Records as they are made: whole, and each step of a revision's life."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from chart_py.manifest.documents import to_documents
from chart_py.release.making import Chart, begun, finishing, going_back, made, rfc3339, same_release, with_status
from chart_py.release.record import Record, Status

Json = dict[str, Any]
SETTINGS: Json = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "settings"}, "data": {"a": "b"}}
NOTES = {"helm.sh/hook": "pre-install, pre-upgrade", "helm.sh/hook-weight": "-10", "helm.sh/hook-delete-policy": "a,b"}
PULLER: Json = {"apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": {"name": "puller", "annotations": NOTES}}
TIME, LATER = rfc3339(0), rfc3339(3600.5)


def record(before: Record | None = None, version: int = 1, **config: Any) -> Record:
    chart = Chart("jupyterhub", "4.4.0", "5.4.6")
    objects = [SETTINGS, PULLER]
    return made(objects, chart, config, name="jhub", namespace="hub", version=version, time=TIME, before=before)


def test_a_record_is_made_of_objects_hooks_and_values() -> None:
    found = record(a=1)
    assert found == Record(
        name="jhub",
        namespace="hub",
        version=1,
        status=Status.PENDING_INSTALL,
        first_deployed="1970-01-01T00:00:00.000000Z",
        last_deployed="1970-01-01T00:00:00.000000Z",
        manifest=to_documents([SETTINGS]),
        config={"a": 1},
        chart=found.chart,
        hooks=(
            {
                "name": "puller",
                "kind": "DaemonSet",
                "path": "jupyterhub/daemonset-puller.yaml",
                "manifest": to_documents([PULLER]).removeprefix("---\n"),
                "events": ["pre-install", "pre-upgrade"],
                "last_run": {"phase": ""},
                "weight": -10,
                "delete_policies": ["a", "b"],
            },
        ),
    )
    assert (found.chart_name, found.app_version) == ("jupyterhub-4.4.0", "5.4.6")


def test_what_follows_another_is_an_upgrade_with_its_labels() -> None:
    first = replace(record(), labels={"team": "data"}, first_deployed=LATER)
    second = record(first, 2)
    assert (second.status, second.first_deployed, second.labels) == (Status.PENDING_UPGRADE, LATER, {"team": "data"})
    assert same_release(first, second)
    assert not same_release(first, record(a=2))


def test_going_back_and_finishing() -> None:
    target, latest = record(a=1), replace(record(a=2), version=4, first_deployed=LATER)
    back = going_back(target, latest, 5, LATER)
    assert same_release(back, target)
    assert (back.version, back.status, back.description) == (5, Status.PENDING_ROLLBACK, "Rollback to 1")
    assert (back.first_deployed, back.last_deployed) == (LATER, LATER)
    assert finishing(back, latest) == replace(back, version=4)


def test_how_it_stands() -> None:
    making = begun(record(), Status.PENDING_INSTALL, "Install", LATER)
    assert (making.description, making.last_deployed, making.deleted) == ("Install begun", LATER, "")
    ending = begun(record(), Status.UNINSTALLING, "Uninstall", LATER)
    assert (ending.status, ending.last_deployed, ending.deleted) == (Status.UNINSTALLING, TIME, LATER)
    failed = with_status(record(), Status.FAILED, "x" * 1000)
    assert (failed.status, len(failed.description), failed.description[-1]) == (Status.FAILED, 500, "…")
