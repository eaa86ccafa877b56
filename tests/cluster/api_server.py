"""Owns a small HTTPS server that answers as an empty API server does, for tests of logins and connections."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.certificate import self_signed


class EmptyServer(ThreadingHTTPServer):
    """Knows `token`; `asked` has the token of each request. Whoever has none is anonymous and may nothing."""

    daemon_threads = True
    token = "the-right-token"

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[str] = []
        certificate, key = self_signed(datetime.now(timezone.utc), "localhost")
        self.authority = folder / "authority.pem"
        self.authority.write_text(certificate, encoding="utf-8")
        (folder / "key.pem").write_text(key, encoding="utf-8")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.authority, folder / "key.pem")
        self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"https://localhost:{self.server_port}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that does not trust the server says so by itself."""


class _Handler(BaseHTTPRequestHandler):
    server: EmptyServer

    def do_GET(self) -> None:
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        self.server.asked.append(token)
        if not token:
            said = 'secrets is forbidden: User "system:anonymous" cannot list resource "secrets" in API group ""'
            self._answer(403, {"kind": "Status", "status": "Failure", "reason": "Forbidden", "message": said})
        elif token != self.server.token:
            self._answer(401, {"kind": "Status", "status": "Failure", "reason": "Unauthorized", "message": "no"})
        else:
            self._answer(200, {"kind": "List", "items": [], "metadata": {"resourceVersion": "1"}})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: Any) -> None:
        return


@contextmanager
def empty_server(folder: Path) -> Iterator[EmptyServer]:
    """A server while it is needed."""
    with EmptyServer(folder) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
