"""Contradictions about the hub itself: its database, its secrets, its user names, culling, disruption budgets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path

_DB = ("hub", "db")
# A server tells the hub of its activity at most this often, in seconds (JUPYTERHUB_ACTIVITY_INTERVAL).
_ACTIVITY = 300


@row(
    "rolling-hub",
    Level.WARNING,
    remedy="Keep the strategy Recreate, or use a database server (hub.db.type: postgres).",
    example="hub: {deploymentStrategy: {type: RollingUpdate}}",
)
def rolling(facts: Facts) -> Iterator[Said]:
    """Two hubs run during an update, on a database that only one can use."""
    hub = facts.values.hub
    if hub.deploymentStrategy.type == "RollingUpdate" and hub.db.type in ("sqlite-pvc", "sqlite-memory"):
        what = "the old pod holds the volume" if hub.db.type == "sqlite-pvc" else "each pod has its own database"
        yield Said(("hub", "deploymentStrategy", "type"), f"two hubs at once on {hub.db.type}: {what}")


@row(
    "unused-pvc",
    Level.WARNING,
    remedy="Remove hub.db.pvc, or use hub.db.type: sqlite-pvc.",
    example="hub: {db: {type: sqlite-memory, pvc: {storage: 2Gi}}}",
)
def unused_pvc(facts: Facts) -> Iterator[Said]:
    """A claim for the database is configured, but the database is of another type."""
    if facts.values.hub.db.type != "sqlite-pvc" and facts.written(*_DB, "pvc"):
        message = f"hub.db.type is {facts.values.hub.db.type}, so this claim is not created"
        yield Said((*_DB, "pvc"), message)


@row(
    "database-url",
    Level.WARNING,
    remedy="Write hub.db.url: postgresql+psycopg2://hub@db.example.org:5432/hub",
    example="hub: {db: {type: postgres}}",
)
def database_url(facts: Facts) -> Iterator[Said]:
    """The database has no URL, or one for another kind of database."""
    db = facts.values.hub.db
    if db.type in ("mysql", "postgres", "other") and not db.url:
        told = facts.trait("db_url") or facts.in_python("db_url") or facts.values.hub.existingSecret
        if not told:
            yield Said((*_DB, "type"), f"type {db.type} needs hub.db.url; the hub cannot start without it")
    elif db.url and db.type in ("mysql", "postgres"):
        dialects = {"mysql": ("mysql", "mariadb"), "postgres": ("postgres", "postgresql", "cockroachdb")}
        dialect = re.split(r"[+:]", db.url)[0]
        if not db.url.startswith("$") and dialect not in dialects[db.type]:
            yield Said((*_DB, "url"), f"hub.db.type is {db.type}, but this URL is for another kind of database")


@row(
    "unused-database-url",
    Level.WARNING,
    remedy="Add hub.db.type: postgres, mysql or other.",
    example="hub: {db: {url: 'postgresql+psycopg2://hub@db.example.org/hub'}}",
)
def unused_url(facts: Facts) -> Iterator[Said]:
    """This database URL is not used."""
    db = facts.values.hub.db
    if db.url and db.type in ("sqlite-pvc", "sqlite-memory"):
        yield Said((*_DB, "url"), f"hub.db.type is {db.type}, so this URL is not used", "Add hub.db.type: postgres")


@row(
    "secret-length",
    Level.WARNING,
    remedy="Use the output of `openssl rand -hex 32`, or remove it: one is generated.",
    example="proxy: {secretToken: abc}",
)
def tokens(facts: Facts) -> Iterator[Said]:
    """A secret is not 64 hex digits long."""
    secrets: tuple[tuple[Path, str | None], ...] = (
        (("proxy", "secretToken"), facts.values.proxy.secretToken),
        (("hub", "cookieSecret"), facts.values.hub.cookieSecret),
    )
    for path, secret in secrets:
        if secret and not re.fullmatch(r"[0-9a-fA-F]{64}", secret):
            yield Said(path, "expected 64 hex digits")


@row(
    "cull-while-active",
    Level.WARNING,
    remedy="Choose a timeout of ten minutes or more: cull: {timeout: 600}",
    example="cull: {timeout: 120}",
)
def culled_while_active(facts: Facts) -> Iterator[Said]:
    """Servers are stopped before they can report that they are busy."""
    cull = facts.values.cull
    reported = facts.trait("last_activity_interval")
    interval = reported[1] if reported and isinstance(reported[1], int) else _ACTIVITY
    interval = max(interval, _ACTIVITY)
    if cull.enabled and cull.timeout and cull.timeout <= interval:
        message = f"servers report activity every {interval} s, so busy ones are stopped after {cull.timeout} s"
        yield Said(("cull", "timeout"), message)


@row(
    "pdb-both",
    Level.ERROR,
    remedy="Kubernetes accepts only one of the two; remove the other with null.",
    example="hub: {pdb: {enabled: true, maxUnavailable: 1}}",
)
def budgets(facts: Facts) -> Iterator[Said]:
    """A disruption budget has both a minimum and a maximum."""
    values = facts.values
    places: tuple[tuple[Path, Any], ...] = (
        (("hub", "pdb"), values.hub.pdb),
        (("proxy", "chp", "pdb"), values.proxy.chp.pdb),
        (("proxy", "traefik", "pdb"), values.proxy.traefik.pdb),
        (("scheduling", "userScheduler", "pdb"), values.scheduling.userScheduler.pdb),
    )
    for path, pdb in places:
        if pdb.enabled and pdb.maxUnavailable is not None and pdb.minAvailable is not None:
            word, other = ("maxUnavailable", "minAvailable")
            if not facts.written(*path, word):
                word, other = other, word
            yield Said((*path, word), f"{other} is set too, to {getattr(pdb, other)}", f"Add {other}: null beside it.")


@row(
    "same-name",
    Level.WARNING,
    remedy="Put {username} or {user_server} into the template, and map each name to a different one.",
    example="singleuser: {storage: {dynamic: {pvcNameTemplate: home}}}",
)
def same_names(facts: Facts) -> Iterator[Said]:
    """Two users become one: a username map that is not one to one, or a template without the user."""
    if (found := facts.trait("username_map")) and isinstance(found[1], dict):
        path, pairs = found
        seen: dict[str, str] = {}
        for name, becomes in pairs.items():
            if str(becomes) in seen:
                yield Said((*path, name), f"both {seen[str(becomes)]} and {name} become {becomes}")
            seen[str(becomes)] = name
    storage = facts.values.singleuser.storage
    templates: tuple[tuple[Path, str | None, str], ...] = (
        (("singleuser", "podNameTemplate"), facts.values.singleuser.podNameTemplate, "pod"),
        (("singleuser", "storage", "dynamic", "pvcNameTemplate"), storage.dynamic.pvcNameTemplate, "volume"),
    )
    for path, template, what in templates:
        if template and not re.search(
            r"\{(?:un)?(?:escaped_|safe_)*(?:user|user_name|username|user_server|userid)\}", template
        ):
            yield Said(path, f"nothing in it tells users apart: all share one {what}")


@row(
    "username-pattern",
    Level.ERROR,
    remedy="Close brackets, and escape special characters with a backslash.",
    example="hub: {config: {Authenticator: {username_pattern: '[a-z'}}}",
)
def patterns(facts: Facts) -> Iterator[Said]:
    """A username pattern is not a valid regular expression."""
    if (found := facts.trait("username_pattern")) and isinstance(found[1], str):
        try:
            re.compile(found[1])
        except re.error as error:
            yield Said(found[0], f"not a valid regular expression: {error}")


RULES = rules_of(globals())
