"""What jupyterhub_config.py tells JupyterHub itself: its sections of the configuration, compared whole."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.hub_files import small_release
from tests.hub_files.mounted_hub import mounted
from tests.hub_files.plain_hub import CONFIG, CULLER, config, jupyterhub
from tests.hub_files.small_release import ABSENT, VARIABLES, changed

pytestmark = pytest.mark.usefixtures("hub_software")


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        ({}, {}),
        (
            {"hub": {"concurrentSpawnLimit": 20, "activeServerLimit": 0, "consecutiveFailureLimit": 0}},
            {
                **jupyterhub(concurrent_spawn_limit=20, active_server_limit=0),
                "Spawner": {"consecutive_failure_limit": 0},
            },
        ),
        (
            {"hub": {"concurrentSpawnLimit": None, "consecutiveFailureLimit": None}},
            {**jupyterhub(concurrent_spawn_limit=ABSENT), "Spawner": {"consecutive_failure_limit": ABSENT}},
        ),
        (
            {"hub": {"allowNamedServers": True, "namedServerLimitPerUser": 3}},
            jupyterhub(allow_named_servers=True, named_server_limit_per_user=3),
        ),
        (
            {"hub": {"authenticatePrometheus": False, "redirectToServer": False, "shutdownOnLogout": True}},
            jupyterhub(authenticate_prometheus=False, redirect_to_server=False, shutdown_on_logout=True),
        ),
        (
            {"hub": {"templatePaths": ["/srv/t"], "templateVars": {"announcement": "hi"}}},
            jupyterhub(template_paths=["/srv/t"], template_vars={"announcement": "hi"}),
        ),
        (
            {"hub": {"templatePaths": None, "templateVars": None}},
            jupyterhub(template_paths=ABSENT, template_vars=ABSENT),
        ),
        ({"debug": {"enabled": True}}, {"JupyterHub": {"log_level": "DEBUG"}, "Spawner": {"debug": True}}),
        ({"debug": None}, {}),
        ({"singleuser": {"cmd": None}}, {"Spawner": {"cmd": None}}),
        ({"singleuser": {"cmd": ABSENT}}, {"Spawner": {"cmd": ABSENT}}),
        (
            {"singleuser": {"cmd": ["a", "-b"], "defaultUrl": "/lab"}},
            {"Spawner": {"cmd": ["a", "-b"], "default_url": "/lab"}},
        ),
    ],
)
def test_values_become_configuration(tmp_path: Path, values: dict[str, Any], changes: dict[str, Any]) -> None:
    assert config(tmp_path, values) == changed(CONFIG, changes)


@pytest.mark.parametrize(
    ("database", "password", "url", "variables", "said"),
    [
        ({}, None, "sqlite:///jupyterhub.sqlite", {}, ""),
        ({"url": "sqlite:///other.sqlite"}, None, "sqlite:///jupyterhub.sqlite", {}, ""),
        ({"type": "sqlite-memory"}, None, "sqlite://", {}, ""),
        ({"type": "other", "url": "sqlite:////srv/hub.sqlite"}, None, "sqlite:////srv/hub.sqlite", {}, ""),
        ({"type": "other"}, None, ABSENT, {}, ""),
        (
            {"type": "postgres", "url": "postgresql+psycopg2://hub@db/hub"},
            "hunter2",
            "postgresql+psycopg2://hub@db/hub",
            {"PGPASSWORD": "hunter2"},
            "",
        ),
        ({"type": "postgres", "url": "postgresql://hub:p@db/hub"}, None, "postgresql://hub:p@db/hub", {}, ""),
        ({"type": "postgres", "url": "postgresql://hub@db/hub"}, "", "postgresql://hub@db/hub", {}, ""),
        ({"type": "mysql", "url": "mysql://hub@db/hub"}, "hunter2", "mysql://hub@db/hub", {"MYSQL_PWD": "hunter2"}, ""),
        (
            {"type": "mysql", "url": "mysql+pymysql://hub@db/hub"},
            "hunter2",
            "mysql+pymysql://hub@db/hub",
            {"MYSQL_PWD": "hunter2"},
            "PyMySQL does not read MYSQL_PWD, where hub.db.password goes: write the password into hub.db.url.\n",
        ),
        (
            {},
            "hunter2",
            "sqlite:///jupyterhub.sqlite",
            {},
            "hub.db.password is not used where hub.db.type is sqlite-pvc.\n",
        ),
    ],
)
def test_database(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    database: dict[str, Any],
    password: str | None,
    url: Any,
    variables: dict[str, str],
    said: str,
) -> None:
    for name in ("PGPASSWORD", "MYSQL_PWD"):
        monkeypatch.delenv(name, raising=False)
    secrets = {} if password is None else {"hub.db.password": password}
    with mounted(tmp_path, small_release.files({"hub": {"db": database}}, secrets=secrets), VARIABLES) as hub:
        assert hub.section("JupyterHub") == changed(CONFIG["JupyterHub"], {"db_url": url})
        assert hub.variables == variables
        assert hub.output == f"Loading {hub.folder}/secret/values.yaml\n{said}"
    assert "PGPASSWORD" not in os.environ


def test_each_secret_is_taken_from_the_existing_secret_first(tmp_path: Path) -> None:
    existing = {
        "values.yaml": "hub: {db: {type: postgres, url: postgresql://hub@db/hub}, concurrentSpawnLimit: 1}",
        "hub.db.password": "theirs",
        "hub.config.CryptKeeper.keys": f"{'12' * 32};{'34' * 32};",
        "hub.services.grader.apiToken": "theirs too",
    }
    secrets = {
        "hub.db.password": "ours",
        "hub.services.grader.apiToken": "ours",
        "hub.services.other.apiToken": "ours as well",
    }
    values: dict[str, Any] = {"hub": {"services": {"grader": {}, "other": {}}}}
    with mounted(tmp_path, small_release.files(values, secrets=secrets, existing=existing), VARIABLES) as hub:
        assert hub.variables == {"PGPASSWORD": "theirs"}
        assert {name: hub.section(name) for name in hub.config if name != "KubeSpawner"} == changed(
            CONFIG,
            {
                "JupyterHub": {
                    "db_url": "postgresql://hub@db/hub",
                    "concurrent_spawn_limit": 1,
                    "services": [
                        CULLER,
                        {"name": "grader", "api_token": "theirs too"},
                        {"name": "other", "api_token": "ours as well"},
                    ],
                },
                "CryptKeeper": {"keys": ["12" * 32, "34" * 32]},
            },
        )


def test_names_of_the_release_lead_to_its_services(tmp_path: Path) -> None:
    names = {"hub": "campus-hub", "proxy-api": "campus-proxy-api"}
    variables = {"CAMPUS_HUB_SERVICE_PORT": "81", "CAMPUS_PROXY_API_SERVICE_PORT": "82"}
    with mounted(tmp_path, small_release.files(names=names), variables) as hub:
        assert hub.config.JupyterHub.hub_connect_url == "http://campus-hub:81"
        assert hub.section("ConfigurableHTTPProxy") == {"should_start": False, "api_url": "http://campus-proxy-api:82"}


def test_jupyterhub_knows_all_that_it_is_told(tmp_path: Path) -> None:
    """Every trait is a configurable one of its class and no deprecated one, and every scope one of JupyterHub's."""
    from jupyterhub.app import JupyterHub
    from jupyterhub.crypto import CryptKeeper
    from jupyterhub.proxy import ConfigurableHTTPProxy
    from jupyterhub.scopes import scope_definitions
    from kubespawner import KubeSpawner

    named = {"JupyterHub": JupyterHub, "CryptKeeper": CryptKeeper, "ConfigurableHTTPProxy": ConfigurableHTTPProxy}
    everything = {
        "cull": {"users": True},
        "debug": {"enabled": True},
        "imagePullSecrets": ["s"],
        "scheduling": {"podPriority": {"enabled": True}},
        "hub": {
            "config": None,
            "activeServerLimit": 1,
            "namedServerLimitPerUser": 1,
            "authenticatePrometheus": True,
            "redirectToServer": True,
            "shutdownOnLogout": True,
        },
        "singleuser": {
            "podNameTemplate": "p",
            "serviceAccountName": "s",
            "defaultUrl": "/",
            "image": {"pullPolicy": "Always"},
            "memory": {"limit": "2G"},
            "cpu": {"limit": 2, "guarantee": 1},
            "storage": {"dynamic": {"pvcNameTemplate": "c", "storageClass": "s"}},
        },
    }
    with mounted(tmp_path, small_release.files(everything), VARIABLES) as hub:
        for section, traits in hub.config.items():
            known = named.get(section, KubeSpawner).class_traits(config=True)
            assert set(traits) <= set(known), section
            assert [t for t in traits if known[t].help.strip().upper().startswith("DEPRECATED")] == []
        (role,) = hub.config.JupyterHub.load_roles
        assert set(role["scopes"]) <= set(scope_definitions)


def test_hub_config_goes_last(tmp_path: Path) -> None:
    values = {
        "hub": {
            "config": {
                "JupyterHub": {"authenticator_class": "github", "concurrent_spawn_limit": 1, "cleanup_servers": True},
                "GitHubOAuthenticator": {
                    "allowed_organizations": ["o"],
                    "Nested": {"kept": {"as": "it is"}},
                    "x": None,
                },
                "Spawner": {"cmd": ["mine"]},
                "KubeSpawner": {"image": "mine:1", "uid": None},
                "Authenticator": None,
                "Empty": {},
            }
        }
    }
    with mounted(tmp_path, small_release.files(values), VARIABLES) as hub:
        assert (hub.config.KubeSpawner.image, hub.config.KubeSpawner.uid) == ("mine:1", None)
        assert {name: hub.section(name) for name in hub.config if name != "KubeSpawner"} == changed(
            CONFIG,
            {
                "JupyterHub": {"authenticator_class": "github", "concurrent_spawn_limit": 1, "cleanup_servers": True},
                "GitHubOAuthenticator": {
                    "allowed_organizations": ["o"],
                    "Nested": {"kept": {"as": "it is"}},
                    "x": None,
                },
                "Spawner": {"cmd": ["mine"]},
                "Empty": {},
            },
        )


def test_secrets_of_hub_config_come_from_the_secret(tmp_path: Path) -> None:
    values = {
        "hub": {
            "config": {
                "JupyterHub": {
                    "cookie_secret": "values",
                    "proxy_auth_token": "values",
                    "services": [{"name": "values"}],
                },
                "ConfigurableHTTPProxy": {"auth_token": "values", "debug": True},
                "CryptKeeper": {"keys": ["values"], "n_threads": 2},
            }
        }
    }
    with mounted(tmp_path, small_release.files(values), VARIABLES) as hub:
        assert hub.output.splitlines()[1:] == [
            "hub.config.JupyterHub.services is not used: write the services below hub.services."
        ]
        assert {name: hub.section(name) for name in hub.config if name != "KubeSpawner"} == changed(
            CONFIG, {"ConfigurableHTTPProxy": {"debug": True}, "CryptKeeper": {"n_threads": 2}}
        )


def test_sections_that_are_null_or_missing_are_empty_ones(tmp_path: Path) -> None:
    null = {"services": None, "loadRoles": None, "config": None, "extraConfig": None}
    left = changed(CONFIG, jupyterhub(admin_access=ABSENT, authenticator_class=ABSENT))
    assert config(tmp_path, {"hub": null}) == left
    assert config(tmp_path, {"hub": dict.fromkeys(null, ABSENT), "debug": ABSENT}) == left
    assert config(tmp_path, {"hub": null, "cull": None}) == changed(left, jupyterhub(services=[], load_roles=[]))


def test_the_hub_asks_others_through_curl(tmp_path: Path) -> None:
    from tornado.httpclient import AsyncHTTPClient

    before = AsyncHTTPClient.configured_class()
    with mounted(tmp_path, small_release.files(), VARIABLES):
        assert AsyncHTTPClient.configured_class().__name__ == "CurlAsyncHTTPClient"
    assert AsyncHTTPClient.configured_class() is before
