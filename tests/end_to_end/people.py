"""Owns what people do with a hub, step by step."""

from __future__ import annotations

import re
from typing import Any

from tests.end_to_end.browser import Browser, Page
from tests.end_to_end.cluster import Cluster, Release

PASSWORD = "open-sesame-open"
Json = dict[str, Any]


class Person:
    """Somebody with a browser at a release's public address."""

    def __init__(self, release: Release, name: str) -> None:
        self.name = name
        self.cluster: Cluster = release.cluster
        self.browser = Browser(self.cluster.network, self.cluster.service_address(release.namespace, "proxy-public"))

    def wait_for_hub(self) -> None:
        """Try again and again until the hub answers."""
        self.cluster.wait("the hub answers", lambda: self.browser.get("/hub/health").status == 200)

    def log_in(self, password: str = PASSWORD) -> Page:
        """Log in; the page that follows."""
        return self.browser.log_in(self.name, password)

    def start(self, profile: str) -> list[Json]:
        """Choose a profile, see the progress page, wait there; what that page was told."""
        page = self.browser.post("/hub/spawn", {"profile": profile})
        assert (page.status, page.path) == (200, f"/hub/spawn-pending/{self.name}")
        assert f"/hub/api/users/{self.name}/server/progress" in page.text
        return list(self.browser.events(f"/hub/api/users/{self.name}/server/progress"))

    def visit(self, owner: str, path: str = "files/welcome.txt") -> Page:
        """Open a page of somebody's server, logged in by the hub on the way."""
        return self.browser.get(f"/user/{owner}/{path}")

    def ask(self, owner: str, path: str = "api/status") -> Page:
        """Ask the API of somebody's server, as the pages of a server that one has visited do."""
        return self.browser.ask(f"/user/{owner}/{path}")

    def confirm(self, page: Page) -> Page:
        """Agree to what the hub asks before an admin enters somebody's server."""
        scopes = re.findall(r'name="scopes"[^>]*?value="([^"]*)"', page.text)
        return self.browser.post(page.url.partition("hub.example.org")[2], {"scopes": scopes[0]})

    def users(self) -> dict[str, Json]:
        """What the hub tells this person about users, by name."""
        answer = self.browser.ask("/hub/api/users")
        assert answer.status == 200, answer.text
        return {user["name"]: user for user in answer.json()}
