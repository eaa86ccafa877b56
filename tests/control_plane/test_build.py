"""Tests of the build's bookkeeping, with a Go that only writes down what it is asked."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.control_plane import binaries
from tests.control_plane.build import build
from tests.control_plane.errors import ControlPlaneError
from tests.control_plane.plane import wait_until
from tests.control_plane.versions import PROGRAMS, STAGES, STAGING, version_key

_REPOSITORY = Path(__file__).resolve().parents[2]

# What each verb of Go leaves behind, and nothing else. FAIL names a package whose build fails half way.
_GO = """\
#!/bin/sh
echo "$@" >> "$GO_CALLS"
case "$*" in *"${FAIL:-no such package}"*) [ -z "$GOBIN" ] || echo "half" > "$GOBIN/half"
    echo "undefined: x" >&2; exit 1;; esac
for last; do :; done
case "$1" in
  version) echo "go version go${GO_VERSION:-1.26.8} linux/amd64";;
  install) name="${last%@*}"; echo "$GOFLAGS $last" > "$GOBIN/${name##*/}"; chmod +x "$GOBIN/${name##*/}";;
  mod) echo '{"Dir": "'"$KWOK_MODULE"'"}';;
  build) while [ "$1" != -o ]; do shift; done; cp go.mod "$2"; chmod +x "$2";;
esac
"""


@pytest.fixture
def calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which a false Go writes its arguments; the cache folder is a fresh one."""
    go = tmp_path / "bin" / "go"
    go.parent.mkdir()
    go.write_text(_GO)
    go.chmod(0o755)
    for stage in STAGES:
        file = tmp_path / "kwok" / "kustomize" / "stage" / stage
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"# {stage}\n")
        file.chmod(0o444)
    monkeypatch.delenv("KUBEBUILDER_ASSETS", raising=False)
    for name, value in {
        "PATH": f"{go.parent}:{os.environ['PATH']}",
        "XDG_CACHE_HOME": str(tmp_path / "cache"),
        "GO_CALLS": str(tmp_path / "calls"),
        "KWOK_MODULE": str(tmp_path / "kwok"),
    }.items():
        monkeypatch.setenv(name, value)
    return tmp_path / "calls"


def _built(calls: Path) -> list[str]:
    """Return the packages that were built, in order, and forget the calls."""
    lines = [line.split() for line in calls.read_text().splitlines()] if calls.exists() else []
    calls.unlink(missing_ok=True)
    return [words[-1] for words in lines if words[0] in ("install", "build")]


def test_everything_is_built_once(calls: Path) -> None:
    said: list[str] = []
    folder = build([], said.append)
    assert folder == binaries.cache_folder()
    assert folder.name == version_key()
    assert _built(calls) == [
        f"{each.package}@{each.version}" if each.installable else each.package for each in PROGRAMS
    ]
    assert sorted(file.name for file in folder.iterdir()) == sorted(
        ["module", "stages", *(each.name for each in PROGRAMS)]
    )
    assert [file.read_text() for file in binaries.stage_files()] == [f"# {stage}\n" for stage in STAGES]
    assert [line.split()[:2] for line in said] == [
        [verb, each.name] for each in PROGRAMS for verb in ("building", "built")
    ]
    said.clear()
    assert build([], said.append) == folder
    assert (_built(calls), said) == ([], [])


def test_the_module_pins_kubernetes_and_its_parts(calls: Path) -> None:
    lines = (build(["etcd"], print) / "module" / "go.mod").read_text().splitlines()
    assert "\tk8s.io/kubernetes v1.33.4" in lines
    assert "\tgo.etcd.io/etcd/server/v3 v3.5.21" in lines
    assert [line for line in lines if "=>" in line] == [f"\tk8s.io/{name} => k8s.io/{name} v0.33.4" for name in STAGING]


def test_versions_are_told_to_the_linker(calls: Path) -> None:
    build(["kube-scheduler", "helm"], print)
    helm, scheduler = [line for line in calls.read_text().splitlines() if "-ldflags" in line]
    assert "-X helm.sh/helm/v4/internal/version.version=v4.2.3" in helm
    for symbol in ("gitVersion=v1.33.4", "gitMajor=1", "gitMinor=33"):
        assert f"-X k8s.io/component-base/version.{symbol}" in scheduler


def test_a_part_is_built_alone_and_the_rest_later(calls: Path) -> None:
    folder = build(["kubeconform"], print)
    assert _built(calls) == ["github.com/yannh/kubeconform/cmd/kubeconform@v0.7.0"]
    assert binaries.find("kubeconform") == folder / "kubeconform"
    assert binaries.find("helm") is None
    build([], print)
    assert len(_built(calls)) == len(PROGRAMS) - 1


def test_a_failed_build_is_told_and_gone_on_with(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FAIL", "sigs.k8s.io/kwok")
    with pytest.raises(
        ControlPlaneError, match=r"(?s)kwok/cmd/kwok@v0.8.0` failed \(all of its output: .*undefined: x"
    ):
        build([], print)
    assert binaries.missing(each.name for each in PROGRAMS) == [each.name for each in PROGRAMS[2:]]
    _built(calls)
    monkeypatch.delenv("FAIL")
    build([], print)
    assert len(_built(calls)) == len(PROGRAMS) - 2
    assert binaries.missing(each.name for each in PROGRAMS) == []


def test_kwok_is_not_built_without_its_stages(calls: Path) -> None:
    folder = build(["kwok"], print)
    (folder / "stages" / "pod-ready.yaml").unlink()
    assert binaries.find("kwok") is None
    build(["kwok"], print)
    assert binaries.find("kwok") == folder / "kwok"


def test_a_users_go_flags_do_not_matter(calls: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GOFLAGS", "-mod=vendor")
    assert (build(["helm"], print) / "helm").read_text().split() == ["helm.sh/helm/v4/cmd/helm@v4.2.3"]


def test_a_second_build_waits_for_the_first_and_finds_its_work(calls: Path) -> None:
    said: list[str] = []
    folder = binaries.cache_folder()
    folder.mkdir(parents=True)
    with (folder.parent / "build.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        second = threading.Thread(target=build, args=(["helm"], said.append))
        second.start()
        wait_until("it waits", lambda: bool(said))
        (folder / "helm").touch(0o755)
    second.join()
    assert said == ["another build is running: waiting for it"]
    assert _built(calls) == []


def test_go_missing_too_old_or_broken_is_told(calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GO_VERSION", "1.19.8")
    with pytest.raises(ControlPlaneError, match=r"go is go1\.19, which is too old: install Go 1\.\d\d or newer"):
        build([], print)
    monkeypatch.setenv("FAIL", "version")
    with pytest.raises(ControlPlaneError, match=r"go version` failed: undefined: x"):
        build([], print)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    with pytest.raises(ControlPlaneError, match=r"Go is needed .* install Go 1\.\d\d or newer \(Debian: `apt-get"):
        build([], print)
    assert not binaries.cache_folder().exists()


def test_an_unknown_program_is_told(calls: Path) -> None:
    with pytest.raises(ControlPlaneError, match="no such program: kubectl; there are kubeconform, helm, kwok"):
        build(["kubectl"], print)


def test_the_ecosystems_folder_comes_first(calls: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assets = tmp_path / "assets"
    assets.mkdir()
    for name in ("etcd", "kube-apiserver", "kwok"):
        (assets / name).touch(0o755)
    monkeypatch.setenv("KUBEBUILDER_ASSETS", str(assets))
    assert binaries.path("etcd") == assets / "etcd"
    assert binaries.missing(["etcd", "kube-apiserver", "kube-scheduler", "kwok"]) == ["kube-scheduler", "kwok"]
    folder = build(["etcd"], print)
    assert binaries.path("etcd") == assets / "etcd"
    assert (folder / "etcd").exists()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_build_leaves_no_compiler(calls: Path, tmp_path: Path, number: signal.Signals) -> None:
    go = tmp_path / "bin" / "go"
    go.write_text(_GO.replace("install)", "install) sleep 1000 & echo $! > compiler; wait;;\n  never)"))
    process = subprocess.Popen(
        [sys.executable, str(_REPOSITORY / "scripts" / "control-plane"), "build", "helm"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    compiler = binaries.cache_folder() / "compiler"
    wait_until("it compiles", lambda: compiler.exists() and compiler.read_text())
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == 130
    assert errors.splitlines() == ["control-plane: building helm v4.2.3", "control-plane: interrupted"]
    wait_until("the compiler is gone", lambda: not Path(f"/proc/{compiler.read_text().strip()}/cwd").exists())
