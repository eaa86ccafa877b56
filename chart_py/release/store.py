"""Where records are kept: read, written and thrown away by revision, over any shelf that holds Secrets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from chart_py.errors import ClusterError
from chart_py.manifest import Manifest
from chart_py.release.codec import MOST_BYTES, OWNER, from_secret, head_of, payload, secret_name, to_secret
from chart_py.release.record import Head, Record, Status

KEPT = 10
"""How many revisions of a release are kept."""
ROOM = 2048
"""Bytes that a planned record leaves for what is said of it later."""


class Shelf(Protocol):
    """What holds the Secrets of one namespace, or of all."""

    def heads(self, labels: str) -> list[Manifest]:
        """The Secrets that match a label selector, at least their metadata."""

    def get(self, namespace: str, name: str) -> Manifest | None:
        """A whole Secret; None where it is not there."""

    def create(self, secret: Manifest) -> Manifest:
        """Write a Secret that must not exist; what was written, with its resourceVersion."""

    def replace(self, secret: Manifest) -> Manifest:
        """Write over the Secret with this resourceVersion; what was written, with its new one."""

    def delete(self, namespace: str, name: str) -> None:
        """Throw a Secret away; gone is fine."""


class RecordTooLargeError(ClusterError):
    """A revision's record does not fit into a Secret: `size` of `MOST_BYTES` bytes."""

    def __init__(self, name: str, size: int) -> None:
        self.size = size
        super().__init__(
            f"the record of {name} would have {size:,} bytes, and a Secret holds {MOST_BYTES:,}; nothing was written",
            "Put large files (extraFiles) into a ConfigMap or your own image.",
        )


class Store:
    """The records on a shelf. `now` gives the time in seconds since the epoch."""

    def __init__(self, shelf: Shelf, now: Callable[[], float]) -> None:
        self._shelf = shelf
        self._now = now
        self._versions: dict[tuple[str, str], str] = {}

    def heads(self, name: str = "") -> list[Head]:
        """What is known of each revision without reading it, of one release or of all, the oldest first."""
        labels = f"owner={OWNER}" + (f",name={name}" if name else "")
        found = [head for secret in self._shelf.heads(labels) if (head := head_of(secret))]
        return sorted(found, key=lambda head: (head.namespace, head.name, head.version))

    def read(self, namespace: str, name: str, version: int) -> Record | None:
        """The record of a revision; None where there is none, UnreadableRecordError where it is broken."""
        secret = self._shelf.get(namespace, secret_name(name, version))
        if secret is None:
            return None
        self._remember(secret)
        return from_secret(secret)

    def create(self, record: Record) -> None:
        """Write the record of a new revision; RefusedError with status 409 where somebody else has made it."""
        check_size(record)
        self._remember(self._shelf.create(to_secret(record, int(self._now()))))

    def update(self, record: Record) -> None:
        """Write a record that was read or created here; RefusedError with status 409 where it has changed since."""
        check_size(record)
        secret = to_secret(record, int(self._now()))
        version = self._versions.get((record.namespace, secret["metadata"]["name"]))
        if version:
            secret["metadata"]["resourceVersion"] = version
        self._remember(self._shelf.replace(secret))

    def delete(self, head: Head) -> None:
        """Throw the record of a revision away."""
        self._shelf.delete(head.namespace, secret_name(head.name, head.version))

    def _remember(self, secret: Manifest) -> None:
        meta = secret["metadata"]
        self._versions[(str(meta.get("namespace", "")), meta["name"])] = str(meta.get("resourceVersion", ""))


def check_size(record: Record, room: int = 0) -> int:
    """The bytes that a record takes in its Secret; raises RecordTooLargeError where it does not fit.

    `room` is how many bytes are to be left over.
    """
    size = len(payload(record)) + room
    if size > MOST_BYTES:
        raise RecordTooLargeError(record.name, size)
    return size


def outdated(heads: list[Head], keep: int = KEPT) -> list[Head]:
    """The revisions of one release that need not be kept: all but the last `keep`, never the one that is deployed."""
    by_age = sorted(heads, key=lambda head: head.version)
    return [head for head in by_age[: max(0, len(by_age) - keep)] if head.status is not Status.DEPLOYED]
