"""Settings that hide one another: a trait beside the chart's setting for it, in `hub.config` or in the hub's Python."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from chart_py.checks.hub import image as hub_image
from chart_py.checks.hub.facts import HubFacts
from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path, Place, dotted


def _example(code: str) -> str:
    return f"hub:\n  extraConfig:\n    mine: |\n      {code}\n"


SPAWNER_SETTINGS = {
    "pod_name_template": "singleuser.podNameTemplate",
    "start_timeout": "singleuser.startTimeout",
    "image": "singleuser.image",
    "image_pull_policy": "singleuser.image.pullPolicy",
    "events_enabled": "singleuser.events",
    "extra_labels": "singleuser.extraLabels",
    "extra_annotations": "singleuser.extraAnnotations",
    "uid": "singleuser.uid",
    "fs_gid": "singleuser.fsGid",
    "service_account": "singleuser.serviceAccountName",
    "node_selector": "singleuser.nodeSelector",
    "node_affinity_required": "singleuser.extraNodeAffinity.required",
    "node_affinity_preferred": "singleuser.extraNodeAffinity.preferred",
    "lifecycle_hooks": "singleuser.lifecycleHooks",
    "init_containers": "singleuser.initContainers",
    "extra_containers": "singleuser.extraContainers",
    "mem_limit": "singleuser.memory.limit",
    "mem_guarantee": "singleuser.memory.guarantee",
    "cpu_limit": "singleuser.cpu.limit",
    "cpu_guarantee": "singleuser.cpu.guarantee",
    "environment": "singleuser.extraEnv",
    "profile_list": "singleuser.profileList",
    "extra_pod_config": "singleuser.extraPodConfig",
    "pvc_name_template": "singleuser.storage.dynamic.pvcNameTemplate",
    "storage_class": "singleuser.storage.dynamic.storageClass",
    "storage_capacity": "singleuser.storage.capacity",
}
"""Traits that the chart sets on KubeSpawner, with the setting that each comes from; tests hold it to the hub's file."""

HUB_SETTINGS = {
    "base_url": ("hub.baseUrl", "proxy, ingress and probes follow hub.baseUrl and look elsewhere"),
    "services": ("hub.services", "it replaces the services that the chart defines, the culler too"),
    "load_roles": ("hub.loadRoles", "it replaces the roles that the chart defines, the culler's too"),
}
"""Traits of JupyterHub that others depend on, with the setting to use instead, and what happens otherwise."""


def hub(facts: Facts) -> HubFacts:
    """The facts as these rules need them."""
    assert isinstance(facts, HubFacts)
    return facts


def traits_set(now: HubFacts, class_name: str) -> Iterator[tuple[str, Path, Place | None, str]]:
    """Each trait of a class that is set in `hub.config` or assigned in Python: name, path, place, how it is written."""
    given = now.config.get(class_name)
    for name in given if isinstance(given, dict) else ():
        path: Path = ("hub", "config", class_name, name)
        yield name, path, now.loaded.sources.place(path), dotted(path)
    for piece, found in now.python:
        for setting in found:
            if setting.class_name == class_name:
                place = piece.place_of(setting.class_node)
                yield setting.trait, piece.path, place, f"c.{class_name}.{setting.trait}"


@row(
    "hub-trait",
    Level.WARNING,
    remedy="Use the chart's setting.",
    example="hub: {config: {JupyterHub: {base_url: /jupyter/}}}",
)
def hub_traits(facts: Facts) -> Iterator[Said]:
    """A trait is set on which other objects, or the chart's own roles, depend."""
    for name, path, place, written in traits_set(hub(facts), "JupyterHub"):
        if name in HUB_SETTINGS:
            setting, effect = HUB_SETTINGS[name]
            yield Said(path, f"{written}: use {setting} instead; {effect}", f"Write {setting}", place=place)


@row(
    "spawner-class",
    Level.WARNING,
    remedy="Remove it: KubeSpawner is the spawner for Kubernetes.",
    example="hub: {config: {JupyterHub: {spawner_class: dockerspawner.DockerSpawner}}}",
)
def spawner_class(facts: Facts) -> Iterator[Said]:
    """Another spawner than KubeSpawner reads none of the chart's settings for servers."""
    now = hub(facts)
    for name, path, place, written in traits_set(now, "JupyterHub"):
        if name != "spawner_class":
            continue
        value = _value(now, path, place, "spawner_class")
        if isinstance(value, str) and "kube" in value.lower():
            continue
        if value is None or _is_own(now, str(value)):
            continue
        message = f"{written}: with another spawner_class than KubeSpawner, everything in singleuser has no effect"
        yield Said(path, message, place=place)


def _value(now: HubFacts, path: Path, place: Place | None, trait: str) -> Any:
    if path[:2] == ("hub", "config"):
        return (now.config.get(str(path[2])) or {}).get(trait)
    for _, setting in now.in_code("JupyterHub", trait):
        return setting.value
    return None


def _is_own(now: HubFacts, name: str) -> bool:
    """Whether a class is one of the user's own, which may well be a KubeSpawner."""
    top = name.split(".")[0]
    return top not in {module.split(".")[0] for module in hub_image.modules()} and "." not in name


@row(
    "parent-hidden",
    Level.WARNING,
    remedy="Set it by the chart's setting.",
    example=_example("c.Spawner.start_timeout = 600"),
)
def parent_hidden(facts: Facts) -> Iterator[Said]:
    """A trait is set on Spawner, but the chart sets it on KubeSpawner, which counts."""
    now = hub(facts)
    own = {name for name, *_ in traits_set(now, "KubeSpawner")}
    for name, path, place, written in traits_set(now, "Spawner"):
        setting = SPAWNER_SETTINGS.get(name)
        if setting is None or name in own or not _is_set(now, setting):
            continue
        message = f"{written} has no effect: KubeSpawner.{name} is set from {setting}, and wins"
        yield Said(path, message, f"Write {setting}, or set c.KubeSpawner.{name}", place=place)


def _is_set(now: HubFacts, setting: str) -> bool:
    """Whether the chart's setting has a value that ends in the trait."""
    here: Any = now.loaded.tree
    for step in setting.split("."):
        here = here.get(step) if isinstance(here, dict) else None
    return here not in (None, {}, [])


@row(
    "said-twice",
    Level.WARNING,
    remedy="Keep one of the two.",
    example="singleuser: {memory: {limit: 2G}}\nhub: {config: {KubeSpawner: {mem_limit: 1G}}}",
)
def said_twice(facts: Facts) -> Iterator[Said]:
    """A trait of KubeSpawner and the chart's setting for it are both set; the trait wins."""
    now = hub(facts)
    given = now.config.get("KubeSpawner")
    for name in given if isinstance(given, dict) else ():
        setting = SPAWNER_SETTINGS.get(name)
        if setting and now.written(*setting.split(".")):
            path: Path = ("hub", "config", "KubeSpawner", name)
            yield Said(path, f"{setting} is written too, and has no effect beside this trait")


@row(
    "other-namespace",
    Level.WARNING,
    remedy="Remove it, or give the hub's ServiceAccount a Role in that namespace.",
    example=_example("c.KubeSpawner.namespace = 'users'"),
)
def other_namespace(facts: Facts) -> Iterator[Said]:
    """Servers are started in a namespace in which the hub has no rights."""
    for name, path, place, written in traits_set(hub(facts), "KubeSpawner"):
        if name == "namespace":
            message = f"{written}: the hub may start servers only in the namespace of the release"
            yield Said(path, message, place=place)


@row(
    "environment-replaced",
    Level.WARNING,
    remedy="Use singleuser.extraEnv, which adds variables.",
    example="hub: {config: {KubeSpawner: {extra_container_config: {env: [{name: A, value: b}]}}}}",
)
def environment_replaced(facts: Facts) -> Iterator[Said]:
    """`extra_container_config.env` replaces the whole environment of the server's container."""
    now = hub(facts)
    message = "env replaces the container's whole environment, JUPYTERHUB_API_TOKEN and the like too; no server starts"
    for class_name in ("KubeSpawner",):
        given = now.config.get(class_name)
        config = given.get("extra_container_config") if isinstance(given, dict) else None
        if isinstance(config, dict) and "env" in config:
            yield Said(("hub", "config", class_name, "extra_container_config", "env"), message)
        for piece, setting in now.in_code(class_name, "extra_container_config"):
            value = _assigned(piece.tree, setting.class_node)
            if isinstance(value, ast.Dict) and any(
                isinstance(k, ast.Constant) and k.value == "env" for k in value.keys
            ):
                yield Said(piece.path, message, place=piece.place_of(setting.class_node))


@row(
    "home-replaced-in-python",
    Level.WARNING,
    remedy="Use singleuser.storage.extraVolumes and extraVolumeMounts, which add.",
    example=_example("c.KubeSpawner.volumes = [{'name': 'data', 'emptyDir': {}}]"),
)
def home_in_code(facts: Facts) -> Iterator[Said]:
    """The hub's Python assigns a new list of volumes, which removes the home."""
    now = hub(facts)
    storage = now.values.singleuser.storage
    if storage.type == "none":
        return
    for trait in ("volumes", "volume_mounts"):
        for piece, setting in now.in_code("KubeSpawner", trait):
            value = _assigned(piece.tree, setting.class_node)
            if isinstance(value, (ast.List, ast.Dict)) and not _keeps_home(
                ast.unparse(value), str(storage.homeMountPath)
            ):
                if any(_is_inside(function, setting.class_node) for _, function in now.functions()):
                    continue
                message = f"c.KubeSpawner.{trait} is replaced, the home too: what users save is lost with their server"
                advice = f"Add instead: c.KubeSpawner.{trait}.update(...), or singleuser.storage.extraVolumes."
                yield Said(piece.path, message, advice, place=piece.place_of(setting.class_node))


def _keeps_home(text: str, home: str) -> bool:
    """Whether an expression of volumes or mounts keeps a home: it names the user, or mounts at the home's path."""
    return "{username" in text or "{user" in text or repr(home) in text or repr(home.rstrip("/")) in text


def _is_inside(function: ast.FunctionDef | ast.AsyncFunctionDef, node: ast.AST) -> bool:
    return function.lineno <= getattr(node, "lineno", 0) <= (function.end_lineno or 0)


def _assigned(tree: ast.AST, node: ast.AST) -> ast.expr | None:
    """What is assigned to the target that a node is part of."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Assign):
            for target in each.targets:
                if target.lineno == getattr(node, "lineno", -1):
                    return each.value
    return None


@row(
    "hook-too-late",
    Level.WARNING,
    remedy="Set it on the hook's own argument: spawner.volumes = ...",
    example=(
        "hub:\n  extraConfig:\n    mine: |\n      def hook(spawner):\n          c.KubeSpawner.uid = 1\n"
        "      c.KubeSpawner.pre_spawn_hook = hook\n"
    ),
)
def late(facts: Facts) -> Iterator[Said]:
    """A hook sets the configuration, which was read when the hub started."""
    for piece, function in hub(facts).functions():
        names = [a.arg for a in [*function.args.posonlyargs, *function.args.args]]
        if not names or names[0] not in ("spawner", "self", "authenticator"):
            continue
        for node in ast.walk(function):
            targets = node.targets if isinstance(node, ast.Assign) else ()
            for target in targets:
                text = ast.unparse(target)
                if found := re.fullmatch(r"c\.(\w*Spawner)\.(\w+)", text):
                    message = f"{text} in the hook {function.name} comes too late: the spawner has its settings already"
                    advice = f"Write {names[0]}.{found[2]} = ..." if names[0] == "spawner" else ""
                    yield Said(piece.path, message, advice, place=piece.place_of(target))


@row(
    "python-key",
    Level.WARNING,
    remedy="Give the piece a name, and write the code as its text.",
    example="hub: {extraConfig: {c.JupyterHub.log_level: 'c'}}",
)
def python_key(facts: Facts) -> Iterator[Said]:
    """A key of hub.extraConfig is Python code instead of a name."""
    for name, text in facts.values.hub.extraConfig.items():
        if re.fullmatch(r"c\.[A-Z]\w*\.\w+", name):
            message = "this key looks like Python; a key is only a name, and the code is its text"
            advice = f"Write two lines: `{name.rpartition('.')[2]}: |`, and below it `{name} = ...`"
            yield Said(("hub", "extraConfig", name), message, advice)
        del text


@row(
    "affinity-list",
    Level.WARNING,
    remedy="Write a list.",
    example="hub: {config: {KubeSpawner: {node_affinity_preferred: {weight: 1, preference: {}}}}}",
)
def affinity(facts: Facts) -> Iterator[Said]:
    """A list of affinity terms is written as one term."""
    for class_name in ("KubeSpawner", "Spawner"):
        given = facts.config.get(class_name)
        for name, value in given.items() if isinstance(given, dict) else ():
            if (
                "affinity" in str(name)
                and isinstance(value, dict)
                and {"weight", "preference", "matchExpressions"} & {*value}
            ):
                advice = "Put a dash in front of its first line."
                path: Path = ("hub", "config", class_name, name)
                yield Said(path, "expected a list of affinity terms, got one term; no server starts", advice)


RULES = rules_of(globals())
