"""How a release is now: each object's readiness, where the hub is reached, and what others have changed since."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chart_py.changes.content import content
from chart_py.cluster import fields
from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, Ref, ref_of
from chart_py.context import MANAGER
from chart_py.engine.entrance import Entrances, entrances, node_addresses
from chart_py.engine.execute import World
from chart_py.engine.lock import is_held
from chart_py.engine.owner import as_owned
from chart_py.engine.planning import HELM, READINGS, in_parallel, was_written_between, without_leftovers
from chart_py.engine.standing import Standing, manifests_of, need_release
from chart_py.engine.waiting import hub_first, spare_of
from chart_py.health.causes import Cause, Surroundings
from chart_py.health.ready import Readiness
from chart_py.health.state import judged
from chart_py.manifest import Manifest
from chart_py.manifest.difference import MISSING, FieldPath, Item, differences, spelled
from chart_py.manifest.embedded import opened
from chart_py.manifest.shown import sides
from chart_py.release.record import Record

INTERRUPTED = "interrupted"


@dataclass(frozen=True)
class Drift:
    """A field that is not as it was applied. `applied` and `live` are None where missing, `(hidden)` where secret.

    `manager` and `time` (RFC 3339) are of who wrote the live value last, empty where nobody is known.
    """

    about: str
    field: str
    applied: Any
    live: Any
    manager: str = ""
    time: str = ""


@dataclass(frozen=True)
class ObjectState:
    """An object of the release: its state, and why it is not ready."""

    about: str
    state: Readiness
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True)
class ReleaseState:
    """A release as it is now; `word` is its status, `interrupted` where a run on it did not come to its end."""

    record: Record
    word: str
    objects: tuple[ObjectState, ...]
    drifts: tuple[Drift, ...]
    entrances: Entrances
    notes: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """Where people log in, as URLs."""
        return self.entrances.urls

    @property
    def is_ready(self) -> bool:
        """Whether all objects are."""
        return all(each.state.is_ready for each in self.objects)


def word_of(world: World, record: Record) -> str:
    """A record's status in a person's words: a pending one that nobody is at work on is interrupted."""
    if record.status.is_pending and not is_held(world.cluster, record.name, record.namespace, world.now()):
        return INTERRUPTED
    return record.status.value


def read_state(world: World, standing: Standing) -> ReleaseState:
    """How the release is now. Drift is found by a dry run of what was applied; where it is refused, a note says so."""
    record = need_release(standing)
    wanted = hub_first(as_owned(each, standing.owner) for each in manifests_of(record))
    notes: list[str] = []
    around = replace(_around(world.cluster, standing.namespace), spare=spare_of(wanted))
    found = in_parallel(lambda each: _look(world.cluster, each), wanted)
    objects, drifts, live_objects = [], [], []
    for manifest, (live, drift, note) in zip(wanted, found, strict=True):
        state, why = judged(live, around)
        about = str(ref_of(manifest))
        state = state if live is not None else Readiness(False, "to be there: it is gone")
        objects.append(ObjectState(about, state, why))
        drifts += drift
        notes += [text for text in (note, state.note) if text and text not in notes]
        if live is not None:
            live_objects.append(live)
    doors = entrances(live_objects, record.config, node_addresses(world.cluster, live_objects))
    return ReleaseState(record, word_of(world, record), tuple(objects), tuple(drifts), doors, tuple(notes))


def _around(cluster: Cluster, namespace: str) -> Surroundings:
    def listed(ref: Ref) -> list[Manifest]:
        try:
            return cluster.find(ref, fields="type=Warning" if ref.kind == "Event" else "").items
        except RefusedError as error:
            if error.is_forbidden:
                return []
            raise

    kinds = (("v1", "Pod"), ("apps/v1", "ReplicaSet"), ("v1", "PersistentVolumeClaim"), ("v1", "Event"))
    pods, sets, claims, events = in_parallel(listed, [Ref(version, kind, namespace) for version, kind in kinds])
    return Surroundings(pods, sets, claims, events)


def _look(cluster: Cluster, wanted: Manifest) -> tuple[Manifest | None, list[Drift], str]:
    """One object as it is, what has drifted in it, and why that is not known."""
    for _ in range(READINGS):
        live = cluster.get(ref_of(wanted))
        if live is None:
            return None, [], ""
        try:
            applied = _applied_again(cluster, wanted, live)
        except RefusedError as error:
            return live, [], f"{ref_of(wanted)}: whether it has drifted is not known: {error.said}"
        found = live, drift_of(live, applied), ""
        if not was_written_between(live, applied):
            break
    return found


def _applied_again(cluster: Cluster, wanted: Manifest, live: Manifest) -> Manifest:
    """What an object would be if it were applied again."""
    sources = fields.managers(live) & {HELM}
    manager = MANAGER
    if sources and MANAGER not in fields.managers(live):
        # Helm labels what it applies, and does not record that.
        manager, meta = HELM, wanted["metadata"]
        labels = {**(meta.get("labels") or {}), "app.kubernetes.io/managed-by": "Helm"}
        wanted = {**wanted, "metadata": {**meta, "labels": labels}}
    applied = cluster.apply(wanted, manager=manager, dry_run=True)
    return without_leftovers(applied, live, sources - {manager})


def drift_of(live: Manifest, applied: Manifest) -> list[Drift]:
    """Each field in which a live object is not as it was applied."""
    found = []
    for change in differences(opened(content(applied)), opened(content(live))):
        owners = [o for o in fields.owners_of(live, _steps(change.path, live)) if o.manager != MANAGER]
        was, now = (None if side is MISSING else side for side in sides(change))
        by, time = (owners[0].manager, owners[0].time) if owners else ("", "")
        found.append(Drift(str(ref_of(live)), spelled(change.path), was, now, by, time))
    return found


def _steps(path: FieldPath, live: Manifest) -> list[tuple[str, Any]]:
    """A path as managedFields spell it: fields by name, items of lists by what is in them."""
    steps: list[tuple[str, Any]] = []
    here: Any = live
    for step in path:
        if isinstance(step, Item):
            here = next((i for i in here if str(i.get(step.word)) == step.value), {}) if isinstance(here, list) else {}
            steps.append(("i", here or {step.word: step.value}))
        elif isinstance(step, int):
            here = here[step] if isinstance(here, list) and step < len(here) else MISSING
            steps.append(("i", here))
        else:
            here = here.get(step, MISSING) if isinstance(here, dict) else MISSING
            steps.append(("f", step))
    return steps
