"""Where the API server keeps objects: their paths, which need no discovery for the kinds that are known."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import quote

from chart_py.cluster.interface import Ref
from chart_py.manifest.kinds import KINDS


class Resource(NamedTuple):
    """A kind as the API's paths have it: its plural, and whether its objects live in namespaces."""

    plural: str
    namespaced: bool


KNOWN: dict[tuple[str, str], Resource] = {
    ("*", "*"): Resource("*", False),
    **{(kind.group, kind.name): Resource(kind.plural, not kind.wide) for kind in KINDS},
}


def root(api_version: str) -> str:
    """The path of an API version."""
    return f"/apis/{api_version}" if "/" in api_version else f"/api/{api_version}"


def path(ref: Ref, resource: Resource) -> str:
    """The path of an object, or of all objects of a kind where `ref` has no name."""
    where = f"/namespaces/{quote(ref.namespace)}" if resource.namespaced and ref.namespace else ""
    name = f"/{quote(ref.name)}" if ref.name else ""
    return f"{root(ref.api_version)}{where}/{resource.plural}{name}"
