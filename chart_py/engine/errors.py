"""What can stop a verb before or while it acts, beyond a cluster's own no.

ClusterError (chart_py.errors)
├── PlanRefusedError     the cluster, or a rule of ours, refuses part of a plan: nothing was written
├── MovedOnError         the cluster is no longer what the plan was made for
├── OtherClusterError    a saved plan was made for another cluster
├── LockedError          another run is at work on the release
├── LockLostError        this run has lost its lock to another one
├── NoReleaseError       there is no such release or revision
├── StoppedError         some writes were refused: what was done, what not
├── RolledBackError      an apply failed, and what was before is back
└── NotRolledBackError   an apply failed, and so did going back
KeyboardInterrupt
└── Interrupted          Ctrl-C and its like, with how far the run came
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from chart_py.errors import ClusterError


class Problem(NamedTuple):
    """What stands in the way of one object: which, why, and what to do."""

    about: str
    text: str
    advice: str = ""


def grouped(problems: Sequence[Problem], most: int = 4) -> list[str]:
    """Problems as lines, those that are alike together: all objects of one kind of trouble, and its advice once."""
    alike: dict[tuple[str, str], list[str]] = {}
    for each in problems:
        alike.setdefault((each.text, each.advice), []).append(each.about)
    lines = []
    for (text, advice), names in alike.items():
        more = f" and {len(names) - most} more" if len(names) > most else ""
        lines.append(f"   {', '.join(names[:most])}{more}: {text}")
        lines += [f"      {advice}"] if advice else []
    return lines


class PlanRefusedError(ClusterError):
    """Parts of a plan are refused; `problems` holds all of them. Nothing was written."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(("this cannot be applied; nothing was written", *grouped(self.problems))))


class MovedOnError(ClusterError):
    """The cluster has changed since the plan was made."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"the cluster has moved on since this plan was made: {what}; nothing was written", "Make a new plan."
        )


class OtherClusterError(ClusterError):
    """A saved plan is for another cluster than the one that is open."""

    def __init__(self) -> None:
        super().__init__("this plan was made for another cluster; nothing was written", "Make a new plan.")


class LockedError(ClusterError):
    """Another run holds the release's lock: `holder`, `since` (RFC 3339), `renewed` (RFC 3339)."""

    def __init__(self, release: str, holder: str, since: str, renewed: str, lapses_in: float) -> None:
        self.holder, self.since, self.renewed = holder, since, renewed
        super().__init__(
            f"another run is at work on {release}: {holder}, since {since} (last sign of life {renewed}); "
            "nothing was written",
            f"Wait for it to end, or give --wait-for-lock 10m. If it was killed, its lock lapses in "
            f"{max(0, round(lapses_in))} s.",
        )


class LockLostError(ClusterError):
    """This run's lock was taken over, as it had not been renewed in time."""

    def __init__(self, release: str) -> None:
        super().__init__(
            f"the lock of {release} was lost to another run; this one has stopped", "See `status`, then apply again."
        )


class NoReleaseError(ClusterError):
    """There is no such release, or not the revision that was asked for."""


class StoppedError(ClusterError):
    """Some of the writes were refused. `done` and `failed` name the objects."""

    def __init__(self, done: Sequence[str], failed: Sequence[tuple[str, str]]) -> None:
        self.done, self.failed = tuple(done), tuple(failed)
        listed = "\n".join(f"   {about}: {text}" for about, text in self.failed)
        super().__init__(f"the cluster refused {len(self.failed)} of the objects\n{listed}")


class RolledBackError(ClusterError):
    """An apply failed with `error`, and what was before is back.

    `revision` is the good one whose objects are there again, `as_revision` its new number; both are 0 where there was
    none before and what was installed is gone again.
    """

    def __init__(self, error: ClusterError, revision: int, as_revision: int) -> None:
        self.error, self.revision, self.as_revision = error, revision, as_revision
        self.exit_code = error.exit_code
        back = f"Rolled back: the hub is as it was in revision {revision}, now revision {as_revision}."
        super().__init__(
            error.message,
            f"{back if revision else 'Rolled back: what was installed has been removed.'}\n"
            "   Correct the cause, then run the same command again.",
        )


class NotRolledBackError(ClusterError):
    """An apply failed with `error`, and going back failed with `other`: what there is now is neither."""

    def __init__(self, error: ClusterError, other: ClusterError) -> None:
        self.error, self.other = error, other
        self.exit_code = error.exit_code
        super().__init__(
            f"{error.message}\nerror: the rollback failed too: {other.message}",
            "The hub may be partly changed. See `status`, then run `rollback`, or apply a corrected configuration.",
        )


class Interrupted(KeyboardInterrupt):
    """Somebody has ended a run; `aftermath` tells how far it came."""

    def __init__(self, aftermath: object) -> None:
        self.aftermath = aftermath
        super().__init__(str(aftermath))

    def __str__(self) -> str:
        return "\n   ".join(("interrupted", *str(self.aftermath).splitlines()))
