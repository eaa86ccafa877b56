"""Traps in how users are sent to a login provider and back."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path

_URLS = ("authorize_url", "token_url", "userdata_url", "oauth_callback_url")


def _urls(facts: Facts) -> Iterator[tuple[Path, str, str]]:
    """The URLs of logins: where each is, its trait, its text."""
    for class_name, traits in facts.config.items():
        for trait in _URLS if isinstance(traits, dict) else ():
            if isinstance(text := traits.get(trait), str) and text and "{" not in text:
                yield ("hub", "config", class_name, trait), trait, text


@row(
    "login-url",
    Level.WARNING,
    remedy="Write the whole URL: https://login.example.org/oauth2/token",
    example=(
        "hub:\n  config:\n    JupyterHub: {authenticator_class: generic-oauth}\n"
        "    GenericOAuthenticator: {token_url: login.example.org/token, allow_all: true}"
    ),
)
def no_scheme(facts: Facts) -> Iterator[Said]:
    """A URL of the login provider lacks https://."""
    for path, _, text in _urls(facts):
        if not re.match(r"(?i)https?://[^/]", text):
            advice = f"Write https://{text}" if re.match(r"[\w.-]+\.[a-z]{2,}(?::\d+)?/", text) else ""
            yield Said(path, "not a complete URL: browsers and the hub need https:// and a host", advice)


@row(
    "callback-url",
    Level.WARNING,
    remedy="End it with /hub/oauth_callback, and register the same URL with the provider.",
    example=(
        "hub:\n  config:\n    JupyterHub: {authenticator_class: github}\n"
        "    GitHubOAuthenticator: {oauth_callback_url: 'https://hub.example.org/', allow_all: true}"
    ),
)
def callback(facts: Facts) -> Iterator[Said]:
    """The callback URL does not lead back to the hub."""
    base = facts.values.hub.baseUrl.rstrip("/")
    for path, trait, text in _urls(facts):
        if trait == "oauth_callback_url" and (found := re.match(r"(?i)https?://[^/]+(/[^?#]*|)", text)):
            right = f"{base}/hub/oauth_callback"
            if not found[1].rstrip("/").endswith("/oauth_callback"):
                advice = f"End it with {right}, and register the same URL with the provider."
                yield Said(path, "the login does not return to the hub", advice)


@row(
    "callback-host",
    Level.WARNING,
    remedy="Write the hub's own host.",
    example=(
        "proxy: {https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: a@example.org}}}\n"
        "hub:\n  config:\n    OAuthenticator: {oauth_callback_url: 'https://old.example.org/hub/oauth_callback'}"
    ),
)
def other_host(facts: Facts) -> Iterator[Said]:
    """The login provider sends users to another host than the hub's."""
    https, ingress = facts.values.proxy.https, facts.values.ingress
    hosts = [*(https.hosts if https.enabled else ()), *(ingress.hosts if ingress.enabled else ())]
    hosts += facts.values.httpRoute.hostnames if facts.values.httpRoute.enabled else []
    for class_name, traits in facts.config.items():
        url = traits.get("oauth_callback_url") if isinstance(traits, dict) else None
        found = re.match(r"(https?)://([^/:]+)", url) if isinstance(url, str) else None
        if not found or "{" in found[2]:
            continue
        path: Path = ("hub", "config", class_name, "oauth_callback_url")
        if hosts and not any(_same_host(str(host), found[2]) for host in hosts):
            message = f"the login returns to {found[2]}, but the hub is at {', '.join(map(str, hosts))}"
            yield Said(
                path, message, f"Write {found[1]}://{hosts[0]} in it, and register the same URL with the provider."
            )
        elif found[1] == "http" and https.enabled:
            yield Said(path, "the login returns by http, but the hub serves https", "Write https://")


def _same_host(host: str, other: str) -> bool:
    return host.lower() == other.lower() or (host.startswith("*.") and other.lower().endswith(host[1:].lower()))


RULES = rules_of(globals())
