"""How a release stands before a verb does anything: its revisions, its records, the objects that they name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import yaml

from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, Ref
from chart_py.cluster.secret_store import ClusterShelf
from chart_py.context import MANAGER
from chart_py.engine.errors import NoReleaseError
from chart_py.engine.owner import Owner, as_owned
from chart_py.manifest import Manifest
from chart_py.manifest.documents import from_documents
from chart_py.manifest.key import Key, key_of
from chart_py.release.codec import UnreadableRecordError, secret_name
from chart_py.release.record import Head, Record, Status
from chart_py.release.store import Store


@dataclass(frozen=True)
class Standing:
    """A release as its records say.

    `heads` are all revisions, `latest` the last one's record, `deployed` that of the last one that went well, and
    `unfinished` those after it, the oldest first. `has_namespace` is False only where the namespace is known
    to be missing.
    """

    release: str
    namespace: str
    heads: tuple[Head, ...] = ()
    latest: Record | None = None
    deployed: Record | None = None
    unfinished: tuple[Record, ...] = ()
    has_namespace: bool = True

    @property
    def owner(self) -> Owner:
        """The release as its objects name it."""
        return Owner(self.release, self.namespace)

    @property
    def last_version(self) -> int:
        """The last revision, 0 where there is none."""
        return self.heads[-1].version if self.heads else 0

    @cached_property
    def recorded(self) -> dict[Key, Manifest]:
        """The objects that may be there for this release, by key: of the deployed revision and all after it."""
        found: dict[Key, Manifest] = {}
        for record in (self.deployed, *self.unfinished):
            if record is not None:
                found |= {key_of(each): each for each in manifests_of(record)}
        return found

    def recorded_like(self, manifest: str, objects: Sequence[Manifest]) -> dict[Key, Manifest]:
        """The same as `recorded`; where the only record is `manifest`, the text of `objects`, nothing is parsed."""
        if self.deployed is None or self.unfinished or self.deployed.manifest != manifest:
            return self.recorded
        return {key_of(each): each for each in (as_owned(each, self.owner) for each in objects)}


def manifests_of(record: Record) -> list[Manifest]:
    """The objects of a revision, each in its namespace. Raises UnreadableRecordError where they are none."""
    owner = Owner(record.name, record.namespace)
    plain = objects_in(record, record.manifest)
    placed = [as_owned(each, owner)["metadata"].get("namespace") for each in plain]
    return [
        {**each, "metadata": {**each["metadata"], "namespace": namespace}} if namespace else each
        for each, namespace in zip(plain, placed, strict=True)
    ]


def objects_in(record: Record, text: str) -> list[Manifest]:
    """The objects in a text of a record, its manifest or a hook's. Raises UnreadableRecordError."""
    try:
        found = from_documents(text)
    except yaml.YAMLError:
        found = [{}]
    if not all(each.get("kind") and (each.get("metadata") or {}).get("name") for each in found):
        raise UnreadableRecordError(secret_name(record.name, record.version), "its manifest is not made of objects")
    return found


def store_of(cluster: Cluster, namespace: str, now: Callable[[], float]) -> Store:
    """The records in a namespace, or in all where that is empty."""
    return Store(ClusterShelf(cluster, namespace, MANAGER), now)


def standing_of(cluster: Cluster, store: Store, release: str, namespace: str) -> Standing:
    """Read how a release stands."""
    heads = tuple(store.heads(release))
    if not heads:
        return Standing(release, namespace, has_namespace=_has_namespace(cluster, namespace))
    deployed: Record | None = None
    later: list[Record] = []
    for head in reversed(heads):
        record = store.read(namespace, release, head.version)
        if record is None:
            continue
        if record.status in (Status.DEPLOYED, Status.SUPERSEDED):
            deployed = record
            break
        later.append(record)
    latest = later[0] if later else deployed
    return Standing(release, namespace, heads, latest, deployed, tuple(reversed(later)))


def _has_namespace(cluster: Cluster, namespace: str) -> bool:
    try:
        found = cluster.get(Ref("v1", "Namespace", name=namespace))
    except RefusedError as error:
        if error.is_forbidden:
            # Who may not look at namespaces has been given one.
            return True
        raise
    return found is not None


def need_release(standing: Standing) -> Record:
    """The last revision's record; raises NoReleaseError where the release does not exist."""
    if standing.latest is None:
        raise NoReleaseError(
            f"there is no release {standing.release} in the namespace {standing.namespace}",
            "See `list --all-namespaces` for those there are.",
        )
    return standing.latest
