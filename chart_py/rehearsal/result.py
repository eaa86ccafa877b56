"""Owns what a rehearsal gives: the hub as it started, every server with its pod and claim, and what went wrong.

Others build on it: which claim a user's server gets, who can reach whom, what fits on a node, what it costs. All of it
is plain data that the hub's own Python told; nothing here interprets it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = Any


class Line(NamedTuple):
    """A line of the Python that the configuration brings: `file` as the hub's container names it, or
    `hub.extraConfig.KEY`; `line` counts from 1.
    """

    file: str
    line: int


class Trait(NamedTuple):
    """A trait that was at work: the `classes` by which it can be configured, the most specific first, its `name`, and
    `of` which named thing it is (a service's name).
    """

    classes: tuple[str, ...]
    name: str
    of: str = ""


class Entry(NamedTuple):
    """The entry of a list that was at work: `kind` is role, service or group."""

    kind: str
    name: str


@dataclass(frozen=True)
class Where:
    """Where something happened: the configuration's own lines that led there, outermost first, the trait and the
    entry that were at work, the `stage` of the hub's start, and the `server` (its id) that was being started.
    """

    own: tuple[Line, ...] = ()
    trait: Trait | None = None
    entry: Entry | None = None
    stage: str = ""
    server: int | None = None


class Culprit(NamedTuple):
    """A trait with which alone the pod cannot be made, or without which it can: set on the class `cls`, or in a profile
    at `place` of the list of profiles. `item` is the one of its value that is to blame; `kind` and `message` are the
    exception that it gives.
    """

    trait: str
    kind: str
    message: str
    cls: str = ""
    place: tuple[str | int, ...] = ()
    item: str | int | None = None


@dataclass(frozen=True)
class Trouble:
    """An exception: its class `kind`, with those that it inherits from as `bases`, and its `message`.

    `causes` are the exceptions that it came from: class, message, and whether it says so itself. `syntax` is the line
    and column of a text that is not Python, `module` one that could not be imported, `file` one that could not be
    opened, `template` the line of a template.
    `during` is the step of a server's start, `user` whose it is; `culprits` are what was found to be to blame.
    """

    where: Where
    kind: str
    message: str
    bases: tuple[str, ...] = ()
    causes: tuple[tuple[str, str, bool], ...] = ()
    syntax: tuple[Line, int] | None = None
    module: str = ""
    file: str = ""
    errno: int | None = None
    template: Line | None = None
    during: str = ""
    user: str = ""
    culprits: tuple[Culprit, ...] = ()


@dataclass(frozen=True)
class Logged:
    """A warning or an error in the hub's log."""

    where: Where
    level: str
    logger: str
    message: str


@dataclass(frozen=True)
class Absent:
    """A package that was imported and is not there, so that something stood in for it."""

    module: str
    where: Where


@dataclass(frozen=True)
class Setter:
    """A line that set a trait, or took hold of its value to change it; `path` is the setting that it handed on."""

    line: Line
    path: str | None = None


@dataclass(frozen=True)
class Step:
    """A step of a server's start in which the configuration's own code ran: its `name`, the line where that code
    begins, and the `traits` of the spawner that were others afterwards.
    """

    name: str
    by: Line | None
    traits: tuple[str, ...]


@dataclass(frozen=True)
class Server:
    """One server as one user would start it.

    `profile` is the place of its profile in the list that the user is offered, None without profiles; `choices` are
    the answers to the profile's questions. `objects` are all that KubeSpawner would create, as (namespace, object), in
    that order. `steps` say which code changed which traits; `modified_by` is the line of a hook that changed the pod.
    A server that `failed` may have no pod.
    """

    id: int
    user: str
    admin: bool = False
    name: str = ""
    profile: int | None = None
    slug: str | None = None
    display_name: str | None = None
    choices: Mapping[str, str] = field(default_factory=dict)
    namespace: str = ""
    pod_name: str = ""
    claim_name: str = ""
    ensures_claim: bool = False
    objects: tuple[tuple[str | None, Mapping[str, Json]], ...] = field(default=(), repr=False)
    steps: tuple[Step, ...] = ()
    modified_by: Line | None = None
    failed: bool = False

    def _of_kind(self, kind: str) -> Mapping[str, Json] | None:
        found = [each for _, each in self.objects if each.get("kind") == kind]
        return found[-1] if found else None

    @property
    def pod(self) -> Mapping[str, Json] | None:
        """The pod, as KubeSpawner would send it to Kubernetes."""
        return self._of_kind("Pod")

    @property
    def claim(self) -> Mapping[str, Json] | None:
        """The claim that KubeSpawner makes for it; None where it makes none."""
        return self._of_kind("PersistentVolumeClaim")

    @property
    def container(self) -> Mapping[str, Json]:
        """The container that the user works in."""
        pod = self.pod or {}
        containers = (pod.get("spec") or {}).get("containers") or [{}]
        found: Mapping[str, Json] = next((c for c in containers if c.get("name") == "notebook"), containers[0])
        return found

    @property
    def environment(self) -> dict[str, Json]:
        """The variables of that container: their values, or where they come from."""
        return {each["name"]: each.get("value", each.get("valueFrom")) for each in self.container.get("env") or []}


@dataclass(frozen=True)
class Hub:
    """The hub as it started: the classes of its authenticator and its spawner, their own first, and the
    configuration that it ended up with, section by section. It has secrets.
    """

    authenticator: tuple[str, ...]
    spawner: tuple[str, ...]
    base_url: str
    config: Mapping[str, Mapping[str, Json]] = field(repr=False)


@dataclass(frozen=True)
class Walls:
    """What the user's code was kept from; `lacks` says why something could not be kept from it."""

    network: bool = False
    files: bool = False
    processes: bool = False
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Ended:
    """Why the rehearsal was ended from outside: `time`, `memory`, `processes`, `output`, or `signal N`."""

    by: str
    where: Where = Where()


@dataclass(frozen=True)
class Exit:
    """The hub ended itself; `message` is what it said last."""

    where: Where
    message: str
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rehearsal:
    """What happened when one configuration was rehearsed.

    `python` and `packages` are the software that ran it. `hub` is None where the hub did not start. `setters` has, for
    each trait as `Class.trait`, the lines that set it, in their order. `refused_users` could not log in by their names;
    `skipped` counts the servers that were too many. `complete` is false where something ended it before its end.
    """

    python: str = ""
    packages: Mapping[str, str] = field(default_factory=dict, repr=False)
    walls: Walls = Walls()
    hub: Hub | None = None
    servers: tuple[Server, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    logged: tuple[Logged, ...] = ()
    absent: tuple[Absent, ...] = ()
    setters: Mapping[str, Sequence[Setter]] = field(default_factory=dict, repr=False)
    profiles: Mapping[str, int] = field(default_factory=dict)
    foreign_spawner: str = ""
    refused_users: tuple[str, ...] = ()
    skipped: int = 0
    exit: Exit | None = None
    ended: Ended | None = None
    failed: str = ""
    output: str = field(default="", repr=False)
    complete: bool = False
