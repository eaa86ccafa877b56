"""Owns the recording of docs/apply-session.cast: an install, an upgrade that fails and a rollback, on a real server.

    scripts/record-session        needs `scripts/control-plane build`

What a person would type is typed into a shell on a terminal of 100 columns; what comes back is kept with its times, as
asciinema's format 2 has it (`asciinema play docs/apply-session.cast`). Two pictures are written beside it:
docs/apply-session.svg is all that was shown, docs/apply-table.svg the table while the install was waited for.
"""

from __future__ import annotations

import fcntl
import io
import json
import os
import pty
import re
import select
import struct
import sys
import tempfile
import termios
import time
from itertools import groupby
from pathlib import Path
from typing import Any

import pyte
from rich.console import Console
from rich.style import Style
from rich.text import Text

from tests.control_plane import ControlPlane

ROOT = Path(__file__).parents[1]

COLUMNS, ROWS = 100, 34
PROMPT = "\x1b[1;32m$\x1b[0m "
LONGEST_PAUSE = 1.2
CONFIG = """\
hub:
  config:
    JupyterHub: {authenticator_class: dummy}
proxy:
  service: {type: ClusterIP}
"""
# What is typed: a line at the prompt, or an answer to a question.
STEPS = (
    "chart-py apply -f config.yaml --create-namespace",
    "y",
    "chart-py apply -f config.yaml --set hub.image.tag=missing",
    "y",
    "chart-py status",
    "chart-py rollback",
    "y",
    "chart-py history",
)


class Terminal:
    """A shell on a terminal; what it shows is kept in `seen`, each piece with the second in which it came."""

    def __init__(self, folder: Path, environment: dict[str, str]) -> None:
        self.seen: list[tuple[float, str]] = []
        self._start = time.monotonic()
        pid, self._file = pty.fork()
        if not pid:
            os.chdir(folder)
            os.execvpe("bash", ["bash", "--norc", "--noprofile"], environment)
        fcntl.ioctl(self._file, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))

    def read_until(self, pattern: str, seconds: float = 120.0) -> str:
        """Read until what has come since now ends with `pattern`."""
        text, end = "", time.monotonic() + seconds
        while not re.search(pattern + r"\Z", text):
            if time.monotonic() > end:
                raise SystemExit(f"nothing like {pattern!r} came:\n{text}")
            if select.select([self._file], [], [], 0.2)[0]:
                piece = os.read(self._file, 1 << 16).decode("utf-8", "replace")
                self.seen.append((time.monotonic() - self._start, piece))
                text += piece
        return text

    def type(self, text: str) -> None:
        """Type as a person does."""
        for letter in text:
            os.write(self._file, letter.encode())
            time.sleep(0.02)
            self.read_until(re.escape(letter))
        time.sleep(0.5)
        os.write(self._file, b"\n")


def record(plane: ControlPlane, folder: Path) -> list[tuple[float, str]]:
    """The session as it went."""
    (folder / "config.yaml").write_text(CONFIG, encoding="utf-8")
    environment = {
        "HOME": str(folder),
        "KUBECONFIG": str(plane.kubeconfig()),
        "LANG": "C.UTF-8",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "PS1": PROMPT,
        "TERM": "xterm-256color",
    }
    terminal = Terminal(folder, environment)
    terminal.read_until(r"\$\S* ")
    for typed in STEPS:
        terminal.type(typed)
        # A verb either asks, or the prompt comes back.
        terminal.read_until(r"(\[y/N\]: |\n\S*\$\S* )")
        time.sleep(0.6)
    return terminal.seen


def shortened(seen: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """The same, without the pauses in which nothing happens."""
    found, last, now = [], 0.0, 0.0
    for at, piece in seen:
        now += min(at - last, LONGEST_PAUSE)
        last = at
        found.append((now, piece))
    return found


def write_cast(file: Path, seen: list[tuple[float, str]]) -> None:
    """Write the session in asciinema's format 2."""
    head = {
        "version": 2,
        "width": COLUMNS,
        "height": ROWS,
        "title": "chart-py apply",
        "env": {"TERM": "xterm-256color"},
    }
    lines = [json.dumps(head), *(json.dumps([round(at, 3), "o", piece]) for at, piece in seen)]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


def picture(file: Path, pieces: list[str], title: str, last: int | None = None) -> None:
    """Draw what a terminal shows after `pieces`, or its `last` lines, as SVG."""
    screen = pyte.Screen(COLUMNS, 400)
    stream = pyte.Stream(screen)
    for piece in pieces:
        stream.feed(piece)
    lines = [drawn([screen.buffer[row][column] for column in range(COLUMNS)]) for row in range(screen.cursor.y + 1)]
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    for line in lines[-last:] if last else lines:
        console.print(line, no_wrap=True, highlight=False)
    # Without the font's address no page that shows the picture asks another site for anything.
    text = re.sub(r"@font-face \{.*?\}", "", console.export_svg(title=title, unique_id=file.stem), flags=re.DOTALL)
    file.write_text("\n".join(line.rstrip() for line in text.splitlines() if line.strip()) + "\n", encoding="utf-8")


def drawn(cells: list[Any]) -> Text:
    """A line of the terminal with its colours."""
    line = Text()
    for (colour, bold), run in groupby(cells, lambda cell: (cell.fg, cell.bold)):
        known = {"default": None, "brown": "yellow"}.get(colour, colour)
        line.append("".join(cell.data for cell in run), Style(color=known, bold=bold))
    line.rstrip()
    return line


def main() -> int:
    """Record the session, and write it."""
    with tempfile.TemporaryDirectory() as made, ControlPlane(Path(made) / "plane") as plane:
        plane.add_storage_class("standard", default=True)
        plane.add_node("node-1")
        plane.add_node("node-2")
        folder = Path(made) / "home"
        folder.mkdir()
        seen = shortened(record(plane, folder))
    docs, pieces = ROOT / "docs", [piece for _, piece in seen]
    write_cast(docs / "apply-session.cast", seen)
    picture(docs / "apply-session.svg", pieces, "an install, an upgrade that fails, a rollback")
    tables = [number for number, piece in enumerate(pieces) if "waits for" in piece and "since" in piece]
    fullest = max(tables, key=lambda number: pieces[number].count("Deployment/"))
    picture(docs / "apply-table.svg", pieces[: fullest + 1], "chart-py apply", last=12)
    return 0


if __name__ == "__main__":
    sys.exit(main())
