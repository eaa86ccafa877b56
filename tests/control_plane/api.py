"""Owns plain requests to the API server with nothing but the standard library, for the control plane's own needs."""

from __future__ import annotations

import json
import ssl
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

from tests.control_plane.errors import ControlPlaneError

Json = dict[str, Any]

APPLY = "application/apply-patch+yaml"
MERGE = "application/merge-patch+json"
STRATEGIC = "application/strategic-merge-patch+json"

FIELD_MANAGER = "control-plane-test"


class ApiError(ControlPlaneError):
    """A request that the API server refused: `status` is the HTTP status, `reason` the machine-readable word."""

    def __init__(self, status: int, reason: str, message: str) -> None:
        super().__init__(f"{status} {reason}: {message}")
        self.status = status
        self.reason = reason


class Api:
    """Requests to one server as one user; bodies and answers are JSON objects."""

    def __init__(self, server: str, authority: Path, token: str) -> None:
        self.server = server
        self._token = token
        # No proxy of the environment: the server is on loopback.
        context = ssl.create_default_context(cafile=str(authority))
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )
        self._resources: dict[str, dict[str, Json]] = {}

    def text(self, method: str, path: str, body: Json | None = None, content: str = "application/json") -> str:
        """Send a request; return the answer's text. ApiError if refused, OSError if the server is not there."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Bearer {self._token}", "Content-Type": content, "Accept": "*/*"}
        request = urllib.request.Request(self.server + path, data, headers, method=method)
        try:
            with self._opener.open(request, timeout=30) as answer:
                text: str = answer.read().decode()
                return text
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode(errors="replace")
            try:
                status = json.loads(text)
            except ValueError:
                raise ApiError(error.code, str(error.reason), text.strip()) from None
            raise ApiError(error.code, status.get("reason", ""), status.get("message", text)) from None

    def json(self, method: str, path: str, body: Json | None = None, content: str = "application/json") -> Json:
        """Send a request; return the answer's object."""
        answer: Json = json.loads(self.text(method, path, body, content))
        return answer

    def path(self, wanted: Json, namespace: str | None = None) -> str:
        """Return the path of the object `wanted`, which needs apiVersion, kind and metadata.name.

        A namespaced object without a namespace of its own gets `namespace`, or "default".
        """
        version, kind = wanted["apiVersion"], wanted["kind"]
        root = f"/api/{version}" if "/" not in version else f"/apis/{version}"
        if kind not in self._resources.get(version, {}):
            listed = self.json("GET", root)["resources"]
            self._resources[version] = {each["kind"]: each for each in listed if "/" not in each["name"]}
        if kind not in self._resources[version]:
            raise ControlPlaneError(f"the API server knows no {kind} of {version}")
        resource = self._resources[version][kind]
        where = ""
        if resource["namespaced"]:
            where = f"/namespaces/{wanted['metadata'].get('namespace') or namespace or 'default'}"
        return f"{root}{where}/{resource['name']}/{urllib.parse.quote(wanted['metadata']['name'])}"

    def apply(self, wanted: Json, namespace: str | None = None, manager: str = FIELD_MANAGER) -> Json:
        """Apply an object on the server's side, by force; return it as it is now."""
        query = urllib.parse.urlencode({"fieldManager": manager, "force": "true"})
        return self.json("PATCH", f"{self.path(wanted, namespace)}?{query}", wanted, APPLY)

    def get(self, wanted: Json, namespace: str | None = None) -> Json:
        """Return the live object that `wanted` names."""
        return self.json("GET", self.path(wanted, namespace))

    def patch(self, wanted: Json, patch: Json, subresource: str = "", namespace: str | None = None) -> Json:
        """Patch an object, or with "/status" its status (strategic merge); return it as it is now."""
        path = self.path(wanted, namespace) + subresource
        return self.json("PATCH", f"{path}?fieldManager={FIELD_MANAGER}", patch, STRATEGIC)

    def delete(self, wanted: Json, namespace: str | None = None) -> None:
        """Delete an object, its dependents in the background; an object that is not there is fine."""
        try:
            self.json("DELETE", self.path(wanted, namespace), {"propagationPolicy": "Background"})
        except ApiError as error:
            if error.status != 404:
                raise
