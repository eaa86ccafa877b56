"""Owns one container from within: its namespaces, its files, its wires to the others, its program.

Run as a script, without the package, with the path of a JSON file that says what the container is:

    {"program": [...], "environment": {...}, "folder": PATH, "uid": 1000, "gid": 100, "no_new_privileges": true,
     "mounts": [{"source": PATH, "target": PATH, "read_only": true}, ...], "scratch": PATH,
     "address": "10.244.0.5", "serves": [8081], "reaches": [443, 8001], "wires": PATH}

The program sees the mounts at their real places, the uid and gid that it was given (whoever runs the tests, root or
not), and a network of its own in which all of 10.0.0.0/8 is on its loopback interface. Wires lead out of there: the
folder `wires` has a Unix socket ADDRESS:PORT for each port that somebody serves, and what is said to such an address
goes through it. The exit code is the program's (128 and the number where a signal ended it).
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import fcntl
import functools
import json
import os
import signal
import socket
import struct
import sys
from pathlib import Path
from typing import Any, NoReturn

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEW_MOUNTS, _NEW_USERS, _NEW_PIDS, _NEW_NETWORK = 0x20000, 0x10000000, 0x20000000, 0x40000000
_BIND, _REMOUNT, _READ_ONLY, _RECURSIVE, _MOVE, _PRIVATE = 4096, 32, 1, 16384, 8192, 1 << 18
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_SET_FLAGS, _SET_ADDRESS, _SET_MASK = 0x8914, 0x8916, 0x891C
_UP_AND_RUNNING = 0x41
_CHUNK = 1 << 16
_NO_SUCH_PROGRAM = 127


def main() -> NoReturn:
    """Make the namespaces, and be the first process in them; end as the program ends."""
    container = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    # The program gets the signals that are meant for it itself: it is in our process group.
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    isolate(container["uid"], container["gid"])
    first = os.fork()
    if first:
        sys.exit(os.waitstatus_to_exitcode(os.waitpid(first, 0)[1]))
    # The kernel ends the first process of the namespace with its parent, and all others there with the first.
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    _mount(None, "/", None, _PRIVATE | _RECURSIVE)
    Places(Path(container["scratch"])).mount_all(container["mounts"])
    _raise_loopback(container["address"])
    program = os.fork()
    if not program:
        _become_program(container)
    asyncio.run(_relay_until_the_end(container, program))
    raise AssertionError("unreachable")


def isolate(uid: int, gid: int) -> None:
    """Give this process new namespaces in which it is `uid` and `gid`, with every right there; OSError if refused."""
    outer_uid, outer_gid = os.getuid(), os.getgid()
    _check(_LIBC.unshare(_NEW_USERS | _NEW_MOUNTS | _NEW_PIDS | _NEW_NETWORK), "new namespaces")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{uid} {outer_uid} 1")
    Path("/proc/self/gid_map").write_text(f"{gid} {outer_gid} 1")


# ---- files


class Places:
    """Where things are mounted. A folder that lacks a place to mount on is laid anew in memory, with all it has."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._ours: set[Path] = set()

    def mount_all(self, mounts: list[dict[str, Any]]) -> None:
        """Mount each source on its target, outer places before those within them."""
        for mount in sorted(mounts, key=lambda each: str(each["target"])):
            source, target = Path(mount["source"]), Path(os.path.realpath(mount["target"]))
            self._make(target, source.is_dir())
            _mount(source, target, None, _BIND | _RECURSIVE)
            if mount["read_only"]:
                # What the mount below has locked has to be said again.
                locked = os.statvfs(target).f_flag & (2 | 4 | 8 | 1024)
                _mount(None, target, None, _BIND | _REMOUNT | _READ_ONLY | locked)
            self._ours.add(target)

    def _make(self, target: Path, is_folder: bool) -> None:
        if target.exists():
            return
        there = next(parent for parent in target.parents if parent.exists())
        if not any(place == there or place in there.parents for place in self._ours):
            self._lay_anew(there)
        if is_folder:
            target.mkdir(parents=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.touch()

    def _lay_anew(self, folder: Path) -> None:
        _mount("tmpfs", self._scratch, "tmpfs", 0)
        for child in folder.iterdir():
            copy = self._scratch / child.name
            if child.is_symlink():
                copy.symlink_to(child.readlink())
                continue
            copy.mkdir() if child.is_dir() else copy.touch()
            _mount(child, copy, None, _BIND | _RECURSIVE)
        _mount(self._scratch, folder, None, _MOVE)
        self._ours.add(folder)


def _mount(source: str | Path | None, target: str | Path, kind: str | None, flags: int) -> None:
    texts = [None if text is None else str(text).encode() for text in (source, target, kind)]
    _check(_LIBC.mount(*texts, ctypes.c_ulong(flags), None), f"mount {source} on {target}")


def _check(result: int, what: str) -> None:
    if result:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


# ---- network


def _raise_loopback(address: str) -> None:
    """Start the loopback interface, with `address` and, as with 127.0.0.0/8, all other addresses of its network."""
    with socket.socket() as any_socket:

        def tell(request: int, interface: bytes, value: bytes) -> None:
            fcntl.ioctl(any_socket, request, struct.pack("16s24s", interface, value))

        def address_of(text: str) -> bytes:
            return struct.pack("=HH4s", socket.AF_INET, 0, socket.inet_aton(text))

        tell(_SET_FLAGS, b"lo", struct.pack("=H", _UP_AND_RUNNING))
        tell(_SET_ADDRESS, b"lo:1", address_of(address))
        tell(_SET_MASK, b"lo:1", address_of("255.0.0.0"))


async def _relay_until_the_end(container: dict[str, Any], program: int) -> NoReturn:
    """Join the container's network with the wires while its program runs, then end with its exit code."""
    wires, address = Path(container["wires"]), container["address"]

    async def to_program(port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await join(reader, writer, lambda: asyncio.open_connection(address, port))

    async def to_wire(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        called, port = writer.get_extra_info("sockname")[:2]
        await join(reader, writer, lambda: asyncio.open_unix_connection(wires / f"{called}:{port}"))

    for port in container["serves"]:
        wire = wires / f"{address}:{port}"
        wire.unlink(missing_ok=True)
        await asyncio.start_unix_server(functools.partial(to_program, port), wire)
    for port in container["reaches"]:
        await asyncio.start_server(to_wire, "0.0.0.0", port)
    # At once: whoever still talks is cut off, as in a container.
    os._exit(await asyncio.get_running_loop().run_in_executor(None, _wait_for, program))


async def join(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, connect: Any) -> None:
    """Hand on what both ends say until one of them ends; where nobody answers, the caller is refused."""
    try:
        there = await connect()
    except OSError:
        writer.transport.abort()
        return
    with contextlib.suppress(OSError):
        await asyncio.gather(_pump(reader, there[1]), _pump(there[0], writer))
    for end in (writer, there[1]):
        end.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while data := await reader.read(_CHUNK):
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


# ---- program


def _become_program(container: dict[str, Any]) -> NoReturn:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    if container["no_new_privileges"]:
        _LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)
    program, environment = container["program"], container["environment"]
    try:
        os.chdir(container["folder"])
        os.execvpe(program[0], program, environment)
    except OSError as error:
        print(f"{program[0]}: {error}", file=sys.stderr, flush=True)
        os._exit(_NO_SUCH_PROGRAM)


def _wait_for(program: int) -> int:
    """Reap what ends in this namespace until the program is among it; return its exit code."""
    while True:
        ended, status = os.wait()
        if ended == program:
            code = os.waitstatus_to_exitcode(status)
            return code if code >= 0 else 128 - code


if __name__ == "__main__":
    main()
