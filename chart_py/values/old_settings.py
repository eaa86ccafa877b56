"""Whether a layer has a word of an older chart: a quick look, so that configurations without one pay next to nothing.

The table itself is `guide_settings`; a test holds what is looked for here to its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Tree = Mapping[str, Any]


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _has(word: str) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, dict) and word in value


def _has_old_url(value: Any) -> bool:
    url = value.get("url") if isinstance(value, dict) else None
    return isinstance(url, str) and url.startswith(("postgres+", "postgres:"))


def _is_host_path(value: Any) -> bool:
    return isinstance(value, dict) and value.get("type") == "hostPath"


def _has_policy(value: Any) -> bool:
    if value == []:
        return True
    return isinstance(value, dict) and any(isinstance(image, dict) and "policy" in image for image in value.values())


def restricted_once(value: Any) -> bool:
    """Egress rules that restricted once: none at all, or such as say only ports. Those with addresses always added."""
    rules = value.get("egress") if isinstance(value, dict) else None
    if not isinstance(rules, list):
        return False
    return not rules or any(isinstance(rule, dict) and not rule.get("to") for rule in rules)


_ANY: Callable[[Any], bool] = lambda value: True  # noqa: E731

OLD: dict[str, dict[str, Callable[[Any], bool]]] = {
    "hub": {
        **dict.fromkeys(("uid", "fsGid", "imagePullPolicy", "imagePullSecret", "publicURL", "extraConfigMap"), _ANY),
        "extraConfig": _is_text,
        "db": _has_old_url,
        "networkPolicy": restricted_once,
    },
    "proxy": {
        **dict.fromkeys(("networkPolicy", "pdb", "nodeSelector", "nginx", "lego"), _ANY),
        "chp": _has("cmd"),
    },
    "singleuser": {
        **dict.fromkeys(("imagePullPolicy", "imagePullSecret", "schedulerStrategy"), _ANY),
        "cloudMetadata": _has("enabled"),
        "networkPolicy": restricted_once,
        "storage": _is_host_path,
    },
    "prePuller": {"extraImages": _has_policy, "hook": _has("extraEnv")},
    "rbac": {"enabled": _ANY},
    "cull": {"podCuller": _ANY},
    "scheduling": {"userScheduler": _has("policy")},
}
"""Words by section, and what their value must be like to be an old one."""


def any_old(tree: Tree) -> bool:
    """Whether `tree` can have a setting of an older chart, or one whose meaning has changed."""
    if "auth" in tree:
        return True
    for section, words in OLD.items():
        here = tree.get(section)
        if isinstance(here, dict):
            for word in words.keys() & here.keys():
                if words[word](here[word]):
                    return True
    return False
