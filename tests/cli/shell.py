"""Owns a shell on a terminal of its own, as a person sees it: keys go in, the screen's text comes out."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import time
from collections.abc import Mapping, Sequence
from types import TracebackType


class Terminal:
    """A program on a pseudo terminal; use it as a context, at whose end the program is gone."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        self.process, self.end = pty.fork()
        if self.process == 0:
            os.execvpe(command[0], [*command], dict(environment))
        self.text = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.kill(self.process, signal.SIGKILL)
        os.waitpid(self.process, 0)
        os.close(self.end)

    def type(self, keys: str) -> None:
        """Send keys; what the screen has shown so far is forgotten."""
        self.text = ""
        os.write(self.end, keys.encode())

    def shows(self, pattern: str, seconds: float = 60) -> str:
        """Wait until the screen shows what the pattern finds, and give its text; AssertionError if it never does."""
        until = time.monotonic() + seconds
        while not re.search(pattern, self.text):
            left = until - time.monotonic()
            assert left > 0, f"never on the screen: {pattern}\n{self.text}"
            if select.select([self.end], [], [], left)[0]:
                try:
                    read = os.read(self.end, 65536).decode(errors="replace")
                except OSError:
                    raise AssertionError(f"the program has ended without {pattern}\n{self.text}") from None
                self.text += re.sub(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b[=>]|\x08|\r", "", read)
        return self.text
