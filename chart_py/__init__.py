"""chart_py: JupyterHub on Kubernetes in typed Python.

    from chart_py import load_values, render

    manifests = render(load_values(["config.yaml"]))

Importing chart_py loads nothing heavy; each name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from chart_py.checks.everything import Result, validate
    from chart_py.checks.rules import check
    from chart_py.context import Context, Secrets
    from chart_py.errors import ChartError, ClusterError, FileError, InputError, NotReadyError, UsageError, ValuesError
    from chart_py.finding import Finding, Level, Place
    from chart_py.manifest.documents import to_documents
    from chart_py.rendering import context_for, render
    from chart_py.values.load import Loaded, load_values
    from chart_py.values.root import Values

_HOME = {
    "ChartError": "errors",
    "ClusterError": "errors",
    "Context": "context",
    "FileError": "errors",
    "Finding": "finding",
    "InputError": "errors",
    "Level": "finding",
    "Loaded": "values.load",
    "NotReadyError": "errors",
    "Place": "finding",
    "Result": "checks.everything",
    "Secrets": "context",
    "UsageError": "errors",
    "Values": "values.root",
    "ValuesError": "errors",
    "check": "checks.rules",
    "context_for": "rendering",
    "load_values": "values.load",
    "render": "rendering",
    "to_documents": "manifest.documents",
    "validate": "checks.everything",
}

__all__ = [
    "ChartError",
    "ClusterError",
    "Context",
    "FileError",
    "Finding",
    "InputError",
    "Level",
    "Loaded",
    "NotReadyError",
    "Place",
    "Result",
    "Secrets",
    "UsageError",
    "Values",
    "ValuesError",
    "check",
    "context_for",
    "load_values",
    "render",
    "to_documents",
    "validate",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'chart_py' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"chart_py.{_HOME[name]}"), name)
    return value
