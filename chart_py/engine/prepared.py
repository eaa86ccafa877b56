"""What is ready to be executed: a plan, and the record of the revision that it makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chart_py.changes.plan import PATIENCE, Aim, Plan
from chart_py.context import CHART_NAME
from chart_py.engine.pulling import Pull
from chart_py.manifest import Manifest
from chart_py.release.record import Record, Status

PENDING = {
    Aim.INSTALL: Status.PENDING_INSTALL,
    Aim.UPGRADE: Status.PENDING_UPGRADE,
    Aim.ROLLBACK: Status.PENDING_ROLLBACK,
    Aim.UNINSTALL: Status.UNINSTALLING,
}
MINUTES_10 = 600.0


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
