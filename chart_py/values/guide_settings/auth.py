"""The old words of `auth`: who may log in, and by what; today `hub.config` with the authenticators' own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from chart_py.values.guide_settings.row import Advice, Map, Old, Row
from chart_py.values.login import authenticator

# auth.type: today's authenticator_class, and the section of hub.config that this class reads.
CLASSES: dict[str, tuple[str, str]] = {
    "dummy": ("dummy", "DummyAuthenticator"),
    "github": ("github", "GitHubOAuthenticator"),
    "google": ("google", "GoogleOAuthenticator"),
    "cilogon": ("cilogon", "CILogonOAuthenticator"),
    "globus": ("globus", "GlobusOAuthenticator"),
    "gitlab": ("gitlab", "GitLabOAuthenticator"),
    "mediawiki": ("mediawiki", "MWOAuthenticator"),
    "azuread": ("azuread", "AzureAdOAuthenticator"),
    "hmac": ("hmacauthenticator.HMACAuthenticator", "HMACAuthenticator"),
    "tmp": ("tmp", "TmpAuthenticator"),
    "lti": ("ltiauthenticator.lti11.auth.LTI11Authenticator", "LTI11Authenticator"),
    "ldap": ("ldapauthenticator.LDAPAuthenticator", "LDAPAuthenticator"),
}
Type = Literal[
    "dummy", "github", "google", "cilogon", "globus", "gitlab", "mediawiki", "azuread", "hmac", "tmp", "lti", "ldap",
    "custom",
]  # fmt: skip
Texts = list[str]

# Classes of 2018 that today's hub image has elsewhere, and those that it has no more.
MOVED_CLASSES = {
    "dummyauthenticator.DummyAuthenticator": "dummy",
    "ltiauthenticator.LTIAuthenticator": "ltiauthenticator.lti11.auth.LTI11Authenticator",
}
REMOVED_CLASSES = {
    "oauthenticator.okpy.OkpyOAuthenticator": "generic-oauth with ok.py's own addresses",
    "oauthenticator.okpy.LocalOkpyOAuthenticator": "generic-oauth with ok.py's own addresses",
    "oauthenticator.awscognito.AWSCognitoAuthenticator": "generic-oauth with Cognito's own addresses",
    "oauthenticator.awscognito.LocalAWSCognitoAuthenticator": "generic-oauth with Cognito's own addresses",
    "oauthenticator.azureadb2c.AzureAdB2COAuthenticator": "azuread with your tenant_id",
    "oauthenticator.azureadb2c.LocalAzureAdB2COAuthenticator": "azuread with your tenant_id",
}

_CONFIG = "logins are configured by hub.config, by the authenticator's own traits"
_LDAP = "auth.ldap"
_TLS = "hub.config.LDAPAuthenticator.tls_strategy"


def section_of(class_name: str) -> str:
    """The section of hub.config that a class reads, given as authenticator_class has it: `github`, `module.Class`."""
    today = MOVED_CLASSES.get(class_name, class_name)
    known = authenticator(today)
    return known.section if known else today.rsplit(".", 1)[-1]


def _type(old: Old) -> Mapping[str, Any]:
    if old.value == "custom":
        return {}
    return {"hub.config.JupyterHub.authenticator_class": CLASSES[old.value][0]}


def _class_name(old: Old) -> Mapping[str, Any]:
    if old.facts.auth_type != "custom":
        return {}
    return {"hub.config.JupyterHub.authenticator_class": MOVED_CLASSES.get(old.value, old.value)}


def _class_config(old: Old) -> Mapping[str, Any]:
    if old.facts.auth_type != "custom" or old.facts.class_name is None:
        return {}
    return {f"hub.config.{section_of(old.facts.class_name)}": old.value}


def _needs_class(old: Old) -> Iterable[Advice]:
    if old.value == "custom" and not old.facts.class_name:
        lines = ("Write auth.custom.className too, such as oauthenticator.generic.GenericOAuthenticator.",)
        yield Advice("auth-custom", "type custom needs the class that it is, in auth.custom.className", lines)


def _class_gone(old: Old) -> Iterable[Advice]:
    if old.facts.auth_type != "custom":
        lines = ("Write auth.type: custom, or take auth.custom out.",)
        yield Advice("auth-custom", f"nothing reads it while auth.type is {old.facts.auth_type}", lines)
    elif old.value in REMOVED_CLASSES:
        yield Advice(
            "class-removed",
            f"today's hub image does not have {old.value} any more",
            (f"Write hub.config.JupyterHub.authenticator_class: {REMOVED_CLASSES[old.value]}.",),
        )


def _config_unread(old: Old) -> Iterable[Advice]:
    if old.facts.auth_type != "custom":
        lines = ("Write auth.type: custom, or take auth.custom out.",)
        yield Advice("auth-custom", f"nothing reads it while auth.type is {old.facts.auth_type}", lines)


def _crypto_keys(old: Old) -> Mapping[str, Any]:
    keys = old.value if isinstance(old.value, list) else [key.strip() for key in old.value.split(";") if key.strip()]
    return {"hub.config.CryptKeeper.keys": keys}


def _tls_strategy(old: Old) -> Mapping[str, Any]:
    return {_TLS: "on_connect" if old.value else "before_bind"}


def _lookup(old: Old) -> Iterable[Advice]:
    around: Any = old.around
    user: Any = around.get("user")
    if old.value and not (isinstance(user, dict) and "useLookupName" in user):
        yield Advice(
            "ldap-lookup-name",
            "people are now called by the name that they type, not by the one that the lookup finds",
            ("Write hub.config.LDAPAuthenticator.use_lookup_dn_username: true to keep the names that they had.",),
        )


def _escape(old: Old) -> Iterable[Advice]:
    yield Advice(
        "no-effect", "nothing does this any more: names are always escaped since ldapauthenticator 2.0",
        ("You may take the line out.",),
    )  # fmt: skip


def _config(section: str, words: Mapping[str, tuple[str, Any]], why: str = _CONFIG) -> Iterable[Row]:
    """Rows of `auth.SECTION.WORD`: each word with the trait that it became and the type that it has."""
    _, cls = CLASSES[section]
    for word, (trait, due) in words.items():
        yield Row(f"auth.{section}.{word}", (f"hub.config.{cls}.{trait}",), due, why)


def _oauth(section: str, **more: tuple[str, Any]) -> Iterable[Row]:
    common: dict[str, tuple[str, Any]] = {
        "clientId": ("client_id", str),
        "clientSecret": ("client_secret", str),
        "callbackUrl": ("oauth_callback_url", str),
        "scopes": ("scope", Texts),
    }
    return _config(section, common | more)


def _ldap(word: str, trait: str, due: Any, **more: Any) -> Row:
    return Row(f"{_LDAP}.{word}", (f"hub.config.LDAPAuthenticator.{trait}",), due, _CONFIG, **more)


def _ldap_tls(word: str) -> Row:
    why = "ldapauthenticator 2.0 names how it encrypts: on_connect is what ssl was, before_bind is its default"
    return Row(f"{_LDAP}.{word}", (_TLS,), bool, why, change=_tls_strategy)


_NAMES = "JupyterHub has called it so since 1.2"

AUTH: tuple[Row, ...] = (
    Row("auth.type", ("hub.config.JupyterHub.authenticator_class",), Type, _CONFIG, change=_type, lost=_needs_class),
    *_config("dummy", {"password": ("password", str)}),
    *_oauth("github", orgWhitelist=("allowed_organizations", Texts), org_whitelist=("allowed_organizations", Texts)),
    *_oauth("google", hostedDomain=("hosted_domain", str | Texts), loginService=("login_service", str)),
    *_oauth("cilogon"),
    *_oauth("globus", identityProvider=("identity_provider", str)),
    *_oauth(
        "gitlab",
        gitlabUrl=("gitlab_url", str),
        gitlabGroupWhitelist=("allowed_gitlab_groups", Texts),
        gitlabProjectIdWhitelist=("allowed_project_ids", list[int]),
    ),
    *_oauth("mediawiki", indexUrl=("mw_index_url", str)),
    *_oauth("azuread", tenantId=("tenant_id", str), usernameClaim=("username_claim", str)),
    *_config("hmac", {"secretKey": ("secret_key", str)}),
    *_config("lti", {"consumers": ("consumers", dict[str, str])}, "LTI 1.1 has a class of its own name now"),
    Row("auth.tmp", ("hub.config.TmpAuthenticator",), Map, _CONFIG),
    _ldap("server.address", "server_address", str),
    _ldap("server.port", "server_port", int),
    *map(_ldap_tls, ("server.ssl", "server.use_ssl", "server.useSsl", "use_ssl", "useSsl")),
    _ldap("allowedGroups", "allowed_groups", Texts),
    _ldap("dn.templates", "bind_dn_template", Texts | str),
    _ldap("dn.lookup", "lookup_dn", bool, lost=_lookup),
    _ldap("dn.search.filter", "lookup_dn_search_filter", str),
    _ldap("dn.search.user", "lookup_dn_search_user", str),
    _ldap("dn.search.password", "lookup_dn_search_password", str),
    _ldap("dn.search.dnAttribute", "lookup_dn_user_dn_attribute", str),
    _ldap("dn.user.dnAttribute", "lookup_dn_user_dn_attribute", str),
    _ldap("dn.user.searchBase", "user_search_base", str),
    _ldap("dn.user.attribute", "user_attribute", str),
    _ldap("dn.user.escape", "escape_userdn", bool, lost=_escape),
    _ldap("dn.user.validRegex", "valid_username_regex", str),
    _ldap("dn.user.useLookupName", "use_lookup_dn_username", bool),
    Row(f"{_LDAP}.user", (), Map, "nothing ever did; what is meant stands in auth.ldap.dn.user"),
    Row(
        "auth.custom.className", ("hub.config.JupyterHub.authenticator_class",), str, _CONFIG,
        change=_class_name, lost=_class_gone,
    ),
    Row("auth.custom.config", ("hub.config.CLASS",), Map, _CONFIG, change=_class_config, lost=_config_unread),
    Row("auth.scopes", ("hub.config.OAuthenticator.scope",), Texts, _CONFIG),
    Row("auth.whitelist.users", ("hub.config.Authenticator.allowed_users",), Texts, _NAMES),
    Row("auth.blacklist.users", ("hub.config.Authenticator.blocked_users",), Texts, _NAMES),
    Row("auth.admin.users", ("hub.config.Authenticator.admin_users",), Texts, _CONFIG),
    Row("auth.admin.access", ("hub.config.JupyterHub.admin_access",), bool, _CONFIG),
    Row("auth.state.enabled", ("hub.config.Authenticator.enable_auth_state",), bool, _CONFIG),
    Row(
        "auth.state.cryptoKey", ("hub.config.CryptKeeper.keys",), Texts | str,
        "several keys are a list, where they were one text with semicolons", change=_crypto_keys,
    ),
)  # fmt: skip
"""Every setting of `auth`, one row each."""
