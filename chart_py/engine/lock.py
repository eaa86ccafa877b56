"""The lock of a release: a Lease that says who is at work on it, since when, and that he is still alive."""

from __future__ import annotations

import getpass
import os
import socket
import threading
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, Ref
from chart_py.context import MANAGER
from chart_py.engine.errors import LockedError, LockLostError
from chart_py.errors import ClusterError
from chart_py.manifest import Manifest

SECONDS = 15
"""How long a lock holds without a sign of life."""


class Lock:
    """The lock of one release; use it in a `with`. It is renewed by a thread three times as often as needed.

    `holder` says who takes it, `now` gives the time in seconds since the epoch.
    """

    def __init__(
        self,
        cluster: Cluster,
        release: str,
        namespace: str,
        holder: str,
        now: Callable[[], float],
        seconds: int = SECONDS,
    ) -> None:
        self._cluster = cluster
        self._release = release
        self._holder = holder
        self._now = now
        self._seconds = seconds
        self._ref = lease_ref(release, namespace)
        self._lease: Manifest = {}
        self._is_lost = False
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._renew, daemon=True)

    def __enter__(self) -> Lock:
        self._take()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        # An interrupt may have come before the thread began.
        if self._thread.is_alive():
            self._thread.join(timeout=1.0)
        if not self._is_lost:
            meta = self._lease["metadata"]
            try:
                self._cluster.delete(self._ref, uid=meta["uid"], version=meta["resourceVersion"])
            except ClusterError:
                # It lapses by itself; what was done is not undone by a lock that stays for seconds.
                return

    def check(self) -> None:
        """Raise LockLostError where another run has taken the lock."""
        if self._is_lost:
            raise LockLostError(self._release)

    def _take(self) -> None:
        try:
            # Most of the time nobody holds it, and there is nothing to look at.
            self._lease = self._taken(None)
        except RefusedError as error:
            if not error.is_conflict:
                raise
            self._lease = self._taken(self._cluster.get(self._ref))

    def _taken(self, live: Manifest | None) -> Manifest:
        time = _micro_time(self._now())
        spec = {"holderIdentity": self._holder, "leaseDurationSeconds": self._seconds, "acquireTime": time}
        spec |= {"renewTime": time, "leaseTransitions": 0}
        lease: Manifest = {
            "apiVersion": self._ref.api_version,
            "kind": "Lease",
            "metadata": {"name": self._ref.name, "namespace": self._ref.namespace},
            "spec": spec,
        }
        if live is None:
            return self._cluster.create(lease, manager=MANAGER)
        held = live.get("spec") or {}
        if (other := _held(held, self._release, self._now())) is not None:
            raise other
        lease["metadata"]["resourceVersion"] = live["metadata"]["resourceVersion"]
        spec["leaseTransitions"] = int(held.get("leaseTransitions") or 0) + 1
        return self._cluster.replace(lease, manager=MANAGER)

    def _renew(self) -> None:
        while not self._is_lost and not self._end.wait(self._seconds / 3):
            self._renew_once()

    def _renew_once(self) -> None:
        spec = {**self._lease["spec"], "renewTime": _micro_time(self._now())}
        meta = {key: self._lease["metadata"][key] for key in ("name", "namespace", "resourceVersion")}
        lease = {**self._lease, "metadata": meta, "spec": spec}
        try:
            self._lease = self._cluster.replace(lease, manager=MANAGER)
        except RefusedError as error:
            self._is_lost = error.is_conflict or error.is_missing
        except ClusterError:
            # The next try may reach the cluster; if none does for too long, another run takes the lock.
            return


def lease_ref(release: str, namespace: str) -> Ref:
    """The Lease of a release."""
    return Ref("coordination.k8s.io/v1", "Lease", namespace, f"chart-py.{release}")


def lapse(spec: dict[str, Any], now: float) -> float:
    """The seconds after which a lease lapses; zero or less where it has."""
    renewed = str(spec.get("renewTime") or "")
    try:
        time = datetime.fromisoformat(renewed.replace("Z", "+00:00")).timestamp()
    except ValueError:
        return 0.0
    return time + float(spec.get("leaseDurationSeconds") or SECONDS) - now


def _held(spec: dict[str, Any], release: str, now: float) -> LockedError | None:
    """Who holds a lease, as the error for whoever wants it too; None where nobody does that is alive."""
    holder, lapses_in = str(spec.get("holderIdentity") or ""), lapse(spec, now)
    if not holder or lapses_in <= 0 or is_dead(holder):
        return None
    times = str(spec.get("acquireTime", "?")), str(spec.get("renewTime", "?"))
    return LockedError(release, holder, *times, lapses_in)


def held_by(cluster: Cluster, release: str, namespace: str, now: float) -> LockedError | None:
    """The run that is at work on a release, alive as far as can be known; None where there is none."""
    live = cluster.get(lease_ref(release, namespace))
    return _held((live or {}).get("spec") or {}, release, now)


def is_held(cluster: Cluster, release: str, namespace: str, now: float) -> bool:
    """Whether a run that is alive, as far as can be known, is at work on the release."""
    return held_by(cluster, release, namespace, now) is not None


def own_holder() -> str:
    """Who this process is: `user@host (process N of BOOT)`, by which another run on the same machine can see it die."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return f"{user}@{socket.gethostname()} (process {os.getpid()} of {_machine()})"


def is_dead(holder: str) -> bool:
    """Whether a holder is known to be dead: it was a process of this very machine, and is none any more."""
    head, _, rest = holder.partition(" (process ")
    pid, _, machine = rest.rstrip(")").partition(" of ")
    if not head or not pid.isdigit() or not machine or machine != _machine():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return _is_zombie(int(pid))


def _is_zombie(pid: int) -> bool:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[:1] == ["Z"]


def _machine() -> str:
    """What tells this boot of this machine, and this space of process numbers, from all others; empty if unknown."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="utf-8").strip()
        space = Path("/proc/self/ns/pid").readlink().name.strip("pid:[]")
    except OSError:
        return ""
    return f"{boot[:8]}-{space}"


def _micro_time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
