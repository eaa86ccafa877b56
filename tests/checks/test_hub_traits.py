"""The hub's configuration against the traits of its image: typos, types, old names; and the table against traitlets."""

from __future__ import annotations

import copy
import io
import json
import random
import string
from typing import Any

import pytest

from chart_py.checks.hub import image as hub_image
from chart_py.checks.hub import traits as hub_traits
from chart_py.finding import Finding, Level, dotted, in_order
from chart_py.values.hub_config import is_class_name
from chart_py.values.layer import Layer
from chart_py.values.load import from_layers, load_values


def said(text: str) -> list[tuple[str, str, str]]:
    loaded = load_values([io.StringIO(text)])
    return [(f.code, dotted(f.path), f.message) for f in hub_traits.check(loaded)]


def of_config(config: dict[str, Any]) -> list[Finding]:
    return hub_traits.check(from_layers([Layer("values", {"hub": {"config": config}})]))


GITHUB = "JupyterHub: {authenticator_class: github}, "
CASES = [
    (
        GITHUB + "GitHubOAuthenticator: {clientid: a}",
        "unknown-trait",
        "GitHubOAuthenticator has no such trait; did you mean client_id?",
    ),
    ("GitHubOAutenticator: {client_id: a}", "unknown-class", "unknown class; did you mean GitHubOAuthenticator?"),
    ("Authenticator: {whitelist: [a]}", "renamed-trait", "this trait has been called allowed_users since 1.2"),
    ("JupyterHub: {admin_users: [a]}", "renamed-trait", "this trait is now called Authenticator.admin_users"),
    (
        "JupyterHub: {authenticator_class: githb}",
        "authenticator-class",
        "the hub's image has no authenticator of this name; did you mean github?",
    ),
    (
        "JupyterHub: {authenticator_class: oauthenticator.GithubOAuthenticator}",
        "authenticator-class",
        "oauthenticator has no class of this name; did you mean GitHubOAuthenticator?",
    ),
    ("Authenticator: {allow_all: 'yes'}", "trait-type", "expected true or false, got 'yes'"),
    (
        "KubeSpawner: {mem_limit: 2Gi}",
        "trait-type",
        "expected a number of bytes or text such as 2G, got '2Gi'",
    ),
    ("KubeSpawner: {start_timeout: 5m}", "trait-type", "expected a whole number, got '5m'"),
    ("Authenticator: {admin_users: {a: b}}", "trait-type", "expected a list, got a map"),
    (GITHUB + "OAuthenticator: {scope: [a, 1]}", "trait-type", "expected text, got 1"),
    ("MyOwnAuthenticator: {a: 1}", "own-class", "not a class of the hub's image; taken for your own"),
    (
        GITHUB + "Authenticator: {enable_signup: true}",
        "unknown-trait",
        "GitHubOAuthenticator has no such trait",
    ),
    (GITHUB + "Authenticator: {client_id: 5}", "trait-type", "expected text, got 5"),
    (
        "JupyterHub: {authenticator_class: my.own.Authenticator}, Authenticator: {allow_al: true}",
        "unknown-trait",
        "Authenticator has no such trait; did you mean allow_all?",
    ),
    (
        "KubeSpawner: {singleuser_image_spec: 'a:1'}",
        "renamed-trait",
        "this trait has been called image since 0.9",
    ),
    (
        "JupyterHub: {authenticator_class: cilogon}, CILogonOAuthenticator: {username_claim: email}",
        "removed-trait",
        "removed since 16.0.0; the hub does not start",
    ),
    (
        "JupyterHub: {authenticator_class: cilogon}, CILogonOAuthenticator: {idp: a}",
        "removed-trait",
        "removed since 15.0.0; the hub does not start",
    ),
    (
        "GitHubOAuthenticator: {client_id: a}",
        "unused-class",
        "users log in with DummyAuthenticator, so what is set here has no effect",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("config", "code", "message"), CASES)
def test_said_of_the_configuration(config: str, code: str, message: str) -> None:
    (found,) = said(f"hub: {{config: {{{config}}}}}")
    assert (found[0], found[2]) == (code, message)


RIGHT = [
    "JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {client_id: a, allowed_organizations: [b]}",
    "JupyterHub: {authenticator_class: generic-oauth}, OAuthenticator: {scope: openid}",
    "JupyterHub: {authenticator_class: my.own.Authenticator}, KubeSpawner: {cmd: a, cpu_limit: 1, mem_limit: 2G}",
    "JupyterHub: {authenticator_class: google}, GoogleOAuthenticator: {hosted_domain: example.org}",
    "Authenticator: {admin_users: null}",
    # What is set on a class counts for all that are made of it.
    GITHUB + "Authenticator: {scope: [user], client_id: a}, OAuthenticator: {allowed_organizations: [b]}",
    "JupyterHub: {authenticator_class: native}, Authenticator: {enable_signup: true}",
    "Spawner: {image: 'a:1', mem_limit: 2G}",
    # A class of the user's own may have any.
    "JupyterHub: {authenticator_class: my.own.Authenticator}, Authenticator: {scope: [a], realm: campus}",
    "JupyterHub: {spawner_class: my.own.Spawner}, Spawner: {colour: blue}",
]


@pytest.mark.parametrize("config", RIGHT)
def test_nothing_is_said_of_what_is_right(config: str) -> None:
    assert said(f"hub: {{config: {{{config}}}}}") == []


CODE = """\
hub:
  extraConfig:
    a: |
      c.JupyterHub.spawner_clas = 'x'
      c.KubeSpawner.cmd = 5
      c.KubeSpawnr.cmd = 'a'
      c.JupyterHub.load_roles.append({})
      c["GitHubOAuthenticator"]["clientid"] = 'é'
      class Mine: pass
      c.Mine.anything = 1
      é = c.Authenticator.whitelist
      c.Spawner.environment["a"] = "b"
      c.Authenticator.allow_all = bool(1)
      c.GitHubOAuthenticator.client_secret = 7
"""


def test_said_of_assignments_in_python() -> None:
    found = in_order(hub_traits.check(load_values([io.StringIO(CODE)])))
    assert [(f.code, f.message, f.place and f.place[1:4]) for f in found] == [
        (
            "unknown-trait",
            "c.JupyterHub.spawner_clas: JupyterHub has no such trait; did you mean spawner_class?",
            (4, 20, 12),
        ),
        ("trait-type", "c.KubeSpawner.cmd: expected text or a list of texts, got 5", (5, 27, 1)),
        ("unknown-class", "c.KubeSpawnr.cmd: unknown class; did you mean KubeSpawner?", (6, 9, 10)),
        (
            "unknown-trait",
            "c.GitHubOAuthenticator.clientid: GitHubOAuthenticator has no such trait; did you mean client_id?",
            (8, 33, 10),
        ),
        ("renamed-trait", "c.Authenticator.whitelist: this trait has been called allowed_users since 1.2", (11, 27, 9)),
        ("trait-type", "c.GitHubOAuthenticator.client_secret: expected text, got a number", (14, 46, 1)),
    ]  # fmt: skip


def test_of_another_image_less_is_certain() -> None:
    text = "hub: {image: {name: example.org/mine, tag: v1}, config: {Mine: {a: 1}, KubeSpawner: {debug: 5, cmmd: a}}}"
    found = hub_traits.check(load_values([io.StringIO(text)]))
    assert [(f.level, f.code) for f in found] == [(Level.WARNING, "trait-type"), (Level.NOTE, "unknown-trait")]


def typo(word: str, chance: random.Random) -> str:
    """One letter changed, left out, doubled, or swapped with the next."""
    at = chance.randrange(len(word))
    kind = chance.randrange(4)
    if kind == 0:
        return word[:at] + chance.choice(string.ascii_lowercase) + word[at + 1 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    if kind == 2:
        return word[:at] + chance.choice(string.ascii_lowercase) + word[at:]
    return word[:at] + word[at : at + 2][::-1] + word[at + 2 :]


def test_typos_are_found_and_the_right_name_is_suggested() -> None:
    chance = random.Random(20261123)
    pairs = [(c, t) for c in hub_image.class_names() for t in hub_image.traits(c) if not hub_image.renamed(c, t)]
    found = right = count = 0
    while count < 2000:
        class_name, trait = chance.choice(pairs)
        of_class = chance.random() < 0.3
        word = class_name if of_class else trait
        wrong = typo(word, chance)
        if wrong == word or not wrong:
            continue
        count += 1
        config = {wrong: {trait: None}} if of_class else {class_name: {wrong: None}}
        mistakes = [f for f in of_config(config) if f.code in ("unknown-class", "unknown-trait", "renamed-trait")]
        # A name without a capital is none of a class, which `class_rules` tells.
        found += bool(mistakes) or (of_class and not is_class_name(wrong))
        right += any(f"did you mean {word}?" in f.message for f in mistakes)
    assert found / count >= 0.99
    assert right / count >= 0.95


VALUES: list[Any] = [
    True,
    0,
    1,
    -1,
    2.5,
    "",
    "a",
    "2G",
    "2Gi",
    [],
    ["a"],
    [1],
    [{}],
    {},
    {"a": "b"},
    {"a": 1},
    {"a": []},
]


@pytest.mark.filterwarnings("ignore")
def test_the_table_takes_what_traitlets_takes() -> None:
    """Every trait of the classes that are installed here, with values of every kind, against traitlets itself."""
    from importlib import import_module

    from traitlets import HasTraits, TraitError

    known: dict[str, Any] = {}
    for module in ("jupyterhub.app", "jupyterhub.proxy", "jupyterhub.crypto", "kubespawner", "oauthenticator.github",
                   "oauthenticator.google", "oauthenticator.generic", "oauthenticator.globus", "ldapauthenticator",
                   "jupyterhub.auth", "jupyterhub.spawner", "oauthenticator.cilogon"):  # fmt: skip
        known |= {name: cls for name, cls in vars(import_module(module)).items() if isinstance(cls, type)}
    asked = 0
    for name in hub_image.class_names():
        cls: Any = known.get(name)
        if cls is None or not hasattr(cls, "class_traits"):
            continue
        for trait_name, trait in cls.class_traits(config=True).items():
            spec = hub_image.traits(name).get(trait_name)
            # What only a trait's own code can tell is passed over.
            if spec is None or '"Any"' in json.dumps(spec):
                continue
            holder = type("Holder", (HasTraits,), {trait_name: copy.copy(trait)})()
            for value in VALUES:
                try:
                    setattr(holder, trait_name, copy.deepcopy(value))
                    takes = True
                except (TraitError, TypeError):
                    takes = False
                asked += 1
                assert (hub_image.refused(spec, value) == []) == takes, (name, trait_name, spec, value)
    assert asked > 2000


def test_what_the_table_was_made_from() -> None:
    assert hub_image.packages()["jupyterhub"] == "5.5.0"
    assert hub_image.class_of("github") == "GitHubOAuthenticator"
    assert hub_image.class_of("oauthenticator.github.GitHubOAuthenticator") == "GitHubOAuthenticator"
    assert hub_image.class_of("mine.GitHubOAuthenticator") is None
    assert {"jupyterhub.app", "psycopg2", "os", "z2jh"} <= hub_image.modules()


def image_class(name: str) -> Any:
    """A class of the image, where its package is installed."""
    module, _, last = hub_image.authenticators().get(name, name).rpartition(".")
    return getattr(pytest.importorskip(module), last)


@pytest.mark.parametrize(
    ("login", "section", "trait", "value"),
    [
        ("github", "Authenticator", "scope", ["user"]),
        ("github", "OAuthenticator", "allowed_organizations", {"a"}),
        ("native", "Authenticator", "enable_signup", False),
        ("ldap", "Authenticator", "server_address", "ldap.example.org"),
        ("kubespawner.KubeSpawner", "Spawner", "image", "a:1"),
    ],
)
def test_traitlets_takes_from_a_parents_section_what_is_taken_here(
    login: str, section: str, trait: str, value: Any
) -> None:
    from traitlets.config import Config

    cls = image_class(login)
    config = Config({section: {trait: value}})
    assert cls._find_my_config(cls.__new__(cls), config)[trait] == value
    assert trait in hub_image.traits(cls.__name__)
    assert section in hub_image.lineage(cls.__name__)


def test_what_stops_the_hub_stops_it() -> None:
    from traitlets.config import Config

    seen = 0
    for name in hub_image.class_names():
        for trait in hub_image.traits(name):
            new = hub_image.renamed(name, trait)
            if new and new.stops and name in ("CILogonOAuthenticator", "OpenShiftOAuthenticator"):
                cls = image_class(hub_image.short_name(name))
                kind = hub_image.traits(name)[trait][0]
                value: Any = {"List": ["a"], "Dict": {"a": {}}, "Bool": True}.get(kind, "a")
                idps = {"https://idp.example.org/a": {"username_derivation": {"username_claim": "eppn"}}}
                needed = {"idps": idps} if name == "CILogonOAuthenticator" else {"openshift_url": "http://a"}
                with pytest.raises(ValueError, match="deprecated"):
                    cls(config=Config({name: {**needed, trait: value}}))
                seen += 1
    assert seen >= 6
