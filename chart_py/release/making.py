"""Making records: of a revision that is to be, of one that is gone back to, and of how one stands now."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timezone
from typing import Any, NamedTuple

from chart_py.manifest import Manifest
from chart_py.manifest.documents import to_documents
from chart_py.manifest.order import hook_events, hook_weight
from chart_py.release.record import Record, Status

_DESCRIPTION = 500


class Chart(NamedTuple):
    """A chart as Helm lists it: its name, its version, and the version of what it installs."""

    name: str
    version: str = ""
    app_version: str = ""


def made(
    manifests: Sequence[Manifest],
    chart: Chart,
    config: Mapping[str, Any],
    *,
    name: str,
    namespace: str,
    version: int,
    time: str,
    before: Record | None = None,
    notes: str = "",
) -> Record:
    """The record of a revision that is to be made at `time`: of these objects, hooks too, and the values `config`.

    `before` is the record that it follows.
    """
    return Record(
        name=name,
        namespace=namespace,
        version=version,
        status=Status.PENDING_UPGRADE if before else Status.PENDING_INSTALL,
        first_deployed=before.first_deployed if before else time,
        last_deployed=time,
        notes=notes,
        manifest=to_documents([each for each in manifests if not hook_events(each)]),
        config=dict(config),
        chart=chart_of(chart),
        hooks=tuple(hook_of(each, chart.name) for each in manifests if hook_events(each)),
        labels=before.labels if before else {},
    )


def chart_of(chart: Chart) -> dict[str, Any]:
    """A chart as Helm's records hold one: its metadata, and no templates."""
    metadata = {
        "name": chart.name,
        "version": chart.version,
        "description": "Rendered by chart_py",
        "apiVersion": "v2",
        "appVersion": chart.app_version,
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


def going_back(target: Record, latest: Record, version: int, time: str) -> Record:
    """The record of a revision that is to be as `target` was, and follows `latest`."""
    return replace(
        target,
        version=version,
        status=Status.PENDING_ROLLBACK,
        description=f"Rollback to {target.version}",
        first_deployed=latest.first_deployed or time,
        last_deployed=time,
        deleted="",
    )


def finishing(record: Record, unfinished: Record) -> Record:
    """`record` in the place of one that did not come to its end, and that it is the same as."""
    first = unfinished.first_deployed or record.first_deployed
    return replace(record, version=unfinished.version, first_deployed=first)


def same_release(one: Record, other: Record) -> bool:
    """Whether two records are of the same objects, made of the same values."""
    return one.manifest == other.manifest and one.config == other.config and one.chart == other.chart


def with_status(record: Record, status: Status, description: str) -> Record:
    """`record` as it stands now; a long description is cut, as the record has to fit into a Secret."""
    if len(description) > _DESCRIPTION:
        description = description[: _DESCRIPTION - 1] + "…"
    return replace(record, status=status, description=description)


def begun(record: Record, status: Status, what: str, time: str) -> Record:
    """`record` from `time` on, when its revision is being made, or the release removed."""
    begins = replace(record, status=status, description=f"{what} begun")
    is_end = status is Status.UNINSTALLING
    return replace(begins, deleted=time) if is_end else replace(begins, last_deployed=time)


def rfc3339(seconds: float) -> str:
    """A time, in seconds since the epoch, as records have it."""
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
