"""Owns the build: each pinned program is built from source by Go into the cache folder, once."""

from __future__ import annotations

import fcntl
import json
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.control_plane.binaries import cache_folder, is_built
from tests.control_plane.errors import ControlPlaneError
from tests.control_plane.versions import (
    ETCD,
    KUBERNETES,
    KWOK,
    MINIMUM_GO,
    PROGRAMS,
    STAGES,
    STAGING,
    Program,
)

_MODULE = """\
module example.com/controlplane

go {go}

require (
	k8s.io/kubernetes {kubernetes}
	go.etcd.io/etcd/server/v3 {etcd}
)

replace (
{replacements}
)
"""

_INSTALL_GO = "install Go {}.{} or newer (Debian: `apt-get install golang-go`) and put `go` on the PATH"


def build(names: Sequence[str], say: Callable[[str], None]) -> Path:
    """Build the programs `names` (all where it is empty) that are not built yet; return their folder.

    Each one appears in the folder only when it is whole, so a build that was stopped goes on where it was. Only one
    build runs at a time on a machine: a second one waits, and then finds the work done. `say` is given a line for
    each step. ControlPlaneError: an unknown name, Go missing or too old, or a build that failed.
    """
    unknown = [name for name in names if name not in {each.name for each in PROGRAMS}]
    if unknown:
        known = ", ".join(each.name for each in PROGRAMS)
        raise ControlPlaneError(f"no such program: {', '.join(unknown)}; there are {known}")
    folder = cache_folder()
    wanted = [each for each in PROGRAMS if not names or each.name in names]
    if all(is_built(each.name, folder) for each in wanted):
        return folder
    go = go_program()
    folder.mkdir(parents=True, exist_ok=True)
    with build_lock(folder.parent / "build.lock", say):
        for each in wanted:
            if is_built(each.name, folder):
                continue
            say(f"building {each.name} {each.version}")
            started = time.monotonic()
            _build_one(go, each, folder)
            say(f"built {each.name} {each.version} in {time.monotonic() - started:.0f} s")
    return folder


def _build_one(go: str, program: Program, folder: Path) -> None:
    """Build one program beside its place and move it there, so that a half-written file is never found."""
    log = folder / f"build-{program.name}.log"
    for stale in folder.glob("unfinished-*"):
        shutil.rmtree(stale, ignore_errors=True)
    # A new name each time: the Go of a build that was killed may still be writing to its own.
    scratch = Path(tempfile.mkdtemp(prefix="unfinished-", dir=folder))
    symbols = " ".join(f"-X {variable}={value}" for variable, value in program.symbols)
    flags = ["-trimpath", "-ldflags", f"-s -w {symbols}".strip()]
    if program.installable:
        run_go([go, "install", *flags, f"{program.package}@{program.version}"], folder, log, {"GOBIN": str(scratch)})
    else:
        module = _write_module(folder)
        target = str(scratch / program.name)
        # -mod=mod lets Go complete go.mod and go.sum by itself, which spares `go mod tidy` and the tests' modules.
        run_go([go, "build", "-mod=mod", *flags, "-o", target, program.package], module, log, {})
    if program.name == "kwok":
        _copy_stages(go, folder, log)
    (scratch / program.name).replace(folder / program.name)
    shutil.rmtree(scratch)
    log.unlink()


def _write_module(folder: Path) -> Path:
    """Return the folder of the Go module that pins Kubernetes and etcd, written unless it is there."""
    module = folder / "module"
    module.mkdir(exist_ok=True)
    if not (module / "go.mod").exists():
        # The modules of Kubernetes v1.X.Y are released as v0.X.Y.
        version = "v0" + KUBERNETES.removeprefix("v1")
        replacements = "\n".join(f"\tk8s.io/{name} => k8s.io/{name} {version}" for name in STAGING)
        go = ".".join(str(part) for part in MINIMUM_GO) + ".0"
        text = _MODULE.format(go=go, kubernetes=KUBERNETES, etcd=ETCD, replacements=replacements)
        (module / "go.mod").write_text(text, encoding="utf-8")
    return module


def _copy_stages(go: str, folder: Path, log: Path) -> None:
    """Copy kwok's stage files out of its Go module."""
    output = run_go([go, "mod", "download", "-json", f"sigs.k8s.io/kwok@{KWOK}"], folder, log, {})
    source = Path(json.loads(output)["Dir"]) / "kustomize" / "stage"
    (folder / "stages").mkdir(exist_ok=True)
    for stage in STAGES:
        # The module cache is read-only; copyfile leaves the mode behind.
        shutil.copyfile(source / stage, folder / "stages" / Path(stage).name)


def go_program() -> str:
    """Return the path of Go; ControlPlaneError where it is missing or too old."""
    advice = _INSTALL_GO.format(*MINIMUM_GO)
    go = shutil.which("go")
    if go is None:
        raise ControlPlaneError(f"Go is needed to build the control plane: {advice}")
    result = subprocess.run([go, "version"], capture_output=True, text=True, check=False)
    found = re.search(r"go(\d+)\.(\d+)", result.stdout)
    if result.returncode or not found:
        raise ControlPlaneError(f"`{go} version` failed: {(result.stderr or result.stdout).strip()}")
    if (int(found[1]), int(found[2])) < MINIMUM_GO:
        raise ControlPlaneError(f"{go} is {found[0]}, which is too old: {advice}")
    return go


def run_go(command: Sequence[str], folder: Path, log: Path, extra: Mapping[str, str]) -> str:
    """Run a Go command, its stderr into `log`; return its stdout. ControlPlaneError with the log's end if it fails."""
    # A user's own flags, workspace or C compiler must not change what is built.
    environment = {**os.environ, "GOFLAGS": "", "GOWORK": "off", "GO111MODULE": "on", "CGO_ENABLED": "0", **extra}
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=errors, text=True,
            start_new_session=True,
        )  # fmt: skip
        try:
            output, _ = process.communicate()
        except BaseException:
            # Go's compilers and linkers are in its group: none of them may outlive an interrupted build.
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise
    if process.returncode:
        last = "\n".join(log.read_text(encoding="utf-8").splitlines()[-15:])
        raise ControlPlaneError(f"`{' '.join(command)}` failed (all of its output: {log}):\n{last}")
    return output


@contextmanager
def build_lock(path: Path, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the build's lock; the kernel drops it with the process, so it never stays behind."""
    with path.open("a", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("another build is running: waiting for it")
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
