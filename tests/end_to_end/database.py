"""Owns a PostgreSQL server outside the cluster, which pods reach by its name."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.end_to_end.cluster import Cluster
from tests.end_to_end.network import wait_for_port
from tests.end_to_end.programs import postgres_folder

NAME, PORT = "postgres.example.org", 5432
_USER = 1000


@dataclass(frozen=True)
class Database:
    """A running server with the user and database `hub`; `folder` is where clients on this machine find its socket."""

    folder: Path
    password: str

    @property
    def url(self) -> str:
        """How the test itself reaches it, with the password in PGPASSWORD."""
        return f"postgresql+psycopg2://hub@/hub?host={self.folder}"

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What a query finds."""
        import psycopg2

        connection = psycopg2.connect(host=str(self.folder), user="hub", dbname="hub", password=self.password)
        with contextlib.closing(connection), connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())


@contextlib.contextmanager
def running(cluster: Cluster, password: str) -> Iterator[Database]:
    """Start a server with a data folder of its own, as a user who is not root; everybody needs the password."""
    folder = cluster.root / "postgres"
    folder.mkdir()
    (folder / "password").write_text(password, encoding="utf-8")
    (folder / "passwd").write_text(f"postgres:x:{_USER}:{_USER}::/:/bin/sh\n", encoding="utf-8")
    address = cluster.network.outside_address(NAME)
    programs, data = postgres_folder(), folder / "data"
    secret = ["--username=hub", f"--pwfile={folder / 'password'}", "--auth=scram-sha-256"]

    def run(name: str, program: list[str], serves: list[int]) -> None:
        cluster.kubelet.containers.run(
            name,
            folder,
            address,
            program=[f"{programs}/{program[0]}", "-D", str(data), *program[1:]],
            environment={"LC_ALL": "C.UTF-8", "PATH": "/usr/bin:/bin"},
            folder="/",
            uid=_USER,
            gid=_USER,
            no_new_privileges=True,
            mounts=[{"source": str(folder / "passwd"), "target": "/etc/passwd", "read_only": True}],
            serves=serves,
        )

    containers = cluster.kubelet.containers
    run("database-init", ["initdb", "--no-sync", *secret], [])
    cluster.wait("initdb is done", lambda: containers.exit_code("database-init") is not None)
    assert containers.exit_code("database-init") == 0, containers.log("database-init").read_text(encoding="utf-8")
    with (data / "pg_hba.conf").open("a", encoding="utf-8") as rules:
        rules.write("host all all 10.0.0.0/8 scram-sha-256\n")
    run("database", ["postgres", "-c", "listen_addresses=*", "-c", f"unix_socket_directories={folder}"], [PORT])
    try:
        wait_for_port(cluster.network, address, PORT)
        database = Database(cluster.root / "pg", password)
        database.folder.mkdir()
        (database.folder / f".s.PGSQL.{PORT}").symlink_to(cluster.network.socket_path(address, PORT))
        cluster.wait("the database answers", lambda: _answers(cluster, database))
        _make(database)
        yield database
    finally:
        containers.stop("database", 10.0)


def _answers(cluster: Cluster, database: Database) -> bool:
    import psycopg2

    log = cluster.kubelet.containers.log("database").read_text(encoding="utf-8")
    assert cluster.kubelet.containers.exit_code("database") is None, log
    try:
        psycopg2.connect(host=str(database.folder), user="hub", dbname="postgres", password=database.password).close()
    except psycopg2.OperationalError:
        return False
    return True


def _make(database: Database) -> None:
    """CREATE DATABASE, which is possible in no transaction."""
    import psycopg2

    connection = psycopg2.connect(host=str(database.folder), user="hub", dbname="postgres", password=database.password)
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE hub OWNER hub")
