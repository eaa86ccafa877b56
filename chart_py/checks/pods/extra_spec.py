"""Fields of an `extraPodSpec` that replace the chart's own, whole: containers, volumes, accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.context import Context
from chart_py.finding import Level, Path, dotted
from chart_py.manifest import Manifest
from chart_py.manifest.clean import clean
from chart_py.rendering import context_for
from chart_py.resources.autohttps import deployment as autohttps
from chart_py.resources.hub import deployment as hub
from chart_py.resources.proxy import deployment as proxy
from chart_py.resources.user_placeholder import stateful_set as placeholder
from chart_py.resources.user_scheduler import deployment as scheduler
from chart_py.values.base import Section
from chart_py.values.root import Values

Builder = Callable[[Values, Context], Manifest | None]
_PODS: tuple[tuple[Path, Builder], ...] = (
    (("hub",), hub.deployment),
    (("proxy", "chp"), proxy.deployment),
    (("proxy", "traefik"), autohttps.deployment),
    (("scheduling", "userScheduler"), scheduler.deployment),
    (("scheduling", "userPlaceholder"), placeholder.stateful_set),
)
# The settings that add to a field, or set it, where a section has them.
_SETTINGS: dict[str, tuple[Path, ...]] = {
    "containers": (("extraContainers",),),
    "initContainers": (("initContainers",), ("extraInitContainers",)),
    "volumes": (("extraVolumes",),),
    "tolerations": (("tolerations",),),
    "nodeSelector": (("nodeSelector",),),
    "securityContext": (("podSecurityContext",),),
    "serviceAccountName": (("serviceAccount", "name"),),
    "automountServiceAccountToken": (("serviceAccount", "create"),),
}
# Settings of all pods that set a field.
_FOR_ALL = {
    "affinity": "scheduling.corePods.nodeAffinity",
    "imagePullSecrets": "imagePullSecrets",
    "priorityClassName": "scheduling.podPriority",
}


@row(
    "pod-spec-replaced",
    Level.WARNING,
    remedy="Use the setting that adds, or repeat what the chart has.",
    example="hub: {extraPodSpec: {containers: [{name: a, image: 'b:1'}]}}",
)
def replaced(facts: Facts) -> Iterator[Said]:
    """A field of extraPodSpec replaces the chart's own, whole: for `containers`, the container that does the work."""
    for path, builder in _PODS:
        extra = getattr(facts.at(path), "extraPodSpec", None)
        if not extra:
            continue
        own = _own(facts, path, builder)
        for name, given in extra.items():
            if name in own and not _kept(own[name], given):
                here = (*path, "extraPodSpec", name)
                yield Said(here, f"this replaces {_what(name, own[name])}", _advice(facts, path, name))


def _own(facts: Facts, path: Path, builder: Builder) -> dict[str, Any]:
    """The chart's own spec of a pod; empty where there is no such pod."""
    made = builder(_without(facts.values, path), context_for(facts.loaded, token=lambda: "0" * 64))
    if made is None:
        return {}
    spec: dict[str, Any] = clean(made)["spec"]["template"]["spec"]
    return spec


def _without(section: Any, path: Path) -> Any:
    """The values with no extraPodSpec in the section at `path`."""
    if not path:
        return section.model_copy(update={"extraPodSpec": {}})
    step = str(path[0])
    return section.model_copy(update={step: _without(getattr(section, step), path[1:])})


def _kept(own: Any, given: Any) -> bool:
    """Whether all that the chart has is in what the user gives: a list's items by their names, a map's entries."""
    if isinstance(own, list) and isinstance(given, list):
        return all(_among(item, given) for item in own)
    if isinstance(own, dict) and isinstance(given, dict):
        return all(key in given and _kept(value, given[key]) for key, value in own.items())
    return bool(own == given)


def _among(item: Any, given: list[Any]) -> bool:
    if isinstance(item, dict) and "name" in item:
        return any(isinstance(each, dict) and each.get("name") == item["name"] for each in given)
    return item in given


def _what(name: str, own: Any) -> str:
    """What is replaced, as a message says it."""
    if isinstance(own, list) and own and all(isinstance(item, dict) and "name" in item for item in own):
        names = ", ".join(str(item["name"]) for item in own)
        if name == "containers":
            return f"the chart's own containers ({names}); the pod no longer does its work"
        return f"the chart's own {name} ({names})"
    if isinstance(own, (str, int)):
        return f"the chart's own {name}, {own if not isinstance(own, bool) else str(own).lower()}"
    return f"the chart's own {name}"


def _advice(facts: Facts, path: Path, name: str) -> str:
    for setting in _SETTINGS.get(name, ()):
        if _has(facts.at(path), setting):
            kind = "adds to it" if isinstance(facts.at((*path, *setting)), (list, dict)) else "sets it"
            return f"Use {dotted((*path, *setting))}, which {kind}."
    if name in _FOR_ALL:
        return f"Use {_FOR_ALL[name]}, or repeat the chart's own here."
    return "Repeat the chart's own here, which `chart-py render` without this setting prints."


def _has(section: Any, path: Path) -> bool:
    for step in path:
        if not isinstance(section, Section) or str(step) not in type(section).__pydantic_fields__:
            return False
        section = getattr(section, str(step))
    return True


RULES = rules_of(globals())
