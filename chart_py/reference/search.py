"""Search for `explain`: settings, traits of the hub's classes and recipes that have to do with some words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from chart_py.checks import hub_image
from chart_py.finding import dotted
from chart_py.values.root import Values
from chart_py.values.unknown_word import all_words

RECIPES = {
    "autoscaling": "nodes that come and go: servers are packed, placeholders keep room",
    "course-images": "an image for each course, chosen at start and pulled beforehand",
    "gpu-profiles": "sizes of servers to choose from, one with a GPU",
    "https-letsencrypt": "https with a certificate of Let's Encrypt",
    "https-load-balancer": "https ended by the cloud's load balancer",
    "https-own-certificate": "https with your own certificate, in a Secret",
    "ingress": "an ingress controller in front, with cert-manager",
    "login-cilogon": "log in through CILogon, with thousands of universities",
    "login-github": "log in with GitHub: organizations, teams",
    "login-globus": "log in with Globus",
    "login-google": "log in with Google accounts of an organization",
    "login-ldap": "log in with an LDAP directory's password",
    "login-openid": "log in with any OpenID Connect provider, such as Keycloak",
    "minimal": "a first look: one shared password",
    "named-servers": "several servers for each user",
    "network-lockdown": "who may reach whom: users' code reaches the hub, DNS and one mirror",
    "postgres": "the hub's database in PostgreSQL",
    "services-and-roles": "programs that use the hub's API, and parts of an admin's rights",
    "shared-nfs": "homes on one NFS volume, storage that many nodes mount",
}
"""The configurations in `values/`, each with the need that it is for."""

_ALSO = {
    "gpu": ("nvidia", "extraresource"),
    "login": ("authenticator", "allow_all", "allowed_users", "oauth"),
    "password": ("authenticator",),
    "home": ("storage", "homemountpath"),
    "homes": ("storage", "homemountpath"),
    "disk": ("storage", "capacity"),
    "ssl": ("https", "tls"),
    "tls": ("https",),
    "certificate": ("https",),
    "idle": ("cull",),
    "ram": ("memory",),
    "admin": ("admin_users",),
}
_CLASSES = ("JupyterHub", "Authenticator", "OAuthenticator", "KubeSpawner", "Spawner")
MOST = 25


class Hit(NamedTuple):
    """Something that has to do with the words: how much, what `explain` calls it, and what it is."""

    score: int
    name: str
    text: str


def search(words: Sequence[str]) -> list[Hit]:
    """What has to do with all of the words, the nearest first: recipes, settings, traits."""
    found = [*_recipes(words), *_settings(words), *_traits(words)]
    return sorted(found, key=lambda hit: -hit.score)[:MOST]


def _score(words: Sequence[str], name: str, text: str) -> int:
    """How much a name and a text have to do with all words; 0 if one of them has nothing to do with it."""
    total = 0
    for word in (each.lower() for each in words):
        best = max(
            _one(each, name.lower(), text.lower()) // (1 + (each != word)) for each in (word, *_ALSO.get(word, ()))
        )
        if not best:
            return 0
        total += best
    return total


def _one(word: str, name: str, text: str) -> int:
    parts = re.split(r"[.\-_\s]", name)
    if word in parts:
        return 12 + 4 * (parts[-1] == word) - min(len(parts), 6)
    if word in name:
        return 6
    return 3 if re.search(rf"\b{re.escape(word)}", text) else 0


def _recipes(words: Sequence[str]) -> Iterator[Hit]:
    for name, need in RECIPES.items():
        if score := _score(words, name, need):
            yield Hit(score + 4, f"values/{name}.yaml", f"a configuration to start from: {need}")


def _settings(words: Sequence[str]) -> Iterator[Hit]:
    for path, field in all_words(Values):
        name, text = dotted(path), field.description or ""
        if score := _score(words, name, text):
            yield Hit(score, name, text)


def _traits(words: Sequence[str]) -> Iterator[Hit]:
    for class_name in hub_image.class_names():
        own = hub_image.own_traits(class_name)
        for trait in own if class_name in _CLASSES or class_name.endswith("Authenticator") else ():
            if score := _score(words, f"{class_name}.{trait}", ""):
                yield Hit(score - 3, f"hub.config.{class_name}.{trait}", hub_image.expected(own[trait]).text)
