"""Owns the files of a rehearsal: the hub's at the paths that they have in its container, and what they may see beside.

Where the system allows it, a rehearsal has a root of its own: the hub's Python, the system's libraries, read-only, the
container's files at their own paths, a temporary home; nothing else of the machine is there. Elsewhere the files lie
below a folder, and paths within the hub's Python are rewritten to it.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterable, Mapping

from chart_py.hub_stage import system

SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/nix/store", "/gnu/store")
# Of /etc, what libraries look up; whose accounts the machine has is not among it.
_ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "ssl", "ca-certificates", "pki", "localtime", "mime.types")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_ACCOUNTS = {
    "/etc/passwd": "root:x:0:0:root:/root:/bin/sh\njovyan:x:1000:1000::/home/jovyan:/bin/sh\n",
    "/etc/group": "root:x:0:\njovyan:x:1000:\n",
    "/etc/hosts": "127.0.0.1 localhost\n",
    "/etc/nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
}
HOME = "/home/jovyan"
# Where the hub runs in its image; its database's volume is there, so it can be written.
WORK = "/srv/jupyterhub"
_SIZE = "size=256m,mode=755"


def needed() -> list[str]:
    """The folders without which the hub's Python does not run."""
    found = [sys.prefix, sys.base_prefix, sys.exec_prefix, os.path.dirname(os.path.realpath(sys.executable))]
    found += [path for path in sys.path if os.path.basename(path) in ("site-packages", "dist-packages")]
    return _outermost(os.path.abspath(each) for each in (*SYSTEM, *found) if os.path.exists(each))


def _outermost(paths: Iterable[str]) -> list[str]:
    """The paths that lie within none of the others."""
    kept: list[str] = []
    for path in sorted(set(paths)):
        if path != "/" and not any(path == other or path.startswith(other + "/") for other in kept):
            kept.append(path)
    return kept


def new_root(folder: str, files: Mapping[str, str]) -> None:
    """Build a root for this process in `folder` and enter it; OSError where the system refuses.

    It needs namespaces of its own for mounts and users.
    """
    system.mount(None, "/", None, system.PRIVATE | system.RECURSIVE)
    system.mount("tmpfs", folder, "tmpfs", system.NO_SET_UID, _SIZE)
    written = {**_ACCOUNTS, **files}
    shown = [*needed(), *(f"/etc/{name}" for name in _ETC if os.path.exists(f"/etc/{name}"))]
    for path in shown:
        _show(path, folder, [name for name in (*written, HOME + "/.", WORK + "/.") if name.startswith(path + "/")])
    for name in _DEVICES:
        _bind(f"/dev/{name}", f"{folder}/dev/{name}", read_only=False)
    os.makedirs(f"{folder}/proc", exist_ok=True)
    system.mount("proc", f"{folder}/proc", "proc", system.NO_SET_UID | system.NO_DEVICES)
    for path in (HOME, WORK, "/tmp", "/var/tmp", "/dev/shm"):
        os.makedirs(folder + path, exist_ok=True)
    write(folder, written)
    system.enter_root(folder)
    # /proc has settings of the whole machine.
    _seal("/proc/sys")


def _show(path: str, folder: str, within: list[str]) -> None:
    """Have `path` of the machine at its place below `folder`, read-only; open it where files are to go `within` it."""
    target = folder + path
    if os.path.islink(path):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with contextlib.suppress(FileExistsError):
            os.symlink(os.readlink(path), target)
    elif not within or not os.path.isdir(path):
        _bind(path, target)
    else:
        os.makedirs(target, exist_ok=True)
        for child in os.listdir(path):
            inner = os.path.join(path, child)
            if inner in within:
                continue
            _show(inner, folder, [name for name in within if name.startswith(inner + "/")])


def _bind(path: str, target: str, *, read_only: bool = True) -> None:
    if os.path.isdir(path):
        os.makedirs(target, exist_ok=True)
    else:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "a", encoding="utf-8"):
            pass
    system.mount(path, target, None, system.BIND | system.RECURSIVE)
    if read_only:
        _seal(target)


def _seal(target: str) -> None:
    """Make a place read-only; what its mount has locked has to be said again."""
    if not os.path.ismount(target) and target.startswith("/proc"):
        system.mount(target, target, None, system.BIND | system.RECURSIVE)
    locked = os.statvfs(target).f_flag & (2 | 4 | 8 | 1024 | 2048 | 4096)
    flags = {2: 2, 4: 4, 8: 8, 1024: 1024, 2048: 2048, 4096: 1 << 21}
    again = sum(flags[bit] for bit in flags if locked & bit)
    system.mount(None, target, None, system.BIND | system.REMOUNT | system.READ_ONLY | again)


def write(folder: str, files: Mapping[str, str]) -> None:
    """Lay the files below `folder`, which stands for the container's root."""
    for path, text in files.items():
        target = folder + os.path.normpath("/" + path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)


def below(folder: str, files: Mapping[str, str]) -> dict[str, str]:
    """The files as they are for a root that is `folder`: Python that names one of them names it there."""
    folders = sorted({os.path.dirname(path) for path in files} - {"/", "/etc", "/tmp"}, key=len, reverse=True)

    def moved(text: str) -> str:
        for name in folders:
            text = text.replace(name, folder + name)
            text = text.replace(folder + folder, folder)
        return text

    return {path: moved(text) if path.endswith((".py", "values.yaml")) else text for path, text in files.items()}
