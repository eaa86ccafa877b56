"""The text of a first configuration."""

from __future__ import annotations

import json
from collections.abc import Sequence

_OAUTH = {
    "github": ("GitHubOAuthenticator", "allowed_organizations: [my-university]\n      scope: [read:org]"),
    "google": ("GoogleOAuthenticator", "hosted_domain: [example.org]"),
    "gitlab": ("GitLabOAuthenticator", "allowed_gitlab_groups: [my-university]"),
    "generic-oauth": ("GenericOAuthenticator", "username_claim: preferred_username"),
}


def text(
    *, host: str | None, email: str | None, login: str, admins: Sequence[str], image: str, tag: str, token: str
) -> str:
    """A commented configuration; `token` is the proxy's, 64 hex digits. Names are written as JSON: any text is safe."""
    out = ["# The settings are described by: chart-py explain", "proxy:"]
    out += ["  # Shared by hub and proxy. Keep it, and keep it secret.", f"  secretToken: {token}"]
    if host:
        out += ["  https:", "    enabled: true", f"    hosts: [{json.dumps(host)}]"]
        out += ["    letsencrypt:", f"      contactEmail: {json.dumps(email or 'admin@' + host)}"]
    else:
        out += ["  # With a name of your own, https is three lines:", "  # https:", "  #   enabled: true"]
        out += ["  #   hosts: [hub.example.org]", "  #   letsencrypt: {contactEmail: admin@example.org}"]
    out += ["", "hub:", "  config:", "    JupyterHub:", f"      authenticator_class: {login}"]
    out += _login(login, host or "hub.example.org")
    out += _people(login, admins)
    out += ["", "singleuser:"]
    if image:
        out += ["  image:", f"    name: {json.dumps(image)}", f"    tag: {json.dumps(tag)}"]
    out += ["  # What each server is guaranteed, and what it never gets more of.", "  memory:"]
    out += [
        "    guarantee: 1G",
        "    limit: 2G",
        "  storage:",
        "    # The size of each person's home.",
        "    capacity: 10Gi",
    ]
    return "\n".join(out) + "\n"


def _login(login: str, host: str) -> list[str]:
    if login in _OAUTH:
        name, more = _OAUTH[login]
        lines = [f"    {name}:", "      # From the provider's page for OAuth applications.", "      client_id: ..."]
        lines += [
            "      client_secret: ...",
            f"      oauth_callback_url: {json.dumps(f'https://{host}/hub/oauth_callback')}",
        ]
        if login == "generic-oauth":
            for trait, path in (("authorize_url", "authorize"), ("token_url", "token"), ("userdata_url", "userinfo")):
                lines.append(f"      {trait}: https://id.example.org/{path}")
        return [*lines, f"      {more}"]
    if login == "ldap":
        lines = ["    LDAPAuthenticator:", "      server_address: ldap.example.org"]
        return [*lines, '      bind_dn_template: ["uid={username},ou=people,dc=example,dc=org"]']
    if login == "dummy":
        lines = ["    DummyAuthenticator:", "      # For a first look only: everyone who knows it can be anyone."]
        return [*lines, "      password: change-me"]
    return []


def _people(login: str, admins: Sequence[str]) -> list[str]:
    lines = ["    Authenticator:"]
    if admins:
        lines.append(f"      admin_users: {json.dumps(list(admins), ensure_ascii=False)}")
    if login in ("github", "gitlab"):
        return lines if admins else []
    return [*lines, "      # Or name people: allowed_users: [ada, grace]", "      allow_all: true"]
