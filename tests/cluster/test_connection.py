"""How a cluster is found: a kubeconfig and its contexts, or the account of the pod that this runs in."""

from __future__ import annotations

import json
import sys
from datetime import datetime, timezone
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from chart_py.cluster import connection
from chart_py.cluster.connection import Connection
from chart_py.cluster.errors import LoginError
from chart_py.cluster.interface import Ref
from chart_py.cluster.live import LiveCluster
from chart_py.cluster.quick_import import client_modules
from tests.certificate import self_signed
from tests.control_plane import ControlPlane
from tests.control_plane.users import write_kubeconfig


def test_a_context_by_name(tmp_path: Path) -> None:
    cluster = {"name": "c", "cluster": {"server": "https://one.example:6443"}}
    other = {"name": "d", "cluster": {"server": "https://two.example:6443"}}
    contexts = [
        {"name": "first", "context": {"cluster": "c", "user": "u"}},
        {"name": "second", "context": {"cluster": "d", "user": "u", "namespace": "team"}},
    ]
    config = {"apiVersion": "v1", "kind": "Config", "clusters": [cluster, other], "contexts": contexts}
    config |= {"users": [{"name": "u", "user": {"token": "t"}}], "current-context": "first"}
    file = tmp_path / "config"
    file.write_text(json.dumps(config), encoding="utf-8")
    first, second = Connection(str(file)), Connection(str(file), "second")
    assert (first.url, first.context, first.namespace) == ("https://one.example:6443", "first", "default")
    assert (second.url, second.context, second.namespace) == ("https://two.example:6443", "second", "team")
    with pytest.raises(LoginError, match="the kubeconfig has no context 'third'") as caught:
        Connection(str(file), "third")
    assert "Contexts there: first, second" in str(caught.value)


@pytest.mark.parametrize("text", ["", "{}", "- a\n- list\n", "a: {", "apiVersion: v1\nkind: Config\n"])
def test_a_file_that_is_no_kubeconfig(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(LoginError, match="no usable cluster configuration"):
        Connection(str(file))


def test_a_server_that_is_not_trusted(control_plane: ControlPlane, tmp_path: Path) -> None:
    """Whoever answers there is not asked for anything, and no token is sent."""
    authority = tmp_path / "authority.pem"
    authority.write_text(self_signed(datetime.now(timezone.utc), "elsewhere.example")[0], encoding="utf-8")
    file = write_kubeconfig(tmp_path / "config", control_plane.url, authority, "secret-token")
    with pytest.raises(LoginError) as caught:
        LiveCluster(Connection(str(file))).server_version()
    first = str(caught.value).splitlines()[0]
    assert first.startswith(f"error: cannot trust the connection to {control_plane.url}: certificate verify failed")
    assert "HTTPSConnectionPool" not in str(caught.value)
    assert "secret-token" not in str(caught.value)


def test_the_account_of_a_pod(
    control_plane: ControlPlane, namespace: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = control_plane.service_account_token(namespace, "default")
    (tmp_path / "token").write_text(token, encoding="utf-8")
    (tmp_path / "namespace").write_text(namespace, encoding="utf-8")
    at = urlsplit(control_plane.url)
    monkeypatch.delenv("KUBECONFIG", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("KUBERNETES_SERVICE_HOST", str(at.hostname))
    monkeypatch.setenv("KUBERNETES_SERVICE_PORT", str(at.port))
    monkeypatch.setattr(connection, "_ACCOUNT", tmp_path)
    client_modules()
    login = sys.modules["kubernetes.config.incluster_config"]
    monkeypatch.setattr(login, "SERVICE_TOKEN_FILENAME", str(tmp_path / "token"))
    monkeypatch.setattr(login, "SERVICE_CERT_FILENAME", str(control_plane.authority))
    found = Connection()
    assert (found.namespace, found.context) == (namespace, "")
    assert LiveCluster(found).may("get", Ref("v1", "Secret", namespace)) is False
