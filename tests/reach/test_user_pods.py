"""Users' pods as they follow from the values: to policies they are the pods that KubeSpawner itself makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from chart_py.editions import TODAY
from chart_py.reach.party import PodParty
from chart_py.reach.release import release
from chart_py.reach.user_pods import Choice
from tests.hub_files.mounted_hub import container, mounted
from tests.reach.hubs import hub

PROFILES = [
    {"display_name": "Small"},
    {"display_name": "With a GPU", "slug": "gpu", "kubespawner_override": {"extra_labels": {"gpu": "yes"}}},
    {
        "display_name": "Quiet",
        "kubespawner_override": {"extra_labels": {"hub.jupyter.org/network-access-hub": None}, "port": 9999},
    },
    {"display_name": "Alone", "kubespawner_override": {"init_containers": [], "component_label": "alone"}},
    {"display_name": "Node", "kubespawner_override": {"extra_pod_config": {"hostNetwork": True}}},
]
SIDECAR = {"name": "sidecar", "image": "x", "ports": [{"name": "metrics", "containerPort": 9100}]}
VALUES: dict[str, tuple[dict[str, Any], list[str]]] = {
    "defaults": ({}, [""]),
    "labels": ({"singleuser": {"extraLabels": {"team": "physics", "who": "{username}"}}}, [""]),
    "no-block": ({"singleuser": {"cloudMetadata": {"blockWithIptables": False}}}, [""]),
    "other-address": ({"singleuser": {"cloudMetadata": {"ip": "192.0.2.7"}}}, [""]),
    "names": ({"nameOverride": "lab", "fullnameOverride": "campus"}, [""]),
    "sidecars": ({"singleuser": {"extraContainers": [SIDECAR], "initContainers": [{"name": "i", "image": "x"}]}}, [""]),
    "traits": ({"hub": {"config": {"KubeSpawner": {"extra_labels": {"team": "a"}, "port": 9000}}}}, [""]),
    "parent": ({"hub": {"config": {"Spawner": {"port": 9001}}}}, [""]),
    "common": ({"hub": {"config": {"KubeSpawner": {"common_labels": {"app": "mine"}}}}}, [""]),
    "replaced": ({"hub": {"config": {"KubeSpawner": {"init_containers": []}}}}, [""]),
    "host-network": ({"singleuser": {"extraPodConfig": {"hostNetwork": True}}}, [""]),
    "profiles": ({"singleuser": {"profileList": PROFILES}}, ["small", "gpu", "quiet", "alone", "node"]),
}


def alike(parties: tuple[PodParty, ...]) -> list[PodParty]:
    """Parties without what is each user's own, in the order of their names."""
    own = ("hub.jupyter.org/username", "hub.jupyter.org/servername", "who", "chart", "helm.sh/chart")
    return sorted(
        (
            replace(
                each,
                labels={key: text for key, text in each.labels.items() if key not in own},
            )
            for each in parties
        ),
        key=lambda each: each.name,
    )


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.usefixtures("hub_software")
def test_the_pods_are_kubespawners(tmp_path: Path, name: str) -> None:
    values, profiles = VALUES[name]
    made = hub(values)
    files, variables = container(made.manifests)
    with mounted(tmp_path, files, variables) as running:
        pods = [
            Choice(profile, running.server("ada", options={"profile": profile} if profile else None).pod)
            for profile in profiles
        ]
    real = release(made.manifests, "jhub", pods=pods)
    assert alike(made.release.users) == alike(real.users)


@pytest.mark.usefixtures("hub_software")
def test_namespaces_of_users() -> None:
    """A pod's manifest does not say its namespace, the spawner does."""
    from kubespawner import KubeSpawner

    (user,) = hub({"hub": {"config": {"KubeSpawner": {"enable_user_namespaces": True}}}}).release.users
    template = KubeSpawner.user_namespace_template.default_value
    assert user.space.name == template.replace("{hubnamespace}", "jhub")


def test_profiles_that_policies_cannot_tell_apart_are_one_party() -> None:
    profiles = [{"display_name": name, "kubespawner_override": {"mem_limit": name}} for name in ("1G", "2G", "4G")]
    assert [each.name for each in hub({"singleuser": {"profileList": profiles}}).release.users] == ["user"]


def test_choices_of_options_are_told_apart() -> None:
    """Only those that change what policies see; each combination of them is one kind of pod."""
    choices = {
        name: {"display_name": name, "kubespawner_override": override}
        for name, override in {"a": {"image": "x"}, "b": {"image": "y"}, "c": {"extra_labels": {"gpu": "1"}}}.items()
    }
    options = {"image": {"display_name": "Image", "choices": choices}}
    profiles = [{"display_name": "Any", "profile_options": options}, {"display_name": "Plain"}]
    found = hub({"singleuser": {"profileList": profiles}}).release.users
    assert [(each.name, each.labels.get("gpu")) for each in found] == [("user/any", None), ("user/any-2", "1")]


@pytest.mark.parametrize("version", ["1.0.0", "2.0.0", "3.0.0", "3.3.8", "4.0.0", TODAY])
def test_what_older_charts_drop(version: str) -> None:
    """Up to 2.0 the pod dropped all that it sent to the metadata server, since 3.0 it is port 80."""
    (user,) = hub(chart_version=version).release.users
    (dropped,) = user.dropped
    assert (dropped.port, dropped.protocol) == ((None, "") if version < "3" else (80, "TCP"))
    assert ("app.kubernetes.io/component" in user.labels) is (version >= "4")


def test_garbage_in_the_values_is_no_reason_to_stop() -> None:
    """What validate tells of elsewhere is left out here."""
    profiles = ["small", {"kubespawner_override": 5}, {"profile_options": {"x": {"choices": []}}}]
    values: dict[str, Any] = {
        "singleuser": {"profileList": profiles},
        "hub": {"config": {"KubeSpawner": {"extra_labels": ["a"], "port": "nine", "extra_containers": {"b": 1}}}},
    }
    assert [each.name for each in hub(values).release.users] == ["user"]
