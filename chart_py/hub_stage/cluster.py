"""Owns the cluster that a rehearsed KubeSpawner talks to: it accepts every object, keeps it, and runs every pod."""

from __future__ import annotations

from typing import Any

from chart_py.hub_stage.plain import plain


class Accepting:
    """Kubernetes' API as far as KubeSpawner asks it: what is created is kept in `created`, what is read is not there.

    The methods are coroutines; `plainly` has them as functions, for KubeSpawners that call them in threads.
    """

    def __init__(self) -> None:
        self.created: list[dict[str, Any]] = []
        self.pods: dict[str, dict[str, Any]] = {}

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        if name.startswith("create_"):
            return self._create
        if name.startswith("read_"):
            return self._missing
        return self._nothing

    async def _create(self, *given: Any, **named: Any) -> Any:
        return self.keep(*given, **named)

    async def _missing(self, *_: Any, **__: Any) -> Any:
        raise not_found()

    async def _nothing(self, *_: Any, **__: Any) -> Any:
        return None

    def keep(self, *given: Any, **named: Any) -> Any:
        """Keep what is to be created, and have a pod run at once."""
        body = named.get("body", given[-1] if given else None)
        namespace = named.get("namespace") or (given[0] if len(given) > 1 else None)
        obj = plain(body)
        self.created.append({"namespace": namespace, "object": obj})
        if isinstance(obj, dict) and obj.get("kind") == "Pod":
            name = obj["metadata"]["name"]
            self.pods[f"{namespace}/{name}"] = self.pods[name] = running(obj)
        return body


def running(pod: dict[str, Any]) -> dict[str, Any]:
    """The pod as the API shows it once all its containers run."""
    containers = (pod.get("spec") or {}).get("containers") or []
    names = [each.get("name") for each in containers if isinstance(each, dict)]
    statuses: list[dict[str, Any]] = [{"name": name, "ready": True, "state": {"running": {}}} for name in names]
    status = {"phase": "Running", "podIP": "10.0.0.1", "containerStatuses": statuses}
    return {**pod, "metadata": {**pod["metadata"], "uid": "rehearsed"}, "status": status}


def not_found() -> Exception:
    """What the client raises for an object that is not there."""
    from importlib import import_module

    try:
        module = import_module("kubernetes_asyncio.client.rest")
    except ImportError:
        module = import_module("kubernetes.client.rest")
    error: Exception = module.ApiException(status=404, reason="Not Found")
    return error


class Seen:
    """What a reflector has seen: the pods of this cluster."""

    def __init__(self, cluster: Accepting) -> None:
        self.pods = cluster.pods
        self.events: list[Any] = []
