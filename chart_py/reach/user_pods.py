"""The pods of users' servers as the hub's values write them: one for each choice whose pods differ to a policy.

It stands in for the pods that a rehearsal makes; both are pods as the API has them, and `Choice` is what is asked of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

from chart_py.editions import TODAY
from chart_py.editions.order import key
from chart_py.manifest import Manifest

COMPONENT = "singleuser-server"
ANYONE = "{username}"
"""Stands for each user's name, as KubeSpawner's templates do."""
_MOST = 64


@dataclass(frozen=True)
class Choice:
    """A pod that a user can start: its `profile`, empty where there is none, and the pod as the API has it."""

    profile: str
    pod: Manifest


def choices(values: Mapping[str, Any], namespace: str) -> list[Choice]:
    """The pods that users can start with a hub that reads `values`; at most 64 combinations of a profile's options."""
    spawner = _spawner(values)
    profiles = spawner["profile_list"]
    listed = [each for each in profiles if isinstance(each, dict)] if isinstance(profiles, list) else []
    if not listed:
        return [Choice("", _pod(values, spawner, namespace))]
    return [
        Choice(_slug(profile), _pod(values, made, namespace))
        for profile in listed
        for made in _with_profile(spawner, profile)
    ]


def _map(tree: Any, *path: str) -> dict[str, Any]:
    for step in path:
        tree = tree.get(step) if isinstance(tree, Mapping) else None
    return dict(tree) if isinstance(tree, Mapping) else {}


def _spawner(values: Mapping[str, Any]) -> dict[str, Any]:
    """KubeSpawner's settings that tell policies anything, as jupyterhub_config.py sets them."""
    user = _map(values, "singleuser")
    made = {
        "extra_labels": _map(user, "extraLabels"),
        "common_labels": _common_labels(values),
        "component_label": COMPONENT,
        "profile_list": user.get("profileList"),
        "init_containers": [*_listed(user.get("initContainers")), *_block(values)],
        "extra_containers": _listed(user.get("extraContainers")),
        "extra_pod_config": _map(user, "extraPodConfig"),
        "port": 8888,
        "enable_user_namespaces": False,
        "user_namespace_template": "{hubnamespace}-{username}",
    }
    for section in ("Spawner", "KubeSpawner"):
        traits = _map(values, "hub", "config", section)
        # The class that the chart sets itself goes before its parent.
        made |= {each: traits[each] for each in made if each in traits and (section == "KubeSpawner" or each == "port")}
    return made


def _listed(value: Any) -> list[Any]:
    """A list, or the values of a map, which KubeSpawner takes too."""
    if isinstance(value, Mapping):
        return [value[each] for each in sorted(value, key=str)]
    return list(value) if isinstance(value, list) else []


def _since(values: Mapping[str, Any], version: str) -> bool:
    """Whether the release is of a chart version from `version` on."""
    try:
        return key(str(_map(values, "Chart").get("Version") or TODAY)) >= key(version)
    except ValueError:
        return True


def _common_labels(values: Mapping[str, Any]) -> dict[str, Any]:
    """The release's own labels."""
    chart, release = _map(values, "Chart").get("Name"), _map(values, "Release").get("Name")
    name = values.get("nameOverride") or chart or "jupyterhub"
    labels = {"app": name} | ({"release": release} if release else {})
    if not _since(values, "4.0.0"):
        return labels
    new = {"app": "app.kubernetes.io/name", "release": "app.kubernetes.io/instance"}
    return labels | {new[each]: text for each, text in labels.items()} | {"app.kubernetes.io/managed-by": "kubespawner"}


def _block(values: Mapping[str, Any]) -> list[Any]:
    """The init container by which users' pods drop what they send to the cloud's metadata server."""
    cloud = _map(values, "singleuser", "cloudMetadata")
    if not cloud.get("blockWithIptables"):
        return []
    rule = f"--append OUTPUT --protocol tcp --destination {cloud.get('ip')} --destination-port 80 --jump DROP"
    if not _since(values, "3.0.0"):
        rule = f"-A OUTPUT -d {cloud.get('ip')} -j DROP"
    return [{"name": "block-cloud-metadata", "command": ["iptables", *rule.split()]}]


def _with_profile(spawner: dict[str, Any], profile: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The settings once a profile is chosen, for each combination of its options' choices."""
    made = _overridden(spawner, profile.get("kubespawner_override"))
    options = [each for each in _map(profile, "profile_options").values() if isinstance(each, Mapping)]
    ways = []
    for option in options:
        found = [_map(each, "kubespawner_override") for each in _map(option, "choices").values()]
        found += [_map(option, "unlisted_choice", "kubespawner_override")] if _map(option, "unlisted_choice") else []
        # Most choices only change the image or the memory, which are nothing to a policy.
        found = [{trait: each[trait] for trait in each if trait in spawner} for each in found]
        unlike = [each for index, each in enumerate(found) if each not in found[:index]]
        ways.append(unlike or [{}])
    for count, chosen in enumerate(product(*ways)):
        if count >= _MOST:
            return
        found_here = made
        for override in chosen:
            found_here = _overridden(found_here, override)
        yield found_here


def _overridden(spawner: dict[str, Any], override: Any) -> dict[str, Any]:
    """The settings with an override laid over: maps merge, null takes a key away, all else replaces."""
    made = dict(spawner)
    for trait, value in (override if isinstance(override, Mapping) else {}).items():
        if trait in made:
            both = isinstance(value, Mapping) and isinstance(made[trait], Mapping)
            made[trait] = _merged(made[trait], value) if both else value
    return made


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(one)
    for word, value in other.items():
        if value is None:
            made.pop(word, None)
        elif isinstance(value, Mapping) and isinstance(made.get(word), Mapping):
            made[word] = _merged(made[word], value)
        else:
            made[word] = value
    return made


def _pod(values: Mapping[str, Any], spawner: Mapping[str, Any], namespace: str) -> Manifest:
    component = str(spawner["component_label"])
    labels = {"hub.jupyter.org/username": ANYONE, **_map(spawner, "extra_labels"), **_map(spawner, "common_labels")}
    labels |= {"component": component, "hub.jupyter.org/servername": ""}
    if _since(values, "4.0.0"):
        labels["app.kubernetes.io/component"] = component
    if spawner["enable_user_namespaces"] is True:
        namespace = str(spawner["user_namespace_template"]).replace("{hubnamespace}", namespace)
    port = spawner["port"] if isinstance(spawner["port"], int) and spawner["port"] else 8888
    notebook = {"name": "notebook", "ports": [{"name": "notebook-port", "containerPort": port}]}
    config = _map(spawner, "extra_pod_config")
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": f"jupyter-{ANYONE}",
            "namespace": namespace,
            "labels": {str(name): str(value) for name, value in labels.items()},
        },
        "spec": {
            "containers": [notebook, *_listed(spawner["extra_containers"])],
            "initContainers": _listed(spawner["init_containers"]),
            "hostNetwork": bool(config.get("hostNetwork") or config.get("host_network")),
        },
    }


def _slug(profile: Mapping[str, Any]) -> str:
    """The name by which a profile is told apart: its slug, else its display name in lowercase letters and dashes."""
    text = str(profile.get("slug") or profile.get("display_name") or "profile")
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "profile"
