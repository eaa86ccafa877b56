"""The pod of a user's server, as far as a configuration writes its parts: KubeSpawner makes it long after `apply`.

It is no rendered object, so a pod template that carries these parts stands in for it where objects are checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from chart_py.checks.rule import Facts
from chart_py.checks.servers.profiles import overrides
from chart_py.finding import Path, dotted
from chart_py.manifest import Manifest
from chart_py.values.load import Loaded
from chart_py.values.merge import at

_SPEC: Path = ("spec", "template", "spec")
_FIRST: Path = (*_SPEC, "containers", 0)
_USER: Path = ("singleuser",)
_SPAWNER: Path = ("hub", "config", "KubeSpawner")
# Where each word's value ends in the pod.
_PARTS: tuple[tuple[Path, Path], ...] = (
    ((*_USER, "extraPodConfig"), _SPEC),
    ((*_USER, "initContainers"), (*_SPEC, "initContainers")),
    ((*_USER, "extraContainers"), (*_SPEC, "containers")),
    ((*_USER, "extraTolerations"), (*_SPEC, "tolerations")),
    ((*_USER, "storage", "extraVolumes"), (*_SPEC, "volumes")),
    ((*_USER, "storage", "extraVolumeMounts"), (*_FIRST, "volumeMounts")),
    ((*_USER, "lifecycleHooks"), (*_FIRST, "lifecycle")),
    ((*_SPAWNER, "extra_pod_config"), _SPEC),
    ((*_SPAWNER, "extra_container_config"), _FIRST),
    ((*_SPAWNER, "init_containers"), (*_SPEC, "initContainers")),
    ((*_SPAWNER, "extra_containers"), (*_SPEC, "containers")),
    ((*_SPAWNER, "tolerations"), (*_SPEC, "tolerations")),
    ((*_SPAWNER, "volumes"), (*_SPEC, "volumes")),
    ((*_SPAWNER, "volume_mounts"), (*_FIRST, "volumeMounts")),
)
# The same for what a profile's override sets.
_OVERRIDDEN: tuple[tuple[str, Path], ...] = (
    *((str(path[-1]), end) for path, end in _PARTS if path[:-1] == _SPAWNER),
    ("lifecycle_hooks", (*_FIRST, "lifecycle")),
)
NAME = "the pod of a user's server"


def user_pods(loaded: Loaded) -> list[UserPod]:
    """The pod that the settings for all servers write parts of, and one for each override of a profile that does."""
    given = [
        (at(loaded.tree, path), path, end)
        for path, end in _PARTS
        if any(layer.has(path) for layer in loaded.sources.layers)
    ]
    pods = [UserPod(given, NAME)]
    for number, override in enumerate(overrides(Facts(loaded)), 1):
        parts = [(override.given[key], (*override.path, key), end) for key, end in _OVERRIDDEN if key in override.given]
        pods.append(UserPod(parts, f"{NAME} ({dotted(override.path)})" if parts else f"{NAME} {number}"))
    return [pod for pod in pods if pod.origins]


class UserPod:
    """The parts of the pod in one `manifest`, and the settings that they come from.

    `parts` are values, each with the setting that it stands at and the field where it ends.
    """

    def __init__(self, parts: Iterable[tuple[Any, Path, Path]], name: str) -> None:
        self.name = name
        self.origins: dict[Path, Path] = {}
        container: dict[str, Any] = {"name": "notebook", "image": "notebook"}
        self.spec: dict[str, Any] = {"containers": [container]}
        for value, path, end in parts:
            self._put(value, path, end)
        labels = {"app": "notebook"}
        self.manifest: Manifest = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name},
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {"metadata": {"labels": labels}, "spec": self.spec},
            },
        }

    def _put(self, value: Any, path: Path, end: Path) -> None:
        """Add a word's value where it ends; maps of lists' items, which KubeSpawner takes too, as lists."""
        here: Any = {"spec": {"template": {"spec": self.spec}}}
        for step in end[: len(_SPEC)] if end == _SPEC else end if end == _FIRST else end[:-1]:
            here = here[step]
        if end in (_SPEC, _FIRST):
            for key, inner in value.items() if isinstance(value, dict) else ():
                field: Path = (*end, _camel(key))
                self.origins[field] = (*path, key)
                if inner is not None and _camel(key) not in here:
                    here[_camel(key)] = _cleaned(inner)
            return
        word = str(end[-1])
        if word == "lifecycle":
            self.origins[end] = path
            here[word] = _cleaned(value)
            return
        listed = here.setdefault(word, [])
        items: Any = ()
        if isinstance(value, (dict, list)):
            items = sorted(value.items()) if isinstance(value, dict) else enumerate(value)
        for key, item in items:
            place: Path = (*end, len(listed))
            self.origins[place] = (*path, key)
            listed.append(_cleaned(item))

    def path(self, pointer: Path) -> Path | None:
        """The word that the field at `pointer` comes from; None for a field that is none of the user's."""
        for length in range(len(pointer), 0, -1):
            if (found := self.origins.get(pointer[:length])) is not None:
                return found + pointer[length:]
        return None


def _camel(key: str) -> str:
    """A field's name as Kubernetes has it; KubeSpawner takes `mount_path` for `mountPath`."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), key) if re.fullmatch(r"[a-z]+(_[a-z]+)+", key) else key


def _cleaned(value: Any) -> Any:
    """`value` without nulls, its fields named as Kubernetes names them."""
    if isinstance(value, dict):
        return {_camel(str(key)): _cleaned(inner) for key, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [_cleaned(inner) for inner in value]
    return value
