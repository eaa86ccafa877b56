"""docs/python.md is true: every example runs, on a cluster in memory and on a real one, and every name is there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import chart_py
from chart_py.cluster.interface import Cluster
from chart_py.cluster.live import LiveCluster
from chart_py.engine import opening
from chart_py.engine.execute import World
from chart_py.engine.opening import Address
from chart_py.engine.progress import Silence
from tests.control_plane import ControlPlane
from tests.engine.state import remove_cluster_wide
from tests.fake_hub import namespace as namespace_object
from tests.fake_hub import working_cluster

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "python.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```python\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
CONFIG = """\
proxy: {service: {type: ClusterIP}}
hub:
  config:
    JupyterHub: {authenticator_class: github}
    GitHubOAuthenticator: {client_id: a, client_secret: hunter2hunter2, allowed_organizations: [example]}
cull: {timeout: 120}
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    return tmp_path


def run(example: str) -> None:
    exec(compile(example, "docs/python.md", "exec"), {})


@contextmanager
def on(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """`open_cluster` opens this one."""
    with monkeypatch.context() as patch:
        patch.setattr(opening, "connected", lambda *_: (World(cluster, Silence()), Address()))
        yield


def test_every_example_on_a_cluster_in_memory(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster = working_cluster(namespace_object())
    said = []
    with on(cluster, monkeypatch):
        for example in EXAMPLES:
            run(example)
            said.append(capsys.readouterr().out)
    assert len(said) >= 9
    # What is printed holds no secret, but for the documents that were asked for.
    documents = next(number for number, example in enumerate(EXAMPLES) if "to_documents" in example)
    assert "kind: Secret" in said.pop(documents)
    everything = "".join(said)
    assert "hunter2" not in everything
    assert "+ create Deployment/hub in jhub" in said[0]
    assert "unknown-setting ('hub', 'db', 'tpye')" in everything
    assert "deployed True" in everything
    assert "~ rollback" not in everything
    assert (folder / "secrets.yaml").stat().st_mode & 0o777 == 0o600


def test_every_example_on_a_real_cluster(
    control_plane: ControlPlane, namespace: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KUBECONFIG", str(control_plane.kubeconfig()))
    try:
        for example in EXAMPLES:
            run(example.replace('"jhub"', repr(namespace)) if "FakeCluster" not in example else example)
        hub = chart_py.open_cluster(release=namespace, namespace=namespace)
        assert isinstance(hub.world.cluster, LiveCluster)
        assert chart_py.status(hub).word == "deployed"
    finally:
        remove_cluster_wide(control_plane, namespace)


def test_all_names_are_said_and_there() -> None:
    said = {name for name in chart_py.__all__ if re.search(rf"\b{name}\b", PAGE)}
    imported = {name.strip() for line in re.findall(r"from chart_py import (.*)", PAGE) for name in line.split(",")}
    assert imported <= set(chart_py.__all__)
    # Types of what functions give back, and what is only of use within an example of one's own.
    rest = set(chart_py.__all__) - said
    assert rest <= {
        *(
            "Aftermath",
            "Aim",
            "ChartError",
            "Change",
            "Danger",
            "Entrances",
            "Finding",
            "Hub",
            "InputError",
            "Loaded",
            "Observer",
            "Operation",
        ),
        *("Pending", "Place", "Plan", "Prepared", "Record", "RefusedError", "ReleaseState", "Result", "Source"),
        "Values",
        *("context_for", "from_documents", "load_values"),
    }
