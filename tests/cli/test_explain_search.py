"""`explain` with words that name no setting: what has to do with them, the nearest first."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from chart_py.reference.search import RECIPES, search
from tests.fake_hub import Ran

ROOT = Path(__file__).parents[2]


def test_every_recipe_is_known() -> None:
    assert set(RECIPES) == {file.stem for file in (ROOT / "values").glob("*.yaml")}


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("login", ["values/login-github.yaml", "hub.config.Authenticator.allow_all"]),
        ("gpu", ["values/gpu-profiles.yaml", "singleuser.extraResource"]),
        ("storage", ["singleuser.storage", "singleuser.storage.type", "values/shared-nfs.yaml"]),
        ("https", ["proxy.https", "values/https-letsencrypt.yaml"]),
        ("memory limit", ["singleuser.memory.limit"]),
        ("login google", ["values/login-google.yaml"]),
    ],
)
def test_found(words: str, wanted: list[str]) -> None:
    names = [hit.name for hit in search(words.split())]
    assert [name for name in wanted if name not in names] == []
    first = words.split()[-1]
    assert first in names[0]


def test_on_the_command_line(chart_py: Callable[..., Ran]) -> None:
    ran = chart_py("explain", "gpu")
    assert (ran.code, ran.err) == (0, "\nMore on one of them: chart-py explain NAME\n")
    assert ran.out.splitlines()[0].startswith("values/gpu-profiles.yaml")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert chart_py("explain", "nothing", "atall").code == 2
    assert "hub.db.type" in chart_py("explain", "hub.db").out


def test_keys_of_profiles(chart_py: Callable[..., Ran]) -> None:
    ran = chart_py("explain", "singleuser.profileList.profile_options")
    assert ran.out.splitlines()[:2] == [
        "singleuser.profileList.profile_options",
        "   More to choose within the profile: a map from a name to an option.",
    ]
    assert "unlisted_choice" in ran.out
    assert "Traits of KubeSpawner" in chart_py("explain", "singleuser.profileList.kubespawner_override").out
    assert chart_py("explain", "singleuser.profileList.nope") == (
        2,
        "",
        "error: unknown key of a profile: singleuser.profileList.nope; there are: display_name, slug, description, "
        "default, kubespawner_override, profile_options\n",
    )
