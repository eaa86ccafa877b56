"""Keys that are numbers or true and false are their text, as Helm reads them; an empty document is none."""

from __future__ import annotations

import pytest

from tests.values.loading import load


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("custom: {1: a, 1.5: b, yes: c, 0x10: d}\n", {"1": "a", "1.5": "b", "true": "c", "16": "d"}),
        ("custom: {2026-01-05: a}\n", {"2026-01-05": "a"}),
        ("---\ncustom: {a: b}\n---\n", {"a": "b"}),
        ("---\n---\ncustom: {a: b}\n---\n# nothing\n", {"a": "b"}),
    ],
)
def test_read(text: str, tree: dict[str, str]) -> None:
    assert load(text).tree["custom"] == tree


def test_choices_of_profiles_may_be_numbers() -> None:
    choices = "{1: {display_name: One}, 2: {display_name: Two}}"
    option = f"{{cpus: {{display_name: CPUs, choices: {choices}}}}}"
    [profile] = load(f"singleuser: {{profileList: [{{display_name: A, profile_options: {option}}}]}}\n").tree[
        "singleuser"
    ]["profileList"]
    assert list(profile["profile_options"]["cpus"]["choices"]) == ["1", "2"]
