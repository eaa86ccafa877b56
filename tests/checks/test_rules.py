"""Contradictions: each row of the table is broken by its example, and by nothing that is right."""

from __future__ import annotations

import io
import re

import pytest

from chart_py.checks.rule import Rule
from chart_py.checks.rules import RULES, check, contradictions
from chart_py.finding import Level
from chart_py.values.load import load_values


def said(text: str, *settings: str) -> list[tuple[str, str]]:
    loaded = load_values([io.StringIO(text)], settings=settings)
    return [(finding.code, ".".join(map(str, finding.path))) for finding in contradictions(loaded)]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_example_breaks_the_rule_and_no_other(rule: Rule) -> None:
    assert {code for code, _ in said(rule.example)} == {rule.code}


def test_rows_are_told_apart_and_say_what_to_do() -> None:
    codes = [rule.code for rule in RULES]
    assert len(set(codes)) == len(codes)
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in codes)
    assert all(rule.remedy and rule.check.__name__ for rule in RULES)


RIGHT = [
    "hub: {config: {GitHubOAuthenticator: {oauth_callback_url: 'https://a.example.org/jupyter/hub/oauth_callback'}}}",
    "hub: {config: {OAuthenticator: {token_url: 'http://10.0.0.1:80/t', oauth_callback_url: ''}, Own: {token_url: 5}}}",
    "proxy: {https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: ops@example.org}}}",
    "proxy: {https: {enabled: false, hosts: [hub.example.org]}}",
    "proxy: {https: {enabled: true, type: offload}, service: {disableHttpPort: true}}",
    "proxy: {https: {enabled: true, type: secret, secret: {name: tls}}}",
    "ingress: {enabled: true}\nproxy: {service: {type: ClusterIP}}",
    "hub: {db: {type: postgres, url: 'postgresql://h@db/h'}, deploymentStrategy: {type: RollingUpdate}}",
    "hub: {db: {type: postgres, url: 'postgresql://h@db.example.org/h'}}",
    "hub: {db: {type: other}, extraConfig: {a: 'c.JupyterHub.db_url = \"x\"'}}",
    "hub: {pdb: {enabled: true, maxUnavailable: 1, minAvailable: null}}",
    "cull: {timeout: 600}",
    "cull: {enabled: false, timeout: 10}",
    "singleuser: {memory: {guarantee: 1G, limit: 1024M}, cpu: {guarantee: .5, limit: .5}}",
    "singleuser: {extraResource: {guarantees: {nvidia.com/gpu: 1}, limits: {nvidia.com/gpu: '1'}}}",
    "scheduling: {podPriority: {enabled: true}, userPlaceholder: {replicas: 3}}\nsingleuser: {memory: {guarantee: 4G}}",
    "singleuser: {image: {name: quay.io:5000/a/b, tag: v1}}",
    f"singleuser: {{image: {{name: a/b, tag: 'latest@sha256:{'0' * 64}'}}}}",
    "imagePullSecret: {create: true, registry: r.example.org, username: a, password: b}",
    "singleuser: {storage: {type: static, static: {pvcName: homes}}}",
    "hub: {networkPolicy: {egressAllowRules: {privateIPs: false}}}",
    "hub:\n  db: {type: postgres, url: 'postgresql://h@10.4.0.7:5432/h'}\n  networkPolicy:\n"
    "    egressAllowRules: {privateIPs: false}\n"
    "    egress: [{to: [{ipBlock: {cidr: 10.4.0.0/16}}], ports: [{port: 5000, endPort: 6000}]}]",
    f"proxy: {{secretToken: {'ab' * 32}}}",
]


@pytest.mark.parametrize("text", RIGHT)
def test_nothing_is_said_about_what_is_right(text: str) -> None:
    assert said(text) == []


def test_the_defaults_of_every_version_say_nothing() -> None:
    for version in ("4.4.0", "0.7", "0.6"):
        assert check(load_values(chart_version=version)) == ()


WRONG = [
    ("hub: {db: {type: mysql, url: 'postgresql://h@db/h'}}", "database-url", "hub.db.url"),
    (
        "hub:\n  db: {type: postgres, url: 'postgresql://h@10.5.0.7:5432/h'}\n  networkPolicy:\n"
        "    egressAllowRules: {privateIPs: false}\n    egress: [{to: [{ipBlock: {cidr: 10.4.0.0/16}}]}]",
        "policy-database",
        "hub.networkPolicy",
    ),
    (
        "hub: {resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}}",
        "guarantee-above-limit",
        "hub.resources.requests.memory",
    ),
    ("singleuser: {storage: {type: static}}", "shared-home", "singleuser.storage.static"),
    ("imagePullSecret: {registry: r.example.org}", "pull-secret", "imagePullSecret"),
    ("hub: {extraContainers: [{name: a, image: busybox}]}", "loose-tag", "hub.extraContainers.0.image"),
    ("prePuller: {extraImages: {a: {name: ubuntu}}}", "loose-tag", "prePuller.extraImages.a"),
    (
        "singleuser: {profileList: [{display_name: a, kubespawner_override: {image: 'a:latest'}}]}",
        "loose-tag",
        "singleuser.profileList.0.kubespawner_override.image",
    ),
    (
        "hub: {config: {GitHubOAuthenticator: {username_map: {a: x, b: x}}}}",
        "same-name",
        "hub.config.GitHubOAuthenticator.username_map.b",
    ),
    ("hub: {cookieSecret: abcd}", "secret-length", "hub.cookieSecret"),
]


@pytest.mark.parametrize(("text", "code", "path"), WRONG)
def test_said_at_its_word(text: str, code: str, path: str) -> None:
    assert said(text) == [(code, path)]


def test_resources_that_are_none() -> None:
    text = "scheduling: {podPriority: {enabled: true}, userPlaceholder: {replicas: 1, resources: {requests: -1}}}"
    assert said(text) == [("placeholder-small", "scheduling.userPlaceholder.resources")]


def test_from_the_command_line() -> None:
    assert said("", "cull.timeout=100") == [("cull-while-active", "cull.timeout")]


SILENCED = [
    "cull: {timeout: 100} # chart-py: ignore=cull-while-active",
    "cull:\n  # chart-py: ignore=other, cull-while-active\n  timeout: 100",
    "# chart-py: ignore=cull-while-active\nhub: {}\ncull: {timeout: 100}",
    "---\n# a file\n#chart-py:ignore=cull-while-active\nhub: {}\ncull: {timeout: 100}",
]
HEARD = [
    "# chart-py: ignore=other\ncull: {timeout: 100}",
    "hub: {}\n# chart-py: ignore=cull-while-active\nproxy: {}\ncull: {timeout: 100}",
    "cull: {timeout: 100}\n# chart-py: ignore=cull-while-active",
]


def test_silenced_in_the_file() -> None:
    for expected, texts in ((0, SILENCED), (1, HEARD)):
        for text in texts:
            loaded = load_values([io.StringIO(text)])
            assert len(check(loaded)) == expected, text


def test_silenced_by_a_flag_and_raised() -> None:
    loaded = load_values([io.StringIO("cull: {timeout: 100}")])
    assert check(loaded, ignored=("cull-while-active",)) == ()
    assert [f.level for f in check(loaded, strict=True)] == [Level.ERROR]
