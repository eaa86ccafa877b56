"""What `explain` says that a setting becomes is what it becomes: in the objects, in the hub, in a user's pod."""

from __future__ import annotations

import json

import pytest

from chart_py.finding import dotted
from chart_py.reference.ends import ends, traits
from tests.reference.trials import TABLE, settings, traced

pytest.importorskip("kubespawner", reason="pip install chart_py[hub]")

SETTINGS = {dotted(path): (path, field) for path, field in settings()}
ROWS = json.loads(TABLE.read_text(encoding="utf-8"))
# Nothing reads these; the chart has them all the same.
UNREAD = {
    "enabled",
    "custom",
    "global.safeToShowValues",
    "proxy.secretSync.image.pullSecrets",
    "singleuser.networkTools.image.pullSecrets",
    "prePuller.pause.image.pullPolicy",
    "prePuller.pause.image.pullSecrets",
}
# Trying all takes minutes (scripts/make-ends does): every ninth, and those that were once told wrongly.
ONCE_WRONG = ["cull.enabled", "cull.timeout", "hub.services", "singleuser.storage.homeMountPath"]


def test_every_setting_is_traced_or_known_to_be_read_by_nothing() -> None:
    assert set(SETTINGS) - set(ROWS) == UNREAD
    assert set(ROWS) - set(SETTINGS) == set()


@pytest.mark.parametrize("name", [*ONCE_WRONG, *[*SETTINGS][::9]])
def test_the_table_tells_what_happens(name: str) -> None:
    path, field = SETTINGS[name]
    # Which of several conditions is found first is chance.
    found = [list(pair) for pair in traced(path, field)]
    assert sorted(found, key=str) == sorted(ROWS.get(name, []), key=str)


def test_what_is_told() -> None:
    assert ends(("cull", "timeout")) == ["c.JupyterHub.services"]
    assert ends(("singleuser", "memory", "limit")) == [
        "c.KubeSpawner.mem_limit",
        "users' Pod spec.containers[notebook].env",
        "users' Pod spec.containers[notebook].resources.limits",
        "StatefulSet/user-placeholder spec.template.spec.containers[pause].resources.limits",
    ]
    assert ends(("enabled",)) == ["not traced"]
    assert traits(("singleuser", "memory", "limit")) == ("KubeSpawner.mem_limit",)
