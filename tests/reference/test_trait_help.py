"""The table of help texts and defaults says what the packages of the hub's image say themselves."""

from __future__ import annotations

import importlib.metadata
import importlib.util
import warnings
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from chart_py.checks.hub import image as hub_image
from chart_py.reference import trait_help

SCRIPT = Path(__file__).parents[2] / "scripts" / "make-hub-tables"
pytestmark = pytest.mark.usefixtures("hub_software")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """scripts/make-hub-tables as a module."""
    loader = SourceFileLoader("make_hub_tables", str(SCRIPT))
    spec = importlib.util.spec_from_loader("make_hub_tables", loader)
    assert spec
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def made(maker: ModuleType) -> dict[str, Any]:
    """The table made of the packages that the tests run with."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        table: dict[str, Any] = maker.help_table()
    return table


def test_the_table_is_what_the_packages_say(made: dict[str, Any]) -> None:
    """Of the packages that are here in the image's version; traitlets may be newer here."""
    same = {name for name, version in made["packages"].items() if trait_help._table()["packages"].get(name) == version}
    assert {"jupyterhub", "jupyterhub-kubespawner", "oauthenticator"} <= same
    kept = trait_help._table()
    assert made["services"] == kept["services"]
    assert made["scopes"] == kept["scopes"]
    for name in set(made["classes"]) & set(kept["classes"]):
        if "traitlets" in same or name not in ("Application", "SingletonConfigurable", "Configurable"):
            assert made["classes"][name] == kept["classes"][name], f"{name}: run scripts/make-hub-tables"


def test_it_has_the_classes_of_the_table_of_checks() -> None:
    kept = trait_help._table()
    assert set(kept["classes"]) == set(hub_image.class_names())
    assert set(kept["services"]) == set(hub_image.service_fields())
    assert set(kept["scopes"]) == set(hub_image.scopes())
    for name, version in kept["packages"].items():
        assert hub_image.packages()[name] == version


def test_defaults_are_those_of_instances() -> None:
    """What a trait's default is said to be, a Spawner and an Authenticator have."""
    from jupyterhub.auth import Authenticator, DummyAuthenticator
    from kubespawner import KubeSpawner
    from oauthenticator.github import GitHubOAuthenticator

    for cls, names in (
        (GitHubOAuthenticator, ("authorize_url", "scope", "allow_all", "username_claim", "enable_auth_state")),
        (DummyAuthenticator, ("password", "allow_all", "admin_users")),
        (Authenticator, ("auto_login", "username_pattern")),
    ):
        for name in names:
            value = getattr(cls(), name)
            told = trait_help.of_trait(cls.__name__, name).default
            assert trait_help.data(told) == (sorted(value) if isinstance(value, set) else value), name
    assert trait_help.of_trait("KubeSpawner", "start_timeout").default == str(KubeSpawner.start_timeout.default_value)


def test_the_licenses_of_those_whose_texts_they_are_come_along(maker: ModuleType) -> None:
    notice = maker.NOTICE.read_text(encoding="utf-8")
    for name, version in trait_help._table()["packages"].items():
        title = f"{importlib.metadata.distribution(name).metadata['Name']} {version}"
        assert f"\n{title}\n" in notice
    assert notice.count("Redistribution and use in source and binary forms") == len(trait_help._table()["packages"])
