"""The history of a release while a plan is executed: at each moment it tells the truth about how far things went."""

from __future__ import annotations

from dataclasses import replace

from chart_py.changes.plan import Aim
from chart_py.cluster.errors import RefusedError
from chart_py.engine.errors import MovedOnError
from chart_py.engine.prepared import PENDING, Prepared
from chart_py.errors import ClusterError
from chart_py.release.making import begun, with_status
from chart_py.release.record import Head, Record, Status
from chart_py.release.store import Store, outdated

_DONE = {Aim.INSTALL: "Install complete", Aim.UPGRADE: "Upgrade complete", Aim.ROLLBACK: "Rollback complete"}


class History:
    """The records of one release, written in an order in which a kill between any two leaves nothing untrue."""

    def __init__(self, store: Store, release: str, namespace: str) -> None:
        self._store = store
        self._release = release
        self._namespace = namespace
        self._heads: tuple[Head, ...] = ()
        self._pending: Record | None = None

    def need_version(self, base: int) -> None:
        """Raise MovedOnError unless the last revision is the one that the plan was made on.

        Of a release that was not there nothing is asked: its first record can be made only once.
        """
        if not base:
            return
        self._heads = tuple(self._store.heads(self._release))
        last = self._heads[-1].version if self._heads else 0
        if last != base:
            raise MovedOnError(f"the last revision was {base} and is now {last}")

    def begin(self, prepared: Prepared, time: str) -> None:
        """Say that the revision is being made; a revision before it that was left half way is said to have failed."""
        plan, record = prepared.plan, prepared.record
        for head in self._heads:
            if head.version != plan.revision and head.status.is_pending:
                left = self._store.read(self._namespace, self._release, head.version)
                if left is not None:
                    text = f"Interrupted, and followed by revision {plan.revision}"
                    self._store.update(with_status(left, Status.FAILED, text))
        pending = begun(record, PENDING[plan.aim], plan.aim.value.capitalize(), time)
        if not any(head.version == plan.revision for head in self._heads):
            self._create(pending)
        else:
            there = self._store.read(self._namespace, self._release, plan.revision)
            if there is not None and there.status is pending.status:
                pending = there
            else:
                self._store.update(pending)
        self._pending = pending

    def _create(self, record: Record) -> None:
        try:
            self._store.create(record)
        except RefusedError as error:
            if not error.is_conflict:
                raise
            raise MovedOnError(f"revision {record.version} has been made in the meantime") from None

    def succeed(self, prepared: Prepared) -> None:
        """Say that the revision is the deployed one, and throw away what is too old."""
        plan = prepared.plan
        for head in self._heads:
            if head.version != plan.revision and head.status in (Status.DEPLOYED, Status.UNINSTALLING):
                old = self._store.read(self._namespace, self._release, head.version)
                if old is not None:
                    self._store.update(with_status(old, Status.SUPERSEDED, old.description))
        text = prepared.record.description or _DONE[plan.aim]
        if plan.resumes and prepared.before is not None and prepared.before.version == plan.revision:
            before = prepared.before
            text += " after an interruption" if before.status.is_pending else f" after this: {before.description}"
        self._store.update(with_status(self._pending or prepared.record, Status.DEPLOYED, text))
        mine = Head(self._release, self._namespace, plan.revision, Status.DEPLOYED)
        others = [replace(h, status=_after(h.status)) for h in self._heads if h.version != plan.revision]
        for head in outdated([*others, mine]):
            self._store.delete(head)

    @property
    def good(self) -> int:
        """The last revision that went well; 0 where there is none."""
        kept = (Status.DEPLOYED, Status.SUPERSEDED)
        return max((head.version for head in self._heads if head.status in kept), default=0)

    def fail(self, prepared: Prepared, why: str) -> bool:
        """Say that the revision has failed; False where that cannot be written: then it stays as it was begun."""
        aim = prepared.plan.aim
        status = Status.UNINSTALLING if aim is Aim.UNINSTALL else Status.FAILED
        try:
            text = f"{aim.value.capitalize()} failed: {why}"
            self._store.update(with_status(self._pending or prepared.record, status, text))
        except ClusterError:
            return False
        return True

    def remove(self) -> None:
        """Throw all records away, the newest last, so that what is left over says what was going on."""
        for head in self._store.heads(self._release):
            self._store.delete(head)


def _after(status: Status) -> Status:
    """How an earlier revision stands once a later one is deployed."""
    return Status.SUPERSEDED if status is Status.DEPLOYED else status
