"""What is said of old words: what is wrong with them, what they clash with, what cannot be carried over."""

from __future__ import annotations

import pytest

from chart_py.finding import Level, dotted
from chart_py.values.load import load_values
from tests.values.loading import load, refused, said

CLASHES = {
    "hub: {uid: 1, containerSecurityContext: {runAsUser: 2}}\n": [
        "one.yaml:1:7: hub.uid: hub.containerSecurityContext.runAsUser in line 1 sets the same; remove one of the two"
    ],
    "auth:\n  type: github\nhub:\n  config:\n    JupyterHub:\n      authenticator_class: google\n": [
        "one.yaml:2:3: auth.type: hub.config.JupyterHub.authenticator_class in line 6 sets the same; "
        "remove one of the two"
    ],
    "hub:\n  imagePullSecret: {registry: a}\nsingleuser:\n  imagePullSecret: {registry: b}\n": [
        "one.yaml:4:21: singleuser.imagePullSecret.registry: hub.imagePullSecret.registry in line 2 sets the same; "
        "remove one of the two"
    ],
    "hub: {extraConfigMap: {a: 1}}\ncustom: {a: 1}\n": [
        "one.yaml:1:24: hub.extraConfigMap.a: custom.a in line 2 sets the same; remove one of the two"
    ],
    "auth: {type: dummy}\nhub: {config: nothing}\n": [
        "one.yaml:1:8: auth.type: hub.config in line 2 sets the same; remove one of the two",
        "one.yaml:2:15: hub.config: expected a map, got text",
    ],
    "singleuser: {schedulerStrategy: pack}\nscheduling: {userScheduler: {enabled: false}}\n": [
        "one.yaml:1:14: singleuser.schedulerStrategy: scheduling.userScheduler.enabled in line 2 sets the same; "
        "remove one of the two"
    ],
    "proxy: {networkPolicy: {enabled: true}, chp: {networkPolicy: {enabled: false}}}\n": [
        "one.yaml:1:25: proxy.networkPolicy.enabled: proxy.chp.networkPolicy.enabled in line 1 sets the same; "
        "remove one of the two"
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
        "1:14 auth.type: expected one of dummy, github, google, cilogon, globus, gitlab, mediawiki, azuread, "
        "hmac, tmp, lti, ldap, custom, got 'githup'"
    ],
    "auth: {type: github, github: {clientID: x}}\n": [
        "1:31 auth.github.clientID: unknown setting; did you mean "
        "hub.config.GitHubOAuthenticator.client_id (once auth.github.clientId)?"
    ],
    "auth: {type: github, gihub: {clientId: x}}\n": [
        "1:22 auth.gihub: unknown setting; did you mean hub.config.GitHubOAuthenticator (once auth.github)?"
    ],
    "auth: {whitelist: [ada]}\n": ["1:19 auth.whitelist: expected a map of settings, got a list"],
    "auth: {whitelist: {users: ada}}\n": ["1:27 auth.whitelist.users: expected a list, got 'ada'"],
    "auth: [a]\n": ["1:7 auth: expected a map of settings, got a list"],
    "auth: {hmac: {secretKey: [a]}}\n": ["1:26 auth.hmac.secretKey: expected text, got a list"],
    "auth: {ldap: {server: {port: '636x'}}}\n": ["1:30 auth.ldap.server.port: expected a whole number, got '636x'"],
    "hub: {uid: root}\n": ["1:12 hub.uid: expected a whole number, got 'root'"],
    "hub: {imagePulPolicy: Always}\n": [
        "1:7 hub.imagePulPolicy: unknown setting; did you mean hub.image.pullPolicy (once hub.imagePullPolicy)?"
    ],
    "proxy: {networkPolicy: {enabld: true}}\n": [
        "1:25 proxy.networkPolicy.enabld: unknown setting; did you mean "
        "proxy.chp.networkPolicy.enabled (once proxy.networkPolicy.enabled)?"
    ],
    "proxy: {networkPolicy: {enabled: 1}}\n": ["1:34 proxy.networkPolicy.enabled: expected true or false, got 1"],
    "proxy: {pdb: 1}\n": ["1:14 proxy.pdb: expected a map of settings, got a number"],
    "singleuser: {schedulerStrategy: packed}\n": [
        "1:33 singleuser.schedulerStrategy: expected one of spread, pack, got 'packed'"
    ],
    "singleuser: {imagePullPolicy: Sometimes}\n": [
        "1:31 singleuser.imagePullPolicy: expected one of IfNotPresent, Always, Never, got 'Sometimes'"
    ],
    "hub: {extraConfigMap: 3}\n": ["1:23 hub.extraConfigMap: expected a map of settings, got a number"],
    "rbac: {enabled: 'no'}\n": ["1:17 rbac.enabled: expected true or false, got 'no'"],
    "auht: {type: github}\n": ["1:1 auht: unknown setting; did you mean hub.config (once auth)?"],
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
    loaded = load(
        "proxy: {nginx: {image: {tag: x}}, lego: null}\nauth: {type: ldap, ldap: {dn: {user: {escape: true}}}}\n"
    )
    assert said(loaded) == ["no-effect proxy.nginx", "no-effect auth.ldap.dn.user.escape"]
    assert loaded.findings[0].text(200).splitlines()[0] == (
        "one.yaml:1:9: warning: proxy.nginx: no longer has any effect: "
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
        "one.yaml:1:8: note: 2 settings of charts before 4.4.0 were understood and translated, first auth.type",
        "three.yaml:1:7: note: one setting of charts before 4.4.0 was understood and translated: hub.fsGid",
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
