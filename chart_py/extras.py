"""Owns which packages come with which extra, and what is said where one is missing."""

from __future__ import annotations

from importlib.util import find_spec

from chart_py.errors import ChartError

EXTRAS = {
    "kubernetes": "cluster",
    "rich": "cluster",
    "urllib3": "cluster",
    "cryptography": "checks",
    "jsonschema": "checks",
}
"""Package → the extra of chart_py that brings it. A render needs none of them."""


class MissingPackageError(ChartError):
    """A package of an extra is not installed: `package`, the `extra` that brings it, and the `command` to run."""

    def __init__(self, package: str, extra: str) -> None:
        self.package = package
        self.extra = extra
        self.command = f"python -m pip install 'chart_py[{extra}]'"
        super().__init__(package, extra)

    def __str__(self) -> str:
        return f"error: this needs the package {self.package}, which is not installed\n   Run: {self.command}"


def need(*packages: str) -> None:
    """Raise MissingPackageError for the first of `packages` (keys of `EXTRAS`) that is not installed."""
    for package in packages:
        if find_spec(package) is None:
            raise MissingPackageError(package, EXTRAS[package])
