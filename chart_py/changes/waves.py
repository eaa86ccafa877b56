"""The waves in which objects are applied: what others need comes first, and what is independent goes together."""

from __future__ import annotations

from collections.abc import Iterable

from chart_py.changes.change import Change, Operation
from chart_py.manifest.kinds import Wave, wave_of


def to_apply(changes: Iterable[Change], wave: Wave) -> list[Change]:
    """The changes of a wave that apply an object."""
    operations = (Operation.CREATE, Operation.UPDATE, Operation.REPLACE)
    return [each for each in changes if each.operation in operations and wave_of(each.key.kind) is wave]


def to_delete(changes: Iterable[Change]) -> list[list[Change]]:
    """The deletions, wave by wave in reverse order; empty waves are left out."""
    deleted = [each for each in changes if each.operation is Operation.DELETE]
    waves = [[each for each in deleted if wave_of(each.key.kind) is wave] for wave in reversed(Wave)]
    return [wave for wave in waves if wave]
