"""Owns the servers of a rehearsal: each person asked for starts each of them as they would in a browser."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Mapping
from typing import Any

from chart_py.hub_stage.choices import combinations, form_of
from chart_py.hub_stage.cluster import Accepting
from chart_py.hub_stage.culprit import Search
from chart_py.hub_stage.pages import check_templates
from chart_py.hub_stage.people import Person, people
from chart_py.hub_stage.spawning import Spawning, prepared
from chart_py.hub_stage.telling import Teller


async def start_all(app: Any, request: Mapping[str, Any], teller: Teller) -> None:
    """Start every server of the request, one after the other; tell of each."""
    check_templates(app, teller)
    from kubespawner import KubeSpawner

    if not issubclass(app.spawner_class, KubeSpawner):
        teller.tell({"event": "foreign", "spawner": app.spawner_class.__name__})
        return
    cluster = Accepting()
    prepared(app, cluster)
    stage = _Servers(app, request, teller, cluster)
    for person in await people(app, request["people"], teller):
        for name in person.servers if app.allow_named_servers else [n for n in person.servers if not n]:
            await stage.start(person, name)


class _Servers:
    """The servers of one hub; `number` counts those that were started."""

    def __init__(self, app: Any, request: Mapping[str, Any], teller: Teller, cluster: Accepting) -> None:
        self.app = app
        self.request = request
        self.teller = teller
        self.cluster = cluster
        self.number = 0
        self.seen_form = False
        self.culprits: dict[tuple[str, str, str], list[dict[str, Any]]] = {}

    async def start(self, person: Person, name: str) -> None:
        """Start a person's server with each profile, and with the choices of each."""
        chosen = list(await self._chosen(person, name))
        for index, profile, picked in chosen:
            if self.number >= self.request["servers"]:
                self.teller.tell({"event": "skipped", "user": person.name, "server": name})
                return
            self.number += 1
            self.teller.server = self.number
            facts = {"id": self.number, "user": person.name, "admin": person.admin, "name": name}
            facts["profile"] = index
            facts["slug"] = (profile or {}).get("slug")
            facts["displayName"] = (profile or {}).get("display_name")
            facts["choices"] = picked
            try:
                await self._start_one(person, name, profile, picked, facts)
            finally:
                self.teller.server = None

    async def _chosen(self, person: Person, name: str) -> Iterator[tuple[int | None, dict[str, Any] | None, Any]]:
        """The profiles that the person is offered, each with the choices to make."""
        user = person.user
        profiles: list[Any] = []
        try:
            spawner = user.get_spawner(name) if hasattr(user, "get_spawner") else user.spawners[name]
            profiles = await Spawning.profiles(spawner)
            if not self.seen_form:
                self.seen_form = True
                await spawner.get_options_form()
        except Exception as error:
            self.teller.trouble(error, user=person.name, during="profiles")
        finally:
            Spawning.forget(user, name)
        self.teller.tell({"event": "profiles", "user": person.name, "server": name, "number": len(profiles)})
        wanted = self.request.get("profile")
        return iter(self._plan(profiles, person, wanted))

    def _plan(self, profiles: list[Any], person: Person, wanted: str | None) -> list[tuple[Any, Any, Any]]:
        if not profiles:
            return [(None, None, {})]
        plan: list[tuple[Any, Any, Any]] = []
        for index, profile in enumerate(profiles):
            if wanted is not None and wanted not in (profile.get("slug"), profile.get("display_name")):
                continue
            for picked in combinations(profile, self.request["pairs"] if person.thorough else 1):
                plan.append((index, profile, picked))
        return plan

    async def _start_one(
        self, person: Person, name: str, profile: dict[str, Any] | None, picked: dict[str, str], facts: dict[str, Any]
    ) -> None:
        """One start, from the form to the pod; an exception is told, and its server has failed."""
        spawning = Spawning(self.app, self.cluster, person.user, name)
        failed = False
        try:
            await spawning.start(form_of(profile, picked) if profile else None)
        except (Exception, SystemExit) as error:
            failed = True
            await self._tell(error, person, spawning)
        finally:
            self.teller.tell_later()
            self.teller.tell({"event": "server", **facts, **spawning.facts(), "failed": failed})
            Spawning.forget(person.user, name)

    async def _tell(self, error: BaseException, person: Person, spawning: Spawning) -> None:
        """Tell of a start that failed; where nothing says which setting is to blame, search for it once for each."""
        frames = list(traceback.walk_tb(error.__traceback__))
        where = self.teller.where(list(frames))
        facts: dict[str, Any] = {"user": person.name, "during": spawning.during(frames)}
        if not where["trait"] and not any(file.startswith("hub.") for file, _ in where["own"]):
            facts["culprits"] = await self._culprits(error, person, spawning)
        self.teller.trouble(error, **facts)

    async def _culprits(self, error: BaseException, person: Person, spawning: Spawning) -> list[dict[str, Any]]:
        key = (type(error).__name__, str(error), str(spawning.options))
        if key not in self.culprits:
            found = await Search(self.app, person.user, spawning.name, spawning.options).culprits()
            self.culprits[key] = [{**each, "error": self.teller.described(each["error"])} for each in found]
        return self.culprits[key]
