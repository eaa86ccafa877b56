"""The rows of kinds: what other rooms take from them, and that a real API server keeps them where they say."""

from __future__ import annotations

from typing import Any

from chart_py.health.ready import JUDGED
from chart_py.manifest.kinds import (
    CLUSTER_KINDS,
    INSTALLED,
    KINDS,
    OTHERS,
    Wave,
    is_binding,
    is_role,
    kind_rank,
    known_in,
    rolls,
    wave_of,
)
from tests.control_plane import ControlPlane


def test_each_kind_has_one_row() -> None:
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert {kind.name for kind in KINDS} >= JUDGED
    assert known_in("apps", "Deployment") == next(kind for kind in KINDS if kind.name == "Deployment")
    assert known_in("example.org", "Deployment") is None


def test_what_kinds_are_like() -> None:
    names = [kind.name for kind in KINDS]
    assert {name for name in names if rolls(name)} == {"DaemonSet", "Deployment", "StatefulSet"}
    assert {name for name in names if is_role(name)} == {"ClusterRole", "Role"}
    assert {name for name in names if is_binding(name)} == {"ClusterRoleBinding", "RoleBinding"}
    assert {"Namespace", "PriorityClass", "ClusterRole", "StorageClass", "PersistentVolume", "Node"} < CLUSTER_KINDS
    assert not CLUSTER_KINDS & {"Secret", "PersistentVolumeClaim", "Role", "Ingress"}


def test_what_is_not_known_comes_last() -> None:
    assert [kind_rank(kind.name) for kind in INSTALLED] == list(range(len(INSTALLED)))
    assert {kind_rank(name) for name in ("HTTPRoute", *(kind.name for kind in OTHERS))} == {len(INSTALLED)}
    assert (wave_of("HTTPRoute"), rolls("HTTPRoute"), is_role("HTTPRoute")) == (Wave.ROUTES, False, False)


def test_the_api_server_keeps_them_there(control_plane: ControlPlane) -> None:
    groups = {group["name"]: group for group in control_plane.api.json("GET", "/apis")["groups"]}
    found: dict[str, dict[tuple[str, str], Any]] = {}
    for name in {kind.group for kind in KINDS}:
        version = groups[name]["preferredVersion"]["groupVersion"] if name else "v1"
        listed = control_plane.api.json("GET", f"/apis/{version}" if name else "/api/v1")["resources"]
        found[name] = {(each["kind"], each["name"]): each["namespaced"] for each in listed if "/" not in each["name"]}
    wrong = [kind.name for kind in KINDS if found[kind.group].get((kind.name, kind.plural)) is not (not kind.wide)]
    assert wrong == []
