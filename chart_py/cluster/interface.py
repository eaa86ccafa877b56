"""The protocol of a cluster: the few things that chart_py asks of one, and the words it asks with."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple, Protocol

from chart_py.manifest import Manifest
from chart_py.manifest.key import key_of


class Ref(NamedTuple):
    """What names one object to a cluster, or all of a kind (no `name`); cluster-wide ones have no `namespace`."""

    api_version: str
    kind: str
    namespace: str = ""
    name: str = ""

    @property
    def group(self) -> str:
        """The API group, empty for the core one."""
        group, slash, _ = self.api_version.partition("/")
        return group if slash else ""

    def __str__(self) -> str:
        return f"{self.kind}/{self.name}" if self.name else self.kind


EVERYTHING = Ref("*/*", "*")
"""All kinds of all groups, in all namespaces, as a question about rights names them."""


def ref_of(manifest: Manifest) -> Ref:
    """What names `manifest`."""
    key = key_of(manifest)
    return Ref(str(manifest.get("apiVersion", "")), key.kind, key.namespace, key.name)


class Listed(NamedTuple):
    """Objects of a kind, and the version of the cluster at which they were so, from which a watch can go on."""

    items: list[Manifest]
    version: str


class Seen(NamedTuple):
    """What a watch saw: `ADDED`, `MODIFIED` or `DELETED`, and the object."""

    event: str
    manifest: Manifest


class Watch(Protocol):
    """An open watch: iterate over what is seen; `close` ends the iteration from another thread."""

    def __iter__(self) -> Iterator[Seen]: ...

    def close(self) -> None: ...


class Cluster(Protocol):
    """A cluster. Every method may raise RefusedError, UnreachableError or LoginError; all are safe to use from threads.

    Passing faults (429, 500, 503, lost connections) are tried again inside; what an error says has lasted.
    """

    def get(self, ref: Ref) -> Manifest | None:
        """The object, None where it is not there."""

    def find(self, ref: Ref, *, labels: str = "", fields: str = "", only_metadata: bool = False) -> Listed:
        """All objects of a kind in a namespace (all namespaces if empty) that match the selectors."""

    def watch(self, ref: Ref, version: str, *, fields: str = "") -> Watch:
        """What happens to a kind's objects after `version`; it ends now and then, and raises GoneError if too old."""

    def apply(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        """Apply on the server's side, by force, as field manager `manager`; the object as it is then."""

    def create(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        """Create an object that must not exist yet; RefusedError with status 409 where it does."""

    def replace(self, manifest: Manifest, *, manager: str) -> Manifest:
        """Write over the object that has this resourceVersion; RefusedError with status 409 where it has another."""

    def patch(self, ref: Ref, changes: list[dict[str, Any]], *, manager: str, dry_run: bool = False) -> Manifest:
        """Change an object by a JSON patch; RefusedError with status 409 or 422 where a test in it fails."""

    def delete(self, ref: Ref, *, uid: str = "", version: str = "", dry_run: bool = False) -> None:
        """Delete an object, what depends on it in the background; gone is fine.

        With `uid`, only that very one; with `version`, only if it still has it (else RefusedError with status 409).
        """

    def log_tail(self, namespace: str, pod: str, container: str, *, previous: bool, lines: int) -> list[str]:
        """The last lines that a container, or its last run, has written; empty where the kubelet has none."""

    def may(self, verb: str, ref: Ref) -> bool:
        """Whether the user may do `verb` (`*`: anything) to the object or kind (a SelfSubjectAccessReview)."""

    def server_version(self) -> str:
        """The API server's version as `1.33`."""
