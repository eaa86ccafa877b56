"""Owns the trial of every setting: each is changed alone, and where that arrives becomes the table of `explain`.

What a setting does may need others (`ingress.hosts` needs `ingress.enabled: true`), so it is tried on the defaults and
on hubs with everything switched on; of what these have switched on, only what an end cannot do without is kept.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, Literal, NamedTuple, get_args, get_origin

import chart_py
from chart_py.finding import Path, dotted
from chart_py.manifest.kinds import CLUSTER_KINDS
from chart_py.reference.examples import example_of
from chart_py.resources.hub.config_map import IMAGES_CHECKSUM
from chart_py.values.base import Section
from chart_py.values.expectation import members
from chart_py.values.load import default_tree
from chart_py.values.merge import merge
from chart_py.values.root import Values
from chart_py.values.unknown_setting import Field, all_settings
from tests.reference.whole_hub import Tree, whole

TABLE = FilePath(chart_py.__file__).parent / "reference" / "tables" / "ends.json"


class End(NamedTuple):
    """A place where a setting arrives: an object, a trait or one of the parts of `whole_hub`, and the path in it."""

    part: str
    path: str


Ends = frozenset[End]
# A second apply, for which no image has changed: a condition like the settings.
AGAIN = "an upgrade that changes no image"
_COMMON: Tree = {
    "hub.pdb.enabled": True,
    "httpRoute.enabled": True,
    "imagePullSecret.create": True,
    "ingress.enabled": True,
    "proxy.chp.pdb.enabled": True,
    "proxy.traefik.pdb.enabled": True,
    "scheduling.podPriority.enabled": True,
    "singleuser.profileList": [{"display_name": "Other", "kubespawner_override": {"image": "example.org/other:1"}}],
}
_HOSTS: Tree = {"proxy.https.enabled": True, "proxy.https.hosts": ["hub.example.org"]}
_OTHER_DATABASE: Tree = {"hub.db.url": "postgresql+psycopg2://hub@db.example.org/hub", "hub.db.type": "postgres"}
# Hubs with everything switched on, as far as it goes together.
FULL: tuple[Tree, ...] = (
    {**_COMMON, **_HOSTS, "proxy.https.letsencrypt.contactEmail": "ops@example.org"},
    {
        "proxy.https.enabled": True,
        "proxy.https.type": "manual",
        "proxy.https.manual.key": "key",
        "proxy.https.manual.cert": "certificate",
    },
    {
        **_OTHER_DATABASE,
        "hub.db.password": "secret",
        "singleuser.storage.type": "static",
        "singleuser.storage.static.pvcName": "homes",
    },
    {
        "proxy.https.enabled": True,
        "proxy.https.type": "secret",
        "proxy.https.secret.name": "tls",
        "scheduling.userScheduler.pdb.maxUnavailable": None,
        "singleuser.cloudMetadata.blockWithIptables": False,
    },
    {**_HOSTS, "proxy.https.type": "offload", AGAIN: True},
)
# Names of the user's own, by the setting's last key or its path: NAME and the like stand for them in the ends.
_NAMED: Tree = {
    "annotations": {"NAME": "text"},
    "config": {"CLASS": {"trait": "text"}},
    "custom": {"NAME": "text"},
    "daemonsetAnnotations": {"NAME": "text"},
    "extraAnnotations": {"NAME": "text"},
    "extraConfig": {"NAME": "c.CLASS.trait = 1\n"},
    "extraEnv": {"NAME": "text"},
    "extraFiles": {"NAME": {"mountPath": "/etc/motd", "stringData": "welcome"}},
    "extraImages": {"NAME": {"name": "example.org/tools", "tag": "v1"}},
    "extraLabels": {"NAME": "text"},
    "guarantees": {"NAME": 1},
    "labels": {"NAME": "text"},
    "limits": {"NAME": 1},
    "loadRoles": {"NAME": {"scopes": ["read:metrics"]}},
    "nodeSelector": {"NAME": "text"},
    "services": {"NAME": {"url": "http://exporter:9000"}},
    "templateVars": {"NAME": "text"},
}


def settings() -> Iterator[tuple[Path, Field]]:
    """Every setting that has a value of its own."""
    return ((path, field) for path, field in all_settings(Values) if not isinstance(field.default, Section))


def tried(path: Path, field: Field) -> list[Any]:
    """The values that are tried: an example, each choice, both of true and false; none of them the default."""
    kinds = members(field.annotation)
    choices = [choice for kind in kinds if get_origin(kind) is Literal for choice in get_args(kind)]
    given = [*choices, *((True, False) if bool in kinds else ())] or [
        _NAMED.get(str(path[-1]), example_of(path, field))
    ]
    default = default_tree(path)
    return [value for value in given if value is not None and value != default]


def nested(flat: Mapping[str, Any]) -> Tree:
    """A tree from paths and their values."""
    tree: Tree = {}
    for path, value in flat.items():
        for step in reversed(path.split(".")):
            value = {step: value}
        tree = merge(tree, value)
    return tree


def ends(path: Path, values: list[Any], on: Tree, *, hub: bool = True) -> Ends:
    """Where the setting arrives on a hub with `on`: all places at which one of `values` makes a difference.

    Without `hub` only the objects are looked at.
    """
    name = dotted(path)
    flat = {key: value for key, value in on.items() if key not in (name, AGAIN)}
    before = whole(nested(flat), again=AGAIN in on, hub=hub)
    found: set[End] = set()
    for value in values:
        found |= different(before, whole(nested({**flat, name: value}), again=AGAIN in on, hub=hub))
    return frozenset(found)


def different(before: Tree, after: Tree) -> Ends:
    """The places at which two hubs differ; checksums, which repeat other places, are left out."""
    if renamed(before, after):
        return frozenset({End("all objects", "metadata.name")})
    found = set()
    for part in [*before, *(name for name in after if name not in before)]:
        if part in before and part in after:
            found |= {End(part, re.sub(r"\bada\b", "USERNAME", path)) for path in _parting(before[part], after[part])}
        else:
            found.add(End(part, ""))
    return frozenset(end for end in found if not re.search(rf"checksum/|{IMAGES_CHECKSUM}", end.path))


def renamed(before: Tree, after: Tree) -> bool:
    """Whether the two have the same objects, most of them under other names."""
    of = [
        [part for part in tree if "/" in part and part.partition("/")[0] not in CLUSTER_KINDS]
        for tree in (before, after)
    ]
    kinds = [sorted(part.partition("/")[0] for part in parts) for parts in of]
    return kinds[0] == kinds[1] and len(set(of[0]) - set(of[1])) * 2 > len(of[0])


def _parting(before: Any, after: Any, path: str = "") -> Iterator[str]:
    """The paths at which two trees part; what is empty in one of them is not entered."""
    if before == after:
        return
    if isinstance(before, dict) and isinstance(after, dict) and before and after:
        for key in [*before, *(key for key in after if key not in before)]:
            here = (f"{path}.{key}" if path else key) if re.fullmatch(r"[\w$-]+", key) else f"{path}[{key}]"
            if key in before and key in after:
                yield from _parting(before[key], after[key], here)
            else:
                yield here
    elif (
        isinstance(before, list) and isinstance(after, list) and (old := _by_name(before)) and (new := _by_name(after))
    ):
        both = [name for name in old if name in new]
        if len(both) < max(len(old), len(new)) or old == new:
            yield path
        for name in both:
            yield from _parting(old[name], new[name], f"{path}[{name}]")
    else:
        yield path


def _by_name(items: list[Any]) -> dict[str, Any]:
    """A list's items by their names; nothing where one has none or two have the same."""
    names = [item.get("name") for item in items if isinstance(item, dict)]
    return dict(zip(map(str, names), items, strict=True)) if len(set(names) - {None}) == len(items) else {}


def needs(path: Path, values: list[Any], on: Tree, wanted: Ends) -> dict[End, frozenset[str]]:
    """For each end of `wanted`, what of `on` it cannot do without."""
    needed: dict[End, set[str]] = {end: set() for end in wanted}
    for key in on:
        if key != dotted(path):
            without = ends(path, values, {k: v for k, v in on.items() if k != key})
            for end in wanted - without:
                needed[end].add(key)
    return {end: frozenset(keys) for end, keys in needed.items()}


def traced(path: Path, field: Field) -> list[tuple[list[str], dict[str, list[str]]]]:
    """The row of one setting: pairs of what has to be switched on, and of paths with the parts that have them."""
    values = tried(path, field)
    groups: dict[frozenset[str], set[End]] = {}
    if found := ends(path, values, {}):
        groups[frozenset()] = set(found)
    seen = set(found)
    for on in FULL:
        more = ends(path, values, on) - seen
        for end, keys in needs(path, values, on, more).items() if more else ():
            groups.setdefault(frozenset(labels(on, keys)), set()).add(end)
        seen |= more
    return [(sorted(keys), by_path(found)) for keys, found in groups.items()]


def labels(on: Tree, keys: frozenset[str]) -> Iterator[str]:
    """Conditions as text: with the value where that is a word."""
    for key in keys:
        value = on[key]
        plain = value is None or isinstance(value, bool) or (isinstance(value, str) and _is_choice(key))
        shown = value if isinstance(value, str) else json.dumps(value)
        yield f"{key}: {shown}" if plain and key != AGAIN else key


def _is_choice(path: str) -> bool:
    field = dict(all_settings(Values))[tuple(path.split("."))]
    return any(get_origin(kind) is Literal for kind in members(field.annotation))


def by_path(found: set[End]) -> dict[str, list[str]]:
    """Ends grouped by their paths."""
    out: dict[str, list[str]] = {}
    for end in sorted(found, key=lambda end: (end.path, end.part)):
        out.setdefault(end.path, []).append(end.part)
    return out


def table() -> dict[str, Any]:
    """The whole table: each setting's path with its row; a setting of which nothing was found is left out."""
    rows = {dotted(path): traced(path, field) for path, field in settings()}
    return {path: row for path, row in rows.items() if row}


def text(made: dict[str, Any]) -> str:
    """The table as JSON, a line for each setting, so that a change can be read."""
    lines = ",\n".join(f"{json.dumps(path)}: {json.dumps(row)}" for path, row in made.items())
    return f"{{\n{lines}\n}}\n"


if __name__ == "__main__":
    TABLE.write_text(text(table()), encoding="utf-8")
