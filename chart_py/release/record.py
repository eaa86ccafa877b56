"""One revision of a release: what was asked for, what was made of it, and how that went."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

APPLIED_BY_SERVER = "ssa"
"""Helm's word in `apply_method` for server-side apply."""


class Status(enum.Enum):
    """How a revision stands, in Helm's words."""

    DEPLOYED = "deployed"
    SUPERSEDED = "superseded"
    FAILED = "failed"
    UNINSTALLING = "uninstalling"
    UNINSTALLED = "uninstalled"
    PENDING_INSTALL = "pending-install"
    PENDING_UPGRADE = "pending-upgrade"
    PENDING_ROLLBACK = "pending-rollback"
    UNKNOWN = "unknown"

    @property
    def is_pending(self) -> bool:
        """Whether somebody is, or was, at work on it."""
        return self.value.startswith("pending-") or self is Status.UNINSTALLING


@dataclass(frozen=True)
class Head:
    """What a record's labels say of it. `modified` is seconds since the epoch, 0 where unknown."""

    name: str
    namespace: str
    version: int
    status: Status
    modified: int = 0


@dataclass(frozen=True)
class Record:
    """A revision of a release as Helm keeps it.

    `config` are the values that the user gave, `chart` describes the chart as Helm writes it (its `metadata` has name
    and version), `manifest` is the YAML of all objects but hooks, `hooks` are Helm's. Times are RFC 3339, empty where
    there are none. `more` holds what a later Helm may have added. `repr` shows neither values nor manifest: both hold
    secrets.
    """

    name: str
    namespace: str
    version: int
    status: Status
    description: str = ""
    first_deployed: str = ""
    last_deployed: str = ""
    deleted: str = ""
    notes: str = ""
    manifest: str = field(default="", repr=False)
    config: Mapping[str, Any] = field(default_factory=dict, repr=False)
    chart: Mapping[str, Any] = field(default_factory=dict, repr=False)
    hooks: tuple[Mapping[str, Any], ...] = field(default=(), repr=False)
    apply_method: str = APPLIED_BY_SERVER
    labels: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Any] = field(default_factory=dict, repr=False)
    more_info: Mapping[str, Any] = field(default_factory=dict, repr=False)

    @property
    def chart_name(self) -> str:
        """The chart's name and version as Helm lists it: `jupyterhub-4.4.0`."""
        meta = self.chart.get("metadata") or {}
        return f"{meta.get('name', '')}-{meta.get('version', '')}"

    @property
    def app_version(self) -> str:
        """The version of what the chart installs."""
        return str((self.chart.get("metadata") or {}).get("appVersion", ""))
