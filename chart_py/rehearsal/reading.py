"""Owns the way from the events that a rehearsal's process tells to a `Rehearsal`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

from chart_py.rehearsal.result import (
    Absent,
    Culprit,
    Ended,
    Entry,
    Exit,
    Hub,
    Line,
    Logged,
    Rehearsal,
    Server,
    Setter,
    Step,
    Trait,
    Trouble,
    Walls,
    Where,
)

Event = Mapping[str, Any]


def rehearsal_of(ready: Event, events: Iterable[Event]) -> Rehearsal:
    """The rehearsal that the events tell of; `ready` says by which software."""
    found = Rehearsal(python=str(ready.get("python", "")), packages=dict(ready.get("packages", {})))
    for event in events:
        read = _READERS.get(str(event.get("event")))
        found = read(found, event) if read else found
    return found


def _line(given: Any) -> Line | None:
    return Line(str(given[0]), int(given[1])) if given else None


def where_of(event: Event) -> Where:
    """Where the event happened."""
    trait, entry = event.get("trait"), event.get("entry")
    return Where(
        own=tuple(Line(str(file), int(line)) for file, line in event.get("own") or ()),
        trait=Trait(tuple(trait["classes"]), trait["name"], trait.get("of") or "") if trait else None,
        entry=Entry(entry["kind"], entry["name"]) if entry else None,
        stage=str(event.get("stage") or ""),
        server=event.get("server"),
    )


def _walls(found: Rehearsal, event: Event) -> Rehearsal:
    walls = Walls(event["network"], event["files"], event["processes"], tuple(event["lacks"]))
    return replace(found, walls=walls)


def _started(found: Rehearsal, event: Event) -> Rehearsal:
    hub = Hub(tuple(event["authenticator"]), tuple(event["spawner"]), event["baseUrl"], event["config"])
    return replace(found, hub=hub)


def _trouble(found: Rehearsal, event: Event) -> Rehearsal:
    syntax = event.get("syntax")
    trouble = Trouble(
        where_of(event),
        event["type"],
        event["message"],
        tuple(event.get("bases", ())),
        tuple((each["type"], each["message"], each["told"]) for each in event.get("causes", ())),
        (Line(syntax[0], syntax[1]), syntax[2]) if syntax else None,
        event.get("module", ""),
        event.get("file") or "",
        event.get("errno"),
        _line(event.get("template")),
        event.get("during", ""),
        event.get("user", ""),
        tuple(_culprit(each) for each in event.get("culprits", ())),
    )
    return replace(found, troubles=(*found.troubles, trouble))


def _culprit(given: Any) -> Culprit:
    error, place = given["error"], tuple(given.get("place", ()))
    return Culprit(given["trait"], error["type"], error["message"], given.get("class", ""), place, given["item"])


def _logged(found: Rehearsal, event: Event) -> Rehearsal:
    logged = Logged(where_of(event), event["level"], event["logger"], event["message"])
    return replace(found, logged=(*found.logged, logged))


def _absent(found: Rehearsal, event: Event) -> Rehearsal:
    return replace(found, absent=(*found.absent, Absent(event["module"], where_of(event))))


def _traits(found: Rehearsal, event: Event) -> Rehearsal:
    setters = {
        name: tuple(Setter(Line(file, line), path) for _, file, line, path in lines)
        for name, lines in event["set"].items()
    }
    return replace(found, setters=setters)


def _server(found: Rehearsal, event: Event) -> Rehearsal:
    server = Server(
        id=event["id"],
        user=event["user"],
        admin=event["admin"],
        name=event["name"],
        profile=event["profile"],
        slug=event["slug"],
        display_name=event["displayName"],
        choices=dict(event["choices"]),
        namespace=event.get("namespace") or "",
        pod_name=event.get("podName") or "",
        claim_name=event.get("claimName") or "",
        ensures_claim=bool(event.get("ensuresClaim")),
        objects=tuple((each["namespace"], each["object"]) for each in event.get("objects", ())),
        steps=tuple(Step(s["step"], _line(s["by"]), tuple(s["traits"])) for s in event.get("steps", ())),
        modified_by=_line(event.get("modifiedBy")) if event.get("modified") else None,
        failed=event["failed"],
    )
    return replace(found, servers=(*found.servers, server))


def _profiles(found: Rehearsal, event: Event) -> Rehearsal:
    return replace(found, profiles={**found.profiles, event["user"]: event["number"]})


def _exit(found: Rehearsal, event: Event) -> Rehearsal:
    return replace(found, exit=Exit(where_of(event), event["message"], event.get("names", {})))


_READERS: dict[str, Callable[[Rehearsal, Event], Rehearsal]] = {
    "walls": _walls,
    "started": _started,
    "trouble": _trouble,
    "logged": _logged,
    "absent": _absent,
    "traits": _traits,
    "server": _server,
    "profiles": _profiles,
    "exit": _exit,
    "foreign": lambda found, event: replace(found, foreign_spawner=event["spawner"]),
    "refused": lambda found, event: replace(found, refused_users=(*found.refused_users, event["user"])),
    "skipped": lambda found, _: replace(found, skipped=found.skipped + 1),
    "ended": lambda found, event: replace(found, ended=found.ended or Ended(event["by"], where_of(event))),
    "failed": lambda found, event: replace(found, failed=event["error"]),
    "output": lambda found, event: replace(found, output=event["text"]),
    "done": lambda found, _: replace(found, complete=True),
}
