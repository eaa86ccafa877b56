"""Owns the search for the setting that keeps a server from starting, where the exception does not name it.

A trait is to blame if the pod can be made once the trait is left out; an item of its value, if the pod cannot be made
with that item alone.
"""

from __future__ import annotations

import copy
import inspect
from collections.abc import AsyncIterator, Iterator
from typing import Any

_CLASSES = ("KubeSpawner", "Spawner")
_MOST_ITEMS = 60


class Search:
    """Tries to make the pod of one server with altered configurations; nothing else of a start is done."""

    def __init__(self, app: Any, user: Any, name: str, options: Any) -> None:
        self.app = app
        self.user = user
        self.name = name
        self.options = options or {}

    async def culprits(self) -> list[dict[str, Any]]:
        """The traits to blame, each with where it is set, the items of its value, and the `error` it gives."""
        config = self.app.config
        first = await self._fails(config)
        if first is None:
            return []
        plain = copy.deepcopy(config)
        if "KubeSpawner" in plain:
            plain.KubeSpawner.pop("profile_list", None)
        options, self.options = self.options, {}
        found = [each async for each in self._of_traits(plain)] if await self._fails(plain) is not None else []
        self.options = options
        return found + [each async for each in self._of_profile(config, plain)]

    async def _of_traits(self, plain: Any) -> AsyncIterator[dict[str, Any]]:
        """The traits of the configuration: with which alone the pod cannot be made, or without which it can."""
        pairs = [(cls, trait) for cls in _CLASSES for trait in plain.get(cls, {})]
        alone = [(cls, trait, error) for cls, trait in pairs if (error := await self._fails(_only(plain, cls, trait)))]
        if not alone:
            error = await self._fails(plain)
            needed = [pair for pair in pairs if await self._fails(_but(plain, *pair)) is None][:1]
            alone = [(*pair, error) for pair in needed if error]
        for cls, trait, error in alone:
            found = {"class": cls, "trait": trait, "item": None, "error": error}
            items = [each async for each in self._items(plain, cls, trait, plain[cls][trait])]
            for each in [{**found, **item} for item in items] or [found]:
                yield each

    async def _of_profile(self, config: Any, plain: Any) -> AsyncIterator[dict[str, Any]]:
        """The overrides of the chosen profile and of its choices, each tried alone."""
        profiles = config.KubeSpawner.get("profile_list") if "KubeSpawner" in config else None
        if not isinstance(profiles, list) or not self.options.get("profile"):
            return
        bare = _only(plain)
        bare.KubeSpawner.profile_list = _emptied(profiles)
        if await self._fails(bare) is not None:
            return
        for place in _overrides(profiles):
            for trait, value in (_at(profiles, place) or {}).items():
                altered = _emptied(profiles)
                _at(altered, place)[trait] = copy.deepcopy(value)
                alone = _only(plain)
                alone.KubeSpawner.profile_list = altered
                if error := await self._fails(alone):
                    found = {"place": place, "trait": trait, "item": None, "error": error}
                    items = [each async for each in self._items(plain, "KubeSpawner", trait, value)]
                    for each in [{**found, **item} for item in items] or [found]:
                        yield each

    async def _items(self, config: Any, cls: str, trait: str, value: Any) -> AsyncIterator[dict[str, Any]]:
        """The keys or places of a value's items with which alone the pod cannot be made, and the errors they give."""
        pairs = list(value.items()) if isinstance(value, dict) else list(enumerate(value)) if _is_list(value) else []
        for key, item in pairs[:_MOST_ITEMS] if len(pairs) > 1 else []:
            alone = _only(config)
            alone[cls][trait] = {key: item} if isinstance(value, dict) else [item]
            if error := await self._fails(alone):
                yield {"item": key, "error": error}

    async def _fails(self, config: Any) -> BaseException | None:
        """Why the pod cannot be made with a configuration; None where it can."""
        settings = self.user.settings
        before = settings.get("config")
        try:
            settings["config"] = config
            spawner = self.user._new_spawner(self.name)
            spawner.user_options = dict(self.options)
            for step in (spawner.load_user_options, spawner.get_pod_manifest, spawner.get_pvc_manifest):
                result = step()
                if inspect.isawaitable(result):
                    await result
        except Exception as error:
            return error
        finally:
            settings["config"] = before
        return None


def _only(config: Any, cls: str = "", trait: str = "") -> Any:
    """The configuration without any trait of spawners, or with one."""
    found = copy.deepcopy(config)
    for each in _CLASSES:
        found[each] = type(found)()
    if cls:
        found[cls][trait] = copy.deepcopy(config[cls][trait])
    return found


def _but(config: Any, cls: str, trait: str) -> Any:
    """The configuration without one trait."""
    found = copy.deepcopy(config)
    found[cls].pop(trait)
    return found


def _is_list(value: Any) -> bool:
    return isinstance(value, (list, tuple))


def _overrides(profiles: list[Any]) -> Iterator[list[Any]]:
    """Where the overrides of profiles and of their choices stand."""
    for index, profile in enumerate(profiles):
        if not isinstance(profile, dict):
            continue
        yield [index, "kubespawner_override"]
        for key, option in (profile.get("profile_options") or {}).items():
            for name in option.get("choices") or {} if isinstance(option, dict) else {}:
                yield [index, "profile_options", key, "choices", name, "kubespawner_override"]
            yield [index, "profile_options", key, "unlisted_choice", "kubespawner_override"]


def _emptied(profiles: list[Any]) -> list[Any]:
    """The profiles without anything that they override."""
    found = copy.deepcopy(profiles)
    for place in _overrides(found):
        if (given := _at(found, place)) is not None:
            given.clear()
    return found


def _at(tree: Any, place: list[Any]) -> Any:
    for step in place:
        if isinstance(tree, dict):
            tree = tree.get(step)
        elif isinstance(tree, list) and isinstance(step, int) and step < len(tree):
            tree = tree[step]
        else:
            return None
    return tree if isinstance(tree, dict) else None
