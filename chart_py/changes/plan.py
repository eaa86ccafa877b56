"""The plan: all that a verb would do to a cluster, made before anything is done."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

from chart_py.changes.change import Change, Operation
from chart_py.manifest import Manifest

PATIENCE = 10.0
"""Seconds that a puller which no node has room for is waited for, where nobody says how long."""


class Aim(enum.Enum):
    """What a plan is for."""

    INSTALL = "install"
    UPGRADE = "upgrade"
    ROLLBACK = "rollback"
    UNINSTALL = "uninstall"
    COMPARISON = "comparison"
    """To be looked at only: nothing in it is going to happen."""


@dataclass(frozen=True)
class Plan:
    """What is done to a release's objects.

    `base` is the last revision that was there when the plan was made (0: none), `revision` the one it makes or
    finishes. `pulls` are the objects of the image-pull phase, which are applied and removed again; `pull_patience` is
    how many seconds it waits for a puller that no node has room for (below zero: as long as pulling may take).
    `resumes` says that the last run did not end well and is finished by this one. `notes` are for people.
    `claims_beside` are pairs of a claim that is created and an old one, of the same use, that it stands beside.
    """

    aim: Aim
    release: str
    namespace: str
    base: int
    revision: int
    changes: tuple[Change, ...]
    pulls: tuple[Manifest, ...] = field(default=(), repr=False)
    resumes: bool = False
    creates_namespace: bool = False
    notes: tuple[str, ...] = ()
    pull_patience: float = PATIENCE
    claims_beside: tuple[tuple[str, str], ...] = ()

    @property
    def writing(self) -> tuple[Change, ...]:
        """The changes that write to the cluster."""
        return tuple(each for each in self.changes if each.operation.writes)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do: nothing to write and nothing to finish."""
        return not self.writing and not self.resumes

    @property
    def counts(self) -> Mapping[Operation, int]:
        """How many objects each operation is done to."""
        return {op: sum(each.operation is op for each in self.changes) for op in Operation}

    @property
    def restarts(self) -> tuple[str, ...]:
        """The workloads whose pods are replaced, as `Deployment/hub`."""
        return tuple(str(each.key) for each in self.changes if each.restarts)
