"""Whether anybody can log in: JupyterHub 5 lets in only those whom the configuration allows."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.checks.code import Code
from chart_py.finding import Finding, Level, Path, dotted
from chart_py.values.load import Loaded
from chart_py.values.login import Door, admins, authenticator, lists
from chart_py.values.login_python import python_decides

CODES = (
    Code(
        "nobody-can-log-in",
        Level.WARNING,
        "No user is allowed to log in.",
        "Write hub.config.Authenticator.allow_all: true, or name users in allowed_users.",
        "hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {client_id: a}}}",
    ),
    Code(
        "cilogon-idps",
        Level.WARNING,
        "CILogon needs the identity providers that may be used.",
        "Write hub.config.CILogonOAuthenticator.idps.",
        "hub: {config: {JupyterHub: {authenticator_class: cilogon}, CILogonOAuthenticator: {client_id: a}}}",
    ),
)

CLASS: Path = ("hub", "config", "JupyterHub", "authenticator_class")
_MORE = {
    "GitHubOAuthenticator": "or organizations: {}.GitHubOAuthenticator.allowed_organizations: [my-university]",
    "GitLabOAuthenticator": "or groups: {}.GitLabOAuthenticator.allowed_gitlab_groups: [my-university]",
    "LDAPAuthenticator": "or groups: {}.LDAPAuthenticator.allowed_groups: ['cn=people,dc=example,dc=org']",
}


def login(loaded: Loaded) -> Iterator[Finding]:
    """Warnings about a login that nobody can pass; nothing is said where Python or a Secret may decide it."""
    hub = loaded.tree.get("hub") or {}
    config = hub.get("config") or {}
    jupyterhub = config.get("JupyterHub")
    known = authenticator(jupyterhub.get("authenticator_class") if isinstance(jupyterhub, dict) else None)
    elsewhere = hub.get("existingSecret") or hub.get("args") or hub.get("command") or python_decides(hub)
    if known is None or elsewhere:
        return
    if known.section.removeprefix("Local") == "CILogonOAuthenticator":
        yield from _without_idps(loaded, config.get("CILogonOAuthenticator"))
    told = list(lists(config, known.sections))
    if known.door is Door.OPEN and not any(trait == "allow_all" for trait, _ in told):
        return
    if any(value for _, value in told) or (known.door is Door.ADMINS and admins(config, known.sections)):
        return
    where = dotted(CLASS[:2])
    advice = [
        f"Let in everyone who passes the login: {where}.Authenticator.allow_all: true",
        f"or name users: {where}.Authenticator.allowed_users: [ada, grace]",
    ]
    if known.section in _MORE:
        advice.append(_MORE[known.section].format(where))
    message = "nobody can log in with this configuration: no user is allowed"
    yield _at_class(loaded, "nobody-can-log-in", message, tuple(advice))


def _without_idps(loaded: Loaded, traits: object) -> Iterator[Finding]:
    if isinstance(traits, dict) and (traits.get("idps") or traits.get("allowed_idps")):
        return
    advice = (
        "List the identity providers (allowed_idps before oauthenticator 17.4), for example:",
        "hub.config.CILogonOAuthenticator.idps:",
        "  https://idp.example.org/idp/shibboleth:",
        "    username_derivation: {username_claim: eppn}",
        "    allow_all: true",
    )
    message = "nobody can log in with this configuration: CILogon needs the identity providers that may be used"
    yield _at_class(loaded, "cilogon-idps", message, advice)


def _at_class(loaded: Loaded, code: str, message: str, advice: tuple[str, ...]) -> Finding:
    """A warning at the word that chose the authenticator, as the user wrote it."""
    sources = loaded.sources
    layer = sources.layer(CLASS)
    place = layer.place(CLASS) if layer and layer.has(CLASS) else None
    return sources.in_own_words(Finding(Level.WARNING, code, CLASS, message, place, advice))
