"""What `explain` says that a setting becomes is what it becomes: in the objects, in the hub, in a user's server.

Every setting is tried, against the real JupyterHub and KubeSpawner. To make the table anew takes minutes; to hold it to
what happens takes fewer trials than to find the least that each end needs.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from chart_py.finding import Path, dotted
from chart_py.reference.ends import arrivals, traits
from chart_py.values.unknown_setting import Field
from tests.reference import whole_hub
from tests.reference.trials import FULL, End, ends, labels, settings, traced, tried

SETTINGS = {dotted(path): (path, field) for path, field in settings()}
# Nothing reads these; the chart has them all the same.
UNREAD = {
    "custom",
    "enabled",
    "global.safeToShowValues",
    "prePuller.pause.image.pullPolicy",
    "prePuller.pause.image.pullSecrets",
    "proxy.secretSync.image.pullSecrets",
    "singleuser.networkTools.image.pullSecrets",
}
CONDITIONS = {label: (key, on[key]) for on in FULL for key in on for label in labels(on, frozenset({key}))}
# For these the whole row is made anew: what each end needs is the least.
WHOLE = ["cull.enabled", "hub.db.password", "hub.services", "ingress.hosts", "proxy.traefik.pdb.minAvailable"]
parts = pytest.mark.parametrize("part", ["hub", "proxy", "singleuser", "scheduling", "others"])
pytestmark = pytest.mark.usefixtures("hub_software")


def of(part: str) -> Iterator[tuple[str, Path, Field]]:
    """The settings of one section; those of the small ones together."""
    for name, (path, field) in SETTINGS.items():
        if path[0] == part or (part == "others" and path[0] not in ("hub", "proxy", "singleuser", "scheduling")):
            yield name, path, field


def claimed(path: Path) -> dict[tuple[str, ...], set[End]]:
    """What the table says of a setting: what has to be set, and the ends."""
    return {arrival.needs: {End(*place) for place in arrival.places} for arrival in arrivals(path)}


@parts
def test_where_a_setting_arrives_on_the_defaults(part: str) -> None:
    wrong = {}
    for name, path, field in of(part):
        told, found = claimed(path).get((), set()), ends(path, tried(path, field), {})
        if told != found:
            wrong[name] = {"only told": told - found, "only so": found - told}
    assert wrong == {}, "run scripts/make-ends"


@parts
def test_where_a_setting_arrives_with_what_it_needs(part: str) -> None:
    wrong = {}
    for name, path, field in of(part):
        for needs, told in claimed(path).items():
            on = dict(CONDITIONS[need] for need in needs)
            if missing := told - ends(path, tried(path, field), on):
                wrong[name] = (needs, missing)
    assert wrong == {}, "run scripts/make-ends"


@parts
def test_nothing_that_a_setting_does_to_objects_is_left_out(part: str) -> None:
    wrong = {}
    for name, path, field in of(part):
        told = set().union(*claimed(path).values())
        for on in FULL:
            if more := ends(path, tried(path, field), on, hub=False) - told:
                wrong[name] = more
    assert wrong == {}, "run scripts/make-ends"


@pytest.mark.parametrize("name", WHOLE)
def test_the_least_that_an_end_needs_is_told(name: str) -> None:
    path, field = SETTINGS[name]
    rows = [
        (tuple(needs), {End(part, where) for where, parts in found.items() for part in parts})
        for needs, found in traced(path, field)
    ]
    assert dict(rows) == claimed(path)


def test_every_setting_is_traced_or_known_to_be_read_by_nothing() -> None:
    assert {name for name, (path, _) in SETTINGS.items() if not arrivals(path)} == UNREAD


def test_whatever_the_hub_reads_reaches_a_trait_or_its_environment() -> None:
    """What the hub's files ask for, on the defaults and with everything switched on, has an end in the hub."""
    for on in ({}, *FULL):
        ends(("hub", "config"), [{}], on)
    read = {path for path in whole_hub.read() if path in SETTINGS}
    assert len(read) > 80
    silent = [
        name
        for name in read
        if not any(_of_the_hub(end) for ends in claimed(SETTINGS[name][0]).values() for end in ends)
    ]
    assert silent == []


def _of_the_hub(end: End) -> bool:
    return end.part.startswith("c.") or end.part.endswith("the hub's environment")


def test_traits_of_a_setting() -> None:
    found: dict[str, Any] = {
        name: traits(SETTINGS[name][0]) for name in ("singleuser.memory.limit", "cull.timeout", "hub.labels")
    }
    assert found == {
        "singleuser.memory.limit": ("KubeSpawner.mem_limit",),
        "cull.timeout": ("JupyterHub.services",),
        "hub.labels": (),
    }
