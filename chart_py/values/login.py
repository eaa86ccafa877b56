"""Who may log in by `hub.config`: today's authenticators, the sections that each reads, the traits that let people in.

Facts of JupyterHub 5.5.0, oauthenticator 17.4.0 and the other authenticators of the hub's image; tests hold those of
them that are installed to what is said here.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from chart_py.values.login_python import lets_in


class Door(enum.Enum):
    """Whom an authenticator lets in as long as nothing is said: everyone, no one, or admins alone."""

    OPEN = "everyone"
    CLOSED = "no one"
    ADMINS = "admins"


class Authenticator(NamedTuple):
    """The class's own section of hub.config, and whom it lets in by itself."""

    section: str
    door: Door

    @property
    def sections(self) -> tuple[str, ...]:
        """All sections of hub.config that the class reads: its own, and those of the classes that it is made of."""
        if self.door is not Door.ADMINS:
            return ("Authenticator", self.section)
        if self.section.startswith("Local"):
            return ("Authenticator", "OAuthenticator", self.section[5:], "LocalAuthenticator", self.section)
        return ("Authenticator", "OAuthenticator", self.section)


AUTHENTICATORS: dict[str, Authenticator] = {
    "dummy": Authenticator("DummyAuthenticator", Door.OPEN),
    "jupyterhub.auth.DummyAuthenticator": Authenticator("DummyAuthenticator", Door.OPEN),
    "firstuse": Authenticator("FirstUseAuthenticator", Door.OPEN),
    "firstuseauthenticator": Authenticator("FirstUseAuthenticator", Door.OPEN),
    "firstuseauthenticator.FirstUseAuthenticator": Authenticator("FirstUseAuthenticator", Door.OPEN),
    "hmacauthenticator.HMACAuthenticator": Authenticator("HMACAuthenticator", Door.CLOSED),
    "ldap": Authenticator("LDAPAuthenticator", Door.CLOSED),
    "ldapauthenticator": Authenticator("LDAPAuthenticator", Door.CLOSED),
    "ldapauthenticator.LDAPAuthenticator": Authenticator("LDAPAuthenticator", Door.CLOSED),
    "ltiauthenticator.LTIAuthenticator": Authenticator("LTI11Authenticator", Door.CLOSED),
    "ltiauthenticator.lti11.auth.LTI11Authenticator": Authenticator("LTI11Authenticator", Door.CLOSED),
    "ltiauthenticator.lti13.auth.LTI13Authenticator": Authenticator("LTI13Authenticator", Door.CLOSED),
    "native": Authenticator("NativeAuthenticator", Door.CLOSED),
    "nativeauthenticator.NativeAuthenticator": Authenticator("NativeAuthenticator", Door.CLOSED),
    "shared-password": Authenticator("SharedPasswordAuthenticator", Door.CLOSED),
    "tmp": Authenticator("TmpAuthenticator", Door.CLOSED),
    "tmpauthenticator.TmpAuthenticator": Authenticator("TmpAuthenticator", Door.CLOSED),
}
"""Authenticators by what `authenticator_class` calls them; those of oauthenticator are found by `authenticator`."""

OAUTH = {
    "auth0": "Auth0OAuthenticator",
    "azuread": "AzureAdOAuthenticator",
    "bitbucket": "BitbucketOAuthenticator",
    "cilogon": "CILogonOAuthenticator",
    "generic-oauth": "GenericOAuthenticator",
    "github": "GitHubOAuthenticator",
    "gitlab": "GitLabOAuthenticator",
    "globus": "GlobusOAuthenticator",
    "google": "GoogleOAuthenticator",
    "mediawiki": "MWOAuthenticator",
    "openshift": "OpenShiftOAuthenticator",
}
"""oauthenticator's classes by their short names; each but mediawiki's has a `local-` one too."""


def authenticator(class_name: Any) -> Authenticator | None:
    """What is known of an authenticator by its name in hub.config; None of a class that is the user's own."""
    if not isinstance(class_name, str):
        return None
    if class_name in AUTHENTICATORS:
        return AUTHENTICATORS[class_name]
    short = class_name.removeprefix("local-")
    if short in OAUTH:
        return Authenticator(("" if short == class_name else "Local") + OAUTH[short], Door.ADMINS)
    module, _, name = class_name.rpartition(".")
    if module.split(".")[0] == "oauthenticator" and name.removeprefix("Local") in OAUTH.values():
        return Authenticator(name, Door.ADMINS)
    return None


def lists(config: Mapping[str, Any], sections: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Each trait in these sections of `hub.config` by which a class lets people in, with its value."""
    for name in sections:
        traits = config.get(name)
        for trait, value in traits.items() if isinstance(traits, dict) else ():
            if trait in ("idps", "allowed_idps"):
                kinds = [idp for idp in value.values() if isinstance(idp, dict)] if isinstance(value, dict) else []
                yield trait, [idp for idp in kinds if idp.get("allow_all") or idp.get("allowed_domains")]
            elif lets_in(trait):
                yield trait, value


def admins(config: Mapping[str, Any], sections: Iterable[str]) -> bool:
    """Whether these sections, or JupyterHub's own, make people or groups admins."""
    found = [traits for name in sections if isinstance(traits := config.get(name), dict)]
    if any(value and trait.startswith("admin_") for traits in found for trait, value in traits.items()):
        return True
    hub = config.get("JupyterHub")
    return bool(isinstance(hub, dict) and hub.get("admin_users"))
