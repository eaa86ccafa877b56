"""Owns the limits of what a user's code may use, and the counting of what it uses."""

from __future__ import annotations

import contextlib
import os
import resource
import signal
from collections.abc import Iterator, Mapping
from typing import Any

_LARGEST_FILE = 64_000_000


def limit(request: Mapping[str, Any]) -> None:
    """Bound the memory of this process and of each that it starts, its processor time, files and core dumps."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    seconds = int(request["seconds"]) + 5
    for what, most in (
        (resource.RLIMIT_AS, int(request["memory"])),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, _LARGEST_FILE),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 1024),
    ):
        hard = resource.getrlimit(what)[1]
        with contextlib.suppress(ValueError, OSError):
            most = most if hard == resource.RLIM_INFINITY else min(most, hard)
            resource.setrlimit(what, (most, most))


def _descendants(ancestor: int) -> Iterator[tuple[int, int]]:
    """Every process below `ancestor` with the bytes that it holds; none where the system does not list processes."""
    parents: dict[int, int] = {}
    held: dict[int, int] = {}
    try:
        names = os.listdir("/proc")
    except OSError:
        return
    page = os.sysconf("SC_PAGE_SIZE")
    for name in filter(str.isdigit, names):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] != "Z":
            parents[int(name)], held[int(name)] = int(fields[1]), int(fields[21]) * page
    for process in parents:
        above = parents[process]
        while above in parents and above != ancestor and above > 1:
            above = parents[above]
        if above == ancestor:
            yield process, held[process]


def processes(ancestor: int, shared: int) -> tuple[int, int]:
    """How many processes there are below `ancestor`, and how many bytes they hold beyond what each of them shares."""
    found = list(_descendants(ancestor))
    return len(found), sum(max(0, held - shared) for _, held in found)


def held_by(process: str) -> int:
    """How many bytes a process (`self`, or its number) holds; 0 where the system does not tell."""
    try:
        with open(f"/proc/{process}/statm", encoding="utf-8") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
    except (OSError, IndexError):
        return 0


def stop_all(ancestor: int) -> None:
    """End every process below `ancestor`, those that are started meanwhile too."""
    while found := [process for process, _ in _descendants(ancestor)]:
        for process in found:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
