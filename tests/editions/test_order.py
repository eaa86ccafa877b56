"""Which chart version is older, and which is meant by one that does not exist."""

from __future__ import annotations

import pytest

from chart_py.editions import edition
from chart_py.editions.order import key, nearest
from chart_py.editions.releases import RELEASES
from chart_py.errors import UsageError


def test_the_releases_are_in_the_order_of_their_versions() -> None:
    assert sorted(RELEASES, key=key) == list(RELEASES)
    assert key("4.4.0") < key("5.0.0-dev") < key("5.0.0")


@pytest.mark.parametrize(
    ("version", "near"),
    [
        ("3.3.9", ("3.3.8", "4.0.0")),
        ("3.3", ("3.3.8",)),
        ("v3.3.8", ("3.3.8", "4.0.0")),
        ("4", ("4.4.0",)),
        ("0.3", ("1.0.0",)),
        ("6.0.0", ("5.0.0-dev",)),
        ("3.3.9-0.dev.git.6707.h109668fd", ("3.3.8", "4.0.0")),
        ("latest", ()),
        ("", ()),
    ],
)
def test_the_nearest_versions(version: str, near: tuple[str, ...]) -> None:
    assert nearest(version, RELEASES) == near


def test_an_unknown_version_names_the_nearest_and_the_range() -> None:
    known = "Known versions: 0.6, 0.7, 1.0.0 to 4.4.0, 5.0.0-dev"
    with pytest.raises(UsageError) as refused:
        edition("3.3.9")
    assert str(refused.value) == f"error: unknown chart version '3.3.9'; did you mean 3.3.8 or 4.0.0? {known}"
    with pytest.raises(UsageError) as refused:
        edition("stable")
    assert str(refused.value) == f"error: unknown chart version 'stable'; did you mean 4.4.0? {known}"
