"""Doing what a plan says: under the release's lock, wave by wave, with a record that always tells how far it went."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Collection, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field, replace

from chart_py.changes.change import Change, Operation
from chart_py.changes.plan import Aim, Plan
from chart_py.changes.waves import to_apply, to_delete
from chart_py.cluster import fields
from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, ref_of
from chart_py.context import MANAGER
from chart_py.engine.aftermath import DONE, NOTHING_WRITTEN, UNCHANGED, Aftermath
from chart_py.engine.errors import Interrupted, LockLostError, MovedOnError, StoppedError
from chart_py.engine.history import History
from chart_py.engine.lock import Lock, own_holder
from chart_py.engine.owner import Owner
from chart_py.engine.planning import THREADS
from chart_py.engine.prepared import Options, Prepared
from chart_py.engine.progress import Observer, Silence
from chart_py.engine.pulling import Pull, Puller
from chart_py.engine.standing import store_of
from chart_py.engine.waiting import Waiter
from chart_py.errors import ClusterError, NotReadyError
from chart_py.manifest import Manifest
from chart_py.manifest.kinds import Wave, is_binding, is_role
from chart_py.release.making import rfc3339

_GONE_SECONDS = 120.0
_CONFLICTS = 5
_PHASES = {
    Wave.FOUNDATIONS: "foundations",
    Wave.SETTINGS: "settings",
    Wave.WORKLOADS: "workloads",
    Wave.ROUTES: "routes",
}


@dataclass(frozen=True)
class World:
    """What a verb acts through: the cluster, the clocks, who it is, and who is told.

    `now` gives seconds since the epoch, `clock` seconds that only go forward, `sleep` pauses.
    """

    cluster: Cluster
    observer: Observer = field(default_factory=Silence)
    now: Callable[[], float] = time.time
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    holder: str = field(default_factory=own_holder)


def execute(world: World, prepared: Prepared, options: Options | None = None) -> None:
    """Do what `prepared` says, and record it.

    Raises MovedOnError or LockedError before anything is written; StoppedError or UnreachableError where writes were
    refused; NotReadyError where the objects did not become ready. In all these cases, and where it is interrupted, the
    record says how far it went, and the same command goes on from there.
    """
    how_far: list[Callable[[], object]] = [lambda: NOTHING_WRITTEN]
    try:
        _execute(world, prepared, options or Options(), how_far)
    except Interrupted:
        raise
    except KeyboardInterrupt:
        # Outside of the changes themselves: before the first, or while the end was recorded.
        raise Interrupted(how_far[-1]()) from None


def _execute(world: World, prepared: Prepared, options: Options, how_far: list[Callable[[], object]]) -> None:
    """As `execute`; `how_far` gets what is true from then on if an interrupt comes."""
    plan = prepared.plan
    if plan.creates_namespace:
        _create_namespace(world.cluster, plan.namespace)
    with Lock(world.cluster, plan.release, plan.namespace, world.holder, world.now) as lock:
        history = History(store_of(world.cluster, plan.namespace, world.now), plan.release, plan.namespace)
        history.need_version(plan.base)
        history.begin(prepared, rfc3339(world.now()))
        run = _Run(world, plan, lock, history.good)
        how_far.append(run.aftermath)
        try:
            run.act(options)
            if options.wait:
                run.wait(options.timeout)
        except (LockLostError, MovedOnError):
            raise
        except KeyboardInterrupt:
            is_recorded = history.fail(prepared, f"interrupted by {world.holder}: {run.so_far()}")
            raise Interrupted(run.aftermath(is_recorded)) from None
        except ClusterError as error:
            is_recorded = history.fail(prepared, f"{error.message.splitlines()[0]} ({run.so_far()})")
            is_lasting = isinstance(error, (NotReadyError, StoppedError))
            error.aftermath = replace(run.aftermath(is_recorded), can_go_on=not is_lasting)
            raise
        if plan.aim is Aim.UNINSTALL:
            history.remove()
        else:
            history.succeed(prepared)
        how_far.append(lambda: DONE)


def wait_ready(world: World, plan: Plan, seconds: float) -> None:
    """Wait until everything that a plan wants is ready, changed or not; raises NotReadyError."""
    wanted = [each.wanted for each in plan.changes if each.wanted is not None]
    try:
        Waiter(world.cluster, plan.namespace, world.clock, world.observer).wait(wanted, seconds)
    except ClusterError as error:
        error.aftermath = UNCHANGED
        raise


def _create_namespace(cluster: Cluster, name: str) -> None:
    namespace = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}
    try:
        cluster.create(namespace, manager=MANAGER)
    except RefusedError as error:
        if not error.is_conflict:
            raise


class _Run:
    """One execution of a plan: what it has done so far."""

    def __init__(self, world: World, plan: Plan, lock: Lock, good: int) -> None:
        self._world = world
        self._plan = plan
        self._lock = lock
        self._good = good
        self._done: list[str] = []
        self._counting = threading.Lock()

    def so_far(self) -> str:
        """How much has been done."""
        return f"{len(self._done)} of {len(self._plan.writing)} objects written"

    def aftermath(self, is_recorded: bool = False) -> Aftermath:
        """How far it came."""
        with self._counting:
            done = set(self._done)
        left = tuple(str(each.key) for each in self._plan.writing if str(each.key) not in done)
        plan = self._plan
        return Aftermath(plan.aim, len(done), len(plan.writing), left, plan.revision, is_recorded, self._good)

    def act(self, options: Options) -> None:
        """Make all changes: what others need first, images before the workloads that run them, deletions last."""
        for wave in Wave:
            if wave is Wave.WORKLOADS and self._plan.pulls and options.pull is not Pull.OFF:
                self._world.observer.phase("images")
                puller = Puller(
                    self._world.cluster,
                    Owner(self._plan.release, self._plan.namespace),
                    self._world.clock,
                    self._world.observer,
                    self._lock.check,
                    self._plan.pull_patience,
                )
                puller.pull(self._plan.pulls, options.pull, options.timeout)
            self._all(to_apply(self._plan.changes, wave), _PHASES[wave])
        deletions = to_delete(self._plan.changes)
        for number, changes in enumerate(deletions):
            self._all(changes, "" if number else "deletions")

    def wait(self, seconds: float) -> None:
        """Wait until everything that is wanted is ready, and what was deleted is gone."""
        end = self._world.clock() + seconds
        wanted = [each.wanted for each in self._plan.changes if each.wanted is not None]
        self._world.observer.phase("ending" if self._plan.aim is Aim.UNINSTALL else "waiting")
        world = self._world
        waiter = Waiter(world.cluster, self._plan.namespace, world.clock, world.observer, self._lock.check)
        waiter.wait(wanted, seconds)
        if self._plan.aim is Aim.UNINSTALL:
            gone = [each.live for each in self._plan.changes if each.operation is Operation.DELETE and each.live]
            waiter.wait_gone(gone, end - world.clock())

    def _all(self, changes: Sequence[Change], phase: str) -> None:
        """Make independent changes several at a time; StoppedError with all that were refused."""
        if not changes:
            return
        if phase:
            self._world.observer.phase(phase)
        failed: list[tuple[str, str]] = []
        with ThreadPoolExecutor(max_workers=min(THREADS, len(changes))) as pool:
            futures = self._submitted(pool, changes)
            try:
                for future, change in futures.items():
                    try:
                        future.result()
                    except RefusedError as error:
                        failed.append((str(change.key), error.said))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        if failed:
            raise StoppedError(self._done, failed)

    def _submitted(self, pool: Executor, changes: Sequence[Change]) -> dict[Future[None], Change]:
        """The changes as they are made; who binds a role waits for the roles, as the server looks into them."""
        first = {pool.submit(self._one, each): each for each in changes if not is_binding(each.key.kind)}
        roles = [future for future, each in first.items() if is_role(each.key.kind)]
        bindings = [each for each in changes if is_binding(each.key.kind)]
        return first | {pool.submit(self._one, each, roles): each for each in bindings}

    def _one(self, change: Change, after: Collection[Future[None]] = ()) -> None:
        wait(after)
        self._lock.check()
        _MAKERS[change.operation](self, change)
        with self._counting:
            self._done.append(str(change.key))
        self._world.observer.did(change)

    def _apply(self, change: Change) -> None:
        wanted = _wanted(change)
        if change.takes_over and change.live is not None:
            self._take_over(change.live, change.takes_over)
        self._world.cluster.apply(wanted, manager=MANAGER)

    def _take_over(self, live: Manifest, sources: Sequence[str]) -> None:
        move_ownership(self._world.cluster, live, sources, MANAGER, rfc3339(self._world.now()))

    def _replace(self, change: Change) -> None:
        wanted, live = _wanted(change), change.live
        if live is not None:
            self._delete(change)
            self._wait_gone(live)
        self._world.cluster.apply(wanted, manager=MANAGER)

    def _delete(self, change: Change) -> None:
        if change.live is not None:
            self._world.cluster.delete(ref_of(change.live), uid=str(change.live["metadata"].get("uid", "")))

    def _wait_gone(self, live: Manifest) -> None:
        end = self._world.clock() + _GONE_SECONDS
        while True:
            found = self._world.cluster.get(ref_of(live))
            if found is None or found["metadata"].get("uid") != live["metadata"].get("uid"):
                return
            if self._world.clock() > end:
                raise RefusedError(409, "Conflict", "it is being deleted, and something holds it (its finalizers)")
            self._world.sleep(0.1)


_MAKERS: dict[Operation, Callable[[_Run, Change], None]] = {
    Operation.CREATE: _Run._apply,
    Operation.UPDATE: _Run._apply,
    Operation.REPLACE: _Run._replace,
    Operation.DELETE: _Run._delete,
}


def move_ownership(cluster: Cluster, live: Manifest, sources: Sequence[str], target: str, now: str) -> bool:
    """Move the fields of `sources` in a live object to the field manager `target`; whether anything was to be moved.

    Nothing but managedFields is written, and only to the very version that was read; a newer one is read again.
    """
    ref = ref_of(live)
    here: Manifest | None = live
    for attempt in range(_CONFLICTS):
        if here is None:
            return False
        moved = fields.moved(here, sources, target, now.partition(".")[0].rstrip("Z") + "Z")
        if moved is None:
            return False
        changes = [
            {"op": "test", "path": "/metadata/resourceVersion", "value": here["metadata"]["resourceVersion"]},
            {"op": "replace", "path": "/metadata/managedFields", "value": moved},
        ]
        try:
            cluster.patch(ref, changes, manager=target)
            return True
        except RefusedError as error:
            if not (error.is_conflict or error.is_invalid) or attempt == _CONFLICTS - 1:
                raise
            here = cluster.get(ref)
    return False


def _wanted(change: Change) -> Manifest:
    if change.wanted is None:
        raise ValueError(f"{change.operation.value} {change.key} wants no object")
    return change.wanted
