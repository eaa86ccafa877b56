"""Owns runs of the command line on a terminal, where questions are asked and answered."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]


def on_terminal(
    argv: Sequence[str | Path], answers: dict[str, str], kubeconfig: Path, columns: int = 80, **variables: str
) -> Shown:
    """Run `python -m chart_py` on a terminal; each text of `answers` is answered once when it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    env = {**os.environ, "KUBECONFIG": str(kubeconfig), "PYTHONPATH": str(ROOT), "TERM": "xterm-256color"}
    # What some program says of its own terminal is not true of this one.
    for name in ("COLUMNS", "NO_COLOR"):
        env.pop(name, None)
    env |= variables
    command = [sys.executable, "-m", "chart_py", *map(str, argv)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, env=env, start_new_session=True)
    os.close(theirs)
    text, left, end = "", dict(answers), time.monotonic() + 120
    while time.monotonic() < end:
        if select.select([ours], [], [], 0.2)[0]:
            try:
                text += os.read(ours, 1 << 16).decode("utf-8", "replace")
            except OSError:
                # The other end is closed: it has ended.
                break
        elif process.poll() is not None:
            break
        for question in [each for each in left if each in text]:
            os.write(ours, left.pop(question).encode() + b"\n")
    process.kill() if process.poll() is None and time.monotonic() >= end else None
    code = process.wait()
    os.close(ours)
    return Shown(code, text)


class Shown:
    """What a terminal has shown: the exit code, and the text with its colours."""

    def __init__(self, code: int, text: str) -> None:
        self.code = code
        self.text = text
