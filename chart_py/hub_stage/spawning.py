"""Owns one start of a server: JupyterHub's own User.spawn with KubeSpawner's own start, but for the cluster."""

from __future__ import annotations

import copy
import inspect
from typing import Any

from chart_py.hub_stage.cluster import Accepting, Seen
from chart_py.hub_stage.plain import plain

# The steps of a start in which users' code may change the spawner, and the trait that holds this code.
_STEPS = {
    "run_auth_state_hook": "auth_state_hook",
    "load_user_options": "profile_list",
    "run_pre_spawn_hook": "pre_spawn_hook",
    "_run_apply_user_options": "apply_user_options",
    "apply_group_overrides": "group_overrides",
}

# Not a part of any pod, and long.
_CONFIGURABLE: dict[Any, frozenset[str]] = {}
_LARGE = frozenset({"profile_list", "options_form"})


def prepared(app: Any, cluster: Accepting) -> None:
    """Have KubeSpawner talk to `cluster`, wait for nothing, and tell what each step changes."""
    import kubespawner.spawner as module
    from jupyterhub.user import User

    base = module.KubeSpawner
    if hasattr(module, "load_config"):
        module.load_config = lambda *_, **__: None
    module.shared_client = lambda *_, **__: cluster
    seen = Seen(cluster)
    for name in ("_start_watching_pods", "_start_watching_events"):
        if hasattr(base, name):
            setattr(base, name, _at_once)
    base.pod_reflector = property(lambda _: seen)
    base.event_reflector = property(lambda _: None)
    User._wait_up = _at_once
    User.stop = _at_once
    base.start_polling = lambda _: None
    # One transaction for all: nobody reads this database at the same time, and each commit takes a while.
    app.db.commit = app.db.flush
    _note_steps(base)


async def _at_once(*_: Any, **__: Any) -> None:
    return None


def _note_steps(base: Any) -> None:
    """Have each step of a start note which traits it changed."""
    for name in _STEPS:
        if hasattr(base, name):
            setattr(base, name, _noted(getattr(base, name), name))
    make = base.get_pod_manifest

    async def made(self: Any) -> Any:
        self._rehearsed_made = plain(pod := await make(self))
        return pod

    base.get_pod_manifest = made


def _noted(step: Any, name: str) -> Any:
    async def run(self: Any, *given: Any, **named: Any) -> Any:
        notes = self.__dict__.setdefault("_rehearsed_steps", [])
        note = {"step": name, "by": _place_of(getattr(self, _STEPS[name], None)), "traits": []}
        notes.append(note)
        before = _traits(self)
        result = step(self, *given, **named)
        if inspect.isawaitable(result):
            result = await result
        note["traits"] = [key for key, value in _traits(self).items() if value != before.get(key)]
        return result

    return run


def _traits(spawner: Any) -> dict[str, Any]:
    """The traits that configuration can set, as they are now; those that were never asked for have not changed."""
    held = spawner.__dict__.get("_trait_values", {})
    names = _configurable(type(spawner))
    return {name: plain(value) for name, value in held.items() if name not in _LARGE and name in names}


def _configurable(cls: Any) -> frozenset[str]:
    """The traits of a class that configuration can set, looked up once."""
    found: frozenset[str] | None = _CONFIGURABLE.get(cls)
    if found is None:
        found = _CONFIGURABLE[cls] = frozenset(cls.class_traits(config=True))
    return found


def _place_of(code: Any) -> list[Any] | None:
    """The first line of a function of the user's."""
    code = inspect.unwrap(code) if callable(code) else code
    found = getattr(code, "__code__", None)
    return [found.co_filename, found.co_firstlineno] if found else None


class Spawning:
    """One start; `facts()` are what came of it."""

    def __init__(self, app: Any, cluster: Accepting, user: Any, name: str) -> None:
        self.app = app
        self.cluster = cluster
        self.user = user
        self.name = name
        self.spawner: Any = None
        self.options: Any = None

    @staticmethod
    async def profiles(spawner: Any) -> list[Any]:
        """The profiles that a person is offered, with their slugs."""
        found = spawner.profile_list
        if callable(found):
            found = found(spawner)
            if inspect.isawaitable(found):
                found = await found
        found = copy.deepcopy(found) if found else []
        begin = getattr(spawner, "_get_initialized_profile_list", None)
        if begin:
            found = begin(found)
        elif found and hasattr(spawner, "_init_profile_list"):
            found = spawner._init_profile_list(found) or found
        return list(found)

    @staticmethod
    def forget(user: Any, name: str) -> None:
        """Have the next start begin with a new spawner, as after a stop."""
        dict.pop(user.spawners, name, None)
        row = user.orm_user.orm_spawners.get(name)
        if row is not None:
            row.server = None
            row.state = {}
            if hasattr(row, "user_options"):
                row.user_options = None
            user.db.commit()

    async def start(self, form: dict[str, list[str]] | None) -> None:
        """Send the form, if any, and start the server."""
        self.cluster.created.clear()
        self.cluster.pods.clear()
        self.spawner = self.user.spawners[self.name]
        if form is not None:
            read = getattr(self.spawner, "run_options_from_form", self.spawner.options_from_form)
            self.options = read(form)
            if inspect.isawaitable(self.options):
                self.options = await self.options
        await self.user.spawn(self.name, self.options)

    def during(self, frames: list[Any]) -> str:
        """The step of the start that the frames of an exception passed through."""
        names = [frame.f_code.co_name for frame, _ in frames]
        for name in ("modify_pod_hook", "load_user_options", *_STEPS, "get_pod_manifest", "get_pvc_manifest"):
            if name in names:
                return name
        return "start"

    def facts(self) -> dict[str, Any]:
        """What the start made: objects, the environment, who changed what."""
        spawner = self.spawner
        if spawner is None:
            return {"objects": [], "steps": []}
        pods = [each["object"] for each in self.cluster.created if each["object"].get("kind") == "Pod"]
        made = spawner.__dict__.get("_rehearsed_made")
        return {
            "objects": list(self.cluster.created),
            "steps": spawner.__dict__.get("_rehearsed_steps", []),
            "modified": bool(pods) and made is not None and pods[-1] != made,
            "modifiedBy": _place_of(getattr(spawner, "modify_pod_hook", None)),
            "namespace": getattr(spawner, "namespace", None),
            "podName": getattr(spawner, "pod_name", None),
            "claimName": getattr(spawner, "pvc_name", None),
            "ensuresClaim": bool(getattr(spawner, "storage_pvc_ensure", False)),
            "port": getattr(spawner, "port", None),
        }
