"""What becomes of a configuration's text: words, comments, anchors, sections, line ends; and the proof."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from chart_py.errors import UsageError, ValuesError
from chart_py.finding import dotted
from chart_py.migrate.migration import Change, migrate, prefixes, prove
from chart_py.values.layer import from_text
from chart_py.values.load import from_layers


def text(lines: str) -> str:
    return textwrap.dedent(lines.removeprefix("\n"))


def words_only(before: str) -> str:
    """The text in today's words, nothing added."""
    done = migrate(text(before), "config.yaml", chart_version="4.4.0")
    assert done.remaining == ()
    return done.after


CASES = {
    "comments go with their words": (
        """
        # My hub.

        # who may log in
        auth:  # see wiki
          # GitHub
          type: "github"   # by GitHub

          github:   # the app
            clientId: 'abc' # id
            # the secret
            clientSecret: s

            # later:
            # callbackUrl: x
          # friends
          whitelist:
            users:
            - ada     # first
            - grace

        # the hub
        hub:
            uid: 1001      # me
            # labels
            labels: {a: "b"}
        """,
        """
        # My hub.

        # later:
        # callbackUrl: x

        # the hub
        hub:
            containerSecurityContext:
                runAsUser: 1001      # me
            # labels
            labels: {a: "b"}
            config:
                JupyterHub:
                    # who may log in
                    # see wiki
                    # GitHub
                    authenticator_class: "github"   # by GitHub
                GitHubOAuthenticator:
                    # the app
                    client_id: 'abc' # id
                    # the secret
                    client_secret: s
                Authenticator:
                    # friends
                    allowed_users:
                    - ada     # first
                    - grace
        """,
    ),
    "a new section takes the old one's place": (
        """
        proxy: {secretToken: a}

        # who
        auth: {whitelist: {users: [a]}}

        cull: {every: 300}
        """,
        """
        proxy: {secretToken: a}

        hub:
          config:
            Authenticator:
              # who
              allowed_users: [a]

        cull: {every: 300}
        """,
    ),
    "a word in braces stays there where it can": (
        """
        rbac: {enabled: true}  # yes
        prePuller: {extraImages: {a: {name: n, tag: v1, policy: IfNotPresent}, b: {policy: Always, name: n, tag: v1}}}
        hub: {db: {type: postgres, url: 'postgres://u@h/d', upgrade: true}}
        """,
        """
        rbac: {create: true}  # yes
        prePuller: {extraImages: {a: {name: n, tag: v1}, b: {pullPolicy: Always, name: n, tag: v1}}}
        hub: {db: {type: postgres, url: 'postgresql://u@h/d', upgrade: true}}
        """,
    ),
    "braces of several lines, with comments": (
        """
        hub: {  # all of it
          # me
          uid: 1001,  # no root
          labels: {a: b,
            c: d},
          # last
        }
        """,
        """
        hub:  # all of it
          containerSecurityContext:
            # me
            runAsUser: 1001  # no root
          labels: {a: b,
            c: d}
          # last
        """,
    ),
    "one text becomes a map of texts": (
        """
        hub:
          # code
          extraConfig: |  # Python
            # no comment
            x = 1

            y = 2
          labels: {}
        """,
        """
        hub:
          # code
          extraConfig:
            config.py: |  # Python
              # no comment
              x = 1

              y = 2
          labels: {}
        """,
    ),
    "lines of spaces in a block of text": (
        "hub:\n  # code\n  extraConfig: |\n    x = 1\n      \n    \n\n    y = 2  \n  uid: 1\n",
        "hub:\n  # code\n  extraConfig:\n    config.py: |\n      x = 1\n        \n      \n\n      y = 2  \n"
        "  containerSecurityContext:\n    runAsUser: 1\n",
    ),
    "a block of text with lines of spaces, brought by a merge key": (
        "x-one: &one\n  extraConfig: |\n    x = 1\n      \n    y = 2\n  uid: 1\nhub:\n  <<: *one\n",
        "x-one: &one\n  extraConfig: |\n    x = 1\n      \n    y = 2\n  uid: 1\n"
        "hub:\n  extraConfig:\n    config.py: |\n      x = 1\n        \n      y = 2\n"
        "  containerSecurityContext:\n    runAsUser: 1\n",
    ),
    "what nothing reads goes, its comments stay": (
        """
        proxy:
          # the old proxy
          nginx:  # gone
            image: {name: n}  # one
          secretToken: a
          lego: {}
        """,
        """
        proxy:
          # the old proxy
          # gone
          # one
          secretToken: a
        """,
    ),
    "lists get another item": (
        """
        singleuser:
          extraPodAntiAffinity:
            preferred:
              # mine
              - weight: 1
                podAffinityTerm: {topologyKey: zone}
              # end
          schedulerStrategy: spread
        """,
        """
        scheduling:
          userScheduler:
            enabled: false
        singleuser:
          extraPodAntiAffinity:
            preferred:
              # mine
              - weight: 1
                podAffinityTerm: {topologyKey: zone}
              - weight: 100
                podAffinityTerm:
                  topologyKey: kubernetes.io/hostname
                  labelSelector:
                    matchLabels:
                      component: singleuser-server
                      app: jupyterhub
                      release: jhub
              # end
        """,
    ),
    "a value that changes keeps its comments": (
        """
        auth:
          whitelist: {users: [a]}
          state:
            # two keys
            cryptoKey: "a;b"  # both
        """,
        """
        hub:
          config:
            Authenticator:
              allowed_users: [a]
            CryptKeeper:
              # two keys
              # both
              keys:
              - a
              - b
        """,
    ),
    "a text that YAML takes for something else is quoted": (
        """
        auth: {type: github, github: {clientId: 1e3, clientSecret: yes, orgWhitelist: [A]}}
        """,
        """
        hub:
          config:
            JupyterHub:
              authenticator_class: github
            GitHubOAuthenticator:
              client_id: "1e3"
              client_secret: "yes"
              allowed_organizations: [A]
        """,
    ),
    "anchors stay where the order allows it": (
        """
        x-pull: &pull Always
        x-people: &people [ada]
        auth:
          whitelist: {users: *people}
        singleuser:
          imagePullPolicy: *pull
        """,
        """
        x-pull: &pull Always
        x-people: &people [ada]
        hub:
          config:
            Authenticator:
              allowed_users: *people
        singleuser:
          image:
            pullPolicy: *pull
        """,
    ),
    "an anchor that would come too late is written out": (
        """
        custom:
          before: 1
        auth:
          admin: {users: &people [ada]}
          whitelist: {users: [a]}
        hub:
          extraEnv: {A: b}
        singleuser:
          extraEnv: {PEOPLE: b}
        x-again: *people
        """,
        """
        custom:
          before: 1
        hub:
          extraEnv: {A: b}
          config:
            Authenticator:
              admin_users: &people [ada]
              allowed_users: [a]
        singleuser:
          extraEnv: {PEOPLE: b}
        x-again: *people
        """,
    ),
    "what a merge key brings is written out": (
        """
        x-common: &common
          imagePullPolicy: Always   # pull
          image: {name: a, tag: b}
        hub:
          <<: *common
          labels: {a: b}
        """,
        """
        x-common: &common
          imagePullPolicy: Always   # pull
          image: {name: a, tag: b}
        hub:
          image:
            name: a
            tag: b
            pullPolicy: Always
          labels: {a: b}
        """,
    ),
    "an umbrella chart's file": (
        """
        # the umbrella
        mychart:
          auth: {type: mine}
        global: {x: y}
        jupyterhub:
          # who
          auth:
            whitelist: {users: [a]}
          hub: {uid: 1001}   # no root
        x: 2
        """,
        """
        # the umbrella
        mychart:
          auth: {type: mine}
        global: {x: y}
        jupyterhub:
          hub:   # no root
            containerSecurityContext:
              runAsUser: 1001
            config:
              Authenticator:
                # who
                allowed_users: [a]
        x: 2
        """,
    ),
    "a nested umbrella": (
        """
        binderhub:
          config: {}
          jupyterhub:
            singleuser: {imagePullPolicy: Always, memory: {limit: 1G}}
        """,
        """
        binderhub:
          config: {}
          jupyterhub:
            singleuser:
              image:
                pullPolicy: Always
              memory: {limit: 1G}
        """,
    ),
    "the whole text in braces": (
        "{hub: {fsGid: 1, labels: {a: b}}, cull: {every: 1}}\n",
        """
        hub:
          podSecurityContext:
            fsGroup: 1
          labels: {a: b}
        cull: {every: 1}
        """,
    ),
    "the document's marks": ("%YAML 1.1\n---\n# c\nhub: {uid: 1}\n...\n", """
        %YAML 1.1
        ---
        # c
        hub:
          containerSecurityContext:
            runAsUser: 1
        ...
        """),
    "nothing at the end of the last line": ("hub: {uid: 1, labels: {}}", """
        hub:
          containerSecurityContext:
            runAsUser: 1
          labels: {}"""),
    "a null of 2018's defaults": (
        """
        auth:
          whitelist:
            users:
          admin: {users: [a]}
          type: dummy
        hub: {config: {Authenticator: {allow_all: true}}}
        """,
        """
        hub:
          config:
            Authenticator:
              allow_all: true
              admin_users: [a]
            JupyterHub:
              authenticator_class: dummy
        """,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_in_todays_words(case: str) -> None:
    before, after = CASES[case]
    assert words_only(before) == text(after)


def test_line_ends_stay() -> None:
    before = "# c\r\nhub:\r\n  uid: 1 # x\r\n  labels: {a: b}\r\n"
    after = "# c\r\nhub:\r\n  containerSecurityContext:\r\n    runAsUser: 1 # x\r\n  labels: {a: b}\r\n"
    assert migrate(before, "config.yaml", chart_version="4.4.0").after == after


def test_what_keeps_the_meaning_is_added_and_says_so() -> None:
    done = migrate("singleuser:\n  networkPolicy: {enabled: true}\n  uid: 1000\n", "config.yaml", chart_version="0.7")
    assert done.remaining == ()
    assert done.after.startswith(
        text("""
        singleuser:
          networkPolicy:
            enabled: true
            # As with chart 0.7: pods may connect to anywhere. Without this, today's default: only to what egressAllowRules allow.
            egress:
            - to:
              - ipBlock:
                  cidr: "0.0.0.0/0"
                  except:
                  - "169.254.169.254/32"
            # As with chart 0.7: no ready-made rules beside egress. Without this, today's default: most of them are on.
            egressAllowRules:
              dnsPortsCloudMetadataServer: false
              dnsPortsKubeSystemNamespace: false
              dnsPortsPrivateIPs: false
              nonPrivateIPs: false
          uid: 1000
        hub:
          # As with chart 0.7: no NetworkPolicy. Without this, today's default: there is one, with ready-made rules.
          networkPolicy:
            enabled: false
        """)  # noqa: E501
    )
    added = {change.new[0]: change.line for change in done.changes}
    lines = done.after.split("\n")
    assert list(added) == [
        "singleuser.networkPolicy.egress",
        "singleuser.networkPolicy.egressAllowRules",
        "hub.networkPolicy",
        "proxy.chp.networkPolicy",
        "proxy.traefik.networkPolicy",
        "proxy.https.enabled",
        "scheduling.userScheduler.enabled",
        "scheduling.userPlaceholder.enabled",
        "prePuller.continuous.enabled",
    ]
    for word, line in added.items():
        assert lines[line - 1].strip().startswith(word.rpartition(".")[2] + ":")
        assert lines[line - 2].strip().startswith("# As with chart 0.7: ")


def test_everyone_is_let_in_and_that_can_be_taken_back() -> None:
    done = migrate("auth: {type: dummy}\n", "config.yaml", chart_version="4.4.0")
    assert done.after == text("""
        hub:
          config:
            JupyterHub:
              authenticator_class: dummy
            Authenticator:
              # As before JupyterHub 5: everyone who passes the login is let in. Without this, today's default: only those whom you allow.
              allow_all: true
        """)  # noqa: E501
    assert done.changes == (
        Change(
            1,
            "auth.type",
            ("hub.config.JupyterHub.authenticator_class",),
            "logins are configured by hub.config, by the authenticator's own traits",
        ),
        Change(
            7,
            "",
            ("hub.config.Authenticator.allow_all",),
            "as before: everyone who passes the login is let in; "
            "remove it for today's default: only those whom you allow",
        ),
    )


def test_the_version_is_asked_for_where_there_are_older_settings() -> None:
    with pytest.raises(UsageError, match=r"cannot tell which chart config\.yaml was written for"):
        migrate("hub: {uid: 1}\n", "config.yaml")
    today = "hub: {labels: {a: b}}\n"
    done = migrate(today, "config.yaml")
    assert (done.chart_version, done.after, done.changes) == ("4.4.0", today, ())
    assert migrate("# nothing\n", "config.yaml").after == "# nothing\n"
    with pytest.raises(UsageError, match=r"did you mean 1\.0\.1\?"):
        migrate("{}", "config.yaml", chart_version="1.0")


def test_what_does_not_load_is_not_migrated() -> None:
    for wrong, code in (
        ("auth: {type: githup}\n", "wrong-type"),
        ("hub: {uid: 1\n", "not-yaml"),
        ("- a\n", "not-a-map"),
    ):
        with pytest.raises(ValuesError) as caught:
            migrate(wrong, "config.yaml")
        assert [f.code for f in caught.value.findings if f.level.value == "error"] == [code]
    with pytest.raises(ValuesError) as caught:
        migrate("jupyterhub:\n  auth: {type: githup}\n", "config.yaml")
    assert [str(f.place) for f in caught.value.findings] == ["config.yaml:2:16"]


def test_findings_are_those_of_the_old_text() -> None:
    done = migrate("auth: {type: cilogon}\nproxy: {nginx: {a: b}}\n", "config.yaml", chart_version="0.7")
    assert [(f.code, str(f.place)) for f in done.findings] == [
        ("cilogon-idps", "config.yaml:1:8"),
        ("no-effect", "config.yaml:2:9"),
    ]


def test_the_release_is_in_the_rule_that_spreads() -> None:
    done = migrate("singleuser: {schedulerStrategy: spread}\n", "config.yaml", chart_version="4.4.0", release="mine")
    assert "release: mine\n" in done.after
    assert done.remaining == ()


def test_prove_tells_what_differs_and_why() -> None:
    def loaded(said: str) -> object:
        return from_layers([from_text(said, "config.yaml", lambda finding: None)])

    same = loaded("hub: {labels: {a: b}}\nproxy: {secretToken: " + "a" * 64 + "}\n")
    assert prove(same, same) == []  # type: ignore[arg-type]
    other = loaded("hub: {labels: {a: c}}\nproxy: {secretToken: " + "b" * 64 + "}\nhttpRoute: {enabled: true}\n")
    found = prove(same, other)  # type: ignore[arg-type]
    assert [left.object.split("/")[-2:] for left in found[:1]]
    fields = {f"{left.object}: {left.field}" for left in found}
    assert any(field.endswith('spec.template.metadata.labels.a: "b" -> "c"') for field in fields)
    assert any("HTTPRoute" in left.object for left in found)
    assert not any("aaaa" in field or "bbbb" in field for field in fields)
    assert {left.reason for left in found} == {
        "the rewriting lost it, which is a fault of chart_py: please report it with both files"
    }


def test_umbrellas() -> None:
    def found(said: str) -> list[str]:
        return [dotted(path) for path in prefixes(from_text(said, "x", lambda finding: None).tree)]

    assert found("hub: {}\n") == [""]
    assert found("jupyterhub: {hub: {}}\n") == ["jupyterhub"]
    assert found("a: {b: {jupyterhub: {auth: {}}}}\njupyterhub: {cull: {}}\n") == ["a.b.jupyterhub", "jupyterhub"]
    # A word of that name that holds something else, and the chart's own free words.
    assert found("jupyterhub: {replicas: 1}\n") == [""]
    assert found("hub: {config: {a: {jupyterhub: {hub: {}}}}}\ncustom: {jupyterhub: {hub: {}}}\n") == [""]


def test_what_the_docs_show_is_so() -> None:
    page = (Path(__file__).parent.parent.parent / "docs" / "migration.md").read_text(encoding="utf-8")
    before, after = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)[:2]
    shown, _, _ = after.partition("    …\n")
    assert migrate(before, "config.yaml", chart_version="0.7").after.startswith(shown)


def test_a_change_of_an_anchored_section_is_no_change_elsewhere() -> None:
    before = """
        rbac: &on {enabled: true}  # a & b, &on
        debug: *on
        ingress:
          <<: *on
          hosts: ["a.example.org"]
        custom: {text: "&on is no anchor"}
        hub:
          <<: &more
            uid: 1
            labels: {a: b}
        x-more: *more
        """
    assert words_only(before) == text(
        """
        rbac: {create: true}  # a & b, &on
        debug: {"enabled": true}
        ingress:
          <<: {"enabled": true}
          hosts: ["a.example.org"]
        custom: {text: "&on is no anchor"}
        hub:
          containerSecurityContext:
            runAsUser: 1
          labels:
            a: b
        x-more: {"uid": 1, "labels": {"a": "b"}}
        """
    )


def test_comments_of_a_merge_key_stay_when_its_words_are_written_out() -> None:
    before = """
        x-common: &common
          uid: 1000
          labels: {a: b}
        hub:
          # what all hubs have
          <<: *common  # see wiki
          # ours
          concurrentSpawnLimit: 3
        """
    assert words_only(before) == text(
        """
        x-common: &common
          uid: 1000
          labels: {a: b}
        hub:
          containerSecurityContext:
            # what all hubs have
            # see wiki
            runAsUser: 1000
          labels:
            a: b
          # ours
          concurrentSpawnLimit: 3
        """
    )
