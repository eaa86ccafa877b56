"""Importing the parts of the Kubernetes client that a login needs, without those that cost time and serve nothing here.

Half of the import is the client's dynamic, streaming and informing halves, and libraries for OpenID Connect, which are
then loaded when a login by it is renewed. Nothing of this is left behind: who imports `kubernetes` later has it whole.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any, NamedTuple

from chart_py.extras import need

_WANTED = ("kubernetes.config", "kubernetes.client", "kubernetes.client.rest")


class ClientModules(NamedTuple):
    """The modules of the client: `config` reads kubeconfig files, `client` has Configuration, `rest` the pool."""

    config: Any
    client: Any
    rest: Any


def client_modules() -> ClientModules:
    """The client's modules, imported if they are not yet. MissingPackageError: the extra `cluster` is not installed."""
    if not all(name in sys.modules for name in _WANTED):
        need("kubernetes", "urllib3", "rich")
        with _for_now({**_openid(), **_package("kubernetes")}):
            for name in _WANTED:
                importlib.import_module(name)
    return ClientModules(*(sys.modules[name] for name in _WANTED))


@contextlib.contextmanager
def _for_now(stand_ins: dict[str, ModuleType]) -> Iterator[None]:
    """Have stand-ins for modules while others are imported; what is there already stays."""
    mine = {name: module for name, module in stand_ins.items() if name not in sys.modules}
    sys.modules.update(mine)
    try:
        yield
    finally:
        for name in mine:
            del sys.modules[name]


def _package(name: str) -> dict[str, ModuleType]:
    """A package whose modules can be imported, while its own `__init__`, which would import all of them, is not run."""
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        return {}
    module = ModuleType(name)
    module.__spec__ = spec
    module.__path__ = list(spec.submodule_search_locations)
    return {name: module}


def _openid() -> dict[str, ModuleType]:
    """The libraries for OpenID Connect: what the client uses of them is loaded when it is used."""
    return {
        "requests_oauthlib": _Later("requests_oauthlib", OAuth2Session=_session),
        "oauthlib": _Later("oauthlib"),
        "oauthlib.oauth2": _Later("oauthlib.oauth2"),
    }


def _session(*arguments: Any, **words: Any) -> Any:
    return importlib.import_module("requests_oauthlib").OAuth2Session(*arguments, **words)


class _Later(ModuleType):
    """A stand-in whose modules are loaded when somebody looks into it."""

    def __init__(self, name: str, **known: Any) -> None:
        super().__init__(name)
        self.__dict__.update(known)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return importlib.import_module(f"{self.__name__}.{name}")
