"""Owns runs of the command line in processes of their own, which a test may kill; forked, so that each starts at once.

Run as a module it is the parent of these processes: it reads one JSON object a line, `{"argv": [...], "out": FILE}`,
answers `{"pid": N}` when the run has begun and `{"code": N}` when it has ended (negative: the signal that killed it).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Ended:
    """A run that has ended: its exit code, and all that it said."""

    code: int
    said: str


class Forks:
    """A parent of runs; use it in a `with`."""

    def __init__(self, folder: Path, environment: dict[str, str] | None = None) -> None:
        self._folder = folder
        self._environment = {**os.environ, **(environment or {}), "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Forks:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.engine.forks"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=self._environment,
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process and self._process.stdin and self._process.stdout
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()

    def run(self, *argv: str | Path, begun: Callable[[int], None] | None = None) -> Ended:
        """Run the command line with `argv` to its end; `begun` is called with its process id."""
        out = self._folder / "said"
        self._order({"argv": [str(each) for each in argv], "out": str(out)})
        pid = self._answer()["pid"]
        if begun:
            begun(pid)
        code = self._answer()["code"]
        return Ended(code, out.read_text(encoding="utf-8"))

    def _order(self, data: dict[str, Any]) -> None:
        assert self._process and self._process.stdin
        self._process.stdin.write(json.dumps(data) + "\n")
        self._process.stdin.flush()

    def _answer(self) -> dict[str, Any]:
        assert self._process and self._process.stdout
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer


def _child(argv: Sequence[str], out: str) -> int:
    from chart_py.cli import main

    handle = os.open(out, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(handle, 1)
    os.dup2(handle, 2)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    code = main(argv)
    sys.stdout.flush()
    sys.stderr.flush()
    return code


def _serve() -> None:
    from importlib import import_module

    from chart_py.cli import VERBS

    for verb in VERBS:
        import_module(f"chart_py.cli.{verb}")
    for name in (
        *("chart_py.checks.rules", "chart_py.checks.silence", "chart_py.values.load", "chart_py.rendering"),
        *("chart_py.cluster.live", "chart_py.engine.opening", "chart_py.engine.hub"),
    ):
        import_module(name)
    import_module("chart_py.cluster.quick_import").client_modules()
    for line in sys.stdin:
        order = json.loads(line)
        # Not print: a child must not find half a line in a buffer that it has inherited.
        pid = os.fork()
        if pid == 0:
            try:
                os._exit(_child(order["argv"], order["out"]))
            except BaseException:
                import traceback

                traceback.print_exc()
                os._exit(70)
        os.write(1, json.dumps({"pid": pid}).encode() + b"\n")
        _, status = os.waitpid(pid, 0)
        os.write(1, json.dumps({"code": os.waitstatus_to_exitcode(status)}).encode() + b"\n")


if __name__ == "__main__":
    _serve()
