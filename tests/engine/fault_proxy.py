"""Owns a proxy before the API server that makes faults: it passes requests on, or refuses, delays and cuts them."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPSConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.control_plane import ControlPlane
from tests.control_plane.users import write_kubeconfig

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True)
class Asked:
    """A request that came: `number` counts all of them from 1, `write` the writes (0 where it is none)."""

    method: str
    path: str
    number: int
    write: int

    @property
    def is_watch(self) -> bool:
        """Whether it opens a watch."""
        return "watch=true" in self.path


@dataclass(frozen=True)
class Fault:
    """What happens to a request.

    `status` answers for the server, with `headers`. `cut` closes the connection: `before` the request is passed on, or
    `after`, when the server has done it. `delay` holds the answer back, in seconds. `then` is called when the server
    has answered, before the answer is passed on. `lines` are said by a watch instead of the server's.
    """

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    cut: str = ""
    delay: float = 0.0
    then: Callable[[], None] | None = None
    lines: tuple[dict[str, Any], ...] | None = None


NO_FAULT = Fault()


class FaultProxy:
    """The proxy; use it in a `with`. `decide` says for each request what happens to it; `asked` are all that came."""

    def __init__(self, plane: ControlPlane, decide: Callable[[Asked], Fault | None] | None = None) -> None:
        self._plane = plane
        self.decide = decide or (lambda asked: None)
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        proxy = self

        class Handler(_Handler):
            owner = proxy

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)

    def __enter__(self) -> FaultProxy:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Where the proxy listens."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def kubeconfig(self, folder: Path, token: str = "") -> Path:
        """A kubeconfig file whose server is the proxy: the administrator's, or of another token."""
        own = json.loads(self._plane.kubeconfig().read_text(encoding="utf-8"))["users"][0]["user"]["token"]
        return write_kubeconfig(folder / "proxy.kubeconfig", self.url, self._plane.authority, token or own)

    @property
    def writes(self) -> list[Asked]:
        """The writes that came, dry runs and questions about rights left out."""
        return [each for each in self.asked if each.write]

    def note(self, method: str, path: str) -> Asked:
        """Count a request."""
        is_write = method in WRITES and "dryRun=" not in path and "accessreviews" not in path
        with self._lock:
            number = sum(1 for each in self.asked if each.write) + 1 if is_write else 0
            asked = Asked(method, path, len(self.asked) + 1, number)
            self.asked.append(asked)
        return asked

    def upstream(self) -> HTTPConnection:
        """A connection to the server behind."""
        parts = urlsplit(self._plane.url)
        context = ssl.create_default_context(cafile=str(self._plane.authority))
        assert parts.hostname
        return HTTPSConnection(parts.hostname, parts.port, context=context, timeout=300)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def handle_error(self, request: Any, client_address: Any) -> None:
        # A client that was killed leaves its connections cut: that is what these tests are about.
        return


class _Handler(BaseHTTPRequestHandler):
    owner: FaultProxy
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, format: str, *args: Any) -> None:
        return

    def _any(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length else None
        asked = self.owner.note(self.command, self.path)
        fault = self.owner.decide(asked) or NO_FAULT
        if fault.cut == "before":
            self._cut()
            return
        if fault.status:
            self._refuse(fault)
            return
        if asked.is_watch and fault.lines is not None:
            self._say(fault.lines)
            return
        self._pass_on(asked, body, fault)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _any

    def _pass_on(self, asked: Asked, body: bytes | None, fault: Fault) -> None:
        headers = {k: v for k, v in self.headers.items() if k.lower() not in ("host", "connection", "accept-encoding")}
        connection = self.owner.upstream()
        try:
            try:
                connection.request(self.command, self.path, body, headers)
                answer = connection.getresponse()
            except OSError:
                self._cut()
                return
            if asked.is_watch:
                self._stream(answer)
                return
            data = answer.read()
            time.sleep(fault.delay)
            if fault.then:
                fault.then()
            if fault.cut == "after":
                self._cut()
                return
            self._answer(answer.status, data, dict(answer.getheaders()))
        finally:
            connection.close()

    def _answer(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name in ("Content-Type", "Retry-After"):
            if name in headers:
                self.send_header(name, headers[name])
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _refuse(self, fault: Fault) -> None:
        reason = {409: "Conflict", 410: "Expired", 429: "TooManyRequests", 500: "InternalError"}.get(fault.status, "")
        status = {"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": "made by the test"}
        data = json.dumps({**status, "reason": reason, "code": fault.status}).encode()
        self._answer(fault.status, data, {"Content-Type": "application/json", **fault.headers})

    def _say(self, lines: tuple[dict[str, Any], ...]) -> None:
        data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        self._answer(200, data, {"Content-Type": "application/json"})

    def _stream(self, answer: Any) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        with suppress(OSError):
            while line := answer.readline():
                self.wfile.write(line)
                self.wfile.flush()

    def _cut(self) -> None:
        self.close_connection = True
        with suppress(OSError):
            # A reset, not an orderly end: what is not yet sent is thrown away.
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
            self.connection.close()
