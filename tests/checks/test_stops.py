"""What stops the hub, a server or the API server, told by every verb: classes, keys, networks, images, pod specs."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chart_py.checks.hub.classes import is_key
from chart_py.checks.hub.traits import check as hub_traits
from chart_py.checks.rules import contradictions
from chart_py.finding import Finding, dotted
from chart_py.values.load import load_values


def told(text: str, *codes: str) -> list[tuple[str, str]]:
    """Where the findings with these codes are, and what they say."""
    found = contradictions(load_values([io.StringIO(text)]))
    return [(dotted(f.path), f.message) for f in found if f.code in codes]


def advice(text: str, code: str) -> str:
    found: list[Finding] = contradictions(load_values([io.StringIO(text)]))
    return " ".join(line for f in found if f.code == code for line in f.advice)


@pytest.mark.parametrize(
    ("name", "instead"),
    [
        ("loadRoles", "Write hub.loadRoles"),
        ("singleuser", "Write singleuser at the top of the file"),
        ("admin_users", "write hub.config.Authenticator.admin_users"),
        ("mem_limit", "write hub.config.KubeSpawner.mem_limit"),
        ("github", "Did you mean hub.config.GitHubOAuthenticator?"),
        ("My-Class", "hub.config has a map for each class to configure"),
    ],
)
def test_names_that_no_class_has(name: str, instead: str) -> None:
    text = f"hub: {{config: {{{name}: {{a: 1}}}}}}"
    assert told(text, "not-a-class") == [(f"hub.config.{name}", "not the name of a class; the hub does not start")]
    assert instead in advice(text, "not-a-class")


@given(
    st.one_of(
        st.text(max_size=70),
        st.text("0123456789abcdefXYZ-_=/+", min_size=30, max_size=66),
        st.binary(min_size=31, max_size=33).map(bytes.hex),
    )
)
def test_a_key_is_what_jupyterhub_takes_for_one(text: str) -> None:
    crypto = pytest.importorskip("jupyterhub.crypto")
    try:
        taken = len(crypto._validate_key(text)) == 32
    except ValueError:
        taken = False
    assert is_key(text) == taken


def test_keys_in_values_and_in_python() -> None:
    keys = f"[abc, {'ab' * 32}, 'YWJjZGVmZ2hpamtsbW5vcHFyc3R1dnd4eXowMTIzNDU=', '${{KEY}}', 'abc;{'ab' * 32}']"
    found = told(f"hub: {{config: {{CryptKeeper: {{keys: {keys}}}}}}}", "crypt-key")
    assert [path for path, _ in found] == ["hub.config.CryptKeeper.keys[0]", "hub.config.CryptKeeper.keys[4]"]
    code = "hub: {{extraConfig: {{a: 'c.CryptKeeper.keys = {}'}}}}"
    for value, is_told in (('["abc"]', True), (f'["{"ab" * 32}"]', False), ("[os.urandom(32)]", False)):
        loaded = load_values([io.StringIO(code.format(value))])
        assert ("crypt-key" in [f.code for f in hub_traits(loaded)]) == is_told


@pytest.mark.parametrize(
    ("block", "wrong"),
    [
        ("{cidr: 10.0.0.0/99}", {"cidr": "expected a network in CIDR notation, got '10.0.0.0/99'"}),
        ("{cidr: 10.0.0.5}", {"cidr": "expected a network in CIDR notation, got '10.0.0.5'"}),
        ("{cidr: 10}", {"cidr": "expected a network in CIDR notation, got 10"}),
        ("{cidr: 'fd00::/129'}", {"cidr": "expected a network in CIDR notation, got 'fd00::/129'"}),
        (
            "{cidr: 10.0.0.0/8, except: [10.1.0.0/16, 10.0.0.1, 192.168.0.0/16, 10.0.0.0/8]}",
            {
                "except[1]": "expected a network in CIDR notation, got '10.0.0.1'",
                "except[2]": "expected a part of 10.0.0.0/8, got '192.168.0.0/16'",
                "except[3]": "expected a part of 10.0.0.0/8, got '10.0.0.0/8'",
            },
        ),
        ("{cidr: 0.0.0.0/0, except: [169.254.169.254/32]}", {}),
        ("{cidr: 10.0.0.7/8}", {}),
        ("{cidr: 010.0.0.0/8}", {}),
        ("{cidr: '2001:db8::/32'}", {}),
    ],
)
@pytest.mark.parametrize(
    "place", ["hub.networkPolicy.ingress", "singleuser.networkPolicy.egress", "proxy.traefik.networkPolicy.egress"]
)
def test_networks(place: str, block: str, wrong: dict[str, str]) -> None:
    text = f"[{{to: [{{ipBlock: {block}}}]}}]"
    for step in reversed(place.split(".")):
        text = f"{{{step}: {text}}}"
    assert told(text, "ip-block") == [(f"{place}[0].to[0].ipBlock.{key}", said) for key, said in wrong.items()]


IMAGE = "expected an image: a lowercase name, and a tag after a colon, got 'foo bar'"
PROFILE = "singleuser: {profileList: [{display_name: A, %s}]}"


@pytest.mark.parametrize(
    ("text", "path"),
    [
        (PROFILE % "kubespawner_override: {image: foo bar}", "singleuser.profileList[0].kubespawner_override.image"),
        (
            PROFILE % "profile_options: {i: {choices: {x: {kubespawner_override: {image: foo bar}}}}}",
            "singleuser.profileList[0].profile_options.i.choices.x.kubespawner_override.image",
        ),
        ("hub: {initContainers: [{name: a, image: foo bar}]}", "hub.initContainers[0].image"),
        ("singleuser: {extraContainers: [{name: a, image: foo bar}]}", "singleuser.extraContainers[0].image"),
        ("proxy: {traefik: {extraInitContainers: [{image: foo bar}]}}", "proxy.traefik.extraInitContainers[0].image"),
        ("hub: {config: {KubeSpawner: {image: foo bar}}}", "hub.config.KubeSpawner.image"),
        ("prePuller: {extraImages: {a: {name: foo bar}}}", "prePuller.extraImages.a"),
        (
            "singleuser: {extraPodConfig: {containers: [{image: foo bar}]}}",
            "singleuser.extraPodConfig.containers[0].image",
        ),
    ],
)
def test_images_wherever_they_are(text: str, path: str) -> None:
    assert told(text, "image-reference") == [(path, IMAGE)]


@pytest.mark.parametrize(
    "text",
    [
        PROFILE % "kubespawner_override: {image: 'localhost:5000/a/b_c:v1'}",
        PROFILE % f"kubespawner_override: {{image: 'quay.io/a/b:v1@sha256:{'0' * 64}'}}",
        PROFILE % "profile_options: {i: {unlisted_choice: {enabled: true, kubespawner_override: {image: '{value}'}}}}",
        PROFILE % "profile_options: {image: {display_name: Image, choices: {}}}",
        "custom: {image: foo bar}",
        "hub: {services: {a: {image: foo bar}}, templateVars: {image: foo bar}}",
        "hub: {config: {MyClass: {image: foo bar}}}",
    ],
)
def test_what_is_no_image_or_a_right_one(text: str) -> None:
    assert told(text, "image-reference") == []


REPLACED: list[tuple[str, str, str, str]] = [
    (
        "proxy: {chp: {extraPodSpec: {containers: [{name: a, image: 'b:1'}]}}}",
        "proxy.chp.extraPodSpec.containers",
        "this replaces the chart's own containers (chp); the pod no longer does its work",
        "Repeat the chart's own here",
    ),
    (
        "hub: {extraPodSpec: {containers: [{name: a, image: 'b:1'}]}}",
        "hub.extraPodSpec.containers",
        "this replaces the chart's own containers (hub); the pod no longer does its work",
        "Use hub.extraContainers, which adds to it.",
    ),
    (
        "hub: {extraPodSpec: {volumes: [{name: a, emptyDir: {}}]}}",
        "hub.extraPodSpec.volumes",
        "this replaces the chart's own volumes (config, secret, pvc)",
        "Use hub.extraVolumes, which adds to it.",
    ),
    (
        "hub: {extraPodSpec: {securityContext: {fsGroup: 5}}}",
        "hub.extraPodSpec.securityContext",
        "this replaces the chart's own securityContext",
        "Use hub.podSecurityContext, which adds to it.",
    ),
    (
        "hub: {extraPodSpec: {serviceAccountName: mine}}",
        "hub.extraPodSpec.serviceAccountName",
        "this replaces the chart's own serviceAccountName, hub",
        "Use hub.serviceAccount.name, which sets it.",
    ),
    (
        "scheduling: {userScheduler: {extraPodSpec: {tolerations: []}}}",
        "scheduling.userScheduler.extraPodSpec.tolerations",
        "this replaces the chart's own tolerations",
        "Use scheduling.userScheduler.tolerations, which adds to it.",
    ),
    (
        "scheduling: {userPlaceholder: {replicas: 0, extraPodSpec: {containers: []}}}",
        "scheduling.userPlaceholder.extraPodSpec.containers",
        "this replaces the chart's own containers (pause); the pod no longer does its work",
        "Repeat the chart's own here",
    ),
]


@pytest.mark.parametrize(("text", "path", "message", "instead"), REPLACED)
def test_fields_of_pods_that_replace_the_charts_own(text: str, path: str, message: str, instead: str) -> None:
    assert told(text, "pod-spec-replaced") == [(path, message)]
    assert instead in advice(text, "pod-spec-replaced")


@pytest.mark.parametrize(
    "text",
    [
        "hub: {extraPodSpec: {dnsPolicy: Default, hostAliases: [{ip: 10.1.2.3, hostnames: [a]}]}}",
        # Who repeats what the chart has knows what they do.
        "hub: {extraPodSpec: {containers: [{name: hub, image: 'mine:1'}, {name: more, image: 'b:1'}]}}",
        "hub: {extraPodSpec: {serviceAccountName: hub}}",
        # There is no such pod.
        "proxy: {traefik: {extraPodSpec: {containers: []}}}",
        "scheduling: {userScheduler: {enabled: false, extraPodSpec: {containers: []}}}",
    ],
)
def test_fields_of_pods_that_add(text: str) -> None:
    assert told(text, "pod-spec-replaced") == []


@pytest.mark.parametrize("name", ["containers", "volumes", "securityContext"])
def test_what_is_told_is_what_is_rendered(name: str) -> None:
    from chart_py.rendering import context_for, render

    value: Any = {"fsGroup": 7} if name == "securityContext" else [{"name": "mine", "image": "a:1"}]
    loaded = load_values([{"hub": {"extraPodSpec": {name: value}}}])
    objects = render(loaded, context_for(loaded, token=lambda: "0" * 64))
    [hub] = [o for o in objects if (o["kind"], o["metadata"]["name"]) == ("Deployment", "hub")]
    assert hub["spec"]["template"]["spec"][name] == value
