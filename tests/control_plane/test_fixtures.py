"""Tests of the pytest plugin: what it skips, what it fails, and that nothing is left when pytest ends."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.control_plane.fixtures import Tool
from tests.control_plane.plane import wait_until

_REPOSITORY = Path(__file__).resolve().parents[2]

_SUITE = """
import time
from pathlib import Path
import pytest

def test_fixture(namespace):
    pass

def test_tool(kubeconform):
    kubeconform("-v")

@pytest.mark.control_plane
def test_marked():
    raise AssertionError("it ran")

def test_plain():
    pass
"""

_HANGING_SUITE = """
import time
from pathlib import Path

def test_hangs(control_plane):
    Path("root").write_text(str(control_plane.root))
    time.sleep(1000)
"""


def _pytest(folder: Path, suite: str, **environment: str) -> subprocess.Popen[str]:
    """Start pytest on `suite` alone in `folder`, with nothing of this machine's environment but what is given."""
    (folder / "test_suite.py").write_text(suite)
    (folder / "pytest.ini").write_text("[pytest]\nmarkers = control_plane: x\n")
    command = [sys.executable, "-m", "pytest", "-p", "tests.control_plane.fixtures", "-rs", "--tb=line"]
    return subprocess.Popen(
        [*command, f"--basetemp={folder / 'temporary'}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=folder,
        env={"PATH": os.environ["PATH"], "HOME": str(Path.home()), "PYTHONPATH": str(_REPOSITORY), **environment},
    )


def _output(process: subprocess.Popen[str]) -> str:
    return process.communicate()[0]


def test_without_binaries_tests_skip_and_say_what_to_run(tmp_path: Path) -> None:
    output = _output(_pytest(tmp_path, _SUITE, XDG_CACHE_HOME=str(tmp_path / "cache")))
    assert "1 passed, 3 skipped" in output
    servers = "etcd, kube-apiserver, kube-controller-manager, kube-scheduler, kwok"
    assert f"not built: {servers}; run `scripts/control-plane build` (it needs Go)" in output
    assert "not built: kubeconform; run `scripts/control-plane build kubeconform` (it needs Go)" in output


def test_without_binaries_tests_fail_in_ci(tmp_path: Path) -> None:
    output = _output(_pytest(tmp_path, _SUITE, XDG_CACHE_HOME=str(tmp_path / "cache"), CI="true"))
    assert "1 passed, 3 errors" in output
    assert "in CI nothing is skipped, but not built: kubeconform" in output


def test_the_plane_can_be_left_out(tmp_path: Path) -> None:
    output = _output(_pytest(tmp_path, _SUITE, PYTEST_ADDOPTS='-m "not control_plane"', CI="true"))
    assert "2 passed, 2 deselected" in output


def _running(root: str) -> list[str]:
    """Return the command lines of the processes that serve the control plane in `root`."""
    found = []
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            command = file.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            continue
        if root in command and "pytest" not in command.split(root)[0]:
            found.append(command)
    return found


@pytest.mark.control_plane
@pytest.mark.parametrize(
    ("number", "code"), [(signal.SIGINT, 2), (signal.SIGTERM, -signal.SIGTERM), (signal.SIGKILL, -signal.SIGKILL)]
)
def test_nothing_is_left_when_pytest_is_stopped(tmp_path: Path, number: signal.Signals, code: int) -> None:
    passed = {name: os.environ[name] for name in ("XDG_CACHE_HOME", "KUBEBUILDER_ASSETS") if name in os.environ}
    hanging = _pytest(tmp_path, _HANGING_SUITE, **passed)
    file = tmp_path / "root"
    wait_until("the test hangs", lambda: file.exists() and file.read_text(), 60)
    root = file.read_text()
    assert len(_running(root)) == 6  # five servers and the keeper
    hanging.send_signal(number)
    _output(hanging)
    assert hanging.returncode == code
    wait_until("no process is left", lambda: not _running(root))
    assert not (Path(root) / "etcd").exists()
    shutil.rmtree(root)


def _schema(folder: Path) -> str:
    """Write the schema of one kind; return the template of kubeconform that finds it."""
    data = {"type": "object", "additionalProperties": {"type": "string"}}
    schema = {"type": "object", "properties": {"data": data}}
    (folder / "configmap.json").write_text(json.dumps(schema))
    return str(folder / "{{ .ResourceKind }}.json")


@pytest.mark.parametrize(("value", "code", "valid", "invalid"), [("'1'", 0, 1, 0), ("1", 1, 0, 1)])
def test_kubeconform_checks_against_given_schemas(
    kubeconform: Tool, tmp_path: Path, value: str, code: int, valid: int, invalid: int
) -> None:
    text = f"{{apiVersion: v1, kind: ConfigMap, metadata: {{name: a}}, data: {{n: {value}}}}}"
    arguments = ("-schema-location", _schema(tmp_path), "-output", "json", "-summary")
    result = kubeconform(*arguments, text=text, check=False)
    summary = json.loads(result.stdout)["summary"]
    assert (result.returncode, summary) == (code, {"valid": valid, "invalid": invalid, "errors": 0, "skipped": 0})


def test_kubeconform_is_of_the_pinned_version(kubeconform: Tool) -> None:
    assert kubeconform("-v").stdout.strip() == "v0.7.0"
