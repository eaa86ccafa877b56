"""What is true after a run that did not come to its end, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass

from chart_py.changes.plan import Aim

_MOST = 4


@dataclass(frozen=True)
class Aftermath:
    """How far a run came: `done` of `total` objects, `left` the names of the others.

    `revision` is the one that it was making, `is_recorded` whether its record says that it failed, `good` the last
    revision that went well before (0 where there is none). `can_go_on` says that the same command may end well,
    with nothing corrected before.
    """

    aim: Aim
    done: int
    total: int
    left: tuple[str, ...] = ()
    revision: int = 0
    is_recorded: bool = False
    good: int = 0
    can_go_on: bool = True

    def __str__(self) -> str:
        return "\n".join((self._written(), self._record(), self._next()))

    def _written(self) -> str:
        verb = "deleted" if self.aim is Aim.UNINSTALL else "written"
        if not self.done:
            return f"None of {self.total} objects was {verb}." if self.total else "No object had to be written."
        if not self.left:
            return f"All {self.total} objects were {verb}, and stay so."
        more = f" and {len(self.left) - _MOST} more" if len(self.left) > _MOST else ""
        names = ", ".join(self.left[:_MOST])
        return f"{self.done} of {self.total} objects were {verb}, and stay so; not yet: {names}{more}."

    def _record(self) -> str:
        if self.aim is Aim.UNINSTALL:
            return "The release is recorded as being uninstalled."
        if self.is_recorded:
            return f"Revision {self.revision} is recorded as failed."
        return f"The record could not be updated: revision {self.revision} counts as interrupted."

    def _next(self) -> str:
        again = "Run the same command again to go on" if self.can_go_on else "Correct the cause and run it again"
        if self.aim is Aim.UNINSTALL:
            return f"{again}."
        if self.good:
            return f"{again}, or `rollback {self.good}` to have the last good revision again; `status` shows the hub."
        return f"{again}, or `uninstall` to remove what was written; `status` shows the hub."


NOTHING_WRITTEN = "Nothing was written."
"""What is true where a run ended before it began to write."""
UNCHANGED = "Nothing was written: the cluster has this configuration already. `status` shows what it waits for."
"""What is true where a hub that had not to be changed is not ready."""
DONE = "All was done and recorded before; another run may have to wait some seconds for the lock."
"""What is true where a run was interrupted after its end."""
