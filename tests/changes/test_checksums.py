"""Pods restart for what they read, and not for another way to sum it up."""

from __future__ import annotations

import base64
import copy
from typing import Any

import pytest

from chart_py import Context, load, render
from chart_py.changes.checksums import kept
from chart_py.context import Secrets
from chart_py.manifest.key import key_of
from chart_py.resources.checksums import ANNOTATIONS
from tests.helm_like import as_helm

SECRETS = Secrets("a" * 64, "b" * 64, "c" * 64)
HTTPS = {"enabled": True, "hosts": ["a.org"], "letsencrypt": {"contactEmail": "a@a.org"}}
MANUAL = {"enabled": True, "hosts": ["a.org"], "type": "manual", "manual": {"key": "one", "cert": "two"}}


def rendered(values: dict[str, Any], secrets: Secrets = SECRETS) -> list[dict[str, Any]]:
    return render(load(values), Context(secrets=secrets))


def notes(manifests: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    found = {}
    for each in manifests:
        template = each.get("spec", {}).get("template") if each["kind"] in ("Deployment", "StatefulSet") else None
        if template:
            found[each["metadata"]["name"]] = template["metadata"].get("annotations") or {}
    return found


def moved(before: list[dict[str, Any]], after: list[dict[str, Any]]) -> set[str]:
    """The workloads whose checksums change once those are kept that can be."""
    made = kept(after, {key_of(each): each for each in before}, ANNOTATIONS)
    return {name for name, own in notes(made).items() if own != notes(before)[name]}


@pytest.mark.parametrize(
    ("values", "change", "secrets", "restarts"),
    [
        ({}, {}, SECRETS, {"hub"}),
        ({"proxy": {"https": HTTPS}}, {}, SECRETS, {"hub"}),
        ({"proxy": {"https": MANUAL}}, {}, SECRETS, {"hub"}),
        ({}, {}, Secrets("d" * 64, "b" * 64, "c" * 64), {"hub", "proxy"}),
        (
            {"proxy": {"https": MANUAL}},
            {"proxy": {"https": {**MANUAL, "manual": {"key": "other", "cert": "two"}}}},
            SECRETS,
            {"hub", "proxy"},
        ),
        ({}, {"scheduling": {"userScheduler": {"pluginConfig": []}}}, SECRETS, {"hub", "user-scheduler"}),
        (
            {"proxy": {"https": HTTPS}},
            {"proxy": {"https": {**HTTPS, "hosts": ["b.org"]}}},
            SECRETS,
            {"hub", "autohttps"},
        ),
    ],
)
def test_after_helm_those_restart_whose_files_are_others(
    values: dict[str, Any], change: dict[str, Any], secrets: Secrets, restarts: set[str]
) -> None:
    # The hub's files are ours, so the hub always restarts.
    assert moved(as_helm(rendered(values), "4.4.0"), rendered(change or values, secrets)) == restarts


def test_the_same_render_moves_nothing_and_nothing_is_changed_in_place() -> None:
    before = rendered({})
    after = copy.deepcopy(before)
    assert kept(after, {key_of(each): each for each in before}, ANNOTATIONS) == before
    old = copy.deepcopy(as_helm(before))
    kept(after, {key_of(each): each for each in old}, ANNOTATIONS)
    assert after == before


def pod(checksum: str, note: str = "checksum/secret", **spec: Any) -> dict[str, Any]:
    template = {"metadata": {"annotations": {note: checksum}}, "spec": spec}
    return {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}, "spec": {"template": template}}


def secret(**data: str) -> dict[str, Any]:
    encoded = {key: base64.b64encode(text.encode()).decode() for key, text in data.items()}
    return {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "s"}, "data": encoded}


VARIABLE = {"containers": [{"env": [{"name": "X", "valueFrom": {"secretKeyRef": {"name": "s", "key": "x"}}}]}]}
VOLUME = {"volumes": [{"secret": {"secretName": "s"}}]}
ITEMS = {"volumes": [{"secret": {"secretName": "s", "items": [{"key": "x", "path": "x"}]}}]}
GROUP = {"containers": [{"envFrom": [{"secretRef": {"name": "s"}}]}]}
PROJECTED = {"volumes": [{"projected": {"sources": [{"secret": {"name": "s"}}]}}]}


@pytest.mark.parametrize(
    ("spec", "of_x", "of_y"),
    [(VARIABLE, True, False), (VOLUME, True, True), (ITEMS, True, False), (GROUP, True, True), (PROJECTED, True, True)],
)
def test_what_a_pod_reads(spec: dict[str, Any], of_x: bool, of_y: bool) -> None:
    for changed, restarts in (
        ({"x": "2", "y": "1"}, of_x),
        ({"x": "1", "y": "2"}, of_y),
        ({"x": "1", "y": "1"}, False),
    ):
        before, after = [pod("old", **spec), secret(x="1", y="1")], [pod("new", **spec), secret(**changed)]
        assert bool(moved(before, after)) is restarts


def test_somebodys_own_annotation_restarts() -> None:
    before, after = ([pod(checksum, "checksum/mine", **VOLUME), secret(x="1")] for checksum in ("old", "new"))
    assert moved(before, after) == {"a"}


def test_every_checksum_of_a_builder_is_known() -> None:
    found = {
        note
        for each in ({}, {"proxy": {"https": HTTPS}}, {"proxy": {"https": MANUAL}})
        for own in notes(rendered(each)).values()
        for note in own
        if note.startswith("checksum/")
    }
    assert found == ANNOTATIONS
