"""What the parts of one login demand of each other: groups, organizations, tenants, directories, keys."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Any

from chart_py.checks.hub import image as hub_image
from chart_py.checks.hub.facts import HubFacts
from chart_py.checks.rule import Facts, Said, row, rules_of
from chart_py.finding import Level, Path
from chart_py.spelling import nearest
from chart_py.values.login import lists
from chart_py.values.login_python import python_decides


def _example(short: str, class_name: str, *lines: Any) -> str:
    head = f"hub:\n  config:\n    JupyterHub: {{authenticator_class: {short}}}\n    {class_name}:\n"
    return head + "".join(f"      {line}\n" for line in lines)


_GROUPS = ("allowed_groups", "admin_groups", "auth_state_groups_key")
_NAMES = ("_groups", "_organizations", "_teams", "_domain", "_domains")
_ENDPOINTS = ("authorize_url", "token_url")


def hub(facts: Facts) -> HubFacts:
    """The facts as these rules need them."""
    assert isinstance(facts, HubFacts)
    return facts


@row(
    "groups-not-managed",
    Level.ERROR,
    remedy="Add manage_groups: true beside it.",
    example=_example(
        "github", "GitHubOAuthenticator", "client_id: one", "client_secret: two", "allowed_groups: [staff]"
    ),
)
def groups_not_managed(facts: Facts) -> Iterator[Said]:
    """Groups decide about the login, but the hub does not manage groups."""
    now = hub(facts)
    if not now.is_login("OAuthenticator") or now.setting("manage_groups") or now.decided_in_code("manage_groups"):
        return
    for name in _GROUPS:
        if found := now.setting(name):
            trait = now.traits(name)[0]
            message = f"{name} needs manage_groups: true; the hub does not start without it"
            if found and trait.class_name != "LDAPAuthenticator":
                yield Said(trait.path, message, f"Add hub.config.{trait.class_name}.manage_groups: true")
                return


@row(
    "no-client",
    Level.NOTE,
    remedy=(
        "Register the hub with the provider, and enter what you get: here, in another file with -f, or by hub.extraEnv."
    ),
    example=_example("gitlab", "GitLabOAuthenticator", "client_id: one", "allow_all: true"),
)
def no_client(facts: Facts) -> Iterator[Said]:
    """An OAuth login has no client, or lacks the provider's addresses; a Secret or another file may have them."""
    now = hub(facts)
    if not now.is_login("OAuthenticator") or now.is_login("MWOAuthenticator", "CILogonOAuthenticator"):
        return
    if now.values.hub.existingSecret or python_decides(now.loaded.tree.get("hub") or {}):
        return
    if any(not hub_image.is_class(name) for name in now.config):
        # One of these may be the class that has them, misspelt.
        return
    wanted = ["client_id", "client_secret", *(_ENDPOINTS if now.is_login("GenericOAuthenticator") else ())]
    variables = " ".join(now.values.hub.extraEnv) if isinstance(now.values.hub.extraEnv, dict) else ""
    missing = [
        name
        for name in wanted
        if not now.setting(name)
        and not now.decided_in_code(name)
        and name.upper().split("_")[-1] not in variables
        # What resembles it is told as misspelt.
        and not nearest(name, [key for key in now.config.get(now.login) or () if key not in wanted])
    ]
    if missing:
        path: Path = ("hub", "config", now.login)
        where = path if now.written(*path) else ("hub", "config", "JupyterHub", "authenticator_class")
        message = f"{now.login} has no {_listed(missing)} here; without them nobody can log in"
        yield Said(where, message)


def _listed(names: list[str]) -> str:
    return ", ".join(names[:-1]) + (" and " if names[1:] else "") + names[-1]


@row(
    "no-tenant",
    Level.WARNING,
    remedy="Add hub.config.AzureAdOAuthenticator.tenant_id",
    example=_example("azuread", "AzureAdOAuthenticator", "client_id: one", "client_secret: two", "allow_all: true"),
)
def no_tenant(facts: Facts) -> Iterator[Said]:
    """Microsoft's login needs to know whose directory it is."""
    now = hub(facts)
    if now.is_login("AzureAdOAuthenticator") and not now.setting("tenant_id") and not now.decided_in_code("tenant_id"):
        environment = now.values.hub.extraEnv
        if not (isinstance(environment, dict) and "AAD_TENANT_ID" in environment):
            yield Said(("hub", "config", now.login), "tenant_id is not set: logins go to no particular directory")


@row(
    "organization-scope",
    Level.NOTE,
    remedy="Add scope: [read:org]",
    example=(
        _example(
            "github", "GitHubOAuthenticator", "client_id: one", "client_secret: two", "allowed_organizations: [my-lab]"
        )
    ),
)
def organization_scope(facts: Facts) -> Iterator[Said]:
    """GitHub names the private members of an organization only to a hub that asks for the scope."""
    now = hub(facts)
    if now.is_login("GitHubOAuthenticator") and (found := now.traits("allowed_organizations")) and found[0].value:
        scope = now.setting("scope")
        if not (isinstance(scope, list) and {"read:org", "user"} & {str(each) for each in scope}):
            message = "without the scope read:org, GitHub shows only public members; all others cannot log in"
            yield Said(found[0].path, message, f"Add hub.config.{found[0].class_name}.scope: [read:org]")


@row(
    "google-groups",
    Level.WARNING,
    remedy="Add google_service_account_keys and gsuite_administrator for the domain.",
    example=(
        _example(
            "google",
            "GoogleOAuthenticator",
            "client_id: one",
            "client_secret: two",
            "allowed_google_groups: {example.org: [staff]}",
        )
    ),
)
def google_groups(facts: Facts) -> Iterator[Said]:
    """Google's groups can be read only by a service account."""
    now = hub(facts)
    if not now.is_login("GoogleOAuthenticator"):
        return
    for name in ("allowed_google_groups", "admin_google_groups"):
        found = now.traits(name)
        if found and found[0].value and not now.setting("google_service_account_keys"):
            if now.decided_in_code("google_service_account_keys", "_service_credentials"):
                return
            message = "Google's groups are read by a service account, and google_service_account_keys is not set"
            yield Said(found[0].path, message)
            return


@row(
    "ldap-address",
    Level.WARNING,
    remedy="Write the host name alone, and choose tls_strategy.",
    example=(
        _example(
            "ldap",
            "LDAPAuthenticator",
            "server_address: 'ldaps://ldap.example.org'",
            "bind_dn_template: ['uid={username},dc=example,dc=org']",
            "allow_all: true",
        )
    ),
)
def ldap_address(facts: Facts) -> Iterator[Said]:
    """The address of an LDAP server is a host name; how it is encrypted is a setting of its own."""
    now = hub(facts)
    for trait in now.traits("server_address") if now.is_login("LDAPAuthenticator") else ():
        if isinstance(trait.value, str) and "://" in trait.value:
            scheme, _, host = trait.value.partition("://")
            how = "on_connect" if scheme.lower() == "ldaps" else "before_bind"
            name = host.partition("/")[0].partition(":")[0]
            advice = f"Write server_address: {name}, and for {scheme}:// tls_strategy: {how}"
            yield Said(trait.path, "expected a host name without a scheme", advice)


@row(
    "ldap-user",
    Level.ERROR,
    remedy="Write bind_dn_template: ['uid={username},ou=people,dc=example,dc=org'], or set lookup_dn: true.",
    example=_example("ldap", "LDAPAuthenticator", "server_address: ldap.example.org", "allow_all: true"),
)
def ldap_user(facts: Facts) -> Iterator[Said]:
    """An LDAP login has no way from a user's name to a distinguished name."""
    now = hub(facts)
    if not now.is_login("LDAPAuthenticator") or now.decided_in_code("bind_dn_template", "lookup_dn"):
        return
    if not now.setting("bind_dn_template") and not now.setting("lookup_dn"):
        found = now.traits("bind_dn_template")
        path: Path = found[0].path if found else ("hub", "config", "LDAPAuthenticator")
        where = path if now.written(*path) else ("hub", "config", "JupyterHub", "authenticator_class")
        yield Said(where, "neither bind_dn_template nor lookup_dn is set; nobody can log in")


@row(
    "only-admins",
    Level.NOTE,
    remedy="To let known users in, add hub.config.Authenticator.allow_existing_users: true",
    example=_example("github", "GitHubOAuthenticator", "client_id: one", "client_secret: two", "admin_users: [ada]"),
)
def only_admins(facts: Facts) -> Iterator[Said]:
    """Only admins may log in; users that the hub already knows may not."""
    now = hub(facts)
    if not now.is_login("OAuthenticator") or python_decides(now.loaded.tree.get("hub") or {}):
        return
    sections = [name for name in hub_image.lineage(now.login) if "Authenticator" in name]
    if any(value for _, value in lists(now.config, sections)) or now.values.hub.existingSecret:
        return
    found = now.traits("admin_users")
    if found and found[0].value:
        message = "only these admins can log in; users that the hub already knows are refused too"
        advice = "To let known users in, add hub.config.Authenticator.allow_existing_users: true"
        yield Said(found[0].path, message, advice)


@row(
    "shadowed-trait",
    Level.WARNING,
    remedy="Keep one of the two.",
    example=(
        _example(
            "github",
            "GitHubOAuthenticator",
            "client_id: one",
            "client_secret: two",
            "allowed_users: [grace]",
        )
        + "    Authenticator: {allowed_users: [ada]}\n"
    ),
)
def shadowed(facts: Facts) -> Iterator[Said]:
    """The same trait is set on two classes of one login; only the more specific one counts."""
    now = hub(facts)
    names = {
        str(trait)
        for class_name in (hub_image.lineage(now.login) if now.login else ())
        if isinstance(given := now.config.get(class_name), dict)
        for trait in given
    }
    for name in sorted(names):
        first, *others = now.traits(name)
        for other in others:
            if other.value != first.value:
                message = f"no effect: {first.class_name}.{name} is set too, and wins over {other.class_name}.{name}"
                yield Said(other.path, message)


@row(
    "one-name",
    Level.WARNING,
    remedy="Write a list.",
    example="hub: {config: {Authenticator: {admin_users: ada, allow_all: true}}}",
)
def one_text(facts: Facts) -> Iterator[Said]:
    """A list of names is written as one text."""
    for class_name, given in facts.config.items():
        if not isinstance(given, dict) or not hub_image.is_class(class_name):
            continue
        known = hub_image.traits(class_name)
        for name, value in given.items():
            if isinstance(value, str) and known.get(name, [""])[0] in ("List", "Set") and _means_several(name, value):
                message = f"expected a list, got '{value}'; it is read as one name"
                yield Said(("hub", "config", class_name, name), message, f"Write {name}: [{value}]")


def _means_several(name: str, text: str) -> bool:
    """Whether one text was meant as a list: of users there are hardly ever one, and names have no comma or space."""
    return name.endswith("_users") or (name.endswith(_NAMES) and re.search(r"[,;\s]", text.strip()) is not None)


@row(
    "random-key",
    Level.WARNING,
    remedy="Remove it: the key that chart_py generates is kept.",
    example="hub:\n  extraConfig:\n    keys: |\n      import os\n      c.CryptKeeper.keys = [os.urandom(32)]\n",
)
def random_keys(facts: Facts) -> Iterator[Said]:
    """A key is generated at each start of the hub, which then cannot read what it wrote before."""
    now = hub(facts)
    for class_name, trait, loses in (
        ("CryptKeeper", "keys", "stored login state can no longer be read"),
        ("JupyterHub", "cookie_secret", "everybody is logged out"),
    ):
        for piece, setting in now.in_code(class_name, trait):
            value = _assigned(piece.tree, setting.trait_node)
            if value is not None and _is_random(value):
                message = f"c.{class_name}.{trait} is generated at every start: after each restart of the hub {loses}"
                advice = f"Remove it: chart_py generates hub.config.{class_name}.{trait} once and keeps it."
                yield Said(piece.path, message, advice, place=piece.place_of(setting.class_node))


def _assigned(tree: ast.AST, node: ast.AST) -> ast.expr | None:
    """What is assigned on the line of a node."""
    line = getattr(node, "lineno", 0)
    for each in ast.walk(tree):
        if isinstance(each, ast.Assign) and any(getattr(t, "lineno", -1) == line for t in each.targets):
            return each.value
    return None


def _is_random(value: ast.expr) -> bool:
    calls = (ast.unparse(node.func) for node in ast.walk(value) if isinstance(node, ast.Call))
    names = ("os.urandom", "urandom", "uuid.uuid4", "uuid4")
    return any(call in names or call.startswith(("secrets.", "random.", "Fernet.generate")) for call in calls)


RULES = rules_of(globals())
