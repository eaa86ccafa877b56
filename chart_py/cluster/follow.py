"""Objects as they change: lists first, then watches that go on for as long as somebody wants to know."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

from chart_py.cluster.errors import GoneError, RefusedError
from chart_py.cluster.interface import Cluster, Ref, Watch
from chart_py.errors import ClusterError
from chart_py.manifest import Manifest

_PAUSE = 0.05


class Topic:
    """One kind that is followed: `ref` without a name, and a field selector."""

    def __init__(self, ref: Ref, fields: str = "") -> None:
        self.ref = ref
        self.fields = fields
        self.version = ""
        self.objects: dict[tuple[str, str], Manifest] = {}


class Follower:
    """All objects of some kinds, kept up to date from watches. Use it in a `with`; its threads end there.

    A kind that the user may not list is left out, and named in `forbidden`.
    """

    def __init__(self, cluster: Cluster, topics: Iterable[Topic]) -> None:
        self._cluster = cluster
        self._topics = list(topics)
        self._changed = threading.Condition()
        self._has_news = False
        self._error: ClusterError | None = None
        self._is_closed = False
        self._watches: dict[Topic, Watch] = {}
        self._threads: list[threading.Thread] = []
        self.forbidden: list[str] = []

    def __enter__(self) -> Follower:
        with ThreadPoolExecutor(max_workers=max(1, len(self._topics))) as pool:
            list(pool.map(self._first_list, self._topics))
        self._topics = [topic for topic in self._topics if topic.version]
        return self

    def __exit__(self, *_: object) -> None:
        with self._changed:
            self._is_closed = True
            watches = list(self._watches.values())
            self._changed.notify_all()
        for watch in watches:
            watch.close()
        for thread in self._threads:
            # An interrupt may have come before the thread began.
            if thread.is_alive():
                thread.join(timeout=1.0)

    def objects(self, kind: str) -> list[Manifest]:
        """All objects of a kind as they are now."""
        with self._changed:
            return [each for topic in self._topics if topic.ref.kind == kind for each in topic.objects.values()]

    def find(self, ref: Ref) -> Manifest | None:
        """One object as it is now; None where it is not there, or its kind is not followed."""
        with self._changed:
            for topic in self._topics:
                if topic.ref.kind == ref.kind and topic.ref.group == ref.group:
                    found = topic.objects.get((ref.namespace, ref.name))
                    if found is not None:
                        return found
        return None

    def wait(self, seconds: float) -> None:
        """Return as soon as something has changed, at the latest after `seconds`. Raises what a watch died of."""
        if not self._threads:
            # Only now somebody wants to know what comes: whoever found all he wanted in the lists opens no watch.
            self._threads = [
                threading.Thread(target=self._follow, args=(topic,), daemon=True) for topic in self._topics
            ]
            for thread in self._threads:
                thread.start()
        with self._changed:
            if not self._has_news and self._error is None:
                self._changed.wait(seconds)
            self._has_news = False
            if self._error is not None:
                raise self._error

    def _first_list(self, topic: Topic) -> None:
        try:
            self._list(topic)
        except RefusedError as error:
            if not error.is_forbidden:
                raise
            self.forbidden.append(topic.ref.kind)

    def _list(self, topic: Topic) -> None:
        listed = self._cluster.find(topic.ref, fields=topic.fields)
        objects = {_place(each): each for each in listed.items}
        with self._changed:
            topic.objects, topic.version = objects, listed.version or "0"
            self._tell()

    def _follow(self, topic: Topic) -> None:
        try:
            while not self._is_closed:
                try:
                    self._watch(topic)
                except GoneError:
                    self._list(topic)
                with self._changed:
                    # A server that ends each watch at once is not to be asked in a tight loop.
                    if not self._is_closed:
                        self._changed.wait(_PAUSE)
        except ClusterError as error:
            with self._changed:
                if not self._is_closed:
                    self._error = error
                    self._tell()

    def _watch(self, topic: Topic) -> None:
        watch = self._cluster.watch(topic.ref, topic.version, fields=topic.fields)
        with self._changed:
            self._watches[topic] = watch
            is_closed = self._is_closed
        if is_closed:
            watch.close()
        for seen in watch:
            with self._changed:
                topic.version = str(seen.manifest["metadata"].get("resourceVersion") or topic.version)
                if seen.event == "BOOKMARK":
                    continue
                if seen.event == "DELETED":
                    topic.objects.pop(_place(seen.manifest), None)
                else:
                    topic.objects[_place(seen.manifest)] = seen.manifest
                self._tell()

    def _tell(self) -> None:
        self._has_news = True
        self._changed.notify_all()


def _place(manifest: Manifest) -> tuple[str, str]:
    meta = manifest["metadata"]
    return str(meta.get("namespace") or ""), str(meta["name"])
