"""Owns the running programs of one control plane, each with its log file, through the keeper that ends them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.control_plane.errors import ControlPlaneError

_LOG_LINES = 15


class Processes:
    """Programs that end when this object is closed, or when this process ends in any way, SIGKILL included.

    Each one leads a process group and session of its own, so Ctrl-C in the terminal does not reach it. Their output
    goes to `logs`/NAME.log. `removed_at_end` are folders that are deleted after the last one has ended.
    """

    def __init__(self, logs: Path, removed_at_end: Sequence[Path] = ()) -> None:
        self.logs = logs
        logs.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        keeper = Path(__file__).with_name("keeper.py")
        self._keeper = subprocess.Popen(
            [sys.executable, "-I", "-S", str(keeper), *(str(each) for each in removed_at_end)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True,
        )  # fmt: skip

    def start(
        self, name: str, argv: Sequence[str | Path], env: Mapping[str, str] | None = None, cwd: Path | None = None
    ) -> int:
        """Start a program; return its process id.

        `env` is added to PATH and HOME (the logs' folder), which is all that a program gets of this process's
        environment. ControlPlaneError if it cannot be started or `name` is running.
        """
        environment = {"PATH": os.environ.get("PATH", os.defpath), "HOME": str(self.logs), **(env or {})}
        command = [str(each) for each in argv]
        order = {"start": name, "argv": command, "env": environment, "cwd": str(cwd or self.logs)}
        return int(self._ask({**order, "log": str(self.log(name))})["pid"])

    def stop(self, name: str, number: signal.Signals = signal.SIGKILL, seconds: float = 10.0) -> int:
        """Send a signal to a program's group, and SIGKILL after `seconds`; return its exit code once it has ended."""
        return int(self._ask({"stop": name, "signal": int(number), "seconds": seconds})["code"])

    def exit_code(self, name: str) -> int | None:
        """Return the exit code of a program, or None while it runs."""
        code = self._ask({"poll": name})["code"]
        return None if code is None else int(code)

    def check_running(self, name: str) -> None:
        """Raise ControlPlaneError, with the end of its log, if a program has ended."""
        code = self.exit_code(name)
        if code is not None:
            raise ControlPlaneError(f"{name} ended with {code} ({self.log(name)}):\n{self.log_end(name)}")

    def log(self, name: str) -> Path:
        """Return the path of a program's log."""
        return self.logs / f"{name}.log"

    def log_end(self, name: str) -> str:
        """Return the last lines of a program's log."""
        return "\n".join(self.log(name).read_text(encoding="utf-8", errors="replace").splitlines()[-_LOG_LINES:])

    def close(self) -> None:
        """End every program and the keeper; return when all are gone. A second call does nothing."""
        with self._lock:
            # The keeper takes the end of its input as the order to end everything.
            for stream in (self._keeper.stdin, self._keeper.stdout):
                if stream is not None and not stream.closed:
                    # Closing flushes an order that a killed keeper never read; the stream is closed all the same.
                    with contextlib.suppress(BrokenPipeError):
                        stream.close()
            self._keeper.wait()

    def _ask(self, order: dict[str, Any]) -> dict[str, Any]:
        with self._lock:
            stdin, stdout = self._keeper.stdin, self._keeper.stdout
            if stdin is None or stdout is None or stdin.closed:
                raise ControlPlaneError("this control plane has been stopped")
            try:
                stdin.write(json.dumps(order) + "\n")
                stdin.flush()
                line = stdout.readline()
            except BrokenPipeError:
                line = ""
        if not line:
            raise ControlPlaneError("the keeper of the control plane's processes has been killed, and they with it")
        answer: dict[str, Any] = json.loads(line)
        if "error" in answer:
            raise ControlPlaneError(answer["error"])
        return answer
