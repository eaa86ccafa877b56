"""What the hub's own Python says of who may log in, read from its syntax tree."""

from __future__ import annotations

import base64
import importlib
import pkgutil
from collections.abc import Iterator
from typing import Any

import pytest

from chart_py.values.login_python import OTHER, TRAITS, decides, python_decides

DECIDES = [
    'c.Authenticator.whitelist = {"ada"}',
    'c.Authenticator.allowed_users |= {"ada"}',
    'c.Authenticator.allowed_users.add("ada")',
    'c.GitHubOAuthenticator.github_organization_whitelist = ["a"]',
    "c.MyAuthenticator.allow_the_whole_staff = True",
    'c["GitHubOAuthenticator"]["allowed_organizations"] = ["a"]',
    'section = c.GitHubOAuthenticator\nsection.allowed_organizations = ["a"]',
    'section = c.GitHubOAuthenticator\nsection["allowed_organizations"] = ["a"]',
    "for trait in traits:\n    c.GitHubOAuthenticator[trait] = traits[trait]",
    'setattr(c.Authenticator, "allow_all", True)',
    "for trait in traits:\n    setattr(c.Authenticator, trait, traits[trait])",
    'set_config_if_not_none(c.Authenticator, "whitelist", "auth.whitelist.users")',
    'c.GitHubOAuthenticator.update({"allowed_organizations": ["a"]})',
    "c.GitHubOAuthenticator.update(settings)",
    "c.GitHubOAuthenticator.update(allow_all=True)",
    "c.GitHubOAuthenticator = settings",
    'c.merge({"Authenticator": {"allow_all": True}})',
    'c.merge({"JupyterHub": {"authenticator_class": Mine}})',
    "c.merge(settings)",
    "from somewhere import configure\nconfigure(c)",
    'load_subconfig("/etc/jupyterhub/who.py")',
    'exec(open("/etc/jupyterhub/who.py").read())',
    "c.JupyterHub.authenticator_class = Mine",
    "class Mine(GitHubOAuthenticator):\n    async def check_allowed(self, name, auth):\n        return True",
    "class Mine(GitHubOAuthenticator):\n    def check_whitelist(self, name):\n        return True",
    "class Mine(Authenticator):\n    allow_all = True",
    "class Mine(Authenticator):\n    allow_existing_users: bool = True",
    # What does not parse is judged by its words.
    'print "Python 2"\nc.Authenticator.whitelist = {"ada"}',
]
DECIDES_NOTHING = [
    "c.JupyterHub.allow_named_servers = True",
    "c.KubeSpawner.allow_privilege_escalation = False",
    "c.KubeSpawner.extra_container_config = {'securityContext': {'allowPrivilegeEscalation': False}}",
    "c.JupyterHub.tornado_settings = {'headers': {'Access-Control-Allow-Origin': '*'}}",
    "c.NotebookApp.allow_origin = '*'\nc.ServerApp.allow_remote_access = True",
    "# everyone is allowed: c.Authenticator.whitelist = None",
    "print('who is allowed_users')",
    "c.Auth0OAuthenticator.allow_unverified_email = True",
    "c.NativeAuthenticator.allowed_failed_logins = 3",
    "c.GitHubOAuthenticator.scope = ['read:org']",
    "c.GitHubOAuthenticator.update({'scope': ['read:org']})",
    "c.GitHubOAuthenticator = {'scope': ['read:org']}",
    "c.merge({'KubeSpawner': {'allow_privilege_escalation': False}, 'JupyterHub': {'allow_named_servers': True}})",
    "setattr(c.Authenticator, 'enable_auth_state', True)",
    "c.KubeSpawner.environment.update(extra)",
    "for profile in profiles:\n    groups = profile['allowed_groups']\n    teams = profile.get('allowed_teams')",
    "def configure(config):\n    config.KubeSpawner.cmd = 'a'\nconfigure(c)\nprint(c)",
    "if c.JupyterHub.authenticator_class == 'github':\n    c.KubeSpawner.cmd = 'a'",
    "pod.exec('ls')",
    "print 'Python 2'\nc.JupyterHub.allow_named_servers = True",
    "x = '\\d'  # allow",
    "",
]


@pytest.mark.parametrize("text", DECIDES)
def test_it_decides(text: str) -> None:
    assert decides(text)
    assert python_decides({"extraConfig": {"a": text}})


@pytest.mark.parametrize("text", DECIDES_NOTHING)
def test_it_decides_nothing(text: str) -> None:
    assert not decides(text)


def test_files_count_where_they_are_python() -> None:
    text = "c.Authenticator.allow_all = True"
    encoded = base64.b64encode(text.encode()).decode()

    def of(name: str, **file: Any) -> bool:
        return python_decides({"extraFiles": {name: file}})

    assert of("a", mountPath="/srv/a.py", stringData=text)
    assert of("a.py", stringData=text)
    assert of("a", mountPath="/srv/a.py", binaryData=encoded)
    assert not of("a.py", mountPath="/srv/README.md", stringData=text)
    assert not of("a.py", mountPath="/srv/a.py", binaryData="?")
    assert not python_decides({"extraConfig": {"a": 1}, "extraFiles": {"a": None, "b": {"stringData": 1}}})
    assert not python_decides({"extraConfig": None, "extraFiles": []})


def classes() -> Iterator[Any]:
    """Every authenticator of the packages in the hub's image."""
    packages = ("oauthenticator", "nativeauthenticator", "ldapauthenticator", "ltiauthenticator", "tmpauthenticator")
    for name in (*packages, "firstuseauthenticator", "hmacauthenticator", "jupyterhub.authenticators"):
        package = pytest.importorskip(name, reason="pip install chart_py[hub]", exc_type=ImportError)
        modules = [name, *(f"{name}.{found.name}" for found in pkgutil.iter_modules(package.__path__))]
        for module in modules:
            if "test" not in module:
                yield from vars(importlib.import_module(module)).values()


@pytest.mark.filterwarnings("ignore")
def test_the_traits_are_those_of_the_real_classes() -> None:
    auth = pytest.importorskip("jupyterhub.auth", reason="pip install chart_py[hub]", exc_type=ImportError)
    found = {
        trait
        for cls in classes()
        if isinstance(cls, type) and issubclass(cls, auth.Authenticator)
        for trait in cls.class_trait_names(config=True)  # type: ignore[attr-defined,unused-ignore]
        if trait.startswith(("allow", "any_allow")) or trait == "idps"
    }
    assert found - OTHER - TRAITS == set()
    assert TRAITS - found == set()
