"""Owns the fixtures of the end-to-end tests: one cluster for all of them, releases in namespaces of their own."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator

import pytest

from tests.control_plane import fixtures
from tests.control_plane.versions import SERVERS
from tests.end_to_end import programs, software
from tests.end_to_end.cluster import Cluster, Release, running

NOTEBOOK, OTHER_NOTEBOOK = "registry.example.org/course/notebook", "registry.example.org/course/statistics"
MakeRelease = Callable[[], Release]


def need(*names: str) -> None:
    """Skip the test where one of these programs is not on this machine, and say what to do; in CI, fail it."""
    lacking = [
        f"{name}: {advice}" for name in names for is_there, advice in [programs.WHAT_TO_DO[name]] if not is_there()
    ]
    if lacking and os.environ.get("CI"):
        pytest.fail("in CI nothing is skipped, but " + "; ".join(lacking), pytrace=False)
    if lacking:
        pytest.skip("; ".join(lacking))


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster whose nodes run hubs, proxies, user-schedulers and users' servers for real."""
    fixtures.need(SERVERS)
    need("hub", "namespaces", "node", "proxy", "scheduler")
    images = software.of_the_chart() | {NOTEBOOK: software.notebook(), OTHER_NOTEBOOK: software.notebook()}
    if programs.traefik().exists():
        images["traefik"] = software.traefik()
    with running(tmp_path_factory.mktemp("end-to-end"), images) as made:
        yield made


@pytest.fixture(scope="module")
def make_release(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeRelease]:
    """Call it for a release in a namespace of its own, which is removed after the module."""
    made: list[Release] = []

    def make() -> Release:
        release = Release(cluster, cluster.plane.add_namespace("hub"), tmp_path_factory.mktemp("release"))
        made.append(release)
        return release

    yield make
    for release in made:
        release.remove()
