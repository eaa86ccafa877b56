"""Hostile Python of a configuration: nothing of it leaves its process, and nothing outlives the limit."""

from __future__ import annotations

import os
import socket
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from chart_py.rehearsal.rehearse import Rehearsed
from chart_py.rehearsal.result import Walls
from chart_py.rehearsal.worker import Worker
from tests.rehearsal.rehearsing import rehearsed

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the walls are Linux's")
SECRET = "EXAMPLE_CLOUD_SECRET"
# A number of seconds that no other process of the machine sleeps.
LONG = f"86{os.getpid()}"


@pytest.fixture
def hostile(monkeypatch: pytest.MonkeyPatch, worker: Worker) -> Iterator[Worker]:
    """A worker that was started by somebody with a secret in the environment."""
    assert worker.ready
    monkeypatch.setenv(SECRET, "hunter2")
    with Worker(sys.executable) as found:
        yield found


def run(worker: Worker, code: str, seconds: float = 20) -> Rehearsed:
    text = "hub:\n  extraConfig:\n    hostile: |\n" + textwrap.indent(textwrap.dedent(code), " " * 6)
    return rehearsed(worker, text, users=["ada"], seconds=seconds)


def said(result: Rehearsed) -> list[tuple[str, str]]:
    return [(finding.code, finding.message) for finding in result.findings if finding.level.value == "error"]


def left_over() -> list[str]:
    """The processes of this machine that the hostile code has started and that are still there."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
        except OSError:
            continue
        if f"sleep {LONG}" in command:
            found.append(command)
    return found


def still_works(worker: Worker) -> bool:
    """Whether the worker serves another rehearsal."""
    return said(rehearsed(worker, "hub: {}", users=["ada"])) == []


def test_the_callers_environment_is_not_there(hostile: Worker) -> None:
    code = f"""
        import glob, os
        found = [name for name in os.environ if {SECRET!r} in name]
        for file in glob.glob('/proc/[0-9]*/environ'):
            try:
                found += [file] if {SECRET!r} in open(file, errors='replace').read() else []
            except OSError:
                pass
        raise RuntimeError(f'seen: {{found}}')
    """
    assert said(run(hostile, code)) == [("hub-start", "RuntimeError: seen: []")]


def test_the_callers_files_are_neither_read_nor_written(hostile: Worker, tmp_path: Path) -> None:
    (tmp_path / "credentials").write_text("hunter2")
    code = f"""
        import os, pathlib
        folder, done = pathlib.Path({str(tmp_path)!r}), []
        for name, what in (('read', lambda: (folder / 'credentials').read_text()),
                           ('list', lambda: os.listdir(folder)),
                           ('write', lambda: (folder / 'new').write_text('x')),
                           ('remove', lambda: (folder / 'credentials').unlink()),
                           ('home', lambda: os.listdir({str(Path.home())!r} + '/.cache'))):
            try:
                what()
                done.append(name)
            except OSError:
                pass
        pathlib.Path.home().joinpath('mine').write_text('x')
        raise RuntimeError(f'done: {{done}} in {{pathlib.Path.home()}}')
    """
    [(code_, message)] = said(run(hostile, code))
    assert (code_, message.endswith("/home/jovyan")) == ("hub-start", True)
    assert message.startswith("RuntimeError: done: [] in ")
    assert sorted(each.name for each in tmp_path.iterdir()) == ["credentials"]


def test_no_connection_is_made(hostile: Worker) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        port = server.getsockname()[1]
        code = f"""
            import socket
            for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
                try:
                    with socket.socket(socket.AF_INET, kind) as there:
                        there.settimeout(2)
                        there.connect(('127.0.0.1', {port}))
                        there.send(b'secret')
                except OSError:
                    pass
        """
        assert said(run(hostile, code)) == []
        with pytest.raises(TimeoutError):
            server.accept()


def test_what_it_starts_ends_with_it(hostile: Worker) -> None:
    code = f"""
        import os, subprocess
        subprocess.Popen(['sleep', {LONG!r}], start_new_session=True)
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                os.execvp('sleep', ['sleep', {LONG!r}])
            os._exit(0)
    """
    assert said(run(hostile, code)) == []
    assert left_over() == []
    assert still_works(hostile)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("while True: pass", "did not end within 3 seconds"),
        ("import time\ntime.sleep(3600)", "did not end within 3 seconds"),
        (
            "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nwhile True: pass",
            "did not end within 3 seconds",
        ),
        (
            f"import os, subprocess\nwhile True: subprocess.Popen(['sleep', {LONG!r}], start_new_session=True)",
            "started more processes than a hub does",
        ),
        ("import os\nwhile True:\n    os.fork()", "started more processes than a hub does"),
    ],
    ids=["loop", "sleep", "alarm-ignored", "processes", "fork-bomb"],
)
def test_a_limit_ends_it(hostile: Worker, code: str, message: str) -> None:
    assert ("hub-limit", message) in said(run(hostile, code, seconds=3))
    assert left_over() == []
    assert still_works(hostile)


@pytest.mark.parametrize(
    "code",
    [
        "held = []\nwhile True: held.append(bytearray(1 << 28))",
        "import os\nwhile True: open(f'/tmp/{len(os.listdir(\"/tmp\"))}', 'wb').write(bytes(1 << 24))",
        "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos.kill(-1, signal.SIGKILL)",
        "import os\nos._exit(0)",
        'import os\nfor number in range(3, 30):\n    try:\n        os.write(number, b\'{"event": "done"}\\n\')\n'
        "    except OSError:\n        pass\nos._exit(0)",
    ],
    ids=["memory", "disk", "kills", "leaves", "forges"],
)
def test_what_breaks_off_is_no_success(hostile: Worker, code: str) -> None:
    result = run(hostile, code)
    assert said(result) != []
    assert result.rehearsal.hub is None
    assert still_works(hostile)


def test_this_system_keeps_the_network_and_the_files(worker: Worker) -> None:
    walls = run(worker, "x = 1").rehearsal.walls
    assert (walls.network, walls.files) == (True, True)


def test_a_system_that_cannot_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    from chart_py.cli.rehearse import _not_walled
    from chart_py.rehearsal.result import Rehearsal

    _not_walled(Rehearsal(walls=Walls(network=False, files=True, processes=False, lacks=("not permitted",))))
    _not_walled(Rehearsal(walls=Walls(network=True, files=True)))
    assert capsys.readouterr().err == (
        "note: this system cannot keep the hub's Python from the network (docs/rehearse.md)\n"
    )
