"""What a network and a busy server do to a run: it tries again where that is safe, else it says so in bounded time."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from chart_py.cluster.connection import Connection
from chart_py.cluster.errors import LoginError, UnreachableError
from chart_py.cluster.live import LiveCluster
from chart_py.cluster.patience import Patience
from chart_py.engine.apply import plan_apply, read_standing
from chart_py.engine.execute import World, execute
from chart_py.engine.prepared import Options, Release
from chart_py.errors import ClusterError
from tests.control_plane import ControlPlane
from tests.control_plane.users import write_kubeconfig
from tests.engine import small
from tests.engine.fault_proxy import Asked, Fault, FaultProxy
from tests.engine.state import history, objects

NAMES = {"configmaps/settings", "deployments/web", "secrets/keys", "serviceaccounts/robot", "services/web"}
Decide = Callable[[Asked], Fault | None]


@pytest.fixture
def proxy(control_plane: ControlPlane) -> Iterator[FaultProxy]:
    with FaultProxy(control_plane) as opened:
        yield opened


@pytest.fixture
def kubeconfig(proxy: FaultProxy, tmp_path: Path) -> Path:
    return proxy.kubeconfig(tmp_path)


def apply(world: World, release: Release, **options: Any) -> None:
    standing = read_standing(world, release.name, release.namespace)
    prepared = plan_apply(world, release, standing)
    if not prepared.plan.is_empty:
        execute(world, prepared, Options(**options))


def once(fault: Fault, chosen: Callable[[Asked], bool]) -> tuple[Decide, list[Asked]]:
    """A fault for the first request that is chosen, and the list in which that one is kept."""
    hit: list[Asked] = []
    lock = threading.Lock()

    def decide(asked: Asked) -> Fault | None:
        with lock:
            if hit or not chosen(asked):
                return None
            hit.append(asked)
            return fault

    return decide, hit


def assert_whole(plane: ControlPlane, namespace: str, revisions: dict[int, str]) -> None:
    assert set(objects(plane, namespace)) == NAMES
    assert history(plane, namespace) == revisions


PASSING = {
    "429": Fault(status=429, headers={"Retry-After": "7"}),
    "500": Fault(status=500),
    "503": Fault(status=503),
    "reset before": Fault(cut="before"),
    "reset after": Fault(cut="after"),
    "slow": Fault(delay=1.5),
    "409": Fault(status=409),
}


@pytest.mark.parametrize("name", PASSING)
def test_each_write_survives_a_fault_that_passes(
    control_plane: ControlPlane, proxy: FaultProxy, kubeconfig: Path, name: str
) -> None:
    pauses: list[float] = []
    world = small.world(kubeconfig, sleep=pauses.append, read=0.7)
    counting = control_plane.add_namespace("faults")
    apply(world, small.release(counting), wait=False)
    total = len(proxy.writes)
    control_plane.remove_namespace(counting)
    assert total == 9
    # The last of them lets the lock go, and is not needed.
    for position in range(1, total + 1):
        namespace = control_plane.add_namespace("faults")
        proxy.asked.clear()
        proxy.decide, hit = once(PASSING[name], lambda asked, at=position: asked.write == at)  # type: ignore[misc]
        apply(world, small.release(namespace), wait=False)
        proxy.decide = lambda asked: None
        assert hit, f"no write number {position}"
        assert_whole(control_plane, namespace, {1: "deployed"})
        control_plane.remove_namespace(namespace)
    if name == "429":
        assert max(pauses) >= 7


@pytest.mark.parametrize("name", [name for name in PASSING if name != "409"])
def test_each_read_survives_a_fault_that_passes(
    control_plane: ControlPlane, proxy: FaultProxy, kubeconfig: Path, namespace: str, name: str
) -> None:
    world = small.world(kubeconfig, sleep=lambda seconds: None, read=0.7)
    apply(world, small.release(namespace))
    proxy.asked.clear()
    apply(world, small.release(namespace))
    reads = len(proxy.asked)
    assert not proxy.writes
    for position in range(1, reads + 1):
        proxy.asked.clear()
        proxy.decide, hit = once(PASSING[name], lambda asked, at=position: asked.number == at)  # type: ignore[misc]
        apply(world, small.release(namespace))
        assert hit and not proxy.writes
    assert_whole(control_plane, namespace, {1: "deployed"})


@pytest.mark.parametrize(
    "fault", [Fault(status=503), Fault(cut="before"), Fault(delay=0.6)], ids=["503", "cut", "slow"]
)
def test_a_fault_that_lasts_ends_in_a_clear_error(
    control_plane: ControlPlane, proxy: FaultProxy, kubeconfig: Path, namespace: str, fault: Fault
) -> None:
    world = small.world(kubeconfig, first=0.01, total=0.2, read=0.3)
    apply(world, small.release(namespace), wait=False)
    changed = small.with_more(small.release(namespace), small.config_map(edition="two"))
    proxy.decide = lambda asked: fault if asked.write and "/configmaps/" in asked.path else None
    with pytest.raises(UnreachableError) as caught:
        apply(world, changed, wait=False)
    assert caught.value.exit_code == 3
    assert "applying ConfigMap/settings" in str(caught.value)
    assert history(control_plane, namespace) == {1: "deployed", 2: "failed"}
    proxy.decide = lambda asked: None
    apply(world, changed, wait=False)
    assert_whole(control_plane, namespace, {1: "superseded", 2: "deployed"})


def test_nobody_there(tmp_path: Path, control_plane: ControlPlane) -> None:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", "http://127.0.0.1:1", control_plane.authority, "x")
    world = small.world(kubeconfig, first=0.01, total=0.05)
    with pytest.raises(UnreachableError) as caught:
        read_standing(world, "small", "anywhere")
    assert str(caught.value).splitlines()[0] == "error: listing Secrets: connection refused; tried 3 times" or (
        "connection refused" in str(caught.value)
    )


def test_a_token_that_is_not_accepted(proxy: FaultProxy, tmp_path: Path) -> None:
    world = small.world(proxy.kubeconfig(tmp_path, token="expired"))
    with pytest.raises(LoginError) as caught:
        read_standing(world, "small", "default")
    assert "does not accept the login (401)" in str(caught.value)
    assert "expired" not in str(caught.value).replace("has expired", "")
    # Once as it was, once with the login renewed.
    assert len(proxy.asked) == 2


def test_an_expired_token_is_renewed_by_the_exec_plugin(
    control_plane: ControlPlane, proxy: FaultProxy, tmp_path: Path, namespace: str
) -> None:
    admin = json.loads(control_plane.kubeconfig().read_text(encoding="utf-8"))["users"][0]["user"]["token"]
    runs = tmp_path / "runs"
    plugin = tmp_path / "plugin.py"
    plugin.write_text(
        "import json, pathlib\n"
        f"runs = pathlib.Path({str(runs)!r})\n"
        "count = len(runs.read_text()) if runs.exists() else 0\n"
        "runs.write_text('x' * (count + 1))\n"
        f"token = {admin!r} if count else 'expired'\n"
        "print(json.dumps({'apiVersion': 'client.authentication.k8s.io/v1', 'kind': 'ExecCredential',"
        " 'status': {'token': token}}))\n",
        encoding="utf-8",
    )
    file = proxy.kubeconfig(tmp_path)
    config = json.loads(file.read_text(encoding="utf-8"))
    command = {"apiVersion": "client.authentication.k8s.io/v1", "command": sys.executable, "args": [str(plugin)]}
    config["users"][0]["user"] = {"exec": {**command, "interactiveMode": "Never"}}
    file.write_text(json.dumps(config), encoding="utf-8")
    apply(small.world(file), small.release(namespace), wait=False)
    assert_whole(control_plane, namespace, {1: "deployed"})
    assert runs.read_text(encoding="utf-8") == "xx"


GONE = {"type": "ERROR", "object": {"kind": "Status", "code": 410, "reason": "Expired", "message": "too old"}}


@pytest.mark.parametrize("lines", [(), (GONE,)], ids=["ends", "410"])
def test_watches_that_break_are_opened_again(
    control_plane: ControlPlane, proxy: FaultProxy, kubeconfig: Path, namespace: str, lines: tuple[dict[str, Any], ...]
) -> None:
    seen: dict[str, int] = {}
    lock = threading.Lock()

    def heal() -> None:
        pods = control_plane.api.json("GET", f"/api/v1/namespaces/{namespace}/pods")["items"]
        control_plane.heal(namespace, pods[0]["metadata"]["name"])

    healer = threading.Thread(target=heal)

    def decide(asked: Asked) -> Fault | None:
        kind = asked.path.partition("?")[0].rpartition("/")[2]
        if not asked.is_watch:
            return None
        with lock:
            seen[kind] = seen.get(kind, 0) + 1
            # The pod is held until each watch has been opened again.
            if min(seen.get(each, 0) for each in ("deployments", "pods", "replicasets")) > 1 and not healer.ident:
                healer.start()
            return Fault(lines=lines) if seen[kind] == 1 else None

    proxy.decide = decide
    made = small.with_more(small.release(namespace), small.deployment(image="pause:held"))
    apply(small.world(kubeconfig), made, timeout=60)
    healer.join()
    assert_whole(control_plane, namespace, {1: "deployed"})


@pytest.mark.control_plane
def test_the_server_restarts_in_mid_apply(tmp_path: Path) -> None:
    with ControlPlane(tmp_path / "plane") as plane, FaultProxy(plane) as proxy:
        plane.add_node("node-1")
        namespace = plane.add_namespace("restart")
        restarts = threading.Thread(target=lambda: plane.restart_apiserver(down_seconds=0.5))

        def decide(asked: Asked) -> Fault | None:
            if asked.write == 4 and not restarts.ident:
                plane.stop_apiserver()
                restarts.start()
            return None

        proxy.decide = decide
        apply(small.world(proxy.kubeconfig(tmp_path), total=60.0), small.release(namespace), timeout=60)
        restarts.join()
        assert_whole(plane, namespace, {1: "deployed"})


def test_two_at_once(control_plane: ControlPlane, proxy: FaultProxy, kubeconfig: Path, namespace: str) -> None:
    """One wins, the other one says who did, and writes nothing."""
    first = small.world(kubeconfig)
    other = World(LiveCluster(Connection(str(kubeconfig))), holder="eve@elsewhere")
    release = small.release(namespace)
    changed = small.with_more(release, small.config_map(edition="two"))
    late = plan_apply(other, changed, read_standing(other, release.name, namespace))
    errors: list[ClusterError] = []
    writes_of_other: list[int] = []

    def interfere() -> None:
        before = len(proxy.writes)
        try:
            execute(other, late, Options(wait=False))
        except ClusterError as error:
            errors.append(error)
        writes_of_other.append(len(proxy.writes) - before)

    proxy.decide, hit = once(Fault(then=interfere), lambda asked: "/serviceaccounts/" in asked.path and asked.write > 0)
    apply(first, release, wait=False)
    assert hit
    assert first.holder in str(errors[0])
    assert "since" in str(errors[0])
    assert_whole(control_plane, namespace, {1: "deployed"})


def test_a_server_that_never_answered_is_given_up_sooner(tmp_path: Path, control_plane: ControlPlane) -> None:
    kubeconfig = write_kubeconfig(tmp_path / "kubeconfig", "http://127.0.0.1:1", control_plane.authority, "x")
    passed: list[float] = []
    world = small.world(kubeconfig, sleep=passed.append, clock=lambda: sum(passed))
    with pytest.raises(UnreachableError, match="connection refused"):
        read_standing(world, "small", "anywhere")
    assert sum(passed) <= 6


def test_patience_obeys_retry_after_and_ends() -> None:
    pauses: list[float] = []
    patience = Patience(first=1, longest=4, total=20, sleep=pauses.append, clock=lambda: sum(pauses), jitter=lambda: 1)
    tries = patience.tries()
    for _ in tries:
        if not tries.wait(5 if tries.count == 2 else 0):
            break
    assert pauses == [1, 5, 4, 4, 4]
