"""Which images are pulled, by containers of which names, and when an upgrade has nothing to pull."""

from __future__ import annotations

import json
import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from chart_py.context import Context
from chart_py.editions import DEFAULT
from chart_py.resources.image_puller.images import containers, hook_runs, images_checksum
from tests.resources.conftest import values_of

TOOLS = ("image-pull-metadata-block", "quay.io/jupyterhub/k8s-network-tools:4.4.0", None)
USER = ("image-pull-singleuser", "quay.io/jupyterhub/k8s-singleuser-sample:4.4.0", None)
PROFILES = """
singleuser:
  profileList:
    - {display_name: a, kubespawner_override: {image: "a:1"}}
    - {display_name: none}
    - display_name: both
      kubespawner_override: {image: "b:1"}
      profile_options:
        image:
          choices:
            z: {kubespawner_override: {image: "z:1"}}
            k: {kubespawner_override: {image: "a:1"}}
            cpu: {kubespawner_override: {cpu_limit: 1}}
          unlisted_choice: {enabled: true, kubespawner_override: {image: "{value}"}}
        empty: null
    - {kubespawner_override: null, profile_options: {image: {choices: null}}}
"""

LISTS: dict[str, tuple[str, list[tuple[str, str, str | None]]]] = {
    "defaults": ("", [TOOLS, USER]),
    "metadata server allowed": ("singleuser: {cloudMetadata: {blockWithIptables: false}}", [USER]),
    "policies": (
        "singleuser: {networkTools: {image: {pullPolicy: Always}}, image: {pullPolicy: Always, tag: ''}}",
        [(*TOOLS[:2], "Always"), (USER[0], "quay.io/jupyterhub/k8s-singleuser-sample", None)],
    ),
    "containers": (
        "singleuser: {initContainers: [{image: i}, {name: imageless}], extraContainers: [{image: e, "
        "imagePullPolicy: Never}]}",
        [
            TOOLS,
            USER,
            ("image-pull-singleuser-init-and-extra-containers-0", "i", None),
            ("image-pull-singleuser-init-and-extra-containers-2", "e", None),
        ],
    ),
    "profiles": (
        PROFILES,
        [
            TOOLS,
            USER,
            ("image-pull-singleuser-profilelist-0", "a:1", None),
            ("image-pull-singleuser-profilelist-2", "b:1", None),
            ("image-pull-profile-2-option-image-k", "a:1", None),
            ("image-pull-profile-2-option-image-z", "z:1", None),
        ],
    ),
    "profiles not pulled": (PROFILES + "prePuller: {pullProfileListImages: false}", [TOOLS, USER]),
    "more": (
        "prePuller: {extraImages: {z: {name: z, tag: 16.10}, a: {name: a, tag: 1e3, pullPolicy: Always}, n: "
        "{name: n}}}",
        [
            TOOLS,
            USER,
            ("image-pull-a", "a:1e3", "Always"),
            ("image-pull-n", "n", None),
            ("image-pull-z", "z:16.10", None),
        ],
    ),
}


@pytest.mark.parametrize("name", LISTS)
def test_what_is_pulled(name: str) -> None:
    text, want = LISTS[name]
    made = containers(values_of(text), DEFAULT)
    assert [(one["name"], one["image"], one["imagePullPolicy"]) for one in made] == want


def test_a_container_that_pulls() -> None:
    values = values_of("prePuller: {resources: {limits: {cpu: 1}}, containerSecurityContext: null}")
    assert containers(values, DEFAULT)[1] == {
        "name": "image-pull-singleuser",
        "image": "quay.io/jupyterhub/k8s-singleuser-sample:4.4.0",
        "imagePullPolicy": None,
        "command": ["/bin/sh", "-c", 'echo "Pulling complete"'],
        "resources": {"limits": {"cpu": 1}},
        "securityContext": None,
    }


# What a values file can hold within quotes.
keys = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=80)
images = st.dictionaries(keys, st.sampled_from(["a", "b", "c"]), max_size=4)


def with_images(extra: dict[str, str]) -> str:
    return json.dumps(
        {"prePuller": {"extraImages": {name: {"name": image} for name, image in extra.items()}}}, ensure_ascii=False
    )


@given(images)
def test_names_are_those_of_containers(extra: dict[str, str]) -> None:
    names = [one["name"] for one in containers(values_of(with_images(extra)), DEFAULT)]
    assert len(names) == len(set(names)) == len(extra) + 2
    assert all(re.fullmatch(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", name) for name in names)


@given(images, images)
def test_the_checksum_changes_with_the_images_alone(one: dict[str, str], other: dict[str, str]) -> None:
    sums = [images_checksum(values_of(with_images(extra)), Context()) for extra in (one, other)]
    assert (sums[0] == sums[1]) == (set(one.values()) == set(other.values()))


SAME = [
    "hub: {extraEnv: {A: b}}",
    "prePuller: {resources: {limits: {cpu: 1}}, labels: {a: b}, hook: {podSchedulingWaitDuration: 3}}",
    "prePuller: {extraImages: {again: {name: quay.io/jupyterhub/k8s-singleuser-sample, tag: 4.4.0}}}",
    "fullnameOverride: campus",
]
OTHER = [
    "singleuser: {image: {tag: other}}",
    "singleuser: {networkTools: {image: {pullPolicy: Always}}}",
    "singleuser: {cloudMetadata: {blockWithIptables: false}}",
    "singleuser: {extraContainers: [{image: e}]}",
    PROFILES,
]


@pytest.mark.parametrize(("text", "same"), [*((text, True) for text in SAME), *((text, False) for text in OTHER)])
def test_the_hook_runs_where_images_have_changed(text: str, same: bool) -> None:
    before = Context(pulled_images=images_checksum(values_of(""), Context()))
    assert yaml.safe_load(text)
    assert hook_runs(values_of(text), before) is not same


def test_the_hook_runs_where_nothing_is_known_or_always() -> None:
    known = Context(pulled_images=images_checksum(values_of(""), Context()))
    assert hook_runs(values_of(""), Context())
    assert hook_runs(values_of("prePuller: {hook: {pullOnlyOnChanges: false}}"), known)
    assert not hook_runs(values_of("prePuller: {hook: {enabled: false}}"), Context())
