"""What old configurations meant beside their words: who may log in, what egress rules did."""

from __future__ import annotations

import pytest

from chart_py.finding import Level, dotted
from tests.values.loading import load, said

GITHUB = "auth: {type: github, github: {clientId: i}}\n"


def authenticator(*texts: str) -> object:
    """The section Authenticator of hub.config."""
    return load(*texts).tree["hub"]["config"].get("Authenticator")


def test_auth_without_a_list_lets_everyone_in() -> None:
    assert authenticator(GITHUB) == {"allow_all": True}
    assert authenticator("auth: {admin: {users: [a]}}") == {"admin_users": ["a"], "allow_all": True}
    loaded = load("hub: {uid: 1}\n" + GITHUB)
    allow_all = ("hub", "config", "Authenticator", "allow_all")
    assert loaded.sources.name(allow_all) == "auth"
    assert str(loaded.sources.place(allow_all)) == "one.yaml:2:1"


def test_a_list_in_any_file_and_in_any_words_lets_in_only_these() -> None:
    for other in (
        "auth: {whitelist: {users: [a]}}",
        "hub: {config: {Authenticator: {allowed_users: [a]}}}",
        "hub: {config: {GitHubOAuthenticator: {allowed_organizations: [a]}}}",
        "hub: {config: {OAuthenticator: {allow_existing_users: true}}}",
        "hub: {config: {Authenticator: {whitelist: [a]}}}",
    ):
        for texts in ((GITHUB, other), (other, GITHUB)):
            assert "allow_all" not in (authenticator(*texts) or {})  # type: ignore[operator]


def test_who_said_it_in_todays_words_is_not_overruled() -> None:
    assert authenticator(GITHUB, "hub: {config: {Authenticator: {allow_all: false}}}") == {"allow_all": False}
    loaded = load(GITHUB, "hub: {config: {GitHubOAuthenticator: {allow_all: false}}}")
    assert loaded.tree["hub"]["config"]["GitHubOAuthenticator"]["allow_all"] is False
    assert "Authenticator" not in loaded.tree["hub"]["config"]


def test_a_list_of_another_class_is_no_list() -> None:
    assert authenticator(GITHUB, "hub: {config: {GoogleOAuthenticator: {allowed_google_groups: {a: [b]}}}}") == {
        "allow_all": True
    }


@pytest.mark.parametrize(
    "python",
    [
        "hub: {extraConfig: {a: 'c.Authenticator.whitelist = {\"ada\"}'}}",
        "hub: {extraConfig: 'c.Authenticator.allowed_users = {\"ada\"}'}",
        "hub: {extraConfig: 'c.JupyterHub.authenticator_class = Mine'}",
        "hub: {extraFiles: {a: {mountPath: /a.py, stringData: 'def check_allowed(self): ...'}}}",
        "hub: {existingSecret: mine}",
        "hub: {args: [jupyterhub, --config, /my/own.py]}",
    ],
)
def test_where_python_decides_nobody_is_let_in_by_a_guess(python: str) -> None:
    loaded = load(GITHUB, python)
    assert "Authenticator" not in loaded.tree["hub"]["config"]
    assert said(loaded) == ["login-by-python auth"]


@pytest.mark.parametrize(
    "python",
    ["c.KubeSpawner.cmd = 1", "c.JupyterHub.allow_named_servers = True", "x = {'allowPrivilegeEscalation': 0}"],
)
def test_other_python_changes_nothing(python: str) -> None:
    assert authenticator(GITHUB, f'hub: {{extraConfig: {{a: "{python}"}}}}') == {"allow_all": True}


def test_without_auth_nothing_is_added() -> None:
    assert authenticator("hub: {uid: 1}") is None
    assert authenticator("auth: {}\nhub: {uid: 1}") is None


PORTS = "egress: [{ports: [{port: 53, protocol: UDP}]}]"
ADDRESSES = "egress: [{to: [{ipBlock: {cidr: 10.0.0.0/8}}]}]"


@pytest.mark.parametrize(
    ("text", "where"),
    [
        (f"rbac: {{enabled: true}}\nsingleuser: {{networkPolicy: {{{PORTS}}}}}", ["singleuser.networkPolicy.egress"]),
        (f"hub: {{uid: 1, networkPolicy: {{{PORTS}}}}}", ["hub.networkPolicy.egress"]),
        # Nothing else here is old, so ports are what they are today: more that may be reached.
        (f"singleuser: {{networkPolicy: {{enabled: true, {PORTS}}}}}", []),
        (f"hub: {{networkPolicy: {{{PORTS}}}}}", []),
        # Two proxies have it today, and the user wrote it once.
        (f"proxy: {{networkPolicy: {{{PORTS}}}}}", ["proxy.networkPolicy.egress"]),
        # With other old words beside them, all rules were meant to restrict.
        (
            f"rbac: {{enabled: true}}\nsingleuser: {{networkPolicy: {{{ADDRESSES}}}}}",
            ["singleuser.networkPolicy.egress"],
        ),
        # In today's words rules with addresses add what else may be reached.
        (f"singleuser: {{networkPolicy: {{{ADDRESSES}}}}}", []),
        (f"singleuser: {{networkPolicy: {{enabled: false, {PORTS}}}}}", []),
        # Whoever writes egressAllowRules knows what they do.
        (f"singleuser: {{networkPolicy: {{{PORTS}, egressAllowRules: {{nonPrivateIPs: false}}}}}}", []),
        # An empty list said once that nothing may be reached.
        ("singleuser: {networkPolicy: {egress: []}}", ["singleuser.networkPolicy.egress"]),
        ("singleuser: {networkPolicy: {enabled: true}}", []),
    ],
)
def test_egress_restricted_and_only_adds_today(text: str, where: list[str]) -> None:
    assert said(load(text)) == [f"egress-adds {path}" for path in where]
    assert said(load(text, chart_version="0.7")) == []


def test_the_warning_says_what_is_open_and_what_to_write() -> None:
    loaded = load(f"singleuser:\n  networkPolicy:\n    {PORTS}\nrbac: {{enabled: true}}\n")
    (finding,) = [f for f in loaded.findings if f.level is Level.WARNING]
    assert str(finding.place) == "one.yaml:3:5"
    assert dotted(finding.path) == "singleuser.networkPolicy.egress"
    assert finding.message == (
        "up to chart 1.2 these were all that pods could reach; today they only add to dnsPortsCloudMetadataServer, "
        "dnsPortsKubeSystemNamespace, dnsPortsPrivateIPs, nonPrivateIPs"
    )
    assert finding.advice == (
        "To restrict, write singleuser.networkPolicy.egressAllowRules with those that you do not want: false.",
        "To keep all of the guide's defaults, give --chart-version 0.7.",
    )
