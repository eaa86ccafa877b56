"""Every old word: what it becomes, what it must be like, what is said of it."""

from __future__ import annotations

import importlib
import io
from typing import Any

import pytest
import yaml

from chart_py.errors import UsageError, ValuesError
from chart_py.finding import Finding, Level, dotted
from chart_py.values.base import Section
from chart_py.values.guide_words import ROWS, Append, Facts, Row, rows_before
from chart_py.values.layer import from_text
from chart_py.values.load import Loaded, default_tree, load_values
from chart_py.values.login import authenticator
from chart_py.values.old_words import any_old
from chart_py.values.presets import GUIDE, PRESETS, TODAY
from chart_py.values.root import Values
from chart_py.values.translation import translated


def load(*texts: str, **options: Any) -> Loaded:
    """The texts as files one.yaml, two.yaml, …"""
    files = []
    for name, text in zip(("one.yaml", "two.yaml", "three.yaml"), texts):
        files.append(io.StringIO(text))
        files[-1].name = name
    return load_values(files, **options)


def refused(*texts: str, **options: Any) -> list[Finding]:
    with pytest.raises(ValuesError) as caught:
        load(*texts, **options)
    return [finding for finding in caught.value.findings if finding.level is Level.ERROR]


def said(loaded: Loaded, level: Level = Level.WARNING) -> list[str]:
    return [f"{f.code} {dotted(f.path)}" for f in loaded.findings if f.level is level]


# Each word as it was written, and the same in today's words.
WORDS = """
- auth: {type: dummy, dummy: {password: p}}
  today: {hub: {config: {JupyterHub: {authenticator_class: dummy}, DummyAuthenticator: {password: p}, Authenticator: {allow_all: true}}}}
- auth: {type: github, github: {clientId: 1e3, clientSecret: yes, callbackUrl: u, orgWhitelist: [A], scopes: [s]}}
  today: {hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {client_id: '1e3', client_secret: 'yes', oauth_callback_url: u, allowed_organizations: [A], scope: [s]}}}}
- auth: {type: github, github: {org_whitelist: [A, 1]}}
  today: {hub: {config: {JupyterHub: {authenticator_class: github}, GitHubOAuthenticator: {allowed_organizations: [A, '1']}}}}
- auth: {type: google, google: {clientId: i, clientSecret: s, callbackUrl: u, hostedDomain: [a, b], loginService: L}}
  today: {hub: {config: {JupyterHub: {authenticator_class: google}, GoogleOAuthenticator: {client_id: i, client_secret: s, oauth_callback_url: u, hosted_domain: [a, b], login_service: L}, Authenticator: {allow_all: true}}}}
- auth: {type: cilogon, github: {clientId: i}}
  today: {hub: {config: {JupyterHub: {authenticator_class: cilogon}, CILogonOAuthenticator: {client_id: i}, Authenticator: {allow_all: true}}}}
- auth: {type: cilogon, cilogon: {clientId: i}, github: {clientId: j}}
  today: {hub: {config: {JupyterHub: {authenticator_class: cilogon}, CILogonOAuthenticator: {client_id: i}, GitHubOAuthenticator: {client_id: j}, Authenticator: {allow_all: true}}}}
- auth: {type: globus, globus: {clientId: i, identityProvider: p}}
  today: {hub: {config: {JupyterHub: {authenticator_class: globus}, GlobusOAuthenticator: {client_id: i, identity_provider: p}, Authenticator: {allow_all: true}}}}
- auth: {type: gitlab, gitlab: {clientId: i, gitlabUrl: u, gitlabGroupWhitelist: [g], gitlabProjectIdWhitelist: [7]}}
  today: {hub: {config: {JupyterHub: {authenticator_class: gitlab}, GitLabOAuthenticator: {client_id: i, gitlab_url: u, allowed_gitlab_groups: [g], allowed_project_ids: [7]}}}}
- auth: {type: mediawiki, mediawiki: {clientId: i, clientSecret: s, indexUrl: u}}
  today: {hub: {config: {JupyterHub: {authenticator_class: mediawiki}, MWOAuthenticator: {client_id: i, client_secret: s, mw_index_url: u}, Authenticator: {allow_all: true}}}}
- auth: {type: azuread, azuread: {clientId: i, tenantId: t, usernameClaim: c}}
  today: {hub: {config: {JupyterHub: {authenticator_class: azuread}, AzureAdOAuthenticator: {client_id: i, tenant_id: t, username_claim: c}, Authenticator: {allow_all: true}}}}
- auth: {type: hmac, hmac: {secretKey: '0123'}}
  today: {hub: {config: {JupyterHub: {authenticator_class: hmacauthenticator.HMACAuthenticator}, HMACAuthenticator: {secret_key: '0123'}, Authenticator: {allow_all: true}}}}
- auth: {type: tmp}
  today: {hub: {config: {JupyterHub: {authenticator_class: tmp}, Authenticator: {allow_all: true}}}}
- auth: {type: tmp, tmp: {auto_login: false}}
  today: {hub: {config: {JupyterHub: {authenticator_class: tmp}, TmpAuthenticator: {auto_login: false}, Authenticator: {allow_all: true}}}}
- auth: {type: lti, lti: {consumers: {key: 12}}}
  today: {hub: {config: {JupyterHub: {authenticator_class: ltiauthenticator.lti11.auth.LTI11Authenticator}, LTI11Authenticator: {consumers: {key: '12'}}, Authenticator: {allow_all: true}}}}
- auth: {type: ldap, ldap: {server: {address: a, port: 636, ssl: true}, dn: {templates: [t], search: {filter: f, user: u, password: p, dnAttribute: d}, user: {searchBase: b, attribute: c, escape: true, validRegex: r, useLookupName: true}, lookup: true}}}
  today: {hub: {config: {JupyterHub: {authenticator_class: ldapauthenticator.LDAPAuthenticator}, LDAPAuthenticator: {server_address: a, server_port: 636, tls_strategy: on_connect, bind_dn_template: [t], lookup_dn: true, lookup_dn_search_filter: f, lookup_dn_search_user: u, lookup_dn_search_password: p, lookup_dn_user_dn_attribute: d, user_search_base: b, user_attribute: c, escape_userdn: true, valid_username_regex: r, use_lookup_dn_username: true}, Authenticator: {allow_all: true}}}}
- auth: {type: ldap, ldap: {use_ssl: false, allowedGroups: [g], dn: {user: {dnAttribute: d}, templates: t}}}
  today: {hub: {config: {JupyterHub: {authenticator_class: ldapauthenticator.LDAPAuthenticator}, LDAPAuthenticator: {tls_strategy: before_bind, allowed_groups: [g], lookup_dn_user_dn_attribute: d, bind_dn_template: t}}}}
- auth: {type: ldap, ldap: {useSsl: true}}
  today: {hub: {config: {JupyterHub: {authenticator_class: ldapauthenticator.LDAPAuthenticator}, LDAPAuthenticator: {tls_strategy: on_connect}, Authenticator: {allow_all: true}}}}
- auth: {type: ldap, ldap: {server: {use_ssl: true, useSsl: true}}}
  today: {hub: {config: {JupyterHub: {authenticator_class: ldapauthenticator.LDAPAuthenticator}, LDAPAuthenticator: {tls_strategy: on_connect}, Authenticator: {allow_all: true}}}}
- auth: {type: custom, custom: {className: my.Own, config: {a: {b: 1}}}}
  today: {hub: {config: {JupyterHub: {authenticator_class: my.Own}, Own: {a: {b: 1}}, Authenticator: {allow_all: true}}}}
- auth: {type: custom, custom: {className: dummyauthenticator.DummyAuthenticator, config: {password: p}}}
  today: {hub: {config: {JupyterHub: {authenticator_class: dummy}, DummyAuthenticator: {password: p}, Authenticator: {allow_all: true}}}}
- auth: {type: custom, custom: {className: ltiauthenticator.LTIAuthenticator, config: {consumers: {a: b}}}}
  today: {hub: {config: {JupyterHub: {authenticator_class: ltiauthenticator.lti11.auth.LTI11Authenticator}, LTI11Authenticator: {consumers: {a: b}}, Authenticator: {allow_all: true}}}}
- auth: {whitelist: {users: [a, 1]}, blacklist: {users: [b]}, admin: {users: [c], access: false}, scopes: [s]}
  today: {hub: {config: {Authenticator: {allowed_users: [a, '1'], blocked_users: [b], admin_users: [c]}, JupyterHub: {admin_access: false}, OAuthenticator: {scope: [s]}}}}
- auth: {whitelist: {users: null}, admin: {users: null}, state: null, ldap: {dn: {search: {}, user: {}}}}
  today: {hub: {config: {Authenticator: {allow_all: true}}}}
- auth: {whitelist: {users: []}}
  today: {hub: {config: {Authenticator: {allowed_users: [], allow_all: true}}}}
- auth: {state: {enabled: true, cryptoKey: ' a ; b ;'}}
  today: {hub: {config: {Authenticator: {enable_auth_state: true, allow_all: true}, CryptKeeper: {keys: [a, b]}}}}
- auth: {state: {cryptoKey: [a]}}
  today: {hub: {config: {CryptKeeper: {keys: [a]}, Authenticator: {allow_all: true}}}}
- auth: {}
  today: {}
- hub: {uid: 1001, fsGid: 1002, imagePullPolicy: Always, publicURL: 'https://h/'}
  today: {hub: {containerSecurityContext: {runAsUser: 1001}, podSecurityContext: {fsGroup: 1002}, image: {pullPolicy: Always}, config: {JupyterHub: {public_url: 'https://h/'}}}}
- hub: {uid: null, imagePullPolicy: null}
  today: {hub: {containerSecurityContext: {runAsUser: null}}}
- hub: {extraConfig: "x = 1\\n"}
  today: {hub: {extraConfig: {config.py: "x = 1\\n"}}}
- hub: {extraConfig: {b: x, a: y}}
  today: {hub: {extraConfig: {b: x, a: y}}}
- hub: {extraConfigMap: {a: [1], b: {c: d}}}
  today: {custom: {a: [1], b: {c: d}}}
- hub: {db: {type: postgres, url: 'postgres://u@h/d'}}
  today: {hub: {db: {type: postgres, url: 'postgresql://u@h/d'}}}
- hub: {db: {type: postgres, url: 'postgresql+psycopg2://u@h/d'}}
  today: {hub: {db: {type: postgres, url: 'postgresql+psycopg2://u@h/d'}}}
- hub: {imagePullSecret: {enabled: true, registry: r}}
  today: {imagePullSecret: {create: true, registry: r}}
- proxy: {networkPolicy: {enabled: true, egress: [{ports: [{port: 53}]}]}, pdb: {enabled: true, minAvailable: 2}, nodeSelector: {a: 1}}
  today: {proxy: {chp: {networkPolicy: {enabled: true, egress: [{ports: [{port: 53}]}]}, pdb: {enabled: true, minAvailable: 2}, nodeSelector: {a: '1'}}, traefik: {networkPolicy: {enabled: true, egress: [{ports: [{port: 53}]}]}, pdb: {enabled: true, minAvailable: 2}, nodeSelector: {a: '1'}}}}
- proxy: {networkPolicy: {enabled: true}, chp: {networkPolicy: {ingress: [{}]}}}
  today: {proxy: {chp: {networkPolicy: {enabled: true, ingress: [{}]}}, traefik: {networkPolicy: {enabled: true}}}}
- proxy: {nginx: {image: {name: n, tag: t}, resources: {}}, lego: {image: {name: n}}}
  today: {}
- singleuser: {imagePullPolicy: Always, imagePullSecret: {enabled: true, registry: r, username: u, email: e, password: 12}}
  today: {singleuser: {image: {pullPolicy: Always}}, imagePullSecret: {create: true, registry: r, username: u, email: e, password: '12'}}
- singleuser: {cloudMetadata: {enabled: true, ip: 1.2.3.4}}
  today: {singleuser: {cloudMetadata: {blockWithIptables: false, ip: 1.2.3.4}, networkPolicy: {egressAllowRules: {cloudMetadataServer: true}}}}
- singleuser: {cloudMetadata: {enabled: false}}
  today: {singleuser: {cloudMetadata: {blockWithIptables: true}}}
- singleuser: {schedulerStrategy: pack}
  today: {scheduling: {userScheduler: {enabled: true}}}
- singleuser: {schedulerStrategy: spread, extraPodAntiAffinity: {preferred: [{weight: 1}]}}
  nameOverride: mine
  today:
    nameOverride: mine
    scheduling: {userScheduler: {enabled: false}}
    singleuser:
      extraPodAntiAffinity:
        preferred:
          - {weight: 1}
          - {weight: 100, podAffinityTerm: {topologyKey: kubernetes.io/hostname, labelSelector: {matchLabels: {component: singleuser-server, app: mine, release: jhub}}}}
- prePuller: {extraImages: {a: {name: n, tag: 16.10, policy: IfNotPresent}, b: {name: n, tag: v1, policy: Always}, c: {name: n, tag: latest, policy: IfNotPresent}, d: {name: n, tag: latest, policy: Always}}}
  today: {prePuller: {extraImages: {a: {name: n, tag: '16.10'}, b: {name: n, tag: v1, pullPolicy: Always}, c: {name: n, tag: latest, pullPolicy: IfNotPresent}, d: {name: n, tag: latest}}}}
- rbac: {enabled: false}
  today:
    rbac: {create: false}
    hub: {serviceAccount: {create: false}}
    proxy: {traefik: {serviceAccount: {create: false}}}
    scheduling: {userScheduler: {serviceAccount: {create: false}}}
    prePuller: {hook: {serviceAccount: {create: false}, serviceAccountImagePuller: {create: false}}, continuous: {serviceAccount: {create: false}}}
- rbac: {enabled: true}
  today: {}
"""
CASES = yaml.load(WORDS, Loader=yaml.BaseLoader)
TEXTS = [case for case in yaml.compose(WORDS, Loader=yaml.SafeLoader).value]


def text_of(node: yaml.Node, *, today: bool) -> str:
    """One side of a case as it is written above, so that its scalars keep their source text."""
    sides = [(key, value) for key, value in node.value if (key.value == "today") is today]
    if today:
        return yaml.serialize(sides[0][1])
    return yaml.serialize(yaml.MappingNode("tag:yaml.org,2002:map", sides))


@pytest.mark.parametrize("version", PRESETS)
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
    values = {"hub.extraConfig": "x", "hub.db.url": "postgres://h/d"}
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
# Nothing is known of ours about these: ldapauthenticator itself says that it has no effect.
DEPRECATED = {("LDAPAuthenticator", "escape_userdn")}


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
@pytest.mark.parametrize("kind", [c["auth"]["type"] for c in CASES if isinstance(c.get("auth"), dict) and "type" in c["auth"]])
def test_the_real_classes_have_the_names(kind: str) -> None:
    if kind == "custom":
        return
    name = load(f"auth: {{type: {kind}}}").tree["hub"]["config"]["JupyterHub"]["authenticator_class"]
    known = authenticator(name)
    assert known is not None
    module = pytest.importorskip(HOMES[known.section], reason="pip install chart_py[hub]", exc_type=ImportError)
    if "." in name:
        assert getattr(importlib.import_module(name.rpartition(".")[0]), known.section) is getattr(module, known.section)
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
        Row("httpRoute.gateway", ("httpRoute.parentRefs",), dict[str, Any], "a route may have several", "4.3", "4.4", as_list),
        Row("cull.every", ("cull.interval",), int, "it says what it is", "0.4", "4.4"),
    )
    assert rows_before(rows, TODAY) == ROWS
    text = "httpRoute: {enabled: true, gateway: {name: g, sectionName: s}}\ncull: {every: 300, timeout: 5}\nhub: {uid: 1}\n"
    layer = from_text(text, "config.yaml", lambda finding: None)
    findings: list[Finding] = []
    done = translated(layer, Facts(), findings.append, rows=rows, today="5.0.0")
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
    translated(wrong, Facts(), findings.append, rows=rows, today="5.0.0")
    assert [f.text(200) for f in findings] == [
        "config.yaml:1:22: error: httpRoute.gateway: a map is due, this is the text 'g'\n"
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
    assert leaves(GUIDE) == PRESET
    assert {path: guide.get(path) for path in guide if guide.get(path) != today.get(path)} == {
        path: value for path, value in PRESET.items() if today.get(path) != value
    }
    assert default_tree((), "0.6") == default_tree((), "0.7")


def test_another_version_is_refused_with_the_list() -> None:
    with pytest.raises(UsageError, match=r"there is no chart version '0\.8' here; choose one of: 4\.4\.0, 0\.7, 0\.6"):
        load("{}", chart_version="0.8")


CLASHES = {
    "hub: {uid: 1, containerSecurityContext: {runAsUser: 2}}\n": [
        "one.yaml:1:7: hub.uid: hub.containerSecurityContext.runAsUser in line 1 says the same; one of the two has to go"
    ],
    "auth:\n  type: github\nhub:\n  config:\n    JupyterHub:\n      authenticator_class: google\n": [
        "one.yaml:2:3: auth.type: hub.config.JupyterHub.authenticator_class in line 6 says the same; "
        "one of the two has to go"
    ],
    "hub:\n  imagePullSecret: {registry: a}\nsingleuser:\n  imagePullSecret: {registry: b}\n": [
        "one.yaml:4:21: singleuser.imagePullSecret.registry: hub.imagePullSecret.registry in line 2 says the same; "
        "one of the two has to go"
    ],
    "hub: {extraConfigMap: {a: 1}}\ncustom: {a: 1}\n": [
        "one.yaml:1:24: hub.extraConfigMap.a: custom.a in line 2 says the same; one of the two has to go"
    ],
    "auth: {type: dummy}\nhub: {config: nothing}\n": [
        "one.yaml:1:8: auth.type: hub.config in line 2 says the same; one of the two has to go",
        "one.yaml:2:15: hub.config: a map of words is due, this is the text 'nothing'",
    ],
    "proxy: {networkPolicy: {enabled: true}, chp: {networkPolicy: {enabled: false}}}\n": [
        "one.yaml:1:25: proxy.networkPolicy.enabled: proxy.chp.networkPolicy.enabled in line 1 says the same; "
        "one of the two has to go"
    ],
}


@pytest.mark.parametrize("text", CLASHES)
def test_old_and_new_word_at_once(text: str) -> None:
    assert [f"{f.place}: {dotted(f.path)}: {f.message}" for f in refused(text)][: len(CLASHES[text])] == CLASHES[text]


def test_a_later_file_wins_in_whichever_words() -> None:
    old, new = "hub: {uid: 1}\n", "hub: {containerSecurityContext: {runAsUser: 2}}\n"
    user = ("hub", "containerSecurityContext", "runAsUser")
    for texts, wanted, written in (((old, new), 2, user), ((new, old), 1, ("hub", "uid"))):
        loaded = load(*texts)
        assert loaded.tree["hub"]["containerSecurityContext"]["runAsUser"] == wanted
        assert loaded.sources.name(user) == dotted(written)
        assert loaded.sources.place(user).file == "two.yaml"  # type: ignore[union-attr]


WRONG = {
    "auth: {type: githup}\n": [
        "1:14 auth.type: one of dummy, github, google, cilogon, globus, gitlab, mediawiki, azuread, hmac, tmp, lti, ldap, "
        "custom is due, this is the text 'githup'"
    ],
    "auth: {type: github, github: {clientID: x}}\n": [
        "1:31 auth.github.clientID: no such word; did you mean auth.github.clientId?"
    ],
    "auth: {type: github, gihub: {clientId: x}}\n": ["1:22 auth.gihub: no such word; did you mean auth.github?"],
    "auth: {whitelist: [ada]}\n": ["1:19 auth.whitelist: a map of words is due, this is a list"],
    "auth: {whitelist: {users: ada}}\n": ["1:27 auth.whitelist.users: a list is due, this is the text 'ada'"],
    "auth: [a]\n": ["1:7 auth: a map of words is due, this is a list"],
    "auth: {hmac: {secretKey: [a]}}\n": ["1:26 auth.hmac.secretKey: text is due, this is a list"],
    "auth: {ldap: {server: {port: '636x'}}}\n": ["1:30 auth.ldap.server.port: a whole number is due, this is the text '636x'"],
    "hub: {uid: root}\n": ["1:12 hub.uid: a whole number is due, this is the text 'root'"],
    "hub: {imagePulPolicy: Always}\n": ["1:7 hub.imagePulPolicy: no such word; did you mean hub.imagePullPolicy?"],
    "proxy: {networkPolicy: {enabld: true}}\n": [
        "1:25 proxy.networkPolicy.enabld: no such word; did you mean proxy.networkPolicy.enabled?"
    ],
    "proxy: {networkPolicy: {enabled: 1}}\n": [
        "1:34 proxy.networkPolicy.enabled: true or false is due, this is the number 1"
    ],
    "proxy: {pdb: 1}\n": ["1:14 proxy.pdb: a map of words is due, this is the number 1"],
    "singleuser: {schedulerStrategy: packed}\n": [
        "1:33 singleuser.schedulerStrategy: one of spread, pack is due, this is the text 'packed'"
    ],
    "singleuser: {imagePullPolicy: Sometimes}\n": [
        "1:31 singleuser.imagePullPolicy: one of IfNotPresent, Always, Never is due, this is the text 'Sometimes'"
    ],
    "hub: {extraConfigMap: 3}\n": ["1:23 hub.extraConfigMap: a map of words is due, this is the number 3"],
    "rbac: {enabled: 'no'}\n": ["1:17 rbac.enabled: true or false is due, this is the text 'no'"],
    "auht: {type: github}\n": ["1:1 auht: no such word; did you mean auth?"],
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said_in_the_users_own_words(text: str) -> None:
    found = [f"{str(f.place).removeprefix('one.yaml:')} {dotted(f.path)}: {f.message}" for f in refused(text)]
    assert found == WRONG[text]


def test_findings_about_moved_words_name_the_users_own() -> None:
    found = refused("singleuser:\n  imagePullSecret:\n    registry: [a]\nproxy:\n  nodeSelector: [a]\n")
    assert [dotted(f.path) for f in found] == ["singleuser.imagePullSecret.registry", "proxy.nodeSelector"]
    # A word whose value is fine by itself and wrong in its new place: found by the check of merged values.
    found = refused("hub: {extraConfigMap: {}}\nsingleuser: {imagePullSecret: {password: p}, storage: 1}\n")
    assert [dotted(f.path) for f in found] == ["singleuser.storage"]


def test_no_secret_is_shown() -> None:
    found = refused("auth: {hmac: {secretKey: [s3cr3t]}, github: {clientId: i, clientSecret: t0ps3cret, x: 1}}\n")
    text = "\n".join(f.text(200) for f in found)
    assert "s3cr3t" not in text
    assert "t0ps3cret" not in text


def test_settings_take_old_words_too() -> None:
    loaded = load_values(settings=["auth.type=github", "auth.github.clientId=12", "hub.uid=7", "rbac.enabled=false"])
    config = loaded.tree["hub"]["config"]
    assert config["JupyterHub"]["authenticator_class"] == "github"
    assert config["GitHubOAuthenticator"] == {"client_id": "12"}
    assert loaded.values.hub.containerSecurityContext["runAsUser"] == 7
    assert loaded.values.rbac.create is False
    assert loaded.sources.place(("rbac", "create")).file == "--set rbac.enabled=false"  # type: ignore[union-attr]


def test_what_no_longer_does_anything_says_so() -> None:
    loaded = load("proxy: {nginx: {image: {tag: x}}, lego: null}\nauth: {type: ldap, ldap: {dn: {user: {escape: true}}}}\n")
    assert said(loaded) == ["no-effect proxy.nginx", "no-effect auth.ldap.dn.user.escape"]
    assert loaded.findings[0].text(200).splitlines()[0] == (
        "one.yaml:1:9: warning: proxy.nginx: nothing does this any more: "
        "traefik gets the certificates and ends TLS since chart 0.9; nginx and kube-lego are gone"
    )


def test_what_cannot_be_carried_over_says_what_to_write() -> None:
    assert said(load("hub: {uid: 0}\n")) == ["runs-as-root hub.uid"]
    assert said(load("auth: {type: ldap, ldap: {dn: {lookup: true}}}\n")) == ["ldap-lookup-name auth.ldap.dn.lookup"]
    assert said(load("auth: {type: ldap, ldap: {dn: {lookup: true, user: {useLookupName: false}}}}\n")) == []
    assert said(load("auth: {type: custom}\n")) == ["auth-custom auth.type"]
    assert said(load("auth: {custom: {className: a.B, config: {c: d}}}\n")) == [
        "auth-custom auth.custom.className",
        "auth-custom auth.custom.config",
    ]
    removed = load("auth: {type: custom, custom: {className: oauthenticator.okpy.OkpyOAuthenticator}}\n")
    assert said(removed) == ["class-removed auth.custom.className"]


def test_one_note_says_how_many_words_there_are() -> None:
    loaded = load("auth: {type: dummy}\nhub: {uid: 1}\n", "hub: {labels: {a: b}}\n", "hub: {fsGid: 3}\n")
    notes = [f.text(200).splitlines()[0] for f in loaded.findings if f.level is Level.NOTE]
    assert notes == [
        "one.yaml:1:8: note: 2 words of charts before 4.4.0 understood and translated, first auth.type",
        "three.yaml:1:7: note: one word of charts before 4.4.0 understood and translated, first hub.fsGid",
    ]


def test_the_files_together_say_which_login_it_is() -> None:
    """A secret in a file of its own does not know the type, which another file has."""
    loaded = load("auth: {github: {clientSecret: s}}\n", "auth: {type: cilogon}\n")
    config = loaded.tree["hub"]["config"]
    assert config["CILogonOAuthenticator"] == {"client_secret": "s"}
    loaded = load("auth: {custom: {config: {a: b}}}\n", "auth: {type: custom, custom: {className: x.Y}}\n")
    assert loaded.tree["hub"]["config"]["Y"] == {"a": "b"}


def test_null_takes_back_what_a_lower_file_says() -> None:
    loaded = load("auth: {whitelist: {users: [a]}}\n", "auth: {whitelist: {users: null}}\n")
    assert loaded.tree["hub"]["config"]["Authenticator"] == {"allow_all": True}


def test_what_python_reads_is_where_it_was() -> None:
    """The guide's `z2jh.get_config("custom.myString")` finds what stood in hub.extraConfigMap."""
    loaded = load("hub: {extraConfigMap: {myString: Hello!}}\n", "custom: {mine: 1}\n")
    assert loaded.tree["custom"] == {"myString": "Hello!", "mine": 1}
