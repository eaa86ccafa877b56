"""Tests of scripts/control-plane as a person uses it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from kubernetes import client, config

from tests.control_plane import binaries
from tests.control_plane.plane import wait_until
from tests.control_plane.versions import PROGRAMS, SERVERS

_SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "control-plane"


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    # -I and -S: the script has to run on a machine that has Python and nothing else.
    return subprocess.run(
        [sys.executable, "-I", "-S", str(_SCRIPT), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(Path.home()), **environment},
    )


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    """The environment of a fresh cache folder that has this machine's binaries in it, if any."""
    real = binaries.cache_folder()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    fresh = binaries.cache_folder()
    fresh.parent.mkdir(parents=True)
    if real.exists():
        fresh.symlink_to(real)
    environment = {"XDG_CACHE_HOME": str(tmp_path)}
    if "KUBEBUILDER_ASSETS" in os.environ:
        environment["KUBEBUILDER_ASSETS"] = os.environ["KUBEBUILDER_ASSETS"]
    yield environment
    _run("stop", **environment)


def test_help_names_every_verb() -> None:
    shown = _run("--help")
    assert shown.returncode == 0
    for verb in ("build", "start", "stop", "status", "env", "path"):
        assert f"\n    {verb} " in shown.stdout
        assert _run(verb, "--help").returncode == 0
    assert _run().returncode == 2


def test_a_fresh_machine_is_told_what_to_run(tmp_path: Path) -> None:
    environment = {"XDG_CACHE_HOME": str(tmp_path)}
    status = _run("status", **environment)
    assert status.returncode == 1
    lines = [line.split() for line in status.stdout.splitlines()]
    assert lines == [*([each.name, each.version, "not", "built"] for each in PROGRAMS), ["not", "running"]]
    assert status.stderr.endswith("; run `scripts/control-plane build` (it needs Go)\n")
    started = _run("start", **environment)
    assert (started.returncode, started.stdout) == (3, "")
    servers = ", ".join(SERVERS)
    assert (
        started.stderr
        == f"control-plane: error: not built: {servers}; run `scripts/control-plane build` (it needs Go)\n"
    )
    helm = _run("path", "helm", **environment)
    assert (
        helm.stderr == "control-plane: error: not built: helm; run `scripts/control-plane build helm` (it needs Go)\n"
    )
    stopped = _run("stop", **environment)
    assert (stopped.returncode, stopped.stderr) == (0, "control-plane: it does not run\n")
    assert _run("build", PATH="/nonexistent", **environment).stderr.startswith("control-plane: error: Go is needed")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    refused = _run("start", XDG_CACHE_HOME=str(tmp_path / "file"))
    assert refused.returncode == 3
    assert refused.stderr.startswith("control-plane: error: Not a directory: ")


@pytest.mark.control_plane
def test_a_control_plane_is_started_used_and_stopped(cache: dict[str, str]) -> None:
    started = _run("start", "--nodes", "2", **cache)
    assert (started.returncode, started.stderr) == (0, "")
    kubeconfig = started.stdout.strip().removeprefix("export KUBECONFIG=")
    assert _run("start", **cache).stdout == started.stdout
    assert started.stdout in _run("env", **cache).stdout
    state = _run("status", **cache).stdout.splitlines()[-1]
    root = state.rpartition(" ")[2]
    assert kubeconfig == f"{root}/admin.kubeconfig"
    assert Path(kubeconfig).stat().st_mode & 0o777 == 0o600

    with config.new_client_from_config(kubeconfig) as api_client:  # type: ignore[no-untyped-call]
        nodes = client.CoreV1Api(api_client).list_node().to_dict()["items"]
        classes = client.StorageV1Api(api_client).list_storage_class().to_dict()["items"]
    assert [each["metadata"]["name"] for each in (*nodes, *classes)] == ["node-1", "node-2", "standard"]
    stopped = _run("stop", **cache)
    assert (stopped.returncode, stopped.stderr) == (0, "control-plane: stopped\n")
    assert not Path(root).exists()
    assert _run("status", **cache).stdout.splitlines()[-1] == "not running"


@pytest.mark.control_plane
def test_after_its_process_was_killed_it_does_not_run_and_starts_again(cache: dict[str, str]) -> None:
    _run("start", **cache)
    state = json.loads((binaries.cache_folder().parent / "running" / "state.json").read_text())
    os.kill(state["process"], signal.SIGKILL)
    wait_until("its data is gone", lambda: not Path(state["root"]).exists())
    assert _run("status", **cache).stdout.splitlines()[-1] == "not running"
    again = _run("start", **cache)
    assert again.returncode == 0
    assert state["root"] not in again.stdout
