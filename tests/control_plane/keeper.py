"""Owns the servers' processes on behalf of another process, and ends them all when that one is gone, however it went.

Run as a script, without the package, so that it starts in a few milliseconds. It reads one JSON object a line:

    {"start": NAME, "argv": [...], "env": {...}, "cwd": PATH, "log": PATH}   answer {"pid": N}
    {"stop": NAME, "signal": N, "seconds": S}                                 answer {"code": N}
    {"poll": NAME}                                                            answer {"code": N or null}

and {"error": TEXT} instead where something cannot be done. At the end of its input, on SIGTERM, or when its parent has
died, it kills everything that it started and removes the folders given as arguments. Should the keeper itself be
killed, the kernel kills the servers (PR_SET_PDEATHSIG; that works per thread, and the keeper has only one).
"""

from __future__ import annotations

import ctypes
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

_PR_SET_PDEATHSIG = 1
_PARENT_CHECK_SECONDS = 1.0
_POLL_SECONDS = 0.01
_REMOVALS = 50

# Nothing but _kill reaps a child: until then its process id, and so its group's, cannot be given to anybody else.
_children: dict[str, subprocess.Popen[bytes]] = {}


def _start(order: dict[str, Any]) -> dict[str, Any]:
    name = order["start"]
    if name in _children:
        if _code(_children[name]) is None:
            return {"error": f"{name} is running already"}
        _kill(_children[name])
    with Path(order["log"]).open("ab") as log:
        try:
            process = subprocess.Popen(
                order["argv"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=order["env"], cwd=order["cwd"],
                start_new_session=True, preexec_fn=_die_with_the_keeper,
            )  # fmt: skip
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            return {"error": f"{name} did not start: {error}"}
    _children[name] = process
    return {"pid": process.pid}


def _die_with_the_keeper() -> None:
    if _LIBC is not None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def _stop(order: dict[str, Any]) -> dict[str, Any]:
    process = _children.get(order["stop"])
    if process is None:
        return {"error": f"{order['stop']} was never started"}
    end = time.monotonic() + order["seconds"]
    if process.returncode is None:
        os.killpg(process.pid, order["signal"])
    while _code(process) is None and time.monotonic() < end:
        time.sleep(_POLL_SECONDS)
    return {"code": _kill(process)}


def _poll(order: dict[str, Any]) -> dict[str, Any]:
    process = _children.get(order["poll"])
    return {"error": f"{order['poll']} was never started"} if process is None else {"code": _code(process)}


def _code(process: subprocess.Popen[bytes]) -> int | None:
    """Return the exit code of a child (negative: the signal), None while it runs; do not reap it."""
    if process.returncode is not None:
        return process.returncode
    ended = os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT)
    if ended is None:
        return None
    return ended.si_status if ended.si_code == os.CLD_EXITED else -ended.si_status


def _kill(process: subprocess.Popen[bytes]) -> int:
    """Kill a child and all of its group, which bears its id as each child leads a session; return its exit code."""
    if process.returncode is None:
        os.killpg(process.pid, signal.SIGKILL)
    return process.wait()


def _end() -> NoReturn:
    for process in _children.values():
        if process.returncode is None:
            os.killpg(process.pid, signal.SIGKILL)
    for process in _children.values():
        process.wait()
    for folder in sys.argv[1:]:
        _remove(folder)
    os._exit(0)


def _remove(folder: str) -> None:
    """Remove a folder; a child of a child, dying but not ours to wait for, may still write to it for a moment."""
    for _ in range(_REMOVALS):
        try:
            shutil.rmtree(folder)
        except FileNotFoundError:
            return
        except OSError as error:
            problem = error
            time.sleep(_POLL_SECONDS)
        else:
            return
    sys.stderr.write(f"control plane: {folder} could not be removed: {problem}\n")


def _lines() -> Iterator[bytes]:
    """Yield the orders' lines; return at the end of the input or when the parent has died."""
    parent = os.getppid()
    buffer = b""
    while True:
        readable, _, _ = select.select([0], [], [], _PARENT_CHECK_SECONDS)
        if readable:
            chunk = os.read(0, 1 << 16)
            if not chunk:
                return
            buffer += chunk
            *lines, buffer = buffer.split(b"\n")
            yield from lines
        elif os.getppid() != parent:
            # A forked child of the parent may still hold the other end of our input.
            return


def _serve() -> NoReturn:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: _end())
    for line in _lines():
        order = json.loads(line)
        action = _start if "start" in order else _stop if "stop" in order else _poll
        try:
            sys.stdout.write(json.dumps(action(order)) + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            break
    _end()


_LIBC = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None

if __name__ == "__main__":
    _serve()
