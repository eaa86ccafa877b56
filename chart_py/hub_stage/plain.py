"""Owns plain data: what JupyterHub, KubeSpawner and users' code hold, as JSON can say it."""

from __future__ import annotations

from typing import Any

_DEEPEST = 40
_SIMPLE = frozenset({str, bool, int, type(None)})
# What tells a class of Kubernetes' client, in its older and newer versions.
_FIELDS = ("openapi_types", "swagger_types")


def plain(value: Any, depth: int = 0) -> Any:
    """`value` as JSON has it; objects of Kubernetes by their fields, what JSON has nothing for by its kind."""
    kind = type(value)
    if kind in _SIMPLE:
        return value
    if depth > _DEEPEST:
        return "…"
    if kind is dict:
        return {str(key): plain(inner, depth + 1) for key, inner in value.items()}
    if kind is list or kind is tuple:
        return [plain(inner, depth + 1) for inner in value]
    return _other(value, depth)


def _other(value: Any, depth: int) -> Any:
    """`plain` of what is no plain list, map, text or number."""
    if isinstance(value, float):
        return value if value == value and value not in (float("inf"), float("-inf")) else str(value)
    if isinstance(value, (str, int)):
        return str.__str__(value) if isinstance(value, str) else int(value)
    if any(isinstance(vars(cls).get(name), dict) for cls in type(value).__mro__ for name in _FIELDS):
        return plain(_serialized(value), depth + 1)
    if type(value).__name__ == "LazyConfigValue":
        return plain(value.to_dict(), depth + 1)
    if isinstance(value, dict):
        return {str(key): plain(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(inner, depth + 1) for inner in value]
    if isinstance(value, (set, frozenset)):
        return sorted((plain(inner, depth + 1) for inner in value), key=repr)
    if isinstance(value, type):
        return {"$class": f"{value.__module__}.{value.__qualname__}"}
    if callable(value):
        code = getattr(value, "__code__", None)
        found = [code.co_filename, code.co_firstlineno] if code else None
        return {"$function": getattr(value, "__name__", type(value).__name__), "at": found}
    if hasattr(value, "isoformat"):
        return value.isoformat()
    return {"$object": type(value).__name__}


def _serialized(value: Any) -> Any:
    try:
        from kubernetes_asyncio.client import ApiClient
    except ImportError:
        from kubernetes.client import ApiClient
    # The method needs nothing of a client that is connected.
    return ApiClient.__new__(ApiClient).sanitize_for_serialization(value)
