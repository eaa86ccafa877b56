"""Owns what a person does with a browser: pages through the release's public address, with cookies."""

from __future__ import annotations

import http.client
import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http.cookiejar import CookieJar
from typing import Any

from tests.end_to_end.network import Network
from tests.end_to_end.probe import WireConnection

HOST = "hub.example.org"


@dataclass(frozen=True)
class Page:
    """What a request ended with, redirects followed."""

    status: int
    url: str
    text: str

    @property
    def path(self) -> str:
        """The path at which it ended."""
        return urllib.parse.urlsplit(self.url).path

    def json(self) -> Any:
        """The answer's value."""
        return json.loads(self.text)


class Browser:
    """One person's browser at hub.example.org, which is `address`: by http, or with `tls` by https."""

    def __init__(self, network: Network, address: str, tls: ssl.SSLContext | None = None) -> None:
        self.cookies = CookieJar()
        self._scheme = "https" if tls else "http"
        wires = [_Http(network, address), *([_Https(network, address, tls)] if tls else [])]
        handlers = (*wires, urllib.request.HTTPCookieProcessor(self.cookies))
        self._opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), *handlers)

    def get(self, path: str) -> Page:
        """GET a path."""
        return self._page(self._request("GET", path))

    def post(self, path: str, form: Mapping[str, str]) -> Page:
        """Send a form, with the token against forgery that the last page at this place brought."""
        xsrf = self._xsrf(path)
        data = urllib.parse.urlencode({**form, "_xsrf": xsrf}).encode()
        return self._page(self._request("POST", path, data))

    def log_in(self, name: str, password: str) -> Page:
        """Fill in the login form; the page that follows."""
        self.get("/hub/login")
        return self.post("/hub/login", {"username": name, "password": password})

    def ask(self, path: str) -> Page:
        """GET a path of the hub's API as a page's own script does, with the token against forgery."""
        return self.get(self._with_xsrf(path))

    def events(self, path: str) -> Iterator[dict[str, Any]]:
        """The events of a stream of the hub's API, until it ends."""
        with self._opener.open(self._request("GET", self._with_xsrf(path)), timeout=120) as answer:
            for line in answer:
                if line.startswith(b"data:"):
                    yield json.loads(line.removeprefix(b"data:"))

    def _request(self, method: str, path: str, data: bytes | None = None) -> urllib.request.Request:
        return urllib.request.Request(f"{self._scheme}://{HOST}{path}", data, method=method)

    def _page(self, request: urllib.request.Request) -> Page:
        try:
            with self._opener.open(request, timeout=120) as answer:
                return Page(answer.status, answer.url, answer.read().decode())
        except urllib.error.HTTPError as error:
            with error:
                return Page(error.code, error.url, error.read().decode())

    def _with_xsrf(self, path: str) -> str:
        return f"{path}{'&' if '?' in path else '?'}_xsrf={urllib.parse.quote(self._xsrf(path))}"

    def _xsrf(self, path: str) -> str:
        fitting = [each for each in self.cookies if each.name == "_xsrf" and path.startswith(each.path.rstrip("/"))]
        longest = max(fitting, key=lambda each: len(each.path), default=None)
        return (longest.value or "") if longest else ""


class _Http(urllib.request.HTTPHandler):
    def __init__(self, network: Network, address: str) -> None:
        super().__init__()
        self._place = (network, address)

    def http_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        network, address = self._place

        def connection(host: str, timeout: float = 120.0, **_: Any) -> WireConnection:
            return WireConnection(network, address, 80, host, seconds=timeout)

        return self.do_open(connection, request)


class _Https(urllib.request.HTTPSHandler):
    def __init__(self, network: Network, address: str, tls: ssl.SSLContext) -> None:
        super().__init__()
        self._place, self._tls = (network, address), tls

    def https_open(self, request: urllib.request.Request) -> http.client.HTTPResponse:
        network, address = self._place

        def connection(host: str, timeout: float = 120.0, **_: Any) -> WireConnection:
            return WireConnection(network, address, 443, host, self._tls, timeout)

        return self.do_open(connection, request)
