"""A cluster in memory, for tests and trials: it keeps objects and their fields' owners, and runs nothing."""

from __future__ import annotations

import copy
import itertools
import json
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timezone
from typing import Any

from chart_py.cluster.errors import RefusedError
from chart_py.cluster.fields import APPLY, FieldSet, is_item, minus, owned, union, without
from chart_py.cluster.interface import Listed, Ref, Seen, Watch, ref_of
from chart_py.manifest import Manifest

_Place = tuple[str, str, str, str]


class FakeCluster:
    """A cluster that holds `objects`. Namespaces need not exist in it, and nothing becomes ready by itself.

    `asked` lists each request as (verb, object, is a dry run). `before_request` is called with the same, and may raise
    what the request is to fail with. `after_write` is called with each object that was written, to play a controller.
    """

    def __init__(
        self,
        objects: Iterable[Manifest] = (),
        *,
        forbidden: Iterable[tuple[str, str]] = (),
        before_request: Callable[[str, Ref, bool], None] | None = None,
        after_write: Callable[[FakeCluster, Manifest], None] | None = None,
    ) -> None:
        self._objects: dict[_Place, Manifest] = {}
        self._versions = itertools.count(1)
        self._version = 0
        self._lock = threading.RLock()
        self._watches: list[_FakeWatch] = []
        self._forbidden = frozenset(forbidden)
        self._before_request = before_request
        self._after_write = after_write
        self.asked: list[tuple[str, str, bool]] = []
        for each in objects:
            self.put(each)

    # ---- for tests

    def put(self, manifest: Manifest) -> Manifest:
        """Set an object as it is, as a controller would; it gets what the server writes, and watches see it."""
        with self._lock:
            return copy.deepcopy(self._store(copy.deepcopy(manifest)))

    def set_status(self, ref: Ref, status: dict[str, Any]) -> None:
        """Set an object's status."""
        with self._lock:
            self._store({**self._objects[_place(ref)], "status": status})

    def objects(self) -> list[Manifest]:
        """All objects, in the order in which they came."""
        with self._lock:
            return copy.deepcopy(list(self._objects.values()))

    @property
    def writes(self) -> int:
        """How many requests have written."""
        return sum(verb not in ("get", "list", "watch", "may") and not dry for verb, _, dry in self.asked)

    # ---- the protocol

    def get(self, ref: Ref) -> Manifest | None:
        with self._lock:
            self._ask("get", ref)
            return copy.deepcopy(self._objects.get(_place(ref)))

    def find(self, ref: Ref, *, labels: str = "", fields: str = "", only_metadata: bool = False) -> Listed:
        with self._lock:
            self._ask("list", ref)
            found = [each for each in self._objects.values() if _is_listed(each, ref, labels)]
            items = [{k: v for k, v in each.items() if not only_metadata or k != "data"} for each in found]
            return Listed(copy.deepcopy(items), str(self._version))

    def watch(self, ref: Ref, version: str, *, fields: str = "") -> Watch:
        with self._lock:
            self._ask("watch", ref)
            watch = _FakeWatch(ref)
            # What happened between the list and this call is told first.
            for each in self._objects.values():
                if _is_listed(each, ref, "") and int(each["metadata"]["resourceVersion"]) > int(version):
                    watch.tell(Seen("MODIFIED", copy.deepcopy(each)))
            self._watches.append(watch)
            return watch

    def apply(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        ref = ref_of(manifest)
        with self._lock:
            self._ask("apply", ref, dry_run)
            live = self._objects.get(_place(ref))
            after = _applied(live, manifest, manager)
            if live is not None and _content(after) == _content(live):
                return copy.deepcopy(live)
            return copy.deepcopy(after if dry_run else self._written(after))

    def create(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        ref = ref_of(manifest)
        with self._lock:
            self._ask("create", ref, dry_run)
            if _place(ref) in self._objects:
                raise RefusedError(409, "AlreadyExists", f'"{ref.name}" already exists', f"creating {ref}")
            made = copy.deepcopy(manifest)
            return made if dry_run else copy.deepcopy(self._written(made))

    def replace(self, manifest: Manifest, *, manager: str) -> Manifest:
        ref = ref_of(manifest)
        with self._lock:
            self._ask("replace", ref)
            live = self._objects.get(_place(ref))
            if live is None:
                raise RefusedError(404, "NotFound", f'"{ref.name}" not found', f"writing {ref}")
            wanted = (manifest.get("metadata") or {}).get("resourceVersion")
            if wanted and wanted != live["metadata"]["resourceVersion"]:
                raise RefusedError(409, "Conflict", "the object has been modified", f"writing {ref}")
            return copy.deepcopy(self._written(copy.deepcopy(manifest)))

    def patch(self, ref: Ref, changes: list[dict[str, Any]], *, manager: str, dry_run: bool = False) -> Manifest:
        with self._lock:
            self._ask("patch", ref, dry_run)
            live = self._objects.get(_place(ref))
            if live is None:
                raise RefusedError(404, "NotFound", f'"{ref.name}" not found', f"changing {ref}")
            patched = _patched(live, changes, ref)
            return patched if dry_run else copy.deepcopy(self._written(patched))

    def delete(self, ref: Ref, *, uid: str = "", version: str = "", dry_run: bool = False) -> None:
        with self._lock:
            self._ask("delete", ref, dry_run)
            live = self._objects.get(_place(ref))
            if live is None or (uid and live["metadata"]["uid"] != uid):
                return
            if version and live["metadata"]["resourceVersion"] != version:
                raise RefusedError(409, "Conflict", "the object has been modified", f"deleting {ref}")
            if not dry_run:
                self._version = next(self._versions)
                self._tell("DELETED", self._objects.pop(_place(ref)))

    def log_tail(self, namespace: str, pod: str, container: str, *, previous: bool, lines: int) -> list[str]:
        return []

    def may(self, verb: str, ref: Ref) -> bool:
        with self._lock:
            self._ask("may", ref)
            return not self._forbidden if ref.kind == "*" else (verb, ref.kind) not in self._forbidden

    def server_version(self) -> str:
        return "1.33"

    # ---- inside

    def _ask(self, verb: str, ref: Ref, dry_run: bool = False) -> None:
        self.asked.append((verb, str(ref), dry_run))
        if self._before_request:
            self._before_request(verb, ref, dry_run)
        if (verb, ref.kind) in self._forbidden:
            raise RefusedError(403, "Forbidden", f"you may not {verb} {ref.kind}", f"{verb} {ref}")

    def _written(self, manifest: Manifest) -> Manifest:
        stored = self._store(manifest)
        if self._after_write:
            self._after_write(self, copy.deepcopy(stored))
        return self._objects.get(_place(ref_of(stored)), stored)

    def _store(self, manifest: Manifest) -> Manifest:
        place = _place(ref_of(manifest))
        live = self._objects.get(place)
        meta = manifest.setdefault("metadata", {})
        old = live["metadata"] if live else {}
        self._version = next(self._versions)
        generation = int(old.get("generation", 0)) + (not live or live.get("spec") != manifest.get("spec"))
        meta |= {"uid": old.get("uid") or f"uid-{self._version}", "resourceVersion": str(self._version)}
        meta |= {"generation": generation, "creationTimestamp": old.get("creationTimestamp") or _now()}
        self._objects[place] = manifest
        self._tell("MODIFIED" if live else "ADDED", manifest)
        return manifest

    def _tell(self, event: str, manifest: Manifest) -> None:
        self._watches = [watch for watch in self._watches if not watch.is_closed]
        for watch in self._watches:
            if _is_listed(manifest, watch.ref, ""):
                watch.tell(Seen(event, copy.deepcopy(manifest)))


class _FakeWatch:
    """A watch that is told what happens."""

    def __init__(self, ref: Ref) -> None:
        self.ref = ref
        self.is_closed = False
        self._seen: queue.Queue[Seen | None] = queue.Queue()

    def tell(self, seen: Seen) -> None:
        self._seen.put(seen)

    def __iter__(self) -> Iterator[Seen]:
        while (seen := self._seen.get()) is not None:
            yield seen

    def close(self) -> None:
        self.is_closed = True
        self._seen.put(None)


def _place(ref: Ref) -> _Place:
    return ref.group, ref.kind, ref.namespace, ref.name


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def _content(manifest: Manifest) -> str:
    """All that counts when it is asked whether an object has changed."""
    meta = manifest["metadata"]
    kept = {k: v for k, v in meta.items() if k not in ("resourceVersion", "generation", "managedFields")}
    fields = [{k: v for k, v in entry.items() if k != "time"} for entry in meta.get("managedFields") or []]
    return json.dumps({**manifest, "metadata": {**kept, "managedFields": fields}}, sort_keys=True)


def _is_listed(manifest: Manifest, ref: Ref, labels: str) -> bool:
    mine = ref_of(manifest)
    if (mine.group, mine.kind) != (ref.group, ref.kind) or (ref.namespace and ref.namespace != mine.namespace):
        return False
    own = (manifest.get("metadata") or {}).get("labels") or {}
    pairs = [pair.split("=", 1) for pair in labels.split(",") if pair]
    return all(own.get(key) == value for key, value in pairs)


def _applied(live: Manifest | None, manifest: Manifest, manager: str) -> Manifest:
    """`live` after `manager` has applied `manifest`: what it applied before and does not any more is gone."""
    wanted = copy.deepcopy(manifest)
    mine = field_set({key: value for key, value in wanted.items() if key not in ("apiVersion", "kind", "metadata")})
    meta = {k: v for k, v in wanted["metadata"].items() if k in ("labels", "annotations")}
    mine = union(mine, {"f:metadata": field_set(meta)} if meta else {})
    base: Manifest = copy.deepcopy(live) if live is not None else {}
    before = owned(base, [manager], APPLY)
    entries = [
        entry
        for entry in (base.get("metadata") or {}).get("managedFields") or []
        if not (entry["manager"] == manager and entry["operation"] == APPLY)
    ]
    others = owned(base, {entry["manager"] for entry in entries} - {manager})
    base = without(base, minus(minus(before, mine), others))
    after: Manifest = _merged(base, wanted)
    fields = {"manager": manager, "operation": APPLY, "apiVersion": wanted["apiVersion"], "time": _now()}
    after["metadata"]["managedFields"] = [{**fields, "fieldsType": "FieldsV1", "fieldsV1": mine}, *entries]
    return after


def field_set(value: dict[str, Any]) -> FieldSet:
    """The fields that `value` has, lists of named things item by item and other lists as a whole."""
    return {f"f:{key}": _inner(inner) for key, inner in value.items()}


def _inner(value: Any) -> FieldSet:
    if isinstance(value, dict) and value:
        return field_set(value)
    if isinstance(value, list) and value and _are_named(value):
        return {f'k:{{"name":{json.dumps(item["name"])}}}': {".": {}, **field_set(item)} for item in value}
    return {}


def _are_named(items: list[Any]) -> bool:
    """Whether items are told apart by their names; a volume that is mounted twice is not."""
    names = [item.get("name") for item in items if isinstance(item, dict)]
    return len(names) == len(items) == len(set(names)) and None not in names


def _merged(base: Any, over: Any) -> Any:
    if isinstance(base, dict) and isinstance(over, dict):
        return {**base, **{key: _merged(base.get(key), value) for key, value in over.items()}}
    if isinstance(base, list) and isinstance(over, list) and _inner(over) and (_inner(base) or not base):
        steps = [f'k:{{"name":{json.dumps(item["name"])}}}' for item in over]
        pairs = list(zip(steps, over, strict=True))
        merged = [next((_merged(old, new) for old in base if is_item(step, old)), new) for step, new in pairs]
        return merged + [old for old in base if not any(is_item(step, old) for step in steps)]
    return over


def _patched(live: Manifest, changes: list[dict[str, Any]], ref: Ref) -> Manifest:
    """`live` after a JSON patch of tests, additions, replacements and removals."""
    found = copy.deepcopy(live)
    for change in changes:
        *parents, last = change["path"].strip("/").split("/")
        here = found
        for step in parents:
            here = here[step]
        if change["op"] == "test":
            if here.get(last) != change["value"]:
                raise RefusedError(422, "Invalid", f"test of {change['path']} failed", f"changing {ref}")
        elif change["op"] == "remove":
            del here[last]
        else:
            here[last] = copy.deepcopy(change["value"])
    return found
