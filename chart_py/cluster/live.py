"""A cluster over its HTTP API: plain requests, tried again while a fault may pass."""

from __future__ import annotations

import contextlib
import json
import math
import threading
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from chart_py.cluster.connection import Connection
from chart_py.cluster.errors import GoneError, RefusedError, UnreachableError
from chart_py.cluster.interface import Listed, Ref, Seen, Watch, ref_of
from chart_py.cluster.paths import KNOWN, Resource, path, root
from chart_py.cluster.patience import FIRST_SECONDS, PASSING, Patience
from chart_py.cluster.refusal import distrust, login_refused, network_fault, refusal, retry_after
from chart_py.manifest import Manifest

_APPLY = "application/apply-patch+yaml"
_JSON_PATCH = "application/json-patch+json"
_METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
_WATCH_SECONDS = 240


class LiveCluster:
    """A cluster that is reached through `connection`. `on_request` is told of each request: method, path and query."""

    def __init__(
        self,
        connection: Connection,
        *,
        patience: Patience | None = None,
        on_request: Callable[[str, str], None] | None = None,
    ) -> None:
        self._connection = connection
        self._patience = patience or Patience()
        self._on_request = on_request
        self._resources: dict[tuple[str, str], Resource] = dict(KNOWN)
        self._discovering = threading.Lock()
        self._has_answered = False

    @property
    def url(self) -> str:
        """The API server's address."""
        return self._connection.url

    # ---- reading

    def get(self, ref: Ref) -> Manifest | None:
        where = self._path(ref)
        try:
            return self._json("GET", where, what=f"reading {ref}")
        except RefusedError as error:
            # Without that word it is the kind, or its version, that the server does not have.
            if error.is_missing and error.reason == "NotFound":
                return None
            raise

    def find(self, ref: Ref, *, labels: str = "", fields: str = "", only_metadata: bool = False) -> Listed:
        query = {"labelSelector": labels, "fieldSelector": fields}
        accept = _METADATA if only_metadata else "application/json"
        answer = self._json("GET", self._path(ref), query, what=f"listing {ref}s", accept=accept)
        items = answer.get("items") or []
        # The items of a list do not repeat what the list says of all of them.
        for item in items:
            item["apiVersion"], item["kind"] = ref.api_version, ref.kind
        return Listed(items, str((answer.get("metadata") or {}).get("resourceVersion", "")))

    def watch(self, ref: Ref, version: str, *, fields: str = "") -> Watch:
        query = {
            "watch": "true",
            "resourceVersion": version,
            "fieldSelector": fields,
            "allowWatchBookmarks": "true",
            "timeoutSeconds": str(_WATCH_SECONDS),
        }
        what = f"watching {ref}s"
        return _LiveWatch(self._send("GET", self._path(ref), query, what=what, stream=True), what)

    def log_tail(self, namespace: str, pod: str, container: str, *, previous: bool, lines: int) -> list[str]:
        query = {"container": container, "previous": str(previous).lower(), "tailLines": str(lines)}
        where = self._path(Ref("v1", "Pod", namespace, pod)) + "/log"
        try:
            answer = self._send("GET", where, query, what=f"reading the log of Pod/{pod}", accept="*/*")
        except (RefusedError, UnreachableError):
            # A log is a help and no more: where its kubelet has none, or is not there, the cause stands without it.
            return []
        text: str = answer.data.decode("utf-8", "replace")
        return text.splitlines()

    def may(self, verb: str, ref: Ref) -> bool:
        resource = self._resource(ref)
        attributes = {
            "verb": verb,
            "group": ref.group,
            "resource": resource.plural,
            "namespace": ref.namespace if resource.namespaced else "",
            "name": ref.name,
        }
        review = {
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        }
        where = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
        answer = self._json("POST", where, body=review, what="asking for rights")
        return bool((answer.get("status") or {}).get("allowed"))

    def server_version(self) -> str:
        answer = self._json("GET", "/version", what="asking for the version")
        return f"{answer.get('major')}.{str(answer.get('minor', '')).rstrip('+')}"

    # ---- writing

    def apply(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        query = {"fieldManager": manager, "force": "true", "fieldValidation": "Strict", **_dry(dry_run)}
        ref = ref_of(manifest)
        what = f"applying {ref}"
        return self._json("PATCH", self._path(ref), query, manifest, _APPLY, what=what, retry_conflict=True)

    def create(self, manifest: Manifest, *, manager: str, dry_run: bool = False) -> Manifest:
        ref = ref_of(manifest)
        query = {"fieldManager": manager, "fieldValidation": "Strict", **_dry(dry_run)}
        where = self._path(ref._replace(name=""))

        def is_ours(live: Manifest | None) -> bool:
            return live is not None and not dry_run and _holds(live, manifest)

        return self._write_once("POST", where, query, manifest, f"creating {ref}", ref, is_ours)

    def replace(self, manifest: Manifest, *, manager: str) -> Manifest:
        ref = ref_of(manifest)
        content = {**manifest, "metadata": {k: v for k, v in manifest["metadata"].items() if k != "resourceVersion"}}

        def is_ours(live: Manifest | None) -> bool:
            return live is not None and _holds(live, content)

        query = {"fieldManager": manager}
        return self._write_once("PUT", self._path(ref), query, manifest, f"writing {ref}", ref, is_ours)

    def patch(self, ref: Ref, changes: list[dict[str, Any]], *, manager: str, dry_run: bool = False) -> Manifest:
        query = {"fieldManager": manager, **_dry(dry_run)}
        return self._json("PATCH", self._path(ref), query, changes, _JSON_PATCH, what=f"changing {ref}")

    def delete(self, ref: Ref, *, uid: str = "", version: str = "", dry_run: bool = False) -> None:
        body: dict[str, Any] = {"apiVersion": "v1", "kind": "DeleteOptions", "propagationPolicy": "Background"}
        conditions = {"uid": uid, "resourceVersion": version}
        if uid or version:
            body["preconditions"] = {key: value for key, value in conditions.items() if value}
        try:
            self._json("DELETE", self._path(ref), _dry(dry_run), body, what=f"deleting {ref}")
        except RefusedError as error:
            # A conflict about the uid says that this very object is gone and another one has its name.
            if not error.is_missing and not (uid and error.is_conflict and "UID in" in error.said):
                raise

    # ---- inside

    def _write_once(
        self,
        method: str,
        where: str,
        query: dict[str, str],
        manifest: Manifest,
        what: str,
        ref: Ref,
        is_ours: Callable[[Manifest | None], bool],
    ) -> Manifest:
        """A write that cannot simply be repeated: where a later try finds a conflict, look whether the first did it."""
        tries = _Count()
        try:
            return self._json(method, where, query, manifest, what=what, tries=tries)
        except RefusedError as error:
            if not error.is_conflict:
                raise
            live = self.get(ref)
            if tries.count > 1 and live is not None and is_ours(live):
                return live
            mine = (manifest.get("metadata") or {}).get("resourceVersion")
            there = live["metadata"].get("resourceVersion") if live is not None else None
            if there != mine or (live is None and error.reason == "AlreadyExists"):
                raise
            # Nobody has written in between: the conflict was a passing one, in the server.
            return self._json(method, where, query, manifest, what=what, retry_conflict=True)

    def _path(self, ref: Ref) -> str:
        return path(ref, self._resource(ref))

    def _resource(self, ref: Ref) -> Resource:
        known = self._resources.get((ref.group, ref.kind))
        if known:
            return known
        with self._discovering:
            if (ref.group, ref.kind) not in self._resources:
                self._discover(ref)
        return self._resources[(ref.group, ref.kind)]

    def _discover(self, ref: Ref) -> None:
        advice = "Install the CustomResourceDefinition of this kind, or remove the object from the values."
        unknown = RefusedError(
            404, "NotFound", f"the cluster has no kind {ref.kind} in {ref.api_version}", advice=advice
        )
        try:
            listed = self._json("GET", root(ref.api_version), what=f"asking for {ref.api_version}")
        except RefusedError as error:
            raise unknown if error.is_missing else error from None
        for each in listed.get("resources") or []:
            if "/" not in each["name"]:
                self._resources.setdefault((ref.group, each["kind"]), Resource(each["name"], bool(each["namespaced"])))
        if (ref.group, ref.kind) not in self._resources:
            raise unknown

    def _json(
        self,
        method: str,
        where: str,
        query: dict[str, str] | None = None,
        body: Any = None,
        content: str = "application/json",
        *,
        what: str,
        accept: str = "application/json",
        retry_conflict: bool = False,
        tries: _Count | None = None,
    ) -> dict[str, Any]:
        answer = self._send(
            method, where, query, body, content, what=what, accept=accept, retry_conflict=retry_conflict, counted=tries
        )
        try:
            found: dict[str, Any] = json.loads(answer.data)
        except ValueError:
            raise RefusedError(
                answer.status, "Unreadable", "the answer is not JSON; is this an API server?", what
            ) from None
        return found

    def _send(
        self,
        method: str,
        where: str,
        query: dict[str, str] | None = None,
        body: Any = None,
        content: str = "application/json",
        *,
        what: str,
        accept: str = "application/json",
        stream: bool = False,
        retry_conflict: bool = False,
        counted: _Count | None = None,
    ) -> Any:
        """One request, tried again while the fault may pass; the answer, whose status is below 400."""
        url = _with_query(where, query or {})
        data = None if body is None else json.dumps(body).encode()
        tries = self._patience.tries()
        has_renewed = False
        for attempt in tries:
            if counted:
                counted.count = attempt
            seen = self._connection.logins
            fault, pause = "", 0.0
            try:
                answer = self._once(method, url, data, content, accept, stream)
            except OSError as error:
                fault = network_fault(error)
            else:
                self._has_answered = True
                if answer.status < 400:
                    return answer
                if answer.status == 401 and not has_renewed:
                    has_renewed = True
                    self._connection.renew(seen)
                    continue
                if answer.status == 401:
                    raise login_refused(what)
                refused = refusal(answer, what)
                passes = refused.status in PASSING or (refused.is_conflict and retry_conflict)
                if not passes:
                    raise refused
                fault, pause = f"{answer.status} {refused.said}", retry_after(answer)
            if not tries.wait(pause, math.inf if self._has_answered else FIRST_SECONDS):
                raise UnreachableError(
                    f"{what}: {fault}; tried {attempt} times",
                    f"The API server is {self._connection.url}: is it up, and may this machine reach it?",
                )
        raise AssertionError("the last try either returned or raised")

    def _once(self, method: str, url: str, data: bytes | None, content: str, accept: str, stream: bool) -> Any:
        import urllib3

        if self._on_request:
            self._on_request(method, url)
        headers = {"Accept": accept, "User-Agent": "chart_py", **self._connection.headers()}
        if data is not None:
            headers["Content-Type"] = content
        read = _WATCH_SECONDS + self._patience.read if stream else self._patience.read
        timeout = urllib3.Timeout(connect=self._patience.connect, read=read)
        try:
            return self._connection.pool.request(
                method, self._connection.url + url, body=data, headers=headers, retries=False, timeout=timeout,
                preload_content=not stream,
            )  # fmt: skip
        except urllib3.exceptions.HTTPError as error:
            if isinstance(error, urllib3.exceptions.SSLError):
                raise distrust(error, self._connection.url) from None
            raise OSError(str(error)) from error


class _Count:
    """How many tries a request took."""

    count = 0


class _LiveWatch:
    """The lines of an open watch."""

    def __init__(self, answer: Any, what: str) -> None:
        self._answer = answer
        self._what = what

    def __iter__(self) -> Iterator[Seen]:
        import urllib3

        rest = b""
        try:
            # Not `stream`: where the answer is not chunked, that waits until its buffer is full.
            while chunk := self._answer.read1(1 << 16):
                *lines, rest = (rest + chunk).split(b"\n")
                for line in lines:
                    if line.strip():
                        yield self._seen(json.loads(line))
        except (urllib3.exceptions.HTTPError, OSError, ValueError, AttributeError):
            # The connection went, or was closed by `close`: to whoever watches, this watch has ended.
            return
        finally:
            self._answer.close()

    def close(self) -> None:
        """End the watch, also while another thread waits for its next line."""
        with contextlib.suppress(ValueError, OSError):
            # A ValueError says that the connection has ended by itself, an OSError that its socket is closed already.
            self._answer.shutdown()

    def _seen(self, said: dict[str, Any]) -> Seen:
        if said.get("type") == "ERROR":
            status = said.get("object") or {}
            code = int(status.get("code") or 500)
            kind = GoneError if code == 410 else RefusedError
            raise kind(code, str(status.get("reason", "")), str(status.get("message", "")), self._what)
        return Seen(str(said["type"]), said["object"])


def _with_query(where: str, query: dict[str, str]) -> str:
    asked = {key: value for key, value in query.items() if value}
    return where + (f"?{urlencode(asked)}" if asked else "")


def _dry(dry_run: bool) -> dict[str, str]:
    return {"dryRun": "All"} if dry_run else {}


def _holds(live: Any, wanted: Any) -> bool:
    """Whether `live` has all that `wanted` says."""
    if isinstance(wanted, dict):
        return isinstance(live, dict) and all(_holds(live.get(key), value) for key, value in wanted.items())
    return bool(live == wanted)
