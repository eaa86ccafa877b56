"""The lock of a release: who holds it, when it lapses, and who is known to be dead."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from chart_py.cluster.fake import FakeCluster
from chart_py.engine.errors import LockedError, LockLostError
from chart_py.engine.lock import Lock, is_dead, is_held, lease_ref, own_holder

NOW = 1_800_000_000.0


def test_one_at_a_time() -> None:
    cluster = FakeCluster()
    with Lock(cluster, "jhub", "ns", "me@here", lambda: NOW):
        assert is_held(cluster, "jhub", "ns", NOW)
        with (
            pytest.raises(
                LockedError, match=r"another run is at work on jhub: me@here, since 2027-01-15T08:00:00"
            ) as caught,
            Lock(cluster, "jhub", "ns", "you@there", lambda: NOW + 3),
        ):
            raise AssertionError("never inside")
        assert "its lock lapses in 12 s" in str(caught.value)
    assert cluster.get(lease_ref("jhub", "ns")) is None
    assert not is_held(cluster, "jhub", "ns", NOW)


def test_a_lapsed_lock_is_taken_and_the_old_holder_notices() -> None:
    cluster = FakeCluster()
    slow = Lock(cluster, "jhub", "ns", "slow", lambda: NOW, seconds=15)
    with slow:
        with Lock(cluster, "jhub", "ns", "quick", lambda: NOW + 16):
            lease = cluster.get(lease_ref("jhub", "ns"))
            assert lease
            assert lease["spec"]["holderIdentity"] == "quick"
            assert lease["spec"]["leaseTransitions"] == 1
            slow._renew_once()
            with pytest.raises(LockLostError):
                slow.check()
        assert cluster.get(lease_ref("jhub", "ns")) is None


def test_it_is_renewed() -> None:
    cluster = FakeCluster()
    times = iter([NOW, NOW + 5, NOW + 10])
    with Lock(cluster, "jhub", "ns", "me", lambda: next(times)) as lock:
        lock._renew_once()
        lease = cluster.get(lease_ref("jhub", "ns"))
        assert lease
        assert lease["spec"]["renewTime"] == "2027-01-15T08:00:05.000000Z"
        assert lease["spec"]["acquireTime"] == "2027-01-15T08:00:00.000000Z"
        lock.check()


def test_a_process_of_this_machine_that_is_gone_is_dead() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from chart_py.engine.lock import own_holder; print(own_holder())"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    gone = done.stdout.strip()
    assert is_dead(gone)
    assert not is_dead(own_holder())
    assert not is_dead("eve@elsewhere")
    assert not is_dead(gone.replace(" of ", " of another-"))
    cluster = FakeCluster()
    Lock(cluster, "jhub", "ns", gone, lambda: NOW)._take()
    with Lock(cluster, "jhub", "ns", "me", lambda: NOW + 1):
        assert is_held(cluster, "jhub", "ns", NOW + 1)
