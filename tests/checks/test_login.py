"""A login that nobody can pass is found, and no other: held to what the real authenticators do."""

from __future__ import annotations

import asyncio
import importlib.metadata
import io
from typing import Any

import pytest
import yaml

from chart_py.checks.login.allowed import login
from chart_py.finding import dotted
from chart_py.values.load import load_values
from chart_py.values.login import AUTHENTICATORS, OAUTH, Door, authenticator


def said(config: dict[str, Any], **hub: Any) -> list[str]:
    """The codes of what is found about a hub.config."""
    text = yaml.safe_dump({"hub": {"config": config, **hub}})
    return [finding.code for finding in login(load_values([io.StringIO(text)]))]


def chosen(name: str, **sections: dict[str, Any]) -> dict[str, Any]:
    return {"JupyterHub": {"authenticator_class": name}, **sections}


PEOPLE: list[dict[str, Any]] = [
    {},
    {"Authenticator": {"allow_all": True}},
    {"Authenticator": {"allow_all": False}},
    {"Authenticator": {"allowed_users": ["ada"]}},
    {"Authenticator": {"allowed_users": []}},
    {"Authenticator": {"admin_users": ["ada"]}},
    {"Authenticator": {"allow_existing_users": True}},
    {"OAuthenticator": {"allow_all": True}},
    {"OAuthenticator": {"admin_users": ["ada"]}},
    {"LocalAuthenticator": {"allowed_users": ["ada"]}},
    {"Authenticator": {"blocked_users": ["bob"]}},
    {"SomeOtherAuthenticator": {"allow_all": True}},
]
MODULES = {name: f"oauthenticator.{name.removeprefix('generic-').removesuffix('-oauth')}" for name in OAUTH}
MODULES["generic-oauth"] = "oauthenticator.generic"
CLASSES = [
    *((name, MODULES[name], cls) for name, cls in OAUTH.items() if name != "cilogon"),
    *(
        (f"local-{name}", MODULES[name], f"Local{cls}")
        for name, cls in OAUTH.items()
        if name not in ("cilogon", "mediawiki")
    ),
    ("oauthenticator.generic.GenericOAuthenticator", "oauthenticator.generic", "GenericOAuthenticator"),
    ("dummy", "jupyterhub.auth", "DummyAuthenticator"),
    ("shared-password", "jupyterhub.authenticators.shared", "SharedPasswordAuthenticator"),
    ("ldap", "ldapauthenticator", "LDAPAuthenticator"),
    ("firstuse", "firstuseauthenticator", "FirstUseAuthenticator"),
    ("hmacauthenticator.HMACAuthenticator", "hmacauthenticator", "HMACAuthenticator"),
    ("ltiauthenticator.lti11.auth.LTI11Authenticator", "ltiauthenticator.lti11.auth", "LTI11Authenticator"),
    ("ltiauthenticator.lti13.auth.LTI13Authenticator", "ltiauthenticator.lti13.auth", "LTI13Authenticator"),
    ("tmp", "tmpauthenticator", "TmpAuthenticator"),
]


def gets_in(cls: Any, sections: dict[str, Any]) -> bool:
    """Whether the real class lets `ada` in, once she has passed its login and is in the hub's database as an admin."""
    from traitlets.config import Config  # type: ignore[import-untyped,unused-ignore]

    made = cls(config=Config(sections | {"Auth0OAuthenticator": {"auth0_domain": "a"}}))
    if made.allowed_users:
        # As JupyterHub's own start does it.
        made.allowed_users = made.allowed_users | made.admin_users
    if made.allow_existing_users and not made.allow_all:
        made.allowed_users = made.allowed_users | {"ada"}
    known = {"name": "ada", "admin": "ada" in made.admin_users, "groups": [], "auth_state": {"scope": []}}
    # Providers' own classes let in more, by lists of their own: what they do without is what OAuthenticator does.
    from oauthenticator.oauth2 import OAuthenticator  # type: ignore[import-untyped,unused-ignore]

    asked = OAuthenticator.check_allowed if isinstance(made, OAuthenticator) else cls.check_allowed
    return bool(made.allow_all or asyncio.run(_answer(asked(made, "ada", known))))


async def _answer(found: Any) -> Any:
    return await found if asyncio.iscoroutine(found) else found


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("name", "module", "cls"), CLASSES, ids=[name for name, *_ in CLASSES])
def test_as_the_real_class_does(name: str, module: str, cls: str) -> None:
    real = getattr(pytest.importorskip(module, reason="pip install chart_py[hub]", exc_type=ImportError), cls)
    for sections in PEOPLE:
        assert bool(said(chosen(name, **sections))) is not gets_in(real, sections), sections


@pytest.mark.filterwarnings("ignore")
def test_the_short_names_are_the_real_ones() -> None:
    """Every authenticator that an installed package registers is known here, and is the class that is said here."""
    pytest.importorskip("oauthenticator", reason="pip install chart_py[hub]")
    registered = importlib.metadata.entry_points(group="jupyterhub.authenticators")
    known = {entry.name: entry.value.partition(":")[2] for entry in registered}
    for name in ("null", "pam", "default"):
        assert authenticator(name) is None
        known.pop(name)
    assert {name: authenticator(name).section for name in known} == known  # type: ignore[union-attr]


def test_nothing_is_said_where_something_else_may_decide() -> None:
    closed = chosen("github")
    assert said(closed) == ["nobody-can-log-in"]
    assert said(closed, extraConfig={"a": "c.Authenticator.allow_all = True"}) == []
    assert said(closed, extraConfig={"a": "c.KubeSpawner.cmd = 1"}) == ["nobody-can-log-in"]
    assert said(closed, existingSecret="mine") == []
    assert said(closed, args=["jupyterhub", "--config", "/my/own.py"]) == []
    assert said(chosen("my.own.Authenticator")) == []
    assert said(chosen("null")) == []
    assert said({}) == []
    assert said(chosen("github", Authenticator={"any_allow_config": True})) == []
    assert said(chosen("github", GitHubOAuthenticator={"allowed_organizations": ["a"]})) == []
    assert said(chosen("github", GitHubOAuthenticator={"allowed_organizations": []})) == ["nobody-can-log-in"]
    assert said(chosen("auth0", Auth0OAuthenticator={"allow_unverified_email": True})) == ["nobody-can-log-in"]


def test_cilogon_asks_for_its_providers() -> None:
    everyone = {"Authenticator": {"allow_all": True}}
    provider = {"https://idp.example.org": {"username_derivation": {"username_claim": "email"}}}
    open_provider = {"https://idp.example.org": {"username_derivation": {"username_claim": "email"}, "allow_all": True}}
    assert said(chosen("cilogon", **everyone)) == ["cilogon-idps"]
    assert said(chosen("cilogon", CILogonOAuthenticator={"idps": provider}, **everyone)) == []
    assert said(chosen("cilogon", CILogonOAuthenticator={"allowed_idps": provider}, **everyone)) == []
    assert said(chosen("cilogon", CILogonOAuthenticator={"allowed_idps": open_provider})) == []
    assert said(chosen("cilogon", CILogonOAuthenticator={"idps": provider})) == ["nobody-can-log-in"]
    assert said(chosen("cilogon")) == ["cilogon-idps", "nobody-can-log-in"]


def test_it_stands_at_the_word_that_chose_the_login() -> None:
    text = "hub:\n  config:\n    JupyterHub: {authenticator_class: github}\n"
    (finding,) = login(load_values([io.StringIO(text)]))
    assert finding.text(200) == (
        "values:3:18: warning: hub.config.JupyterHub.authenticator_class: nobody can log in with this configuration: "
        "no user is allowed\n"
        "    3 |     JupyterHub: {authenticator_class: github}\n"
        "      |                  ^^^^^^^^^^^^^^^^^^^\n"
        "   Let in everyone who passes the login: hub.config.Authenticator.allow_all: true\n"
        "   or name users: hub.config.Authenticator.allowed_users: [ada, grace]\n"
        "   or organizations: hub.config.GitHubOAuthenticator.allowed_organizations: [my-university]"
    )
    old = load_values([io.StringIO("auth:\n  type: cilogon\n")])
    (finding,) = login(old)
    assert (finding.code, str(finding.place), dotted(finding.path)) == ("cilogon-idps", "values:2:3", "auth.type")


def test_the_table_is_whole() -> None:
    assert {known.door for known in AUTHENTICATORS.values()} == {Door.OPEN, Door.CLOSED}
    assert authenticator("oauthenticator.okpy.OkpyOAuthenticator") is None
