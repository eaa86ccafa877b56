"""Search for `explain`: settings, configurations of `values/` and traits that have to do with some words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from chart_py.checks.hub import image as hub_image
from chart_py.finding import dotted
from chart_py.reference import trait_help
from chart_py.reference.explanation import Found, Line
from chart_py.reference.recipe import recipes
from chart_py.reference.setting import Setting, known
from chart_py.values.entries import ENTRIES, every

MOST = 10
"""How many things of a group are told, unless all are asked for."""

# What people say, and what JupyterHub, Kubernetes and the chart say for it.
_ALSO: dict[str, tuple[str, ...]] = {
    "admin": ("admin_users",),
    "auth": ("authenticator_class", "allow_all", "allowed_users", "login"),
    "authentication": ("authenticator_class", "allow_all", "allowed_users", "login"),
    "backup": ("pvc", "database"),
    "certificate": ("tls", "letsencrypt", "https"),
    "database": ("db",),
    "disk": ("storage", "volume", "capacity"),
    "domain": ("hosts",),
    "environment": ("extraenv",),
    "firewall": ("networkpolicy", "egress"),
    "gpu": ("nvidia", "extraresource"),
    "home": ("storage", "homemountpath"),
    "hostname": ("hosts",),
    "idle": ("cull",),
    "login": ("authenticator_class", "allow_all", "allowed_users"),
    "nfs": ("pvcname",),
    "oidc": ("openid", "generic"),
    "ram": ("memory", "mem"),
    "restrict": ("networkpolicy", "allowed"),
    "root": ("uid", "allowprivilegeescalation"),
    "ssl": ("https", "tls"),
    "sso": ("oauth", "openid"),
    "sudo": ("allowprivilegeescalation",),
    "tls": ("https", "certificate"),
    "user": ("singleuser",),
    "volume": ("storage", "pvc"),
}
# They end in an s and have no singular.
_SINGULAR = frozenset({"https", "tls", "dns", "nfs", "access", "class", "status", "kubernetes", "aws"})
_NAME, _LAST, _EXACT, _WITHIN, _SAID, _BEGINS, _HELP = 9, 14, 24, 5, 6, 3, 2
# Classes that run in users' servers, or that nothing is configured by.
_NOT_OF_THE_HUB = re.compile(
    r"HubO?Auth$|SingleUser|Application|Configurable|NewToken|UpgradeDB|^Local.*OAuthenticator"
)


@dataclass(frozen=True)
class _Candidate:
    """Something that can be found: what `explain` calls it, what is said of it, and what else is known of it."""

    name: str
    text: str
    more: str = ""
    weight: int = 0


def search(words: Sequence[str], most: int | None = MOST) -> Found:
    """What has to do with all of the words, in each group the nearest first; with any of them where nothing has.

    The group that has the nearest of all comes first.
    """
    asked = [word.lower() for word in words]
    for enough in (all, any):
        ranked = {title: _ranked(candidates, asked, enough) for title, candidates in _groups().items()}
        groups = sorted(((title, rows) for title, rows in ranked.items() if rows), key=lambda each: -each[1][0][0])
        if groups:
            kept = tuple((title, tuple(line for _, line in rows[:most])) for title, rows in groups)
            more = sum(len(rows) for _, rows in groups) - sum(len(rows) for _, rows in kept)
            return Found(tuple(words), kept, more)
    return Found(tuple(words), ())


@cache
def _groups() -> dict[str, tuple[_Candidate, ...]]:
    return {
        "Settings": tuple(_settings()),
        "Configurations to start from": tuple(_recipes()),
        "Classes of the hub and their traits": tuple(_traits()),
    }


def _settings() -> Iterator[_Candidate]:
    for path, field in known().items():
        setting = Setting(path, field)
        weight = 4 - len(path) if setting.section else 2 - len(path)
        yield _Candidate(dotted(path), setting.description, f"{setting.kind} {setting.example}", weight)
    for path, entry in ENTRIES.items():
        for below, inner in every(entry):
            name = ".".join((dotted(path), *below)).replace(".[]", "[]")
            yield _Candidate(name, inner.description, str(inner.example or ""), -len(path) - len(below))


def _recipes() -> Iterator[_Candidate]:
    for recipe in recipes():
        yield _Candidate(f"values/{recipe.name}.yaml", recipe.need, recipe.text, 3)


def _traits() -> Iterator[_Candidate]:
    for name in hub_image.class_names():
        if _NOT_OF_THE_HUB.search(name):
            continue
        short = hub_image.short_name(name)
        chosen = f"Login, chosen by authenticator_class: {short}" if short != name else "A class of the hub's image"
        said = trait_help.sentence(trait_help.of_class(name))
        yield _Candidate(f"hub.config.{name}", said or chosen, chosen, 2)
        for trait, spec in hub_image.own_traits(name).items():
            told = trait_help.of_trait(name, trait)
            if not hub_image.renamed(name, trait) and not re.match(r"(?i)\W*deprecated", told.text):
                text = trait_help.sentence(told.text) or hub_image.expected(spec).text
                # Traits of the classes that every hub has come first.
                weight = 3 if name in ("Authenticator", "JupyterHub", "KubeSpawner", "Spawner", "OAuthenticator") else 0
                yield _Candidate(f"hub.config.{name}.{trait}", text, told.text, weight)


def _ranked(
    candidates: Iterable[_Candidate], words: Sequence[str], enough: Callable[[Iterable[object]], bool]
) -> list[tuple[int, Line]]:
    """The candidates that have to do with enough of the words, each with how much, the nearest first."""
    scored = []
    for each in candidates:
        scores = [_score(each, word) for word in words]
        if enough(scores):
            scored.append((sum(scores) + each.weight, Line(each.name, each.text)))
    return sorted(scored, key=lambda row: -row[0])


def _score(candidate: _Candidate, word: str) -> int:
    """How much a candidate has to do with one word; less where only another word for it is met."""
    others = _ALSO.get(word) or _ALSO.get(_singular(word), ())
    met = [_one(candidate, other) * 3 // 4 - number for number, other in enumerate(others)]
    return max([_one(candidate, word), *met])


def _one(candidate: _Candidate, word: str) -> int:
    name = candidate.name.lower()
    last = re.split(r"[./]", name.removesuffix(".yaml"))[-1]
    forms = {word, _singular(word)}
    if last in forms:
        return _EXACT
    if forms & _parts(candidate.name.removesuffix(".yaml")):
        return _LAST if forms & _parts(re.split(r"[./]", candidate.name.removesuffix(".yaml"))[-1]) else _NAME
    if len(word) > 2 and any(form in name for form in forms):
        return _WITHIN
    for text, whole, begun in ((candidate.text, _SAID, _BEGINS), (candidate.more, _HELP, 0)):
        spoken = re.sub(r"https?://\S+", "", text.lower())
        for form in forms:
            if re.search(rf"\b{re.escape(form)}s?\b", spoken):
                return whole
            if begun and re.search(rf"\b{re.escape(form)}", spoken):
                return begun
    return 0


@cache
def _parts(name: str) -> frozenset[str]:
    """The words that a name is made of: `extraResource.limits` has extra, resource, limits and limit."""
    found = {part.lower() for part in re.findall(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])", name)}
    return frozenset(found | {_singular(part) for part in found})


def _singular(word: str) -> str:
    return word if word in _SINGULAR or len(word) < 4 else word.removesuffix("s")
