"""The services that the hub starts or knows, the idle culler among them, and the roles that allow them something."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.hub_files.plain_hub import CONFIG, CULLER, CULLER_ROLE, config, jupyterhub
from tests.hub_files.small_release import changed

pytestmark = pytest.mark.usefixtures("hub_software")


def test_services_and_roles(tmp_path: Path) -> None:
    values = {
        "cull": {"enabled": False},
        "hub": {
            "services": {
                "zoo": {"admin": True, "url": "http://zoo:80"},
                "grader": {
                    "name": "grader-service",
                    "command": ["grade"],
                    "apiToken": "in the values",
                    "display": False,
                },
                "taken-away": None,
                "old": {"api_token": "in the values"},
            },
            "loadRoles": {
                "reader": {"scopes": ["list:users"]},
                "r": {"name": "user", "scopes": ["self"]},
                "gone": None,
            },
        },
    }
    tokens = {f"hub.services.{key}.apiToken": f"token of {key}" for key in ("zoo", "grader", "old")}
    assert config(tmp_path, values, secrets=tokens) == changed(
        CONFIG,
        jupyterhub(
            services=[
                {"name": "zoo", "admin": True, "url": "http://zoo:80", "api_token": "token of zoo"},
                {"name": "grader-service", "command": ["grade"], "display": False, "api_token": "token of grader"},
                {"name": "old", "api_token": "token of old"},
            ],
            load_roles=[{"name": "reader", "scopes": ["list:users"]}, {"name": "user", "scopes": ["self"]}],
        ),
    )


@pytest.mark.parametrize(
    ("values", "options", "scopes"),
    [
        ({}, ["--timeout=3600", "--cull-every=600", "--concurrency=10"], []),
        ({"cull": {"timeout": None, "every": 0, "concurrency": None, "maxAge": None}}, [], []),
        (
            {"cull": {"users": True, "timeout": 1, "every": 2, "concurrency": 3, "maxAge": 4}},
            ["--timeout=1", "--cull-every=2", "--concurrency=3", "--cull-users", "--max-age=4"],
            ["admin:users"],
        ),
        (
            {"cull": {"adminUsers": False, "removeNamedServers": True}},
            [
                "--timeout=3600",
                "--cull-every=600",
                "--concurrency=10",
                "--cull-admin-users=false",
                "--remove-named-servers",
            ],
            [],
        ),
    ],
)
def test_idle_culler(tmp_path: Path, values: dict[str, Any], options: list[str], scopes: list[str]) -> None:
    service = {**CULLER, "command": [*CULLER["command"][:4], *options]}
    role = {**CULLER_ROLE, "scopes": [*CULLER_ROLE["scopes"], *scopes]}
    assert config(tmp_path, values) == changed(CONFIG, jupyterhub(services=[service], load_roles=[role]))


@pytest.mark.parametrize(
    ("base_url", "api"),
    [("/", "/hub/api"), ("/a", "/a/hub/api"), ("/a/b/", "/a/b/hub/api"), ("a", "/a/hub/api"), (None, "/hub/api")],
)
def test_idle_culler_finds_the_hub_below_its_base_url(tmp_path: Path, base_url: str | None, api: str) -> None:
    hub = config(tmp_path, {"hub": {"baseUrl": base_url}})["JupyterHub"]
    assert hub.get("base_url") == base_url
    assert hub["services"][0]["command"][3] == f"--url=http://localhost:8081{api}"


CULLER_OPTIONS = """
import json, jupyterhub_idle_culler
from tornado.options import options
try:
    jupyterhub_idle_culler.main()
except KeyError as missing:  # the first that it wants after its options, and what keeps it from asking a hub
    assert missing.args == ("JUPYTERHUB_API_TOKEN",)
print(json.dumps(options.as_dict()))
"""


def test_the_idle_culler_itself_takes_the_options(tmp_path: Path) -> None:
    pytest.importorskip("jupyterhub_idle_culler", reason="it is not installed: python -m pip install -e '.[hub]'")
    values = {"cull": {"users": True, "adminUsers": False, "removeNamedServers": True, "maxAge": 4, "timeout": 5}}
    _, _, _, *given = config(tmp_path, values)["JupyterHub"]["services"][0]["command"]
    command = [sys.executable, "-c", CULLER_OPTIONS, *given]
    without_token = {name: value for name, value in os.environ.items() if name != "JUPYTERHUB_API_TOKEN"}
    run = subprocess.run(command, env=without_token, capture_output=True, text=True, check=True)
    understood = json.loads(run.stdout)
    wanted = {
        "url": "http://localhost:8081/hub/api",
        "timeout": 5,
        "cull_every": 600,
        "concurrency": 10,
        "cull_users": True,
        "cull_admin_users": False,
        "remove_named_servers": True,
        "max_age": 4,
    }
    assert {option: understood[option] for option in wanted} == wanted
