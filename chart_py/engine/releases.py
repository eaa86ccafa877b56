"""Which releases there are, and which one is meant where nobody says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from chart_py.cluster.errors import RefusedError
from chart_py.context import CHART_NAME
from chart_py.engine.execute import World
from chart_py.engine.standing import store_of
from chart_py.errors import UsageError
from chart_py.release.codec import UnreadableRecordError
from chart_py.release.record import Head, Record
from chart_py.release.store import Store

DEFAULT = "jhub"
"""The release, and the namespace, of who names none and has none."""


@dataclass(frozen=True)
class Named:
    """A release's name and namespace."""

    release: str
    namespace: str


def hubs(world: World, namespace: str) -> list[Record]:
    """The last record of each release of a hub in a namespace, or in all where that is empty.

    The observer is told of those that cannot be read.
    """
    store = store_of(world.cluster, namespace, world.now)
    last: dict[tuple[str, str], Head] = {(head.namespace, head.name): head for head in store.heads()}
    return [each for each in _readable(world, store, last.values()) if is_hub(each)]


def _readable(world: World, store: Store, heads: Iterable[Head]) -> Iterator[Record]:
    """The records that can be read; of the others the observer is told."""
    for head in heads:
        try:
            record = store.read(head.namespace, head.name, head.version)
        except UnreadableRecordError as error:
            world.observer.note(f"{head.name} in {head.namespace}: {error.message}")
            continue
        if record is not None:
            yield record


def is_hub(record: Record) -> bool:
    """Whether a release is of a hub, by its chart's name."""
    return bool((record.chart.get("metadata") or {}).get("name") == CHART_NAME)


def revisions(world: World, release: str, namespace: str) -> list[Record]:
    """The records of all revisions of a release that are kept, the oldest first; those that cannot be read are told."""
    store = store_of(world.cluster, namespace, world.now)
    return list(_readable(world, store, store.heads(release)))


def meant(world: World, release: str | None, namespace: str | None, context_namespace: str) -> Named:
    """The release that is meant: as said, else the only one in use, else the default.

    Without `namespace`, the one of the kubeconfig's context counts if it is not `default`, then all that may be seen.
    Raises UsageError where several could be meant.
    """
    if release and namespace:
        return Named(release, namespace)
    where = namespace or (context_namespace if context_namespace != "default" else "")
    found = _in_use(world, release, where)
    if len(found) == 1:
        return found[0]
    if len(found) > 1:
        names = ", ".join(f"{each.release} in {each.namespace}" for each in found)
        raise UsageError(f"several releases could be meant: {names}\n   Say which: --release NAME --namespace NAME")
    return Named(release or DEFAULT, where or DEFAULT)


def _in_use(world: World, release: str | None, namespace: str) -> list[Named]:
    store = store_of(world.cluster, namespace, world.now)
    try:
        heads = store.heads(release or "")
    except RefusedError as error:
        if error.is_forbidden and not namespace:
            # Who may not look everywhere is taken to mean the usual place.
            return []
        raise
    found = list(dict.fromkeys(Named(head.name, head.namespace) for head in heads))
    if len(found) < 2:
        return found
    return [Named(each.name, each.namespace) for each in hubs(world, namespace) if release in (None, each.name)]
