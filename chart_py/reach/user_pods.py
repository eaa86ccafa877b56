"""The pods of users' servers as the hub's values write them: one for each choice whose pods differ to a policy.

It stands in for the pods that a rehearsal makes; both are pods as the API has them, and `Choice` is what is asked of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any

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
    chart, release = _map(values, "Chart"), _map(values, "Release")
    name = values.get("nameOverride") or chart.get("Name") or "jupyterhub"
    common = {"app.kubernetes.io/name": name, "app": name, "app.kubernetes.io/managed-by": "kubespawner"}
    if release.get("Name"):
        common |= {"app.kubernetes.io/instance": release["Name"], "release": release["Name"]}
    made = {
        "extra_labels": _map(user, "extraLabels"),
        "common_labels": common,
        "component_label": COMPONENT,
        "profile_list": user.get("profileList"),
        "init_containers": [*_listed(user.get("initContainers")), *_block(user)],
        "extra_containers": _listed(user.get("extraContainers")),
        "extra_pod_config": _map(user, "extraPodConfig"),
        "port": 8888,
        "enable_user_namespaces": False,
        "user_namespace_template": "{hubnamespace}-{username}",
    }
    for section in ("Spawner", "KubeSpawner"):
        traits = _map(values, "hub", "config", section)
        # The class that the chart sets itself goes before its parent.
        made |= {key: traits[key] for key in made if key in traits and (section == "KubeSpawner" or key == "port")}
    return made


def _listed(value: Any) -> list[Any]:
    """A list, or the values of a map, which KubeSpawner takes too."""
    if isinstance(value, Mapping):
        return [value[key] for key in sorted(value, key=str)]
    return list(value) if isinstance(value, list) else []


def _block(user: Mapping[str, Any]) -> list[Any]:
    """The init container by which users' pods drop what they send to the cloud's metadata server."""
    cloud = _map(user, "cloudMetadata")
    if not cloud.get("blockWithIptables"):
        return []
    command = f"iptables --append OUTPUT --protocol tcp --destination {cloud.get('ip')} --destination-port 80 --jump DROP"
    return [{"name": "block-cloud-metadata", "command": command.split()}]


def _with_profile(spawner: dict[str, Any], profile: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The settings once a profile is chosen, for each combination of its options' choices."""
    made = _overridden(spawner, profile.get("kubespawner_override"))
    options = [each for each in _map(profile, "profile_options").values() if isinstance(each, Mapping)]
    ways = []
    for option in options:
        found = [_map(each, "kubespawner_override") for each in _map(option, "choices").values()]
        found += [_map(option, "unlisted_choice", "kubespawner_override")] if _map(option, "unlisted_choice") else []
        # Most choices only change the image or the memory, which are nothing to a policy.
        found = [{key: each[key] for key in each if key in spawner} for each in found]
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
    for key, value in (override if isinstance(override, Mapping) else {}).items():
        if key in made:
            both = isinstance(value, Mapping) and isinstance(made[key], Mapping)
            made[key] = _merged(made[key], value) if both else value
    return made


def _merged(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    made = dict(one)
    for key, value in other.items():
        if value is None:
            made.pop(key, None)
        elif isinstance(value, Mapping) and isinstance(made.get(key), Mapping):
            made[key] = _merged(made[key], value)
        else:
            made[key] = value
    return made


def _pod(values: Mapping[str, Any], spawner: Mapping[str, Any], namespace: str) -> Manifest:
    component = str(spawner["component_label"])
    labels = {"hub.jupyter.org/username": ANYONE, **_map(spawner, "extra_labels"), **_map(spawner, "common_labels")}
    labels |= {"app.kubernetes.io/component": component, "component": component, "hub.jupyter.org/servername": ""}
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
            "labels": {str(key): str(value) for key, value in labels.items()},
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
