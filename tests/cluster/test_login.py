"""Logins that cannot be done are said in one sentence with what to do; what others would print is kept away."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from chart_py.cluster.connection import Connection
from chart_py.cluster.errors import LoginError
from chart_py.cluster.interface import Ref
from chart_py.cluster.live import LiveCluster
from chart_py.cluster.login import PROGRAMS
from tests.cluster.api_server import EmptyServer, empty_server

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmptyServer]:
    with empty_server(tmp_path_factory.mktemp("server")) as made:
        yield made


def kubeconfig(folder: Path, server: EmptyServer, user: dict[str, Any] | None, **cluster: Any) -> Path:
    """A kubeconfig whose context `prod` has this user."""
    cluster = {"server": server.url, "certificate-authority": str(server.authority), **cluster}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {key: value for key, value in cluster.items() if value is not None}}],
        "contexts": [{"name": "prod", "context": {"cluster": "c", "user": "ada", "namespace": "jhub"}}],
        "users": [] if user is None else [{"name": "ada", "user": user}],
        "current-context": "prod",
    }
    file = folder / "config"
    file.write_text(json.dumps(config), encoding="utf-8")
    return file


def plugin(folder: Path, text: str, name: str = "log-me-in") -> str:
    """A program of this name that logs in."""
    file = folder / name
    file.write_text(f"#!{sys.executable}\n{text}", encoding="utf-8")
    file.chmod(0o700)
    return str(file)


def by_program(command: str, *args: str, **more: Any) -> dict[str, Any]:
    return {"exec": {"apiVersion": "client.authentication.k8s.io/v1", "command": command, "args": [*args], **more}}


def run(file: Path, *argv: str) -> tuple[int, str, str]:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "KUBECONFIG": str(file)}
    command = [sys.executable, "-m", "chart_py", *argv]
    done = subprocess.run(command, capture_output=True, text=True, env=env, cwd=file.parent, check=False)
    return done.returncode, done.stdout, done.stderr


GIVES = """\
import json
status = {"token": "%s"}
print(json.dumps({"apiVersion": "client.authentication.k8s.io/v1", "kind": "ExecCredential", "status": status}))
"""


def test_a_program_that_logs_in(tmp_path: Path, server: EmptyServer) -> None:
    file = kubeconfig(tmp_path, server, by_program(plugin(tmp_path, GIVES % server.token)))
    assert LiveCluster(Connection(str(file))).find(Ref("v1", "Secret", "jhub")).items == []
    # A program beside the kubeconfig may be named by its way from there.
    file = kubeconfig(tmp_path, server, by_program("./log-me-in"))
    assert LiveCluster(Connection(str(file))).find(Ref("v1", "Secret", "jhub")).items == []


@pytest.mark.parametrize("command", ["gke-gcloud-auth-plugin", "aws", "kubelogin", "a-program-of-nobody", "./beside"])
@pytest.mark.parametrize("hint", ["", "Install it by:\n  make login\n"])
def test_a_program_that_is_missing(tmp_path: Path, server: EmptyServer, command: str, hint: str) -> None:
    env = [{"name": "PATH", "value": str(tmp_path)}]
    more = {"installHint": hint} if hint else {}
    file = kubeconfig(tmp_path, server, by_program(command, "get-token", env=env, **more))
    with pytest.raises(LoginError) as caught:
        Connection(str(file))
    known = PROGRAMS[command].get if command in PROGRAMS else "Install it, or add its folder to PATH."
    assert str(caught.value) == (
        f"error: the login to prod needs the program {command}, which was not found\n   "
        + ("Install it by:\n     make login" if hint else known)
    )


@pytest.mark.parametrize("verb", [("list",), ("status",), ("apply", "--defaults", "--yes")], ids=" ".join)
def test_on_the_command_line_it_is_one_error(tmp_path: Path, server: EmptyServer, verb: tuple[str, ...]) -> None:
    file = kubeconfig(tmp_path, server, by_program("gke-gcloud-auth-plugin", env=[{"name": "PATH", "value": "/none"}]))
    code, out, err = run(file, *verb)
    assert (code, out) == (3, "")
    assert err == (
        "error: the login to prod needs the program gke-gcloud-auth-plugin, which was not found\n"
        "   Run: gcloud components install gke-gcloud-auth-plugin\n"
    )


def fails(text: str) -> str:
    return f"import sys\nsys.stderr.write({text!r})\nsys.exit(7)\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (fails("\nUnable to locate credentials.\nUse another.\n"), "process returned 7. Unable to locate credentials."),
        (fails("token: hunter2hunter2hunter2"), "process returned 7. token: (hidden)"),
        (fails(""), "process returned 7"),
        ("print('not JSON')", "failed to decode process output: "),
        ("print('{\"status\": {}}')", "malformed response. missing key 'apiVersion'"),
        (GIVES.replace("token", "other") % "x", "missing token or clientCertificateData field in plugin output"),
    ],
)
def test_a_program_that_fails(tmp_path: Path, server: EmptyServer, text: str, why: str) -> None:
    file = kubeconfig(tmp_path, server, by_program(plugin(tmp_path, text, "aws")))
    code, out, err = run(file, "list")
    assert (code, out) == (3, "")
    program = tmp_path / "aws"
    first, advice = err.splitlines()
    assert first.startswith(f"error: the program {program}, which logs in to prod, failed: {why}")
    assert advice == f"   {PROGRAMS['aws'].login}"
    assert "hunter2" not in err


@pytest.mark.parametrize(
    ("user", "said"),
    [
        (
            {"auth-provider": {"name": "azure", "config": {}}},
            "login to prod, auth-provider azure, gives no token",
        ),
        ({"as": "somebody"}, "the kubeconfig's user ada has no token, certificate or password for prod"),
        ({}, "the cluster does not know who you are: no login was sent"),
        (None, "the cluster does not know who you are: no login was sent"),
    ],
)
def test_nobody_is_anonymous_unsaid(
    tmp_path: Path, server: EmptyServer, user: dict[str, Any] | None, said: str
) -> None:
    code, out, err = run(kubeconfig(tmp_path, server, user), "list")
    assert (code, out) == (3, "")
    assert said in err
    assert "system:anonymous" not in err
    assert len(err.splitlines()) == 2


def test_a_login_that_ends_while_it_is_used(tmp_path: Path, server: EmptyServer) -> None:
    """The program is asked again, and what it says then is no less clear."""
    program = plugin(tmp_path, GIVES % "a-token-that-has-expired")
    cluster = LiveCluster(Connection(str(kubeconfig(tmp_path, server, by_program(program)))))
    plugin(tmp_path, fails("the session has expired"))
    with pytest.raises(LoginError, match=r"failed: process returned 7\. the session has expired"):
        cluster.find(Ref("v1", "Secret", "jhub"))


UNVERIFIED = {"insecure-skip-tls-verify": True, "certificate-authority": None}


def test_a_server_that_need_not_prove_itself_is_told_once(tmp_path: Path, server: EmptyServer) -> None:
    file = kubeconfig(tmp_path, server, {"token": server.token}, **UNVERIFIED)
    for verb in (("list",), ("status", "--release", "x"), ("history", "--release", "x"), ("diff", "--defaults")):
        err = run(file, *verb)[2]
        assert err.count("is not verified") == 1, err
        assert f"warning: the identity of {server.url} is not verified (insecure-skip-tls-verify)" in err
        assert "Warning" not in err
        assert "urllib3" not in err


def test_a_program_s_other_requests_are_verified_as_before(tmp_path: Path, server: EmptyServer) -> None:
    trusted = Connection(str(kubeconfig(tmp_path, server, {"token": server.token})))
    assert trusted.is_verified
    with warnings.catch_warnings(record=True) as raised:
        warnings.simplefilter("always")
        connection = Connection(str(kubeconfig(tmp_path, server, {"token": server.token}, **UNVERIFIED)))
        assert not connection.is_verified
        LiveCluster(connection).find(Ref("v1", "Secret", "jhub"))
    assert raised == []
