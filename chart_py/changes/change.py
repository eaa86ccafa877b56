"""One object's part in a plan: what is done to it, and what that changes."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from functools import cached_property

from chart_py.changes.content import content
from chart_py.manifest import Manifest
from chart_py.manifest.difference import Difference, differences
from chart_py.manifest.embedded import opened
from chart_py.manifest.key import Key, key_of
from chart_py.manifest.kinds import rolls


class Operation(enum.Enum):
    """What is done to an object."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    KEEP = "keep"
    UNCHANGED = "unchanged"

    @property
    def writes(self) -> bool:
        """Whether the cluster is written to."""
        return self not in (Operation.KEEP, Operation.UNCHANGED)


@dataclass(frozen=True)
class Change:
    """What is done to one object.

    `wanted` is what is applied (None: deleted or kept), `live` the object in the cluster (None: not there), `after`
    what the server says it would be then, by a dry run (None where it could not be asked). `reason` says why, in
    words; `takes_over` names the field managers whose fields become ours. `repr` shows no object: there are secrets.
    """

    operation: Operation
    wanted: Manifest | None = field(default=None, repr=False)
    live: Manifest | None = field(default=None, repr=False)
    after: Manifest | None = field(default=None, repr=False)
    reason: str = ""
    takes_over: tuple[str, ...] = ()

    @cached_property
    def manifest(self) -> Manifest:
        """The object that this is about: as wanted, else as it is."""
        found = self.wanted if self.wanted is not None else self.live
        if found is None:
            raise ValueError("a change is about an object that is wanted or there")
        return found

    @cached_property
    def key(self) -> Key:
        """What tells the object from others."""
        return key_of(self.manifest)

    @cached_property
    def fields(self) -> tuple[Difference, ...]:
        """The fields that change, in documents within data too; of a new or deleted object, all of them as one."""
        return tuple(differences(opened(content(self.live)), opened(content(self.result))))

    @property
    def result(self) -> Manifest | None:
        """The object as it will be, as well as that is known; None where it will be gone."""
        if self.operation is Operation.DELETE:
            return None
        return self.after if self.after is not None else (self.wanted if self.wanted is not None else self.live)

    @cached_property
    def restarts(self) -> bool:
        """Whether the object's pods are replaced by others."""
        if not rolls(self.key.kind) or self.live is None:
            return False
        if self.operation is Operation.REPLACE:
            return True
        return self.operation is Operation.UPDATE and any(f.path[:2] == ("spec", "template") for f in self.fields)
