"""Whom a connection may be asked of: the parties by name, what the hub's values name, and any host and port."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from chart_py.errors import UsageError
from chart_py.manifest import Manifest
from chart_py.pattern import Pattern
from chart_py.reach import addresses
from chart_py.reach import release as parties
from chart_py.reach.pair import Ports, others
from chart_py.reach.party import Outside, Party, PodParty
from chart_py.reach.policy import LAST_PORT, PROTOCOLS
from chart_py.reach.release import Release
from chart_py.spelling import nearest

DATABASE, SERVICE = "database", "service"
_DB_PORTS = {"mysql": 3306, "mariadb": 3306, "postgres": 5432, "postgresql": 5432, "cockroachdb": 26257}
_URL = Pattern(r"([a-z0-9]+)(?:\+[a-z0-9_]+)?://(?:[^@/]*@)?(\[[0-9a-fA-F:.]+\]|[^:/?#\s]+)(?::(\d+))?")
_PORT = Pattern(r"(\d+)(?:-(\d+))?(?:/([a-zA-Z]+))?$")
# Names by which clouds' metadata servers are known inside of them.
_METADATA_NAMES = ("metadata.google.internal", "metadata", "instance-data", "instance-data.ec2.internal")
# Where a name may lead to that says nothing itself.
ANYWHERE = addresses.PRIVATE | addresses.INTERNET | addresses.network("100.64.0.0/10")


@dataclass(frozen=True)
class Target:
    """Somebody who may be asked for a connection, by which name, and for which ports; () for all.

    `host` is the host that a setting names, for the reader.
    """

    name: str
    party: Party
    ports: tuple[Ports, ...] = ()
    host: str = ""

    def __str__(self) -> str:
        shown = ",".join(map(str, self.ports))
        return f"{self.name}:{shown}" if shown else self.name


class UnknownPartyError(UsageError):
    """A text that names nobody."""


def known_names(release: Release) -> list[str]:
    """The names that are known: the parties, and what the values name."""
    named_here = [each.name for each in targets_of(release)]
    return list(dict.fromkeys([parties.USER, *named_here]))


def targets_of(release: Release) -> list[Target]:
    """All that a matrix asks for: the parties, the database and the managed services that the values name."""
    return [
        *(Target(each.name, each) for each in release.everyone()),
        *database(release),
        *(target for name in services(release.values) for target in service(release, name)),
    ]


def database(release: Release) -> list[Target]:
    """The database that `hub.db.url` names; none where that is in the hub's own pod."""
    hub = _map(release.values, "hub", "db")
    found = _URL.match(str(hub.get("url") or "")) if hub.get("type") in ("mysql", "postgres", "other") else None
    port = int(found[3]) if found and found[3] else _DB_PORTS.get(found[1]) if found else None
    if not found or not port or found[2] in ("localhost", "127.0.0.1", "[::1]"):
        return []
    host = found[2].strip("[]")
    return [Target(DATABASE, each, (ports,), host) for each, ports in behind(release, host, Ports("TCP", port, port))]


def services(values: Mapping[str, Any]) -> dict[str, str]:
    """The URLs of `hub.services` by the services' names; those that listen at no host are left out."""
    found = _map(values, "hub", "services")
    return {
        str(name): str(each["url"])
        for name, each in found.items()
        if isinstance(each, Mapping) and isinstance(each.get("url"), str) and _URL.match(each["url"])
    }


def service(release: Release, name: str) -> list[Target]:
    """Where the proxy and the hub look for a service; [] where a Service of the release has no such port."""
    found = _URL.match(services(release.values).get(name, ""))
    if not found:
        return []
    host = found[2].strip("[]")
    port = int(found[3] or (443 if found[1] == "https" else 80))
    reached = behind(release, host, Ports("TCP", port, port))
    return [Target(f"{SERVICE}/{name}", each, (ports,), host) for each, ports in reached]


def _map(tree: Any, *path: str) -> Mapping[str, Any]:
    for step in path:
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return tree if isinstance(tree, Mapping) else {}


def behind(release: Release, host: str, ports: Ports) -> list[tuple[Party, Ports]]:
    """The parties that a host stands for, and their own ports; a Service leads to its pods' ports."""
    if addresses.is_address(host):
        return [(Outside(host, addresses.network(host)), ports)]
    if host.lower() in _METADATA_NAMES:
        return [(Outside(parties.METADATA, addresses.network(release.metadata)), ports)]
    name, where = _in_cluster(host, release.namespace)
    if not name:
        return [(Outside(host, ANYWHERE, one=True), ports)]
    if where == release.namespace and name in release.services:
        return list(_of_service(release, release.services[name], ports))
    pods = release.surroundings.pods
    own = release.space(where)
    return [(PodParty(host, own, addresses=pods), ports)]


def _in_cluster(host: str, namespace: str) -> tuple[str, str]:
    """The Service and the namespace that a host names within the cluster; empty for a host outside of it."""
    words = host.lower().rstrip(".").removesuffix(".cluster.local").split(".")
    if len(words) == 1:
        return words[0], namespace
    is_service = words[2:] == ["svc"] or (len(words) == 2 and host.endswith(".cluster.local"))
    return (words[0], words[1]) if is_service else ("", "")


def _of_service(release: Release, service: Manifest, ports: Ports) -> Iterator[tuple[Party, Ports]]:
    """The pods behind a Service, and the ports to which it leads what is sent to `ports`."""
    spec = service.get("spec") or {}
    selected = spec.get("selector") or {}
    if not selected:
        return
    for each in (*release.users, *release.workloads):
        if each.space.name == release.namespace and all(each.labels.get(k) == v for k, v in selected.items()):
            for raw in spec.get("ports") or ():
                if isinstance(raw, dict) and raw.get("port") == ports.first == ports.last:
                    target: Any = raw.get("targetPort") or raw["port"]
                    protocol = str(raw.get("protocol") or "TCP")
                    numbers: list[int] = each.numbers(target, protocol) if isinstance(target, str) else [target]
                    yield from ((each, Ports(protocol, number, number)) for number in numbers)


def named(release: Release, text: str) -> list[Target]:
    """The parties that a text names, with its ports: `user`, `hub:8081`, `internet:443`, `10.4.0.0/16`, `app=dask`.

    `user` names all users' pods, also where profiles tell them apart. Raises UnknownPartyError.
    """
    name, asked = _split(text)
    if found := _known(release, name):
        return [_with_ports(each, asked, text) for each in found]
    ports = _ports(asked, (), text) if asked else ()
    if "=" in name:
        return [Target(name, _labelled(release, name), ports)]
    if name.startswith("namespace/"):
        where = name.removeprefix("namespace/")
        return [Target(name, PodParty(name, release.space(where), addresses=release.surroundings.pods), ports)]
    try:
        return [Target(name, Outside(name, addresses.network(name)), ports)]
    except ValueError:
        return _host(release, name, ports, text)


def _known(release: Release, name: str) -> list[Target]:
    if name == DATABASE:
        return database(release)
    if name.startswith(f"{SERVICE}/"):
        return service(release, name.removeprefix(f"{SERVICE}/"))
    if name == parties.USER:
        return [Target(name, each) for each in release.users]
    return [Target(name, each) for each in release.everyone() if each.name == name]


def with_port(target: Target, port: str) -> Target:
    """A target with another port, as it is typed; one that has ports already keeps them. Raises UnknownPartyError."""
    return target if target.ports else _with_ports(target, port, f"--port {port}")


def _with_ports(target: Target, asked: str, text: str) -> Target:
    listed = target.party.ports if isinstance(target.party, PodParty) else ()
    names = {each.name: Ports(each.protocol, each.number, each.number) for each in listed if each.name}
    return replace(target, ports=_ports(asked, names, text)) if asked else target


def _host(release: Release, name: str, ports: tuple[Ports, ...], text: str) -> list[Target]:
    known = known_names(release)
    bare = "." not in name and name not in release.services
    if not re.fullmatch(r"[A-Za-z0-9]([A-Za-z0-9_.-]*[A-Za-z0-9])?", name) or (bare and (near := nearest(name, known))):
        hint = f"; did you mean {near[0]}?" if bare and (near := nearest(name, known)) else ""
        raise UnknownPartyError(f"{text!r} is not a known party or host{hint}\n   Parties: {', '.join(known)}")
    if bare and not ports:
        raise UnknownPartyError(
            f"{text!r} is not a known party\n   Parties: {', '.join(known)}\n"
            f"   For a Service of the namespace, give its port: {name}:8000"
        )
    if not ports:
        return [Target(name, each) for each, _ in behind(release, name, Ports())]
    found = [Target(name, each, (own,), name) for asked in ports for each, own in behind(release, name, asked)]
    if not found:
        shown = ", ".join(str(each.get("port")) for each in _listed(release.services[name]))
        raise UnknownPartyError(f"{text!r}: Service {name} has no such port; its ports: {shown or 'none'}")
    return found


def _listed(service: Manifest) -> list[dict[str, Any]]:
    return [each for each in (service.get("spec") or {}).get("ports") or () if isinstance(each, dict)]


def _labelled(release: Release, text: str) -> PodParty:
    """Pods of the namespace that carry some labels, written `app=dask,tier=web`."""
    labels = {}
    for part in text.split(","):
        key, sign, value = part.partition("=")
        if not sign or not key:
            raise UnknownPartyError(f"{text!r}: expected labels such as app=dask,tier=scheduler")
        labels[key] = value
    return PodParty(text, release.space(release.namespace), labels, addresses=release.surroundings.pods)


def _split(text: str) -> tuple[str, str]:
    """A text without its port, and the port; an IPv6 address with a port is in brackets."""
    text = text.strip()
    if found := re.fullmatch(r"\[([0-9a-fA-F:.]+)\](?::(.+))?", text):
        return found[1], found[2] or ""
    if text.count(":") > 1:
        return text, ""
    name, colon, port = text.partition(":")
    if colon and not port:
        raise UnknownPartyError(f"{text!r}: expected a port such as 443, 53/udp or 8000-8010; got none")
    return name, port


def _ports(text: str, names: Mapping[str, Ports] | tuple[()], whole: str) -> tuple[Ports, ...]:
    """The ports that a text names: `443`, `8000-8010`, `53/udp`, `http`, several with commas; `!443` for all others."""
    given = tuple(_one(part.strip(), dict(names), whole) for part in text.removeprefix("!").split(","))
    return tuple(others(given)) if text.startswith("!") else given


def _one(text: str, names: Mapping[str, Ports], whole: str) -> Ports:
    if text in names:
        return names[text]
    found = _PORT.match(text)
    protocol = (found[3] or "TCP").upper() if found else ""
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if protocol not in PROTOCOLS or not 1 <= first <= last <= LAST_PORT:
        hint = f", or one of {', '.join(names)}" if names else ""
        raise UnknownPartyError(f"{whole!r}: expected a port such as 443, 53/udp or 8000-8010{hint}; got {text!r}")
    return Ports(protocol, first, last)
