"""What is said about an unknown setting: the nearest one, where it belongs, or what it was nested under."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from chart_py import spelling
from chart_py.editions import ELSEWHERE
from chart_py.finding import Path, dotted
from chart_py.values.base import Section

# Names of Kubernetes, of other charts and of older ones, which people write where this chart has others.
_MEANT: dict[Path, str] = {
    ("singleuser", "resources"): "singleuser.memory and singleuser.cpu, each with limit and guarantee",
    ("singleuser", "limits"): "singleuser.memory.limit and singleuser.cpu.limit",
    ("singleuser", "requests"): "singleuser.memory.guarantee and singleuser.cpu.guarantee",
    ("singleuser", "volumes"): "singleuser.storage.extraVolumes",
    ("singleuser", "volumeMounts"): "singleuser.storage.extraVolumeMounts",
    ("singleuser", "environment"): "singleuser.extraEnv",
    ("singleuser", "securityContext"): "singleuser.uid and singleuser.fsGid",
    ("singleuser", "podSecurityContext"): "singleuser.fsGid, or securityContext in singleuser.extraPodConfig",
    ("singleuser", "containerSecurityContext"): "singleuser.uid, or hub.config.KubeSpawner.container_security_context",
    ("singleuser", "gid"): "hub.config.KubeSpawner.gid",
    ("singleuser", "spec"): "singleuser.extraPodConfig",
    ("singleuser", "extraPodSpec"): "singleuser.extraPodConfig",
    ("singleuser", "imagePullSecret"): "singleuser.image.pullSecrets",
    ("singleuser", "extraEnvFrom"): "singleuser.extraEnv with valueFrom, or envFrom in"
    " hub.config.KubeSpawner.extra_container_config",
    ("singleuser", "envFrom"): "singleuser.extraEnv with valueFrom, or envFrom in"
    " hub.config.KubeSpawner.extra_container_config",
    ("hub", "extraEnvFrom"): "hub.extraEnv with valueFrom",
    ("hub", "users"): "hub.config.Authenticator.allowed_users",
    ("token",): "proxy.secretToken",
    ("token", "proxy"): "proxy.secretToken",
    ("proxy", "extraEnv"): "proxy.chp.extraEnv",
    ("hub", "environment"): "hub.extraEnv",
    ("hub", "volumes"): "hub.extraVolumes",
    ("singleuser", "affinity"): "singleuser.extraNodeAffinity, extraPodAffinity and extraPodAntiAffinity",
    ("hub", "authenticator"): "hub.config.JupyterHub.authenticator_class",
    ("hub", "affinity"): "scheduling.corePods.nodeAffinity, or hub.extraPodSpec.affinity",
    ("hub", "securityContext"): "hub.podSecurityContext and hub.containerSecurityContext",
    ("hub", "existingConfigmap"): "hub.config and hub.extraConfig, or hub.existingSecret with a key values.yaml",
    ("auth", "users"): "hub.config.Authenticator.allowed_users",
    ("auth", "allowedUsers"): "hub.config.Authenticator.allowed_users",
    ("auth", "admins"): "hub.config.Authenticator.admin_users",
    ("auth", "adminUsers"): "hub.config.Authenticator.admin_users",
}
# Settings that mean the same in different sections; a section has one of the two.
_SAME = {"enabled": "create", "create": "enabled", "repository": "name"}
# What a model knows of one word: its kind, default and description.
Field = FieldInfo
# More unknown settings than these are not told one by one; each is searched for in the whole tree.
MOST = 100
# A section with more settings than this is not listed where a suggestion can be made.
_FEW = 15


class Unknown(NamedTuple):
    """What is said of an unknown setting; `listed` are those of its section, where they help."""

    message: str
    advice: tuple[str, ...] = ()
    listed: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """The advice, with the settings of the section below it."""
        return (*self.advice, f"settings here: {', '.join(self.listed)}") if self.listed else self.advice


def unknown_setting(
    path: Path, value: Any, known: Sequence[str], root: type[Section], older: Mapping[str, str] | None = None
) -> Unknown:
    """What is said of the setting at `path`, whose section has the settings `known`.

    `value` is what the user gave it, `root` the section of all values; `older` are settings of older charts that are
    understood here too, with their names of today: one of them may have been meant, but none of them is proposed.
    """
    older = older or {}
    label, above = str(path[-1]), path[:-1]
    latin, foreign = spelling.unmasked(label)
    if foreign and latin in known:
        from unicodedata import name

        advice = (f"{foreign!r} is {name(foreign, 'another letter')}; it only looks like the right one.",)
        return Unknown(f"unknown setting; did you mean {dotted((*above, latin))}?", advice)
    if meant := _MEANT.get(next((each for each in _MEANT if _plain(each) == _plain(path)), ())):
        return Unknown(f"unknown setting; use {meant}")
    top = [field.alias or name for name, field in root.__pydantic_fields__.items()]
    if isinstance(value, dict) and value and _whole(value, top):
        advice = (f"Remove the line `{label}:` and move what is below it to the left margin.",)
        return Unknown("a whole configuration is below this key", advice)
    if isinstance(value, dict) and len(value) > 1 and above and all(word in known for word in value):
        advice = (f"Remove the line `{label}:` and move what is below it to the left.",)
        return Unknown(f"unknown setting; what is below it belongs to {dotted(above)}", advice)
    names = {word: dotted((*above, word)) for word in known}
    names |= {word: f"{today} (once {dotted((*above, word))})" for word, today in older.items() if today}
    if right := spelling.same(label, names):
        return Unknown(f"unknown setting; did you mean {names[right]}?")
    if _SAME.get(label) in known:
        return Unknown(f"unknown setting; did you mean {dotted((*above, _SAME[label]))}?")
    if (joined := _joined(label, above, root)) is not None:
        return Unknown(f"unknown setting; did you mean {dotted(joined)}?")
    few = tuple(known) if len(known) <= _FEW else ()
    near = spelling.nearest(label, names)
    if near and spelling.distance(label.lower(), near[0].lower()) == 1:
        return Unknown(f"unknown setting; did you mean {names[near[0]]}?", listed=few)
    homes = [home for home in elsewhere(label, path, value, root) if _telling(label, home, path)]
    if not near and len(label) > 2:
        near = [word for word in known if word.lower().endswith(label.lower()) or word.startswith(label)]
        homes = homes if not near else []
    if homes:
        shown = " or ".join(dotted(home) if home else "the top level" for home in homes[:3])
        return Unknown(f"unknown setting; `{label}` belongs to {shown}", listed=few)
    if near:
        return Unknown(f"unknown setting; did you mean {names[near[0]]}?", listed=few)
    return Unknown("unknown setting", listed=tuple(known))


def _plain(path: Path) -> Path:
    return tuple(step.lower() if isinstance(step, str) else step for step in path)


def _telling(label: str, home: Path, path: Path) -> bool:
    """Whether another section that has this setting tells anything: words such as `users` mean something everywhere."""
    return not home or home[0] == path[0] or len(label) > 8 or not label.islower()


def _joined(label: str, above: Path, root: type[Section]) -> Path | None:
    """The setting of a section below whose two names were written as one: `imagePullSecrets`, `memoryLimit`."""
    parts = re.findall(r"[a-z0-9]+|[A-Z][a-z0-9]*", label)
    known = dict(all_settings(root))
    for end in range(1, len(parts)):
        head, rest = "".join(parts[:end]), "".join(parts[end:])
        path = (*above, head, rest[:1].lower() + rest[1:])
        if path in known:
            return path
    return None


def _whole(value: dict[Any, Any], top: Sequence[str]) -> bool:
    """Whether a map looks like a configuration of its own: its words are those at the top, but for a few."""
    sections = {"hub", "proxy", "singleuser", "scheduling", "prePuller", "ingress", "cull", "auth", "rbac"}
    return bool(sections & value.keys()) and sum(word in top or word == "auth" for word in value) * 2 > len(value)


@cache
def all_settings(root: type[Section]) -> tuple[tuple[Path, FieldInfo], ...]:
    """Every word below `root` with its path and its field, in the order of the reference."""
    return tuple(_walk(root, ()))


def _walk(section: type[Section], path: Path) -> Iterator[tuple[Path, FieldInfo]]:
    for name, field in section.__pydantic_fields__.items():
        here = (*path, field.alias or name)
        if here in ELSEWHERE:
            continue
        yield here, field
        if isinstance(field.default, Section):
            yield from _walk(type(field.default), here)


def elsewhere(label: str, path: Path, value: Any, root: type[Section]) -> list[Path]:
    """The sections that have the word `label`, those first that are near `path` and where `value` could stand."""
    homes = []
    for found, field in all_settings(root):
        if found[-1] == label:
            fits = isinstance(field.default, Section) == isinstance(value, dict)
            shared = next((i for i, (a, b) in enumerate(zip(found, path, strict=False)) if a != b), len(path))
            homes.append((not fits, -shared, len(found), found[:-1]))
    homes.sort(key=lambda home: home[:3])
    # Where the value can stand in one of them, the others were not meant.
    return [home for unfit, *_, home in homes if unfit == homes[0][0]]
