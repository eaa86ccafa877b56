"""Owns the command line of scripts/control-plane; it needs nothing but Python, and Go to build."""

from __future__ import annotations

import argparse
import fcntl
import json
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from types import FrameType
from typing import IO, Any

from tests.control_plane import binaries
from tests.control_plane.build import build
from tests.control_plane.errors import ControlPlaneError
from tests.control_plane.plane import ControlPlane, wait_until
from tests.control_plane.versions import PROGRAMS, SERVERS

_START_SECONDS = 90.0
_STOP_SECONDS = 30.0

_DESCRIPTION = """\
A real Kubernetes control plane for tests, on this machine and without root: API server, controller-manager and
scheduler; kwok plays the containers of its nodes.
"""

_EPILOG = """\
The tests start control planes of their own and need no more than `build`. To look around by hand:

    eval "$(scripts/control-plane start)"      now kubectl and helm talk to it
    scripts/control-plane stop

Binaries are kept in $XDG_CACHE_HOME/chart_py/control-plane (~/.cache). A folder in $KUBEBUILDER_ASSETS with
kube-apiserver, etcd and others is used before them.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; return its exit code (0 fine, 1 missing or not running, 2 usage, 3 failed, 130 stopped)."""
    options = _parser().parse_args(arguments)
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        code: int = options.run(options)
        return code
    except ControlPlaneError as error:
        _say(f"error: {error}")
    except OSError as error:
        _say(f"error: {error.strerror or error}{f': {error.filename}' if error.filename else ''}")
    except KeyboardInterrupt:
        _say("interrupted")
        return 130
    return 3


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser("control-plane", description=_DESCRIPTION, epilog=_EPILOG, formatter_class=raw)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)

    def verb(name: str, run: object, text: str) -> argparse.ArgumentParser:
        added = verbs.add_parser(name, help=text, description=text[0].upper() + text[1:] + ".")
        added.set_defaults(run=run)
        return added

    names = ", ".join(each.name for each in PROGRAMS)
    build = verb("build", _build, "build what is not built yet, with Go; minutes for all of it, seconds for a part")
    build.add_argument("program", nargs="*", help=f"only these: {names}")
    start = verb("start", _start, "start a control plane and print the shell's line that points kubectl to it")
    start.add_argument("--nodes", type=int, default=1, metavar="N", help="ready nodes to begin with (1)")
    start.add_argument("--no-pod-stages", action="store_true", help="let nobody run the pods")
    start.add_argument("--foreground", action="store_true", help="stay, and stop it on Ctrl-C")
    verb("stop", _stop, "stop the control plane that `start` started, and delete its data")
    verb("status", _status, "say what is built, and what runs; exit code 1 if something is missing")
    verb("env", _env, "print the shell's lines that set KUBECONFIG (if it runs) and KUBEBUILDER_ASSETS")
    where = verb("path", _path, "print the path of a program, or of the folder of all")
    where.add_argument("program", nargs="?", choices=[each.name for each in PROGRAMS], metavar="PROGRAM", help=names)
    return parser


def _build(options: argparse.Namespace) -> int:
    print(build(options.program, _say))
    return 0


def _start(options: argparse.Namespace) -> int:
    lock = _take_lock()
    if lock is None:
        _say(f"it runs already (process {_running()['process']})")
        print(_export("KUBECONFIG", _running()["kubeconfig"]))
        return 0
    with lock:
        if options.foreground:
            return _serve(options)
        log = _folder() / "start.log"
        command = [sys.executable, sys.argv[0], "start", "--foreground", f"--nodes={options.nodes}"]
        if options.no_pod_stages:
            command.append("--no-pod-stages")
        with log.open("w", encoding="utf-8") as output:
            # It takes the lock over: a lock belongs to the open file, which it inherits.
            server = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True,
                pass_fds=[lock.fileno()], env={**os.environ, _LOCK_VARIABLE: str(lock.fileno())},
            )  # fmt: skip
        wait_until("the control plane runs", lambda: _state() or server.poll() is not None, _START_SECONDS)
    if not _state():
        raise ControlPlaneError(log.read_text(encoding="utf-8").strip().removeprefix("control-plane: error: "))
    print(_export("KUBECONFIG", _state()["kubeconfig"]))
    # It goes on without us; otherwise Python warns of a child that was never waited for.
    server.returncode = 0
    return 0


def _serve(options: argparse.Namespace) -> int:
    try:
        started = time.monotonic()
        with ControlPlane(pod_stages=not options.no_pod_stages) as plane:
            plane.add_storage_class("standard", default=True)
            for number in range(1, options.nodes + 1):
                plane.add_node(f"node-{number}")
            _say(f"the control plane runs at {plane.url}, started in {time.monotonic() - started:.1f} s")
            state: dict[str, Any] = {
                "process": os.getpid(),
                "root": str(plane.root),
                "kubeconfig": str(plane.kubeconfig()),
            }
            unfinished = _state_file().with_suffix(".new")
            unfinished.write_text(json.dumps(state), encoding="utf-8")
            unfinished.replace(_state_file())
            print(_export("KUBECONFIG", state["kubeconfig"]), flush=True)
            while True:
                for name in SERVERS:
                    plane.processes.check_running(name)
                time.sleep(1)
    except KeyboardInterrupt:
        return 0
    finally:
        _state_file().unlink(missing_ok=True)


def _stop(_: argparse.Namespace) -> int:
    if not _is_running():
        _say("it does not run")
        return 0
    os.kill(_running()["process"], signal.SIGTERM)
    wait_until("it has stopped", lambda: not _is_running(), _STOP_SECONDS)
    _say("stopped")
    return 0


def _status(_: argparse.Namespace) -> int:
    for each in PROGRAMS:
        print(f"{each.name:24} {each.version:9} {binaries.find(each.name) or 'not built'}")
    print("running: process {process}, {root}".format_map(_running()) if _is_running() else "not running")
    lacking = binaries.missing(each.name for each in PROGRAMS)
    if lacking:
        _say(binaries.advice(lacking))
    return 1 if lacking else 0


def _env(_: argparse.Namespace) -> int:
    if _is_running():
        print(_export("KUBECONFIG", _running()["kubeconfig"]))
    print(_export("KUBEBUILDER_ASSETS", str(binaries.path("kube-apiserver").parent)))
    return 0


def _path(options: argparse.Namespace) -> int:
    print(binaries.path(options.program) if options.program else binaries.cache_folder())
    return 0


_LOCK_VARIABLE = "CONTROL_PLANE_LOCK"


def _take_lock() -> IO[str] | None:
    """Return the open file whose lock says that a control plane runs, or None if one does.

    The kernel drops the lock when the last process that has the file open ends, so it is never stale.
    """
    inherited = os.environ.pop(_LOCK_VARIABLE, None)
    if inherited is not None:
        return os.fdopen(int(inherited), "w", encoding="utf-8")
    file = (_folder() / "lock").open("w", encoding="utf-8")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        file.close()
        return None
    # Whoever wrote this has ended without a word.
    _state_file().unlink(missing_ok=True)
    return file


def _is_running() -> bool:
    lock = _take_lock()
    if lock is not None:
        lock.close()
    return lock is None


def _running() -> dict[str, Any]:
    """Return what the running control plane says of itself, once it has started."""
    return wait_until("it has started", _state, _START_SECONDS)


def _folder() -> Path:
    folder = binaries.cache_folder().parent / "running"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _state_file() -> Path:
    return _folder() / "state.json"


def _state() -> dict[str, Any]:
    """Return what the running control plane says of itself, or nothing while it starts."""
    try:
        state: dict[str, Any] = json.loads(_state_file().read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return state


def _export(name: str, value: str) -> str:
    return f"export {name}={shlex.quote(value)}"


def _say(text: str) -> None:
    print(f"control-plane: {text}", file=sys.stderr, flush=True)


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
