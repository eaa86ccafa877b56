"""The defaults of every published version are that chart's: the table was taken from the charts themselves."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from chart_py.editions import TODAY, edition, versions
from chart_py.editions.order import key
from chart_py.editions.releases import RELEASES
from chart_py.values.load import default_tree, load_values
from tests.values.test_defaults import flat

TABLE = Path(__file__).with_name("defaults.txt")


def states() -> dict[str, dict[str, Any]]:
    """The version that each state begins with, and its defaults that are not today's; None where it has none."""
    found: dict[str, dict[str, Any]] = {}
    for line in TABLE.read_text().splitlines():
        if line.startswith("["):
            here = found.setdefault(line.strip("[]"), {})
        elif line and not line.startswith("#"):
            setting, _, value = line.partition(" = ")
            here[setting] = None if value == "-" else json.loads(value)
    return found


STATES = states()


def plain(version: str) -> dict[str, Any]:
    """The defaults by setting, without images, empty maps and lists."""
    leaves = {path: json.loads(value) for path, value in flat(default_tree((), version)).items()}
    images = {f"{path}.{word}" for path in RELEASES[version].images for word in ("name", "tag")}
    return {path: value for path, value in leaves.items() if value not in (None, {}, []) and path not in images}


@pytest.mark.parametrize("version", RELEASES)
def test_the_defaults_are_those_of_the_chart(version: str) -> None:
    state = max((begin for begin in STATES if key(begin) <= key(version)), key=key)
    wanted = {**plain(TODAY), **STATES[state]}
    assert plain(version) == {path: value for path, value in wanted.items() if value is not None}


@pytest.mark.parametrize("version", RELEASES)
def test_the_images_are_those_of_the_release(version: str) -> None:
    tree = flat(default_tree((), version))
    images = {f"{path}.name": image.rpartition(":")[0] for path, image in RELEASES[version].images.items()} | {
        f"{path}.tag": image.rpartition(":")[2] for path, image in RELEASES[version].images.items()
    }
    found = {path: json.loads(value) for path, value in tree.items() if path.endswith(("image.name", "image.tag"))}
    assert found == images


def test_every_version_loads_and_is_known_by_its_own_name() -> None:
    for version in versions():
        assert load_values(chart_version=version).edition.version == version
    assert versions()[:2] == ("5.0.0-dev", "4.4.0") and versions()[-3:] == ("1.0.0", "0.7", "0.6")
    assert edition(TODAY).jupyterhub == RELEASES[TODAY].jupyterhub
