"""Owns the pytest fixtures around the control plane; tests/conftest.py loads this module as a plugin."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.control_plane.binaries import advice, missing, path
from tests.control_plane.plane import ControlPlane
from tests.control_plane.versions import SERVERS

Json = dict[str, Any]
AddNode = Callable[..., Json]
Apply = Callable[[Json], Json]


class Tool:
    """A program that tests run to its end; call it with its arguments."""

    def __init__(self, program: Path, environment: dict[str, str]) -> None:
        self.program = program
        self._environment = {"PATH": os.environ.get("PATH", os.defpath), **environment}

    def __call__(
        self,
        *arguments: str | Path,
        text: str = "",
        check: bool = True,
        environment: dict[str, str] | None = None,
        seconds: float = 120.0,
    ) -> subprocess.CompletedProcess[str]:
        """Run it with `text` as its input; return its output. With `check`, a failure fails the test and shows it."""
        command = [str(self.program), *(str(each) for each in arguments)]
        result = subprocess.run(
            command, input=text, capture_output=True, text=True, timeout=seconds, check=False,
            env={**self._environment, **(environment or {})},
        )  # fmt: skip
        if check and result.returncode:
            shown = " ".join([self.program.name, *command[1:]])
            pytest.fail(f"{shown}\nexit code {result.returncode}\n{result.stdout}{result.stderr}")
        return result


@pytest.fixture(scope="session")
def control_plane(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ControlPlane]:
    """A running control plane, one for all tests, with a ready node `node-1` and the default StorageClass `standard`.

    What a test adds to it outside its own namespace (nodes, classes, cluster roles) it takes away again. A test that
    stops servers, or needs a cluster of its own, makes a `ControlPlane(tmp_path)` instead.
    """
    need(SERVERS)
    with ControlPlane(tmp_path_factory.mktemp("control-plane")) as plane:
        plane.add_storage_class("standard", default=True)
        plane.add_node("node-1")
        yield plane


@pytest.fixture
def namespace(control_plane: ControlPlane) -> Iterator[str]:
    """The name of a fresh namespace, deleted after the test."""
    name = control_plane.add_namespace()
    yield name
    control_plane.remove_namespace(name)


@pytest.fixture
def add_node(control_plane: ControlPlane) -> Iterator[AddNode]:
    """`ControlPlane.add_node` for nodes that are removed after the test."""
    added: list[str] = []

    def add(name: str, **options: Any) -> Json:
        added.append(name)
        return control_plane.add_node(name, **options)

    yield add
    for name in added:
        control_plane.remove_node(name)


@pytest.fixture
def apply(control_plane: ControlPlane, namespace: str) -> Iterator[Apply]:
    """Apply an object on the server's side, in `namespace` where it has none; those without one go after the test."""
    cluster_wide: list[Json] = []

    def apply_one(wanted: Json) -> Json:
        live = control_plane.api.apply(wanted, namespace)
        if "namespace" not in live["metadata"]:
            cluster_wide.append(wanted)
        return live

    yield apply_one
    for wanted in reversed(cluster_wide):
        control_plane.api.delete(wanted)


@pytest.fixture(scope="session")
def real_helm(control_plane: ControlPlane, tmp_path_factory: pytest.TempPathFactory) -> Tool:
    """The real Helm, the control plane's administrator, with no configuration of the person who runs the tests."""
    need(["helm"])
    home = tmp_path_factory.mktemp("helm")
    folders = {f"HELM_{kind}_HOME": str(home / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
    kubeconfig = str(control_plane.kubeconfig())
    return Tool(path("helm"), {"HOME": str(home), "KUBECONFIG": kubeconfig, **folders})


@pytest.fixture(scope="session")
def kubeconform() -> Tool:
    """The real kubeconform; it needs no control plane. Schemas have to be given: nothing is downloaded."""
    need(["kubeconform"])
    return Tool(path("kubeconform"), {})


def need(names: Iterable[str]) -> None:
    """Skip the test where one of the programs is not on this machine; in CI, fail it."""
    lacking = missing(names)
    if lacking and os.environ.get("CI"):
        pytest.fail(f"in CI nothing is skipped, but {advice(lacking)}", pytrace=False)
    if lacking:
        pytest.skip(advice(lacking))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark every test that uses the control plane, so that `-m "not control_plane"` leaves them all out."""
    for item in items:
        if "control_plane" in getattr(item, "fixturenames", ()):
            item.add_marker("control_plane")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip or fail marked tests that make control planes of their own."""
    if item.get_closest_marker("control_plane"):
        need(SERVERS)
