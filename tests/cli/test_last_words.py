"""What is said at the end of a run that went wrong is true, and tells the next step."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import click
import pytest

from chart_py.cli import acting
from chart_py.cluster.errors import UnreachableError
from chart_py.cluster.interface import Ref
from chart_py.engine import hub as door
from tests.fake_hub import Desk, instead_of_the_network, namespace, working_cluster

HOOK = Callable[[str, Ref, bool], None]

BACK = (
    "Run the same command again to go on, or `rollback 1` to have the last good revision again; `status` shows the hub."
)
CORRECTED = BACK.replace("Run the same command again to go on", "Correct the cause and run it again")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text("proxy: {service: {type: ClusterIP}}\n", encoding="utf-8")
    return tmp_path


class Trouble:
    """Raises an error with the n-th object that is applied, and with all that is asked after that if `for_ever`."""

    def __init__(self, error: BaseException, after: int = 3, *, for_ever: bool = False) -> None:
        self.error, self.left, self.for_ever = error, after, for_ever
        self.is_on = False

    def __call__(self, verb: str, ref: Ref, dry_run: bool) -> None:
        if self.is_on and (self.left <= 0 or (verb == "apply" and not dry_run and ref.kind != "DaemonSet")):
            self.left -= 1
            if self.left == 0 or (self.left < 0 and self.for_ever):
                raise self.error


@pytest.fixture
def troubled(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> Any:
    """A desk at a cluster where `trouble` begins once it is switched on."""
    trouble: Trouble = request.param
    found = Desk(working_cluster(namespace(), before_request=trouble), capsys)
    with instead_of_the_network(found, monkeypatch):
        yield found, trouble


def begun(trouble: Trouble, after: int = 3) -> None:
    trouble.left, trouble.is_on = after, True


def interrupt() -> Trouble:
    return Trouble(KeyboardInterrupt())


def dead() -> Trouble:
    gone = UnreachableError(
        "applying Role/hub: connection refused; tried 9 times", "The API server is https://x: is it up?"
    )
    return Trouble(gone, for_ever=True)


@pytest.mark.parametrize("troubled", [interrupt()], indirect=True)
def test_ctrl_c_in_an_install(troubled: tuple[Desk, Trouble]) -> None:
    desk, trouble = troubled
    begun(trouble)
    ran = desk.run("apply", "--yes")
    assert ran.code == 130
    last = ran.err.split("interrupted\n")[1]
    written = re.match(r"   (\d+) of (\d+) objects were written, and stay so; not yet: (.+)\.\n", last)
    assert written is not None, last
    here = {str(each["metadata"]["name"]) for each in desk.cluster.objects() if each["kind"] != "Secret"}
    assert int(written[1]) < int(written[2]) == 24
    assert len(here) >= 2
    assert last.splitlines()[1:] == [
        "   Revision 1 is recorded as failed.",
        "   Run the same command again to go on, or `uninstall` to remove what was written; `status` shows the hub.",
    ]
    assert desk.history() == {1: "failed"}
    # It is true: the same command goes on, and `uninstall` removes what was written.
    trouble.is_on = False
    assert desk.run("apply", "--yes").code == 0
    assert desk.history() == {1: "deployed"}


@pytest.mark.parametrize("troubled", [interrupt()], indirect=True)
def test_ctrl_c_in_an_upgrade_names_the_good_revision(troubled: tuple[Desk, Trouble]) -> None:
    desk, trouble = troubled
    assert desk.run("apply", "--yes").code == 0
    begun(trouble, 1)
    ran = desk.run("apply", "--set", "hub.extraEnv.A=b", "--yes")
    assert ran.code == 130
    assert ran.err.splitlines()[-2:] == [
        "   Revision 2 is recorded as failed.",
        f"   {BACK}",
    ]
    trouble.is_on = False
    assert desk.run("rollback", "1", "--yes").code == 0
    assert desk.history()[3] == "deployed"


@pytest.mark.parametrize("troubled", [dead()], indirect=True)
def test_a_cluster_that_dies_in_an_install(troubled: tuple[Desk, Trouble]) -> None:
    desk, trouble = troubled
    begun(trouble)
    ran = desk.run("apply", "--yes")
    assert ran.code == 3
    assert (
        "error: applying Role/hub: connection refused; tried 9 times\n   The API server is https://x: is it up?\n"
        in (ran.err)
    )
    assert ran.err.splitlines()[-2:] == [
        "   The record could not be updated: revision 1 counts as interrupted.",
        "   Run the same command again to go on, or `uninstall` to remove what was written; `status` shows the hub.",
    ]
    trouble.is_on = False
    # The process that held the lock would be gone by now; this one, which plays it, is not.
    desk.cluster.delete(Ref("coordination.k8s.io/v1", "Lease", "jhub", "chart-py.jhub"))
    assert "interrupted" in desk.run("status").out
    assert desk.run("apply", "--yes").code == 0


@pytest.mark.parametrize("troubled", [interrupt()], indirect=True)
def test_ctrl_c_before_anything_is_written(troubled: tuple[Desk, Trouble], monkeypatch: pytest.MonkeyPatch) -> None:
    desk, _ = troubled
    writes = desk.cluster.writes

    def stop(*_: object, **__: object) -> bool:
        raise click.Abort

    monkeypatch.setattr(acting, "can_be_asked", lambda: True)
    monkeypatch.setattr(click, "confirm", stop)
    ran = desk.run("apply")
    assert (ran.code, ran.err.splitlines()[-2:]) == (130, ["interrupted", "   Nothing was written."])
    assert desk.cluster.writes == writes


def test_a_clash_of_names_is_said_once(desk: Desk) -> None:
    """Two releases in one namespace: one line for all objects, and what to do."""
    Path("config.yaml").write_text("proxy: {service: {type: ClusterIP}}\n", encoding="utf-8")
    assert desk.run("apply", "--yes").code == 0
    writes = desk.cluster.writes
    ran = desk.run("apply", "--release", "other", "--namespace", "jhub", "--yes")
    assert ran.code == 3
    said = ran.err[ran.err.index("error:") :]
    assert said.count("already exists and belongs to the release jhub in jhub") == 1
    assert re.search(r"\n   NetworkPolicy/hub, \S+, \S+, \S+ and \d+ more: already exists", said)
    assert said.count("--namespace NAME") == 1
    assert "nothing was written" in said
    assert len(said.splitlines()) == 3
    assert desk.cluster.writes == writes
    # It is true: with names of its own, it has room beside the first.
    own = ("--set", "fullnameOverride=other")
    assert desk.run("apply", "--release", "other", "--namespace", "jhub", *own, "--yes").code == 0


def never_ready(live: dict[str, Any]) -> bool:
    return live["kind"] == "Deployment" and "k8s-hub:broken" in str(live)


@pytest.fixture
def slow(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A desk at a cluster where one image of the hub never runs."""
    found = Desk(working_cluster(namespace(), never=never_ready), capsys)
    with instead_of_the_network(found, monkeypatch):
        yield found


BROKEN = ("apply", "--set", "hub.image.tag=broken", "--timeout", "0", "--pull", "off", "--yes")


def test_a_hub_that_does_not_become_ready(slow: Desk) -> None:
    assert slow.run("apply", "--yes").code == 0
    ran = slow.run(*BROKEN)
    assert ran.code == 4
    last = ran.err[ran.err.index("error:") :].splitlines()
    assert last[0].startswith("error: not ready after 0 s: Deployment/hub waits for ")
    assert last[-3:] == [
        "   All 2 objects were written, and stay so.",
        "   Revision 2 is recorded as failed.",
        f"   {CORRECTED}",
    ]
    again = slow.run("apply", "--set", "hub.image.tag=broken", "--no-wait", "--pull", "off", "--yes")
    assert again.code == 0
    unchanged = slow.run(*BROKEN)
    assert (unchanged.code, unchanged.err.splitlines()[-1]) == (
        4,
        "   Nothing was written: the cluster has this configuration already. `status` shows what it waits for.",
    )


def test_an_automatic_rollback_says_what_there_is_now(slow: Desk) -> None:
    assert slow.run("apply", "--yes").code == 0
    ran = slow.run(*BROKEN, "--rollback-on-failure")
    assert ran.code == 4
    assert "note: revision 2 failed; rolling back\n" in ran.err
    assert ran.err.splitlines()[-2:] == [
        "   Rolled back: the hub is as it was in revision 1, now revision 3.",
        "   Correct the cause, then run the same command again.",
    ]
    assert "was written, and stay" not in ran.err
    assert slow.history() == {1: "superseded", 2: "failed", 3: "deployed"}


def test_an_automatic_rollback_of_an_install(slow: Desk) -> None:
    ran = slow.run(*BROKEN, "--rollback-on-failure")
    assert ran.code == 4
    assert ran.err.splitlines()[-2:] == [
        "   Rolled back: what was installed has been removed.",
        "   Correct the cause, then run the same command again.",
    ]
    assert slow.history() == {}


# ---- another run


def lease(holder: str = "ada@elsewhere (process 7 of another)") -> dict[str, Any]:
    now = datetime.now(timezone.utc)
    spec = {
        "holderIdentity": holder,
        "leaseDurationSeconds": 15,
        "acquireTime": now.isoformat(),
        "renewTime": (now + timedelta(hours=1)).isoformat(),
    }
    meta = {"name": "chart-py.jhub", "namespace": "jhub"}
    return {"apiVersion": "coordination.k8s.io/v1", "kind": "Lease", "metadata": meta, "spec": spec}


@pytest.fixture
def shared(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Any:
    """A desk at a cluster where another run holds the lock until it has been looked at `looks` times."""
    looks = [10**6]

    def ends(verb: str, ref: Ref, dry_run: bool) -> None:
        if verb == "get" and ref.kind == "Lease":
            looks[0] -= 1
            if looks[0] <= 0:
                found.cluster._objects.pop(("coordination.k8s.io", "Lease", "jhub", "chart-py.jhub"), None)

    found = Desk(working_cluster(namespace(), lease(), before_request=ends), capsys)
    monkeypatch.setattr(door, "_LOOK_SECONDS", 0.0)
    with instead_of_the_network(found, monkeypatch):
        yield found, looks


VERBS = [("apply",), ("rollback", "1"), ("uninstall",), ("handover",)]


def test_another_run_is_named_and_how_to_wait_for_it(shared: tuple[Desk, list[int]]) -> None:
    desk, _ = shared
    ran = desk.run("apply", "--yes")
    assert ran.code == 3
    assert "error: another run is at work on jhub: ada@elsewhere (process 7 of another), since " in ran.err
    assert "or give --wait-for-lock 10m" in ran.err
    assert desk.history() == {}


@pytest.mark.parametrize("verb", VERBS, ids=" ".join)
def test_waiting_for_another_run(shared: tuple[Desk, list[int]], verb: tuple[str, ...]) -> None:
    desk, looks = shared
    looks[0] = 0
    assert desk.run("apply", "--yes", "--wait-for-lock", "1m").code == 0
    assert desk.run("apply", "--set", "hub.extraEnv.A=b", "--yes").code == 0
    looks[0] = 3
    desk.cluster.put(lease())
    ran = desk.run(*verb, "--yes", "--wait-for-lock", "1m")
    assert ran.code == 0, ran.err
    assert ran.err.count("waiting for another run to end: ada@elsewhere") == (0 if verb == ("handover",) else 1)


def test_patience_ends(shared: tuple[Desk, list[int]]) -> None:
    desk, _ = shared
    ran = desk.run("apply", "--yes", "--wait-for-lock", "0.05s")
    assert (ran.code, "another run is at work on jhub" in ran.err) == (3, True)
    wrong = desk.run("apply", "--yes", "--wait-for-lock", "soon")
    assert (wrong.code, "expected a duration such as 90s, 10m or 1h30m, got 'soon'" in wrong.err) == (2, True)


def test_a_run_that_comes_in_between_is_planned_after(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """While a plan is shown another run makes a revision: with patience the plan is made again, else it is refused."""
    found = Desk(working_cluster(namespace()), capsys)
    with instead_of_the_network(found, monkeypatch):
        assert found.run("apply", "--yes").code == 0
        plans: list[int] = []
        others = itertools.count()
        real = acting._may

        def other_first(prepared: Any, *more: Any) -> bool:
            plans.append(prepared.plan.base)
            if len(plans) == 1:
                from chart_py import execute, load, open_cluster, plan

                other = open_cluster(cluster=found.cluster)
                execute(other, plan(other, load(["config.yaml", {"hub": {"extraEnv": {"B": str(next(others))}}}])))
            return real(prepared, *more)

        monkeypatch.setattr(acting, "_may", other_first)
        mine = ("apply", "--set", "hub.extraEnv.A=b", "--yes")
        refused = found.run(*mine)
        assert (refused.code, "the last revision was 1 and is now 2" in refused.err) == (3, True)
        plans.clear()
        ran = found.run(*mine, "--wait-for-lock", "1m")
        assert (ran.code, plans) == (0, [2, 3])
        assert "making a new plan" in ran.err
        assert "revision 4 is deployed" in ran.out
