"""What JupyterHub, KubeSpawner and the authenticators say of their own classes and traits, from a made table.

`scripts/make-hub-tables` writes the table; NOTICE beside it has the licenses of the packages whose texts these are.
"""

from __future__ import annotations

import gzip
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from chart_py.checks.hub import image as hub_image

COMPUTED = "computed"


class Help(NamedTuple):
    """A trait's default as YAML's flow style has it (empty where there is none, or `computed`) and its help text."""

    default: str
    text: str


@cache
def _table() -> dict[str, Any]:
    packed = (Path(__file__).parent / "tables" / "traits.json.gz").read_bytes()
    found: dict[str, Any] = json.loads(gzip.decompress(packed))
    return found


def of_class(name: str) -> str:
    """What a class is, in one sentence or a few; empty where it does not say."""
    return str(_table()["classes"].get(name, ("",))[0])


def of_trait(name: str, trait: str) -> Help:
    """Of a trait of a class, its own or an inherited one."""
    for cls in hub_image.lineage(name):
        if found := _table()["classes"].get(cls, ("", {}))[1].get(trait):
            return Help(*found)
    return Help("", "")


def of_service(field: str) -> Help:
    """Of a field of a service."""
    return Help(*_table()["services"].get(field, ("", "")))


def scopes() -> dict[str, str]:
    """The scopes that a role may have, with what each allows."""
    return dict(_table()["scopes"])


def data(default: str) -> Any:
    """A default as data; None for what is not set or computed by the hub when it starts."""
    return None if default in ("", COMPUTED) else json.loads(default)


def sentence(text: str) -> str:
    """The first sentence of a help text, in one line."""
    joined = " ".join(text.strip().split("\n\n")[0].split())
    found = re.match(r".*?[.:](?=\s|$)(?<!e\.g\.)(?<!i\.e\.)", joined)
    return (found[0] if found else joined).rstrip(":")
