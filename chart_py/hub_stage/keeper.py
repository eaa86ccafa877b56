"""Owns one rehearsal's processes: makes them, walls them off, watches over time, memory and number, ends them all.

the process that has JupyterHub
  └ the keeper       in new namespaces, where the system allows that
      └ the first    the first process there: it waits, watches, and takes all others along when it ends
          └ the hub  runs what the user wrote, without any right
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, NoReturn

from chart_py.hub_stage import guards, places, system
from chart_py.hub_stage.hub import rehearse
from chart_py.hub_stage.limits import held_by, limit, processes, stop_all

# How often the processes are counted, in seconds, and how long one has to say why it was too slow.
_LOOK = 0.05
_GRACE = 2.0
_MOST_OUTPUT = 64_000_000
_NAMESPACES = system.NEW_USERS | system.NEW_MOUNTS | system.NEW_NAMES | system.NEW_IPC | system.NEW_PIDS
_MARK = ".root"


@dataclass
class Walls:
    """What is kept from the user's code in this rehearsal; what `lacks` says why something is not."""

    network: bool = False
    files: bool = False
    processes: bool = False
    lacks: list[str] = field(default_factory=list)


def keep(request: Mapping[str, Any]) -> Iterator[str]:
    """Run one rehearsal; yield its events, each a line of JSON. All its processes and files are gone at the end."""
    folder = tempfile.mkdtemp(dir=request["folder"])
    try:
        reading, writing = os.pipe()
        keeper = os.fork()
        if not keeper:
            os.close(reading)
            _be_keeper(request, folder, writing)
        os.close(writing)
        try:
            yield from _events(reading, float(request["seconds"]) + 2 * _GRACE)
        finally:
            os.close(reading)
            with contextlib.suppress(ProcessLookupError):
                os.kill(keeper, signal.SIGKILL)
            os.waitpid(keeper, 0)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _events(reading: int, seconds: float) -> Iterator[str]:
    """The whole lines that come within the time."""
    end, rest, seen = time.monotonic() + seconds, b"", 0
    while (left := end - time.monotonic()) > 0:
        if not select.select([reading], [], [], left)[0]:
            break
        got = os.read(reading, 1 << 16)
        if not got:
            break
        seen += len(got)
        if seen > _MOST_OUTPUT:
            yield json.dumps({"event": "ended", "by": "output"}) + "\n"
            return
        *lines, rest = (rest + got).split(b"\n")
        for line in lines:
            if text := _whole(line):
                yield text


def _whole(line: bytes) -> str:
    """The line if it is an event; what the user's code may have written in between is none."""
    try:
        event = json.loads(line)
    except ValueError:
        return ""
    return json.dumps(event) + "\n" if isinstance(event, dict) and event.get("event") != "end" else ""


def _be_keeper(request: Mapping[str, Any], folder: str, events: int) -> NoReturn:
    """Make the walls and the first process within; never returns."""
    try:
        system.die_with_parent()
        os.setsid()
        for handle in (0, 1):
            os.dup2(os.open(os.devnull, os.O_RDWR), handle)
        walls = Walls()
        outer = (os.getuid(), os.getgid())
        try:
            system.unshare(_NAMESPACES | system.NEW_NETWORK)
            _map_user(*outer)
            system.raise_loopback()
            walls.network = walls.processes = True
        except OSError as error:
            walls.lacks.append(str(error))
        first = os.fork()
        if not first:
            _be_first(request, folder, events, walls)
        os.close(events)
        if walls.processes:
            os.waitpid(first, 0)
        else:
            _outlive(first)
    finally:
        os._exit(0)


def _map_user(uid: int, gid: int) -> None:
    """Be in the namespace whom the hub's image runs as: 1000, jovyan."""
    for name, text in (("setgroups", "deny"), ("uid_map", f"1000 {uid} 1"), ("gid_map", f"1000 {gid} 1")):
        with open(f"/proc/self/{name}", "w", encoding="utf-8") as file:
            file.write(text)


def _outlive(first: int) -> None:
    """Without a namespace of processes: wait for the first one, then end whatever it has left."""
    os.waitpid(first, 0)
    stop_all(os.getpid())


def _be_first(request: Mapping[str, Any], folder: str, events: int, walls: Walls) -> NoReturn:
    """Lay the files, start the hub, watch it; its end is the end of all that it has started."""
    try:
        system.die_with_parent()
        root = _lay(request["files"], folder, walls)
        output = os.open(os.path.join(root or "/tmp", _MARK), os.O_RDWR | os.O_CREAT | os.O_TRUNC, 0o600)
        system.adopt_orphans()
        hub = os.fork()
        if not hub:
            _be_hub(request, root, events, output, walls)
        by = _watch(hub, request)
        stop_all(os.getpid())
        _report(events, output, by)
    except Exception as error:
        _tell(events, {"event": "failed", "error": f"{type(error).__name__}: {error}"})
    finally:
        os._exit(0)


def _lay(files: Mapping[str, str], folder: str, walls: Walls) -> str:
    """Lay the container's files; the folder that stands for its root, "" where it is the root of this process."""
    if walls.processes:
        try:
            places.new_root(folder, files)
            walls.files = True
            return ""
        except OSError as error:
            walls.lacks.append(str(error))
    places.write(folder, places.below(folder, files))
    for path in (places.HOME, places.WORK, "/tmp"):
        os.makedirs(folder + path, exist_ok=True)
    return folder


def _watch(hub: int, request: Mapping[str, Any]) -> str:
    """Wait for the hub's end; why it was ended where it was, else ""."""
    end, shared = time.monotonic() + float(request["seconds"]) + _GRACE, held_by("self")
    while True:
        done, status = os.waitpid(-1, os.WNOHANG)
        if done == hub:
            return f"signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else ""
        if done:
            continue
        number, memory = processes(os.getpid(), shared)
        if number > request["processes"]:
            return "processes"
        if memory > request["memory"]:
            return "memory"
        if time.monotonic() > end:
            return "time"
        time.sleep(_LOOK)


def _report(events: int, output: int, by: str) -> None:
    """Say what was printed last, and why all was ended."""
    size = os.fstat(output).st_size
    text = os.pread(output, 20_000, max(0, size - 20_000)).decode("utf-8", "replace")
    _tell(events, {"event": "output", "text": text})
    if by:
        _tell(events, {"event": "ended", "by": by})


def _tell(events: int, event: Mapping[str, Any]) -> None:
    data = (json.dumps(event) + "\n").encode()
    while data:
        data = data[os.write(events, data) :]


def _be_hub(request: Mapping[str, Any], root: str, events: int, output: int, walls: Walls) -> NoReturn:
    """Give up every right, then be the hub; never returns."""
    code = 1
    try:
        system.die_with_parent()
        for handle in (1, 2):
            os.dup2(output, handle)
        os.close(output)
        limit(request)
        _shut(root, walls)
        _tell(events, {"event": "walls", **asdict(walls)})
        _own_environment(request["variables"], root)
        os.chdir(root + places.WORK)
        rehearse(request, root, lambda event: _tell(events, event))
        code = 0
    except BaseException as error:
        with contextlib.suppress(OSError):
            _tell(events, {"event": "failed", "error": f"{type(error).__name__}: {error}"})
    finally:
        with contextlib.suppress(Exception):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _shut(root: str, walls: Walls) -> None:
    """What can be kept from the user's code without namespaces is kept by filters of the kernel."""
    system.drop_rights()
    with contextlib.suppress(OSError):
        system.no_new_rights()
    if not walls.network:
        try:
            guards.close_network()
            walls.network = True
        except OSError as error:
            walls.lacks.append(str(error))
    if not walls.files:
        try:
            guards.close_files([*places.needed(), "/etc", "/dev", "/proc"], [root, "/dev/null"])
            walls.files = True
        except OSError as error:
            walls.lacks.append(str(error))


def _own_environment(variables: Mapping[str, str], root: str) -> None:
    os.environ.clear()
    os.environ.update({"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"})
    os.environ.update({"HOME": root + places.HOME, "NB_USER": "jovyan", "SHELL": "/bin/bash", **variables})
    added = [root + path for path in variables.get("PYTHONPATH", "").split(":") if path]
    sys.path[:0] = added
    tempfile.tempdir = root + "/tmp"
    os.environ["TMPDIR"] = root + "/tmp"
    time.tzset()
