"""Owns the build of what the end-to-end tests run beside the control plane: each program into the cache, once."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.control_plane.build import build_lock, go_program, run_go
from tests.control_plane.errors import ControlPlaneError
from tests.end_to_end import programs

_FLAGS = ("-trimpath", "-ldflags", "-s -w")

# traefik brings a client for each of some hundred DNS services, which are most of its build. Certificates are asked
# for over HTTP here, so they stay out.
_DNS_PACKAGE = '"github.com/go-acme/lego/v4/providers/dns"'
_NO_DNS_PACKAGE = '"github.com/traefik/traefik/v3/pkg/nodns"'
_NO_DNS = """\
// Package dns stands in for all DNS providers: there are none.
package dns

import (
	"fmt"

	"github.com/go-acme/lego/v4/challenge"
)

// NewDNSChallengeProviderByName always fails.
func NewDNSChallengeProviderByName(name string) (challenge.Provider, error) {
	return nil, fmt.Errorf("built without the DNS provider %s", name)
}
"""


def build(say: Callable[[str], None]) -> None:
    """Build what is not there yet, the quick ones first. ControlPlaneError: what is missing or failed."""
    folder = programs.cache()
    folder.mkdir(parents=True, exist_ok=True)
    steps = (
        ("configurable-http-proxy", programs.proxy_program(), _install_proxy),
        ("pebble", programs.pebble(), _build_pebble),
        ("cyclonus", programs.cyclonus(), _build_cyclonus),
        ("kube-scheduler", programs.scheduler(), _build_scheduler),
        ("traefik", programs.traefik(), _build_traefik),
    )
    with build_lock(folder / "build.lock", say):
        for stale in folder.glob("unfinished-*"):
            shutil.rmtree(stale, ignore_errors=True)
        for name, target, make in steps:
            if target.exists():
                continue
            say(f"building {name}")
            started = time.monotonic()
            scratch = Path(tempfile.mkdtemp(prefix="unfinished-", dir=folder))
            make(scratch, target)
            shutil.rmtree(scratch, ignore_errors=True)
            say(f"built {name} in {time.monotonic() - started:.0f} s")


def _install_proxy(scratch: Path, _: Path) -> None:
    if not programs.node_is_new_enough() or not shutil.which("npm"):
        raise ControlPlaneError(programs.WHAT_TO_DO["node"][1])
    place = scratch / "proxy"
    shutil.copytree(programs.NODE, place)
    command = ["npm", "ci", "--omit=dev", "--no-audit", "--no-fund"]
    done = subprocess.run(command, cwd=place, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ControlPlaneError(f"`{' '.join(command)}` failed:\n{done.stderr}")
    place.replace(programs.proxy_folder())


def _build_pebble(scratch: Path, target: Path) -> None:
    package = f"github.com/letsencrypt/pebble/v2/cmd/pebble@{programs.PEBBLE}"
    run_go([go_program(), "install", *_FLAGS, package], scratch, _log(target), {"GOBIN": str(scratch)})
    _put(scratch / "pebble", target)


def _build_cyclonus(scratch: Path, target: Path) -> None:
    package = f"github.com/mattfenwick/cyclonus/cmd/cyclonus@{programs.CYCLONUS}"
    run_go([go_program(), "install", *_FLAGS, package], scratch, _log(target), {"GOBIN": str(scratch)})
    _put(scratch / "cyclonus", target)


def _build_traefik(scratch: Path, target: Path) -> None:
    """Build traefik in a copy of its module: only the main module's `replace` lines count, and it has some."""
    source = _module_folder(f"github.com/traefik/traefik/v3@{programs.TRAEFIK}", scratch, target)
    module = scratch / "traefik"
    shutil.copytree(source, module, copy_function=shutil.copyfile)
    provider = module / "pkg" / "provider" / "acme" / "provider.go"
    text = provider.read_text(encoding="utf-8")
    if _DNS_PACKAGE not in text:
        raise ControlPlaneError(f"{provider} does not import {_DNS_PACKAGE} any more")
    provider.write_text(text.replace(_DNS_PACKAGE, _NO_DNS_PACKAGE), encoding="utf-8")
    stand_in = module / "pkg" / "nodns" / "nodns.go"
    stand_in.parent.mkdir()
    stand_in.write_text(_NO_DNS, encoding="utf-8")
    binary = scratch / "binary"
    run_go([go_program(), "build", *_FLAGS, "-o", str(binary), "./cmd/traefik"], module, _log(target), {})
    _put(binary, target)


def _build_scheduler(scratch: Path, target: Path) -> None:
    """Build kube-scheduler inside a module of ours that says where Kubernetes' own modules are."""
    version = programs.SCHEDULER
    source = _module_folder(f"k8s.io/kubernetes@{version}", scratch, target)
    staging = re.findall(r"^\s+(k8s\.io/\S+) => \./staging/", (source / "go.mod").read_text(encoding="utf-8"), re.M)
    lines = [f"replace {name} => {name} v0{version.removeprefix('v1')}" for name in staging]
    text = "\n".join(["module example.com/scheduler", "go 1.22.0", f"require k8s.io/kubernetes {version}", *lines])
    (scratch / "go.mod").write_text(text + "\n", encoding="utf-8")
    binary = scratch / "binary"
    command = [go_program(), "build", "-mod=mod", *_FLAGS, "-o", str(binary), "k8s.io/kubernetes/cmd/kube-scheduler"]
    run_go(command, scratch, _log(target), {})
    _put(binary, target)


def _module_folder(module: str, scratch: Path, target: Path) -> Path:
    output = run_go([go_program(), "mod", "download", "-json", module], scratch, _log(target), {})
    return Path(json.loads(output)["Dir"])


def _log(target: Path) -> Path:
    return target.with_name(f"build-{target.name}.log")


def _put(binary: Path, target: Path) -> None:
    binary.chmod(0o755)
    binary.replace(target)
    _log(target).unlink()


def main() -> int:
    """Build; return the exit code: 0 fine, 3 something is missing or failed, 130 interrupted."""
    try:
        build(lambda line: print(f"end-to-end: {line}", file=sys.stderr, flush=True))
    except ControlPlaneError as error:
        print(f"end-to-end: error: {error}", file=sys.stderr)
        return 3
    except KeyboardInterrupt:
        return 130
    return 0
