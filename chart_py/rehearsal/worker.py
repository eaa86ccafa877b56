"""Owns the process that has JupyterHub loaded, seen from outside: started once, asked as often as wanted, ended."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from chart_py.errors import ChartError
from chart_py.rehearsal.container import Container
from chart_py.rehearsal.reading import rehearsal_of
from chart_py.rehearsal.result import Rehearsal

_STAGE = Path(__file__).parents[1] / "hub_stage" / "__main__.py"
# What the dynamic linker needs to find a Python's libraries, beside which nothing of the caller's environment is kept.
_KEPT = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "SYSTEMROOT")
SECONDS = 60
MEMORY = 4 << 30
PROCESSES = 64


class UnusablePythonError(ChartError):
    """A Python that cannot run the hub: its `path`, the `module` that it lacks, and `reason` in its own words."""

    def __init__(self, path: str, module: str, reason: str) -> None:
        self.path = path
        self.module = module
        self.reason = reason
        super().__init__(path, module, reason)

    def __str__(self) -> str:
        lacks = f"it cannot import {self.module}: {self.reason}" if self.module else self.reason
        advice = "Install the hub's packages there, or leave out --hub-python."
        return f"error: {self.path} cannot run a hub: {lacks}\n   {advice}"


class Worker:
    """The hub's Python with JupyterHub loaded. It is started at once and loads while the caller does something else.

    As a context manager it ends with its block, whatever happens in there.
    """

    def __init__(self, python: str | Path) -> None:
        self.python = str(python)
        self._folder = tempfile.TemporaryDirectory(prefix="chart-py-rehearsal-", ignore_cleanup_errors=True)
        environment = {name: os.environ[name] for name in _KEPT if name in os.environ}
        environment |= {"PATH": os.defpath, "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
        try:
            self._process = subprocess.Popen(
                [self.python, "-I", str(_STAGE)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd="/",
                env=environment,
                text=True,
                encoding="utf-8",
                start_new_session=True,
            )
        except OSError as error:
            self._folder.cleanup()
            raise UnusablePythonError(self.python, "", error.strerror or str(error)) from None
        self._ready: dict[str, Any] | None = None

    def __enter__(self) -> Worker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def ready(self) -> Mapping[str, Any]:
        """Which software it is; waits until it is loaded. Raises UnusablePythonError."""
        if self._ready is None:
            found = self._event()
            if found is None or found["event"] != "ready":
                said = found or {"error": "it ended at once"}
                raise UnusablePythonError(self.python, said.get("module", ""), said["error"])
            self._ready = found
        return self._ready

    def rehearse(
        self,
        container: Container,
        people: Sequence[Mapping[str, Any]],
        *,
        profile: str | None = None,
        pairs: int = 12,
        servers: int = 400,
        seconds: float = SECONDS,
        memory: int = MEMORY,
        processes: int = PROCESSES,
    ) -> Rehearsal:
        """Rehearse one hub: it starts, and each of `people` starts their servers.

        `profile` (slug or display name) leaves the other ones out; all answers of a profile are tried where there are
        at most `pairs` ways; `servers` is the most to start. Raises UnusablePythonError.
        """
        ready = self.ready
        request = {
            "folder": self._folder.name,
            "files": dict(container.files),
            "variables": dict(container.variables),
            "arguments": list(container.arguments),
            "people": [dict(each) for each in people],
            "profile": profile,
            "pairs": pairs,
            "servers": servers,
            "seconds": seconds,
            "memory": memory,
            "processes": processes,
        }
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        events = []
        while (event := self._event()) is not None and event["event"] != "end":
            events.append(event)
        return rehearsal_of(ready, events)

    def _event(self) -> dict[str, Any] | None:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        event: dict[str, Any] | None = json.loads(line) if line else None
        return event

    def close(self) -> None:
        """End the process and all that it has started."""
        process = self._process
        with contextlib.suppress(OSError):
            if process.stdin:
                process.stdin.close()
        try:
            # Its children end with it: the kernel sees to that.
            process.kill()
        finally:
            process.wait()
            if process.stdout:
                process.stdout.close()
            self._folder.cleanup()
