"""NetworkPolicies that lock the hub out of what it needs: cluster DNS, its database, its login provider."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.pattern import Pattern
from chart_py.values.expectation import described

_POLICY = ("hub", "networkPolicy")
_DB_PORTS = {"mysql": 3306, "mariadb": 3306, "postgres": 5432, "postgresql": 5432, "cockroachdb": 26257}
_PROVIDER = Pattern(r"(?i)(github|google|gitlab|globus|cilogon|azuread|auth0|bitbucket|okpy|mediawiki|openshift)")


def _opens(rule: Any, port: int, host: str) -> bool:
    """Whether an egress rule of the user's may let the hub reach `host`; names may stand for any address."""
    if not isinstance(rule, dict):
        return True
    ports = rule.get("ports")
    if ports and not any(_port_fits(item, port) for item in ports if isinstance(item, dict)):
        return False
    peers = rule.get("to")
    if not peers:
        return True
    for peer in peers:
        block = peer.get("ipBlock") if isinstance(peer, dict) else None
        if not isinstance(block, dict) or _address(host) is None or _within(host, block):
            return True
    return False


def _port_fits(item: dict[str, Any], port: int) -> bool:
    first, last = item.get("port"), item.get("endPort")
    if not isinstance(first, int):
        return True
    return first <= port <= (last if isinstance(last, int) else first)


def _address(host: str) -> Any:
    from ipaddress import ip_address

    try:
        return ip_address(host)
    except ValueError:
        return None


def _within(host: str, block: dict[str, Any]) -> bool:
    from ipaddress import ip_address, ip_network

    try:
        return ip_address(host) in ip_network(block.get("cidr", ""), strict=False)
    except ValueError:
        return True


def _reaches(facts: Facts, port: int, host: str) -> bool:
    """Whether the hub's policy may let it reach `host` at `port`; where it cannot be known, it may."""
    policy = facts.values.hub.networkPolicy
    if not policy.enabled or any(_opens(rule, port, host) for rule in policy.egress):
        return True
    allow = policy.egressAllowRules
    address = _address(host)
    if address is None:
        inside = "." not in host or re.search(r"\.(svc|local|internal)$", host) is not None
        # A name with dots may stand for a private address too, as those of managed databases do.
        return allow.privateIPs or (allow.nonPrivateIPs and not inside)
    return allow.privateIPs if address.is_private else allow.nonPrivateIPs


@row(
    "policy-dns",
    Level.WARNING,
    remedy="Write hub.networkPolicy.egressAllowRules.dnsPortsKubeSystemNamespace: true",
    example=(
        "hub:\n  networkPolicy:\n    egressAllowRules:\n      dnsPortsCloudMetadataServer: false\n"
        "      dnsPortsKubeSystemNamespace: false\n      dnsPortsPrivateIPs: false\n      privateIPs: false"
    ),
)
def without_names(facts: Facts) -> Iterator[Said]:
    """The hub's NetworkPolicy allows no DNS."""
    policy = facts.values.hub.networkPolicy
    allow = policy.egressAllowRules
    resolvers = allow.dnsPortsCloudMetadataServer or allow.dnsPortsKubeSystemNamespace or allow.dnsPortsPrivateIPs
    if (
        policy.enabled
        and not resolvers
        and not allow.privateIPs
        and not any(_opens(r, 53, "dns") for r in policy.egress)
    ):
        yield Said(_POLICY, "the hub cannot reach any DNS server, so it finds neither its proxy nor anything else")


@row(
    "policy-database",
    Level.WARNING,
    remedy="Add a rule to hub.networkPolicy.egress.",
    example=(
        "hub:\n  db: {type: postgres, url: 'postgresql+psycopg2://hub@10.4.0.7:5432/hub'}\n"
        "  networkPolicy: {egressAllowRules: {privateIPs: false}}"
    ),
)
def without_database(facts: Facts) -> Iterator[Said]:
    """The hub's NetworkPolicy keeps it from its database."""
    db = facts.values.hub.db
    if db.type not in ("mysql", "postgres", "other") or not db.url:
        return
    found = re.match(r"([a-z0-9]+)(?:\+[a-z0-9_]+)?://(?:[^@/]*@)?(\[[0-9a-fA-F:.]+\]|[^:/?]+)(?::(\d+))?", db.url)
    port = int(found[3]) if found and found[3] else _DB_PORTS.get(found[1]) if found else None
    if (
        found
        and port
        and found[2] not in ("localhost", "127.0.0.1")
        and not _reaches(facts, port, found[2].strip("[]"))
    ):
        # The URL may hold a password, so only its host is repeated.
        yield Said(_POLICY, f"the hub cannot reach its database at {found[2]}, port {port}", _rule_for(found[2], port))


def _rule_for(host: str, port: int) -> str:
    if address := _address(host.strip("[]")):
        to = f"to: [{{ipBlock: {{cidr: {address}/{address.max_prefixlen}}}}}], "
        return f"Add hub.networkPolicy.egress: [{{{to}ports: [{{port: {port}}}]}}]"
    return f"Add hub.networkPolicy.egress: [{{ports: [{{port: {port}}}]}}]"


@row(
    "policy-login",
    Level.WARNING,
    remedy="Add a rule to hub.networkPolicy.egress.",
    example=(
        "hub:\n  config:\n    JupyterHub: {authenticator_class: github}\n"
        "    GitHubOAuthenticator: {client_id: a, allowed_organizations: [b]}\n"
        "  networkPolicy: {egressAllowRules: {nonPrivateIPs: false, privateIPs: false}}"
    ),
)
def without_login(facts: Facts) -> Iterator[Said]:
    """The hub's NetworkPolicy keeps it from the login provider."""
    for host, port, path in _providers(facts):
        if not _reaches(facts, port, host):
            message = f"the hub cannot reach its login provider{' at ' + host if host != 'provider.example' else ''}"
            yield Said(path, message + f", port {port}", _rule_for(host, port))
            return


def _providers(facts: Facts) -> Iterator[tuple[str, int, Path]]:
    jupyterhub = facts.config.get("JupyterHub") or {}
    chosen = str(jupyterhub.get("authenticator_class") or "")
    if "ldap" in chosen.lower() and (found := facts.trait("server_address")):
        ssl = facts.trait("use_ssl")
        port = facts.trait("server_port")
        number = port[1] if port and isinstance(port[1], int) else 636 if ssl and ssl[1] else 389
        if isinstance(found[1], str) and found[1]:
            yield found[1], number, found[0]
    elif found := facts.trait("token_url"):
        address = re.match(r"(https?)://(?:[^@/]*@)?([^/:?]+)(?::(\d+))?", str(found[1]))
        if address and chosen:
            yield address[2], int(address[3] or (443 if address[1] == "https" else 80)), found[0]
    elif _PROVIDER.search(chosen):
        yield "provider.example", 443, ("hub", "config", "JupyterHub", "authenticator_class")


@row(
    "ip-block",
    Level.ERROR,
    remedy="for example: 192.0.2.0/24",
    example="singleuser: {networkPolicy: {egress: [{to: [{ipBlock: {cidr: 10.0.0.0/99}}]}]}}",
)
def blocks(facts: Facts) -> Iterator[Said]:
    """An ipBlock has no valid network: the API server refuses the policy."""
    for path, block in _blocks(facts.loaded.tree, ()):
        cidr = _network(block.get("cidr"))
        if cidr is None and block.get("cidr") is not None:
            yield Said((*path, "cidr"), f"expected a network in CIDR notation, got {described(block['cidr'])}")
        for index, given in enumerate(_listed(block.get("except"))):
            here, excepted = (*path, "except", index), _network(given)
            if excepted is None:
                yield Said(here, f"expected a network in CIDR notation, got {described(given)}")
            elif cidr is not None and not _is_part(excepted, cidr):
                message = f"expected a part of {block['cidr']}, got {described(given)}"
                yield Said(here, message, "Name a smaller network within it.")


def _blocks(tree: Any, path: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    items = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for step, value in items:
        here = (*path, step)
        if step == "ipBlock" and isinstance(value, dict):
            yield here, value
        elif path or step not in ("custom", "global"):
            yield from _blocks(value, here)


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _network(text: Any) -> Any:
    """The network that a text in CIDR notation stands for; None where it is none. Kubernetes takes leading zeros."""
    from ipaddress import ip_network

    if not isinstance(text, str) or "/" not in text:
        return None
    try:
        return ip_network(re.sub(r"(?<![\d:a-fA-F])0+(?=\d)", "", text) if ":" not in text else text, strict=False)
    except ValueError:
        return None


def _is_part(inner: Any, outer: Any) -> bool:
    """Whether a network is smaller than another one, and within it."""
    return inner.version == outer.version and inner.prefixlen > outer.prefixlen and bool(inner.subnet_of(outer))


RULES = rules_of(globals())
