"""Owns the calls to the kernel that Python has no names for: process control, namespaces, Landlock, seccomp."""

from __future__ import annotations

import ctypes
import fcntl
import os
import signal
import socket
import struct
import sys

LINUX = sys.platform.startswith("linux")
_LIBC = ctypes.CDLL(None, use_errno=True)

NEW_MOUNTS, NEW_NAMES, NEW_IPC = 0x20000, 0x4000000, 0x8000000
NEW_USERS, NEW_PIDS, NEW_NETWORK = 0x10000000, 0x20000000, 0x40000000
BIND, REMOUNT, READ_ONLY, RECURSIVE, PRIVATE, DETACH = 4096, 32, 1, 16384, 1 << 18, 2
NO_SET_UID, NO_DEVICES = 2, 4
_SET_DEATH_SIGNAL, _SET_DUMPABLE, _DROP_BOUND, _NO_NEW_RIGHTS, _SUBREAPER, _SECCOMP = 1, 4, 24, 38, 36, 22
_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41
_MACHINE = os.uname().machine
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}.get(_MACHINE)
_CAPSET = {"x86_64": 126, "aarch64": 91}.get(_MACHINE)
_LAST_CAPABILITY = 63


def check(result: int, what: str) -> int:
    """The result of a call; OSError where it failed."""
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result


def die_with_parent() -> None:
    """End this process when the one that started it ends, however that is."""
    if LINUX:
        _LIBC.prctl(_SET_DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)


def adopt_orphans() -> None:
    """Become the parent of every descendant whose own parent ends."""
    if LINUX:
        _LIBC.prctl(_SUBREAPER, 1, 0, 0, 0)


def no_new_rights() -> None:
    """No program that this process starts gains any right, whatever its file says."""
    if LINUX:
        check(_LIBC.prctl(_NO_NEW_RIGHTS, 1, 0, 0, 0), "no new privileges")


def unshare(flags: int) -> None:
    """Move this process into namespaces of its own; OSError where the system refuses."""
    if not LINUX:
        raise OSError(0, "this system has no namespaces")
    check(_LIBC.unshare(flags), "new namespaces")


def raise_loopback() -> None:
    """Let a namespace of a network reach itself: it has nothing else."""
    with socket.socket() as any_socket:
        fcntl.ioctl(any_socket, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP_AND_RUNNING))


def mount(source: str | None, target: str, kind: str | None, flags: int, data: str | None = None) -> None:
    """mount(2); OSError where it fails."""
    texts = [None if text is None else text.encode() for text in (source, target, kind)]
    options = None if data is None else data.encode()
    check(_LIBC.mount(*texts, ctypes.c_ulong(flags), options), f"mount {target}")


def enter_root(folder: str) -> None:
    """Make `folder`, a mount, the root of this process's files, and let go of the old one."""
    if _PIVOT_ROOT is None:
        raise OSError(0, f"no system calls known for {_MACHINE}")
    os.chdir(folder)
    check(_LIBC.syscall(_PIVOT_ROOT, b".", b"."), "pivot_root")
    check(_LIBC.umount2(b".", DETACH), "umount2")
    os.chdir("/")


def drop_rights() -> None:
    """Give up every capability for good, those within a namespace of one's own too."""
    if not LINUX:
        return
    for number in range(_LAST_CAPABILITY + 1):
        _LIBC.prctl(_DROP_BOUND, number, 0, 0, 0)
    if _CAPSET is not None:
        header = struct.pack("=Ii", 0x20080522, 0)
        _LIBC.syscall(_CAPSET, header, struct.pack("=6I", 0, 0, 0, 0, 0, 0))
