"""Owns how a configuration is mutated: in its text, and in its words and values."""

from __future__ import annotations

import copy
import random
from pathlib import Path
from typing import Any

import yaml

from chart_py.checks.codes import all_codes
from tests.migrate.hubs import HUBS

SECRET = "hunter2hunter2"
ROOT = Path(__file__).parent.parent.parent
# Text that YAML, our reader, JupyterHub or Kubernetes takes for something else.
BITS = [
    "\t",
    "  ",
    "\n",
    ":",
    ": ",
    "- ",
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    "&a ",
    "*a",
    "!!int ",
    "!x ",
    "|",
    ">",
    "#",
    "%",
    "@",
    "`",
    "null",
    "~",
    "true",
    "0x",
    "1e9",
    "-1",
    "0644",
    "\u00a0",
    "\u200b",
    "\u0435",
    "\x00",
    "\x85",
    "\ud7ff",
    "{{ ",
    " }}",
    "{username}",
    "<<: ",
    "---\n",
    "...\n",
    "\\",
    "日本",
    "é",
    ",",
    ".",
    "/",
    "$(A)",
    "=",
    "\r\n",
    "\ufeff",
]
VALUES: list[Any] = [
    None,
    True,
    False,
    0,
    -1,
    1,
    2**31,
    2**63,
    1.5,
    "",
    " ",
    "a",
    "A b",
    "é",
    "x" * 300,
    "1h",
    "2Gi",
    "{username}",
    "{{ x }}",
    "{{ .Values.hub.baseUrl }}",
    "{",
    "http://",
    "a:b",
    "0" * 64,
    [],
    [None],
    [[]],
    ["a", 1],
    {},
    {"a": None},
    {"": 1},
    {"name": None},
    {"a": {"b": ["c"]}},
    [{}],
    [{"name": "a", "image": 5}],
    "c.JupyterHub.x = (",
    "c.KubeSpawner.cmd = 5",
    "import nothing\n" * 3,
    "\u2028",
    "-----BEGIN CERTIFICATE-----",
    "*",
    "[",
    "(?P<",
    "%s",
    "\t",
]


def seeds() -> list[str]:
    """The configurations to begin with: small ones, mistakes, hubs in old settings, the examples of all codes."""
    files = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "values").glob("*.yaml"))]
    left_out = ("alias-loop", "too-deep", "too-large", "unreadable")
    mistakes = [file.read_text(encoding="utf-8") for file in sorted((ROOT / "tests/checks/mistakes").glob("*.yaml"))]
    old = [yaml.safe_dump(hub, sort_keys=False) for hub in HUBS.values()]
    return files + mistakes + old + [code.example for code in all_codes().values() if code.code not in left_out]


def plant(tree: Any, chance: random.Random) -> Any:
    """The tree with a secret where secrets belong."""
    if not isinstance(tree, dict):
        return tree
    for path in chance.sample(
        [
            ("proxy", "secretToken"),
            ("hub", "cookieSecret"),
            ("hub", "db", "password"),
            ("imagePullSecret", "password"),
            ("hub", "config", "GitHubOAuthenticator", "client_secret"),
            ("hub", "services", "x", "apiToken"),
            ("hub", "extraEnv", "DB_PASSWORD"),
            ("proxy", "https", "manual", "key"),
            ("auth", "github", "clientSecret"),
        ],
        2,
    ):
        here = tree
        for step in path[:-1]:
            if not isinstance(here.get(step), dict):
                here[step] = {}
            here = here[step]
        here[path[-1]] = SECRET
    return tree


def places(tree: Any) -> list[tuple[Any, Any]]:
    """Every map and list with each of its keys."""
    out = []
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, value in inner:
        out.append((tree, key))
        out += places(value)
    return out


def misspelt(word: str, chance: random.Random) -> str:
    """A word with one letter changed, lost or doubled."""
    if not word:
        return "x"
    at = chance.randrange(len(word))
    return chance.choice(
        [word[:at] + word[at + 1 :], word[:at] + word[at] + word[at:], word[:at] + "é" + word[at + 1 :], word.upper()]
    )


def of_tree(tree: Any, chance: random.Random, others: list[Any]) -> Any:
    """The tree with one word or value changed."""
    found = places(tree)
    if not found:
        return chance.choice(VALUES)
    where, key = chance.choice(found)
    kind = chance.randrange(9)
    if kind == 5:
        where[key] = chance.choice([[where[key]], {"a": where[key]}, [where[key], where[key]], {str(key): where[key]}])
    elif kind == 6:
        # Two subtrees change places, wherever each is.
        other, step = chance.choice(found)
        where[key], other[step] = copy.deepcopy(other[step]), copy.deepcopy(where[key])
    elif kind == 7 and isinstance(where[key], dict) and where[key]:
        # What is below a key moves up beside it.
        inner = where.pop(key) if isinstance(where, dict) else where[key]
        if isinstance(where, dict):
            where.update(inner)
    elif kind == 8 and isinstance(where, list):
        where.insert(chance.randrange(len(where) + 1), copy.deepcopy(where[key]))
    elif kind == 0 and isinstance(where, dict):
        where[misspelt(str(key), chance)] = where.pop(key)
    elif kind == 1:
        del where[key]
    elif kind == 2:
        other, step = chance.choice(places(chance.choice(others)) or [({"a": 1}, "a")])
        where[key] = copy.deepcopy(other[step])
    elif kind == 3 and isinstance(where, dict):
        word = chance.choice(["name", "enabled", "type", "x", "hub", "config", "extraConfig"])
        where[word] = copy.deepcopy(chance.choice(VALUES))
    else:
        where[key] = copy.deepcopy(chance.choice(VALUES))
    return tree


def of_text(text: str, chance: random.Random) -> str:
    """The text with some characters lost, doubled or put in."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(text) + 1)
        end = min(len(text), at + chance.choice([1, 1, 2, 5, 30]))
        kind = chance.randrange(4)
        if kind == 0:
            text = text[:at] + text[end:]
        elif kind == 1:
            text = text[:end] + text[at:]
        else:
            text = text[:at] + chance.choice(BITS) + text[at:]
    return text


def configuration(chance: random.Random, texts: list[str]) -> str:
    """One mutated configuration."""
    text = chance.choice(texts)
    try:
        tree = yaml.safe_load(text)
        others = [other for other in (yaml.safe_load(chance.choice(texts)),) if isinstance(other, (dict, list))]
    except yaml.YAMLError:
        return of_text(text, chance)
    tree = plant(tree, chance)
    if not isinstance(tree, dict) or chance.random() < 0.4:
        return of_text(yaml.safe_dump(tree, allow_unicode=True), chance)
    for _ in range(chance.randint(1, 3)):
        tree = of_tree(tree, chance, others or [{"a": 1}])
    return str(yaml.safe_dump(tree, allow_unicode=True, default_flow_style=chance.choice([True, False, None])))
