"""The hub's database in a real PostgreSQL: tables are made, an old schema is upgraded when that is asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.end_to_end import database
from tests.end_to_end.cluster import Cluster, Release
from tests.end_to_end.conftest import MakeRelease, need
from tests.end_to_end.database import Database
from tests.end_to_end.people import PASSWORD, Person

Json = dict[str, Any]

# The schema of JupyterHub 4, which lacks columns that JupyterHub 5 asks for.
OLD_SCHEMA = "3c2384c5aae1"
DATABASE_PASSWORD = "p@ss/word:%41 and more"
DEPLOYMENT = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "hub"}}

ALEMBIC = """
import sys
from alembic import command
from alembic.config import Config
from jupyterhub.dbutil import _temp_alembic_ini
url, revision = sys.argv[1:]
with _temp_alembic_ini(url) as file:
    command.downgrade(Config(file), revision)
"""


@pytest.fixture
def postgres(cluster: Cluster) -> Iterator[Database]:
    """An empty database."""
    need("postgres")
    with database.running(cluster, DATABASE_PASSWORD) as made:
        yield made


def values(upgrade: bool | None = None) -> Json:
    """A hub with a database outside and nothing else to start."""
    return {
        "hub": {
            "db": {
                "type": "postgres",
                "url": f"postgresql+psycopg2://hub@{database.NAME}:{database.PORT}/hub",
                "password": DATABASE_PASSWORD,
                **({} if upgrade is None else {"upgrade": upgrade}),
            },
            "config": {
                "JupyterHub": {"authenticator_class": "shared-password"},
                "SharedPasswordAuthenticator": {"user_password": PASSWORD},
                "Authenticator": {"allowed_users": ["alice"]},
            },
        },
        "scheduling": {"userScheduler": {"enabled": False}},
        "prePuller": {"continuous": {"enabled": False}},
    }


def stop_hub(release: Release) -> None:
    """Let the Deployment have no pod, so that nobody uses the database."""
    cluster = release.cluster
    cluster.plane.api.patch(DEPLOYMENT, {"spec": {"replicas": 0}}, "", release.namespace)
    cluster.wait("the hub has stopped", lambda: not _all_pods(release))


def _all_pods(release: Release) -> list[Json]:
    selector = "labelSelector=component%3Dhub"
    return release.cluster.items(f"/api/v1/namespaces/{release.namespace}/pods?{selector}")


def downgrade(postgres: Database) -> None:
    """Take the schema back to an old one, by JupyterHub's own migrations."""
    command = [sys.executable, "-c", ALEMBIC, postgres.url, OLD_SCHEMA]
    environment = {**os.environ, "PGPASSWORD": postgres.password}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def columns(postgres: Database) -> set[tuple[Any, ...]]:
    """(table, column) of all tables."""
    query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'"
    return set(postgres.rows(query))


def test_tables_are_made_and_an_old_schema_is_upgraded_when_asked(
    make_release: MakeRelease, postgres: Database
) -> None:
    release = make_release()
    cluster = release.cluster
    release.apply(values())
    cluster.ready_pod(release.namespace, "hub")
    alice = Person(release, "alice")
    alice.wait_for_hub()
    assert alice.log_in().status == 200
    [revision], made = postgres.rows("SELECT version_num FROM alembic_version"), columns(postgres)
    assert postgres.rows("SELECT name FROM users") == [("alice",)]

    stop_hub(release)
    downgrade(postgres)
    assert postgres.rows("SELECT version_num FROM alembic_version") == [(OLD_SCHEMA,)]
    tables = ("group_role_map", "roles", "service_role_map", "user_role_map")
    assert made - columns(postgres) == {(table, "managed_by_auth") for table in tables}

    release.apply(values())
    cluster.wait("the hub refuses the old schema", lambda: refusal(release))
    assert postgres.rows("SELECT version_num FROM alembic_version") == [(OLD_SCHEMA,)]

    release.apply(values(upgrade=True))
    cluster.ready_pod(release.namespace, "hub")
    alice.wait_for_hub()
    assert postgres.rows("SELECT version_num FROM alembic_version") == [revision]
    assert columns(postgres) == made
    assert postgres.rows("SELECT name FROM users") == [("alice",)]
    logs = list(cluster.kubelet.logs.glob("*.log"))
    assert [file.name for file in logs if DATABASE_PASSWORD in read(file)] == []
    # A hub whose database has gone before it waits for it until it is killed.
    stop_hub(release)


def refusal(release: Release) -> bool:
    """Whether a hub has ended with the sentence that says what to do."""
    for pod in _all_pods(release):
        status = pod["status"].get("containerStatuses", [{}])[0]
        if status.get("restartCount"):
            log = release.cluster.kubelet.log(pod["metadata"]["name"], "hub")
            return f"Found database schema version {OLD_SCHEMA} != " in log and "upgrade-db" in log
    return False


def read(file: Path) -> str:
    """A log."""
    return file.read_text(encoding="utf-8", errors="replace")
