"""Owns what keeps a process from the network and from files where it has no namespaces: seccomp and Landlock."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable

from chart_py.hub_stage.system import _LIBC, _SECCOMP, LINUX, check

_FILTER = 2
_ALLOW, _UNREACHABLE = 0x7FFF0000, 0x00050000 | 101
_LOAD, _MASKED, _RETURN = 0x20, 0x54, 0x06
_IS, _IS_AT_LEAST, _HAS = 0x15, 0x35, 0x45
_AF_UNIX, _AF_INET, _AF_INET6, _STREAM, _FAST_OPEN = 1, 2, 10, 1, 0x20000000
_CALL, _MACHINE, _FIRST_ARGUMENT = 0, 4, 16
# Calls beyond this are of another kind (x32) on the same machine.
_RING = 425
_OTHER_CALLS = 0x40000000
# The kernel's name of the machine, and the numbers there of the calls that matter.
_NUMBERS = {
    "x86_64": (0xC000003E, {"socket": 41, "connect": 42, "sendto": 44, "sendmsg": 46, "sendmmsg": 307}),
    "aarch64": (0xC00000B7, {"socket": 198, "connect": 203, "sendto": 206, "sendmsg": 211, "sendmmsg": 269}),
}

_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_BELOW = 1
# What Landlock can forbid, by the version of its interface: all of files, with truncation from the third on.
_READ = 0b1101
_FIRST, _REFER, _TRUNCATE, _IOCTL = (1 << 13) - 1, 1 << 13, 1 << 14, 1 << 15


def close_network() -> None:
    """Refuse connections, and every socket by which something could be sent without one; OSError where impossible.

    The process must have given up new rights before.
    """
    known = _NUMBERS.get(os.uname().machine) if LINUX else None
    if known is None:
        raise OSError(0, "this system has no filter for system calls")
    steps = _assembled(_rules(*known))
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = struct.pack("@HP", len(steps), ctypes.addressof(code))
    check(_LIBC.prctl(_SECCOMP, _FILTER, program, 0, 0), "seccomp")


def _rules(machine: int, calls: dict[str, int]) -> list[tuple[int, int, str, str]]:
    """The filter, a step each: what to do, with what, where to go on if so and if not ("" is the next step)."""
    domain, kind = _FIRST_ARGUMENT, _FIRST_ARGUMENT + 8
    return [
        (_LOAD, _MACHINE, "", ""),
        (_IS, machine, "", "no"),
        (_LOAD, _CALL, "", ""),
        (_IS_AT_LEAST, _OTHER_CALLS, "no", ""),
        # What goes through a ring is not seen here.
        (_IS, _RING, "no", ""),
        (_IS, calls["connect"], "no", ""),
        (_IS, calls["sendmmsg"], "no", ""),
        (_IS, calls["sendto"], "flags of sendto", ""),
        (_IS, calls["sendmsg"], "flags of sendmsg", ""),
        (_IS, calls["socket"], "socket", "yes"),
        (0, 0, "flags of sendto", ""),
        (_LOAD, _FIRST_ARGUMENT + 24, "", ""),
        (_HAS, _FAST_OPEN, "no", "yes"),
        (0, 0, "flags of sendmsg", ""),
        (_LOAD, _FIRST_ARGUMENT + 16, "", ""),
        (_HAS, _FAST_OPEN, "no", "yes"),
        (0, 0, "socket", ""),
        (_LOAD, domain, "", ""),
        (_IS, _AF_UNIX, "yes", ""),
        (_IS, _AF_INET, "kind", ""),
        (_IS, _AF_INET6, "kind", "no"),
        # A stream sends nothing before it is connected.
        (0, 0, "kind", ""),
        (_LOAD, kind, "", ""),
        (_MASKED, 0xF, "", ""),
        (_IS, _STREAM, "yes", "no"),
        (0, 0, "yes", ""),
        (_RETURN, _ALLOW, "", ""),
        (0, 0, "no", ""),
        (_RETURN, _UNREACHABLE, "", ""),
    ]


def _assembled(rules: list[tuple[int, int, str, str]]) -> list[tuple[int, int, int, int]]:
    """The steps as the kernel reads them: places to go on at as numbers of steps to leave out."""
    places: dict[str, int] = {}
    steps = []
    for what, value, yes, no in rules:
        if what:
            steps.append((what, value, yes, no))
        else:
            places[yes] = len(steps)
    return [
        (what, places[yes] - at - 1 if yes else 0, places[no] - at - 1 if no else 0, value)
        for at, (what, value, yes, no) in enumerate(steps)
    ]


def close_files(readable: Iterable[str], writable: Iterable[str]) -> None:
    """Refuse every file that is not below one of these folders; OSError where the kernel cannot.

    The process must have given up new rights before.
    """
    if not LINUX:
        raise OSError(0, "this system has no Landlock")
    version = check(_LIBC.syscall(_CREATE_RULESET, None, 0, 1), "Landlock")
    handled = _FIRST | (_REFER if version > 1 else 0) | (_TRUNCATE if version > 2 else 0)
    handled |= _IOCTL if version > 4 else 0
    rules = check(_LIBC.syscall(_CREATE_RULESET, struct.pack("=Q", handled), 8, 0), "Landlock")
    try:
        for folders, allowed in ((readable, _READ), (writable, handled)):
            for folder in folders:
                _allow(rules, folder, allowed)
        check(_LIBC.syscall(_RESTRICT_SELF, rules, 0), "Landlock")
    finally:
        os.close(rules)


def _allow(rules: int, path: str, allowed: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        if not os.path.isdir(path):
            allowed &= 0b111 | _TRUNCATE | _IOCTL
        check(_LIBC.syscall(_ADD_RULE, rules, _BELOW, struct.pack("=Qi", allowed, handle), 0), path)
    finally:
        os.close(handle)
