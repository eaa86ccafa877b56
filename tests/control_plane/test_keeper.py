"""Tests of the processes' end: whatever happens to the one who started them, nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.control_plane.errors import ControlPlaneError
from tests.control_plane.plane import wait_until
from tests.control_plane.processes import Processes

_REPOSITORY = Path(__file__).resolve().parents[2]

# A parent that starts a sleeper with a sleeping child of its own, says their ids and waits for its end.
_PARENT = """
import os, sys, time
from pathlib import Path
from tests.control_plane.processes import Processes
root = Path(sys.argv[1])
processes = Processes(root / "logs", [root])
processes.start("sleeper", ["sh", "-c", "sleep 1000 & echo $!; sleep 1000"])
while not processes.log("sleeper").read_text().strip():
    time.sleep(0.01)
print(processes.start("other", ["sleep", "1000"]), processes.log("sleeper").read_text().strip(), flush=True)
if len(sys.argv) > 2 and os.fork() == 0:
    time.sleep(1000)
time.sleep(1000)
"""


@pytest.fixture
def processes(tmp_path: Path) -> Iterator[Processes]:
    made = Processes(tmp_path / "logs")
    yield made
    made.close()


def _runs(process: int) -> bool:
    """Say whether a process runs; a zombie, whose parent is init or has yet to look, does not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _start_parent(root: Path, *arguments: str) -> tuple[subprocess.Popen[str], list[int]]:
    command = [sys.executable, "-c", _PARENT, str(root), *arguments]
    parent = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=_REPOSITORY, start_new_session=True)
    assert parent.stdout is not None
    children = [int(word) for word in parent.stdout.readline().split()]
    assert [_runs(child) for child in children] == [True, True]
    return parent, children


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_nothing_outlives_a_killed_parent(tmp_path: Path, number: signal.Signals) -> None:
    parent, children = _start_parent(tmp_path / "root")
    with parent:
        parent.send_signal(number)
    wait_until("the children have ended", lambda: not any(_runs(child) for child in children))
    wait_until("their folder is gone", lambda: not (tmp_path / "root").exists())


def test_nothing_outlives_a_killed_parent_whose_fork_lives_on(tmp_path: Path) -> None:
    parent, children = _start_parent(tmp_path / "root", "fork")
    parent.kill()
    wait_until("the children have ended", lambda: not any(_runs(child) for child in children))
    os.killpg(parent.pid, signal.SIGKILL)
    parent.communicate()


def test_the_kernel_kills_the_children_of_a_killed_keeper(processes: Processes) -> None:
    child = processes.start("sleeper", ["sleep", "1000"])
    processes._keeper.kill()
    wait_until("the child has ended", lambda: not _runs(child))
    with pytest.raises(ControlPlaneError, match="keeper"):
        processes.start("another", ["sleep", "1000"])


def test_close_ends_everything_and_twice_is_once(tmp_path: Path) -> None:
    processes = Processes(tmp_path / "logs")
    children = [processes.start(name, ["sleep", "1000"]) for name in ("one", "two")]
    processes.close()
    assert [_runs(child) for child in children] == [False, False]
    processes.close()
    with pytest.raises(ControlPlaneError, match="stopped"):
        processes.start("three", ["sleep", "1000"])


def test_a_process_is_polled_stopped_and_started_again(processes: Processes) -> None:
    processes.start("sleeper", ["sleep", "1000"])
    assert processes.exit_code("sleeper") is None
    processes.check_running("sleeper")
    with pytest.raises(ControlPlaneError, match="sleeper is running already"):
        processes.start("sleeper", ["sleep", "1000"])
    assert processes.stop("sleeper", signal.SIGTERM) == -signal.SIGTERM
    assert processes.exit_code("sleeper") == -signal.SIGTERM
    processes.start("sleeper", ["sleep", "1000"])
    assert processes.exit_code("sleeper") is None


def test_a_process_that_ignores_the_signal_is_killed(processes: Processes) -> None:
    processes.start("deaf", ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.1; done"])
    wait_until("it is deaf", lambda: "ready" in processes.log_end("deaf"))
    assert processes.stop("deaf", signal.SIGTERM, seconds=0.1) == -signal.SIGKILL


def test_an_early_end_is_told_with_the_log(processes: Processes) -> None:
    processes.start("failing", ["sh", "-c", "echo no such port >&2; exit 3"])
    wait_until("it has ended", lambda: processes.exit_code("failing") is not None)
    with pytest.raises(ControlPlaneError, match=r"(?s)failing ended with 3 .*no such port"):
        processes.check_running("failing")


def test_a_program_gets_only_the_environment_it_is_given(processes: Processes, tmp_path: Path) -> None:
    processes.start("env", ["env"], {"COLOUR": "blue"}, tmp_path)
    wait_until("it has ended", lambda: processes.exit_code("env") == 0)
    lines = processes.log("env").read_text().splitlines()
    assert sorted(line.partition("=")[0] for line in lines) == ["COLOUR", "HOME", "PATH"]


def test_a_missing_program_is_told(processes: Processes) -> None:
    with pytest.raises(ControlPlaneError, match=r"ghost did not start: .*No such file"):
        processes.start("ghost", ["/nonexistent/ghost"])
    with pytest.raises(ControlPlaneError, match="never was was never started"):
        processes.exit_code("never was")
