"""What is ready to be executed: a plan, and the record of the revision that it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timezone
from typing import Any

from chart_py.changes.plan import PATIENCE, Aim, Plan
from chart_py.context import CHART_NAME
from chart_py.engine.pulling import Pull
from chart_py.manifest import Manifest
from chart_py.manifest.documents import to_documents
from chart_py.manifest.order import hook_events, hook_weight
from chart_py.release.record import Record, Status

PENDING = {
    Aim.INSTALL: Status.PENDING_INSTALL,
    Aim.UPGRADE: Status.PENDING_UPGRADE,
    Aim.ROLLBACK: Status.PENDING_ROLLBACK,
    Aim.UNINSTALL: Status.UNINSTALLING,
}
MINUTES_10 = 600.0
_DESCRIPTION = 500


@dataclass(frozen=True)
class Release:
    """What a release is to be: its objects (hooks too), the values that were given, and the chart as Helm lists it.

    `pull_patience` is how many seconds a puller that no node has room for is waited for; below zero, as long as pulling
    may take.
    """

    name: str
    namespace: str
    manifests: Sequence[Manifest] = field(repr=False)
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    chart_name: str = CHART_NAME
    chart_version: str = ""
    app_version: str = ""
    notes: str = ""
    pull_patience: float = PATIENCE


@dataclass(frozen=True)
class Options:
    """How a plan is executed. `timeout` is seconds, for pulling and for waiting each.

    `rollback_on_failure` goes back to the last good revision where the plan fails.
    """

    wait: bool = True
    timeout: float = MINUTES_10
    pull: Pull = Pull.WAIT
    rollback_on_failure: bool = False


@dataclass(frozen=True)
class Prepared:
    """A plan and `record`, which is written while it is executed. `before` is the record it follows, if any.

    `release` and `choices` are what an install or upgrade was planned with, `server` is the API server that it is for.
    """

    plan: Plan
    record: Record
    before: Record | None = None
    release: Release | None = None
    choices: Mapping[str, bool] = field(default_factory=dict)
    server: str = ""


def record_of(release: Release, version: int, before: Record | None, now: float) -> Record:
    """The record of a revision that is to be made of `release` at `now`, in seconds since the epoch."""
    time = rfc3339(now)
    objects = [each for each in release.manifests if not hook_events(each)]
    hooks = [each for each in release.manifests if hook_events(each)]
    return Record(
        name=release.name,
        namespace=release.namespace,
        version=version,
        status=Status.PENDING_UPGRADE if before else Status.PENDING_INSTALL,
        first_deployed=before.first_deployed if before else time,
        last_deployed=time,
        notes=release.notes,
        manifest=to_documents(objects),
        config=dict(release.config),
        chart=chart_of(release),
        hooks=tuple(hook_of(each, release.chart_name) for each in hooks),
        labels=before.labels if before else {},
    )


def chart_of(release: Release) -> dict[str, Any]:
    """The chart of a release as Helm's records hold one: its metadata, and no templates."""
    metadata = {
        "name": release.chart_name,
        "version": release.chart_version,
        "description": "Rendered by chart_py",
        "apiVersion": "v2",
        "appVersion": release.app_version,
        "type": "application",
    }
    never = "0001-01-01T00:00:00Z"
    return {
        "metadata": metadata,
        "lock": None,
        "templates": [],
        "values": {},
        "schema": None,
        "schemamodtime": never,
        "files": [],
    }


def hook_of(manifest: Manifest, chart_name: str) -> dict[str, Any]:
    """A hook as Helm's records hold one."""
    notes = manifest["metadata"]["annotations"]
    policies = [each.strip() for each in str(notes.get("helm.sh/hook-delete-policy", "")).split(",") if each.strip()]
    return {
        "name": manifest["metadata"]["name"],
        "kind": manifest["kind"],
        "path": f"{chart_name}/{manifest['kind'].lower()}-{manifest['metadata']['name']}.yaml",
        "manifest": to_documents([manifest]).removeprefix("---\n"),
        "events": list(hook_events(manifest)),
        "last_run": {"phase": ""},
        "weight": hook_weight(manifest),
        "delete_policies": policies,
    }


def same_release(one: Record, other: Record) -> bool:
    """Whether two records are of the same objects, made of the same values."""
    return one.manifest == other.manifest and one.config == other.config and one.chart == other.chart


def with_status(record: Record, status: Status, description: str) -> Record:
    """`record` as it stands now; a long description is cut, as the record has to fit into a Secret."""
    if len(description) > _DESCRIPTION:
        description = description[: _DESCRIPTION - 1] + "…"
    return replace(record, status=status, description=description)


def rfc3339(seconds: float) -> str:
    """A time as Helm's records have it."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
