"""Every old word: what it becomes, what it must be like, what is said of it."""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py.editions import TODAY, edition
from chart_py.editions.guide import DEFAULTS
from chart_py.errors import UsageError
from chart_py.finding import Finding
from chart_py.values.base import Section
from chart_py.values.guide_settings import ROWS, Append, Facts, Row, rows_before
from chart_py.values.layer import from_text
from chart_py.values.load import default_tree
from chart_py.values.login import authenticator
from chart_py.values.old_settings import any_old
from chart_py.values.root import Values
from chart_py.values.translation import translated
from tests.values.loading import load, refused

WORDS = (Path(__file__).parent / "guide_settings.yaml").read_text(encoding="utf-8")
CASES = yaml.load(WORDS, Loader=yaml.BaseLoader)
_ROOT = yaml.compose(WORDS, Loader=yaml.SafeLoader)
assert _ROOT is not None
NEXT = edition("5.0.0-dev")
TEXTS = _ROOT.value


def text_of(node: yaml.Node, *, today: bool) -> str:
    """One side of a case as it is written above, so that its scalars keep their source text."""
    sides = [(key, value) for key, value in node.value if (key.value == "today") is today]
    if today:
        return yaml.serialize(sides[0][1])
    return yaml.serialize(yaml.MappingNode("tag:yaml.org,2002:map", sides))


@pytest.mark.parametrize("version", ["4.4.0", "0.7"])
@pytest.mark.parametrize("node", TEXTS, ids=[str(index) for index in range(len(TEXTS))])
def test_an_old_word_becomes_todays(node: yaml.Node, version: str) -> None:
    old, today = (load(text_of(node, today=side), chart_version=version) for side in (False, True))
    assert old.tree == today.tree
    assert old.values == today.values


def test_the_cases_have_every_row() -> None:
    missing = {row.old for row in ROWS}
    for node in TEXTS:
        layer = from_text(text_of(node, today=False), "x", lambda finding: None)
        kind = layer.tree.get("auth", {}).get("type", "dummy")
        facts = Facts(kind, layer.tree.get("auth", {}).get("custom", {}).get("className"))
        for step in translated(layer, facts, lambda finding: None).steps:
            missing.discard(step.row.old)
    assert missing == set()


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.old)
def test_the_quick_look_finds_every_row(row: Row) -> None:
    values = {
        "hub.extraConfig": "x",
        "hub.db.url": "postgres://h/d",
        "prePuller.extraImages": [],
        "singleuser.storage.type": "hostPath",
    }
    tree: Any = values.get(row.old, {})
    for step in reversed(row.path):
        tree = {"name" if step == "*" else step: tree}
    assert any_old(tree)
    assert not any_old({"hub": {"extraConfig": {}, "db": {"url": "sqlite://"}}, "singleuser": {"cloudMetadata": {}}})


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.old)
def test_a_row_leads_to_words_that_there_are(row: Row) -> None:
    for path in row.new:
        here: Any = Values
        words = [word.replace("\\.", ".") for word in path.replace("\\.", "\0").split(".")]
        for word in words:
            fields = {f.alias or name: f for name, f in here.__pydantic_fields__.items()}
            assert word in fields, path
            if not isinstance(fields[word].default, Section):
                break
            here = type(fields[word].default)


TRAITS = sorted(
    {tuple(path.split(".")[2:]) for row in ROWS for path in row.new if path.startswith("hub.config.")} - {("CLASS",)}
)
HOMES = {
    "JupyterHub": "jupyterhub.app",
    "Authenticator": "jupyterhub.auth",
    "CryptKeeper": "jupyterhub.crypto",
    "DummyAuthenticator": "jupyterhub.auth",
    "OAuthenticator": "oauthenticator.oauth2",
    "LDAPAuthenticator": "ldapauthenticator",
    "GitHubOAuthenticator": "oauthenticator.github",
    "GoogleOAuthenticator": "oauthenticator.google",
    "CILogonOAuthenticator": "oauthenticator.cilogon",
    "GlobusOAuthenticator": "oauthenticator.globus",
    "GitLabOAuthenticator": "oauthenticator.gitlab",
    "MWOAuthenticator": "oauthenticator.mediawiki",
    "AzureAdOAuthenticator": "oauthenticator.azuread",
    "HMACAuthenticator": "hmacauthenticator",
    "TmpAuthenticator": "tmpauthenticator",
    "LTI11Authenticator": "ltiauthenticator.lti11.auth",
}
# What the classes themselves call old, and still take.
DEPRECATED = {("LDAPAuthenticator", "escape_userdn"), ("DummyAuthenticator", "password")}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("words", TRAITS, ids=".".join)
def test_the_real_classes_have_the_traits(words: tuple[str, ...]) -> None:
    module = pytest.importorskip(HOMES[words[0]], reason="pip install chart_py[hub]", exc_type=ImportError)
    cls = getattr(module, words[0])
    for trait in words[1:]:
        assert trait in cls.class_traits(config=True)
        assert trait not in getattr(cls, "_deprecated_oauth_aliases", {})
        if words not in DEPRECATED:
            assert "eprecated" not in (cls.class_traits()[trait].help or "")[:60]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "kind", [c["auth"]["type"] for c in CASES if isinstance(c.get("auth"), dict) and "type" in c["auth"]]
)
def test_the_real_classes_have_the_names(kind: str) -> None:
    if kind == "custom":
        return
    name = load(f"auth: {{type: {kind}}}").tree["hub"]["config"]["JupyterHub"]["authenticator_class"]
    known = authenticator(name)
    assert known is not None
    module = pytest.importorskip(HOMES[known.section], reason="pip install chart_py[hub]", exc_type=ImportError)
    if "." in name:
        assert getattr(importlib.import_module(name.rpartition(".")[0]), known.section) is getattr(
            module, known.section
        )
    else:
        from jupyterhub.app import JupyterHub  # type: ignore[import-untyped,unused-ignore]

        trait = JupyterHub.class_traits()["authenticator_class"]
        assert trait.load_entry_points()[name].load() is getattr(module, known.section)


def test_a_newer_charts_words_are_a_few_more_rows() -> None:
    """What chart 5.0 renames can be told by rows; 4.4.0 keeps its own words until then."""

    def as_list(old: Any) -> dict[str, Any]:
        return {"httpRoute.parentRefs": Append([old.value])}

    rows = (
        *ROWS,
        Row(
            "httpRoute.gateway",
            ("httpRoute.parentRefs",),
            dict[str, Any],
            "a route may have several",
            "4.3",
            "4.4",
            as_list,
        ),
        Row("cull.every", ("cull.interval",), int, "it says what it is", "0.4", "4.4"),
    )
    assert rows_before(rows, TODAY) == ROWS
    text = (
        "httpRoute: {enabled: true, gateway: {name: g, sectionName: s}}\n"
        "cull: {every: 300, timeout: 5}\nhub: {uid: 1}\n"
    )
    layer = from_text(text, "config.yaml", lambda finding: None)
    findings: list[Finding] = []
    done = translated(layer, Facts(), findings.append, rows=rows, edition=NEXT)
    assert findings == []
    assert done.layer.tree == {
        "httpRoute": {"enabled": True, "parentRefs": [{"name": "g", "sectionName": "s"}]},
        "cull": {"timeout": 5, "interval": 300},
        "hub": {"containerSecurityContext": {"runAsUser": 1}},
    }
    assert done.layer.written(("httpRoute", "parentRefs", 0, "name")) == ("httpRoute", "gateway", 0, "name")
    assert str(done.layer.place(("httpRoute", "parentRefs"))) == "config.yaml:1:28"
    assert str(done.layer.place(("cull", "interval"))) == "config.yaml:2:8"
    assert layer.tree["cull"] == {"every": 300, "timeout": 5}
    wrong = from_text("httpRoute: {gateway: g}\n", "config.yaml", lambda finding: None)
    translated(wrong, Facts(), findings.append, rows=rows, edition=NEXT)
    assert [f.text(200) for f in findings] == [
        "config.yaml:1:22: error: httpRoute.gateway: expected a map, got text\n"
        "    1 | httpRoute: {gateway: g}\n"
        "      |                      ^"
    ]


PRESET = {
    **{
        f"{pods}.networkPolicy.enabled": False
        for pods in ("hub", "proxy.chp", "proxy.traefik", "singleuser")
    },
    **{
        f"{pods}.networkPolicy.egressAllowRules.{rule}": False
        for pods in ("hub", "proxy.chp", "proxy.traefik", "singleuser")
        for rule in (
            "cloudMetadataServer", "dnsPortsCloudMetadataServer", "dnsPortsKubeSystemNamespace",
            "dnsPortsPrivateIPs", "nonPrivateIPs", "privateIPs",
        )
    },
    **{
        f"{pods}.networkPolicy.egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]
        for pods in ("hub", "proxy.chp", "proxy.traefik")
    },
    "singleuser.networkPolicy.egress": [{"to": [{"ipBlock": {"cidr": "0.0.0.0/0", "except": ["169.254.169.254/32"]}}]}],
    "proxy.https.enabled": True,
    "scheduling.userScheduler.enabled": False,
    "scheduling.userPlaceholder.enabled": False,
    "prePuller.continuous.enabled": False,
}  # fmt: skip


def leaves(tree: Any, path: str = "") -> dict[str, Any]:
    if not isinstance(tree, dict) or not tree:
        return {path: tree}
    return {k: v for word, value in tree.items() for k, v in leaves(value, f"{path}.{word}".lstrip(".")).items()}


def test_the_guides_defaults() -> None:
    today, guide = (leaves(default_tree((), version)) for version in (TODAY, "0.7"))
    assert leaves(DEFAULTS) == PRESET
    assert {path: guide.get(path) for path in guide if guide.get(path) != today.get(path)} == {
        path: value for path, value in PRESET.items() if today.get(path) != value
    }
    assert default_tree((), "0.6") == default_tree((), "0.7")


def test_another_version_is_refused_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"unknown chart version '0\.8'; did you mean 0\.7 or 1\.0\.0\?"):
        load("{}", chart_version="0.8")


def test_cpu_in_quotes_is_a_number_for_the_charts_of_the_guide_alone() -> None:
    text = "singleuser: {cpu: {limit: '2', guarantee: '0.5'}}\n"
    cpu = load(text, chart_version="0.7").values.singleuser.cpu
    assert (cpu.limit, cpu.guarantee) == (2, 0.5)
    assert [found.code for found in refused(text)] == ["cores", "cores"]
    assert [found.code for found in refused("singleuser: {cpu: {limit: 500m}}\n", chart_version="0.7")] == ["cores"]
