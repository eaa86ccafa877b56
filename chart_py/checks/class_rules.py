"""Names below `hub.config` that the hub stops at, keys that are no keys, two defaults, ways back to another host."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from typing import Any

from chart_py.checks import hub_image
from chart_py.checks.rule import Facts, Rule, Said
from chart_py.finding import Level, Path
from chart_py.spelling import nearest
from chart_py.values.hub import Hub
from chart_py.values.root import Values

_CONFIG: Path = ("hub", "config")
_WITH_VARIABLES: tuple[Path, ...] = (("hub",), ("singleuser",), ("proxy", "chp"), ("proxy", "traefik"))
_KEY_BYTES = 32
_BASE64 = 44


def not_a_class(facts: Facts) -> Iterator[Said]:
    """A name below hub.config that no class can have: the hub stops at it."""
    sections = {field.alias or name for name, field in Values.__pydantic_fields__.items()}
    hub = {field.alias or name for name, field in Hub.__pydantic_fields__.items()}
    for name in facts.config:
        if re.fullmatch(r"[A-Z][A-Za-z0-9_]*", str(name)) or hub_image.near_class(str(name)):
            continue
        message = "not the name of a class; the hub does not start"
        yield Said((*_CONFIG, name), message, _where_instead(str(name), sections, hub))


def _where_instead(name: str, sections: set[str], hub: set[str]) -> str:
    """Where a name below hub.config belongs."""
    if name in hub:
        return f"Write hub.{name}"
    if name in sections:
        return f"Write {name} at the top of the file; hub.config has the classes of JupyterHub."
    owners = [cls for cls in ("Authenticator", "JupyterHub", "KubeSpawner", "Spawner") if name in hub_image.traits(cls)]
    owners = owners or [cls for cls in hub_image.class_names() if name in hub_image.traits(cls)]
    if owners:
        return f"Write hub.config.{owners[0]}.{name}"
    near = nearest(name, hub_image.class_names())
    return f"Did you mean hub.config.{near[0]}?" if near else "hub.config has one map for each class to configure."


def nothing_below(facts: Facts) -> Iterator[Said]:
    """A class of hub.config, or a variable, has nothing behind its colon."""
    for layer in facts.loaded.sources.layers:
        for path, value in _entries(layer.tree):
            if value is None and layer.text(path) == "":
                if path[:2] == _CONFIG:
                    yield Said(path, "nothing is below this class; its settings in other files are removed")
                else:
                    yield Said(path, "expected text, got nothing", f'For an empty variable write {path[-1]}: ""')


def _entries(tree: Any) -> Iterator[tuple[Path, Any]]:
    """The classes of hub.config and the variables of each extraEnv."""
    for path in (_CONFIG, *((*owner, "extraEnv") for owner in _WITH_VARIABLES)):
        here: Any = tree
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        for name, value in here.items() if isinstance(here, dict) else ():
            yield (*path, name), value


def keys(facts: Facts) -> Iterator[Said]:
    """CryptKeeper's keys are 32 bytes each, as 64 hex digits or as base64."""
    given = facts.config.get("CryptKeeper")
    found = given.get("keys") if isinstance(given, dict) else None
    listed = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    for index, key in enumerate(listed):
        path: Path = (*_CONFIG, "CryptKeeper", "keys")
        for text in str(key).split(";"):
            if text and not _is_key(text):
                where = (*path, index) if isinstance(found, list) else path
                yield Said(where, "expected a key of 32 bytes: 64 hex digits, or base64; the hub does not start")
                break


def _is_key(text: str) -> bool:
    if re.fullmatch(r"[0-9a-fA-F]{64}", text):
        return True
    if len(text.encode()) == _KEY_BYTES:
        return True
    try:
        return len(text) == _BASE64 and len(urlsafe_b64decode(text)) == _KEY_BYTES
    except (binascii.Error, ValueError):
        return False


def blocks(facts: Facts) -> Iterator[Said]:
    """A network that is none, wherever an ipBlock may stand: the API server refuses the policy."""
    for layer in facts.loaded.sources.layers:
        for path, block in _blocks(layer.tree, ()):
            for key, text in (
                ("cidr", block.get("cidr")),
                *(("except", each) for each in _listed(block.get("except"))),
            ):
                if text is not None and not _is_network(text):
                    shown = f"'{text}'" if isinstance(text, str) else str(text)
                    yield Said((*path, key), f"expected a network in CIDR notation, got {shown}")


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


def _is_network(text: Any) -> bool:
    from ipaddress import ip_network

    if not isinstance(text, str):
        return False
    if "{" in text or "$" in text:
        # Told as a place that is not filled in.
        return True
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return "/" in text


def two_defaults(facts: Facts) -> Iterator[Said]:
    """Several profiles are the default; KubeSpawner takes the first."""
    first = None
    for index, profile in enumerate(facts.values.singleuser.profileList):
        if isinstance(profile, dict) and profile.get("default"):
            if first is not None:
                path: Path = ("singleuser", "profileList", index, "default")
                yield Said(path, f"profile {first + 1} is the default already; this one is not used as one")
            first = index if first is None else first


def other_host(facts: Facts) -> Iterator[Said]:
    """The login provider sends users to another host than the hub's."""
    https, ingress = facts.values.proxy.https, facts.values.ingress
    hosts = [*(https.hosts if https.enabled else ()), *(ingress.hosts if ingress.enabled else ())]
    hosts += facts.values.httpRoute.hostnames if facts.values.httpRoute.enabled else []
    for class_name, traits in facts.config.items():
        url = traits.get("oauth_callback_url") if isinstance(traits, dict) else None
        found = re.match(r"(https?)://([^/:]+)", url) if isinstance(url, str) else None
        if not found or "{" in found[2]:
            continue
        path: Path = (*_CONFIG, class_name, "oauth_callback_url")
        if hosts and not any(_same_host(str(host), found[2]) for host in hosts):
            message = f"the login returns to {found[2]}, but the hub is at {', '.join(map(str, hosts))}"
            yield Said(
                path, message, f"Write {found[1]}://{hosts[0]} in it, and register the same URL with the provider."
            )
        elif found[1] == "http" and https.enabled:
            yield Said(path, "the login returns by http, but the hub serves https", "Write https://")


def _same_host(host: str, other: str) -> bool:
    return host.lower() == other.lower() or (host.startswith("*.") and other.lower().endswith(host[1:].lower()))


def replaced(facts: Facts) -> Iterator[Said]:
    """A field of extraPodSpec replaces the chart's own: for `containers`, the container that does the work."""
    places: tuple[tuple[Path, Any], ...] = (
        (("hub",), facts.values.hub),
        (("proxy", "chp"), facts.values.proxy.chp),
        (("proxy", "traefik"), facts.values.proxy.traefik),
        (("scheduling", "userScheduler"), facts.values.scheduling.userScheduler),
        (("scheduling", "userPlaceholder"), facts.values.scheduling.userPlaceholder),
    )
    adding = {
        "containers": "extraContainers",
        "initContainers": "extraInitContainers",
        "volumes": "extraVolumes",
        "tolerations": "tolerations",
        "nodeSelector": "nodeSelector",
    }
    for path, section in places:
        spec = section.extraPodSpec
        for name in spec if isinstance(spec, dict) else ():
            if name not in _CHARTS_OWN:
                continue
            own = {field.alias or each for each, field in type(section).__pydantic_fields__.items()}
            instead = [word for word in (adding.get(name, ""), name) if word in own]
            what = "the container that does the work" if name == "containers" else f"the chart's own {name}"
            advice = f"Use {'.'.join(map(str, path))}.{instead[0]}, which adds." if instead else _BY_PATCH
            yield Said((*path, "extraPodSpec", name), f"this replaces {what}; nothing of it is kept", advice)


_CHARTS_OWN = frozenset(
    {"containers", "initContainers", "volumes", "tolerations", "nodeSelector", "serviceAccountName"}
)
_BY_PATCH = "Repeat the chart's own in it; `chart-py render --show-only` prints them."

RULES: tuple[Rule, ...] = (
    Rule(
        "not-a-class",
        Level.ERROR,
        not_a_class,
        "Write it below the class that it belongs to.",
        "hub: {config: {loadRoles: {}}}",
    ),
    Rule(
        "empty-entry",
        Level.ERROR,
        nothing_below,
        "Write its value, or remove it.",
        "hub: {config: {JupyterHub: }}",
    ),
    Rule(
        "crypt-key",
        Level.ERROR,
        keys,
        "Use the output of `openssl rand -hex 32`.",
        "hub: {config: {CryptKeeper: {keys: [abc]}}}",
    ),
    Rule(
        "ip-block",
        Level.ERROR,
        blocks,
        "for example: 192.0.2.0/24",
        "singleuser: {networkPolicy: {egress: [{to: [{ipBlock: {cidr: 10.0.0.0/99}}]}]}}",
    ),
    Rule(
        "two-defaults",
        Level.WARNING,
        two_defaults,
        "Remove default: true from all but one.",
        "singleuser: {profileList: [{display_name: A, default: true}, {display_name: B, default: true}]}",
    ),
    Rule(
        "callback-host",
        Level.WARNING,
        other_host,
        "Write the hub's own host.",
        "proxy: {https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: a@example.org}}}\n"
        "hub:\n  config:\n    OAuthenticator: {oauth_callback_url: 'https://old.example.org/hub/oauth_callback'}",
    ),
    Rule(
        "pod-spec-replaced",
        Level.WARNING,
        replaced,
        "Repeat what the chart has.",
        "proxy: {chp: {extraPodSpec: {containers: [{name: a, image: 'b:1'}]}}}",
    ),
)
