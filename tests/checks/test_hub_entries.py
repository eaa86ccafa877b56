"""Profiles, services and roles: misspelt words, traits that an override cannot set, what stops the hub."""

from __future__ import annotations

import io

import pytest

from chart_py.checks.hub import entries as hub_entries
from chart_py.checks.hub import image as hub_image
from chart_py.finding import Level, dotted
from chart_py.values.load import load_values

Said = list[tuple[str, Level, str, int]]


def said(text: str) -> Said:
    found = hub_entries.check(load_values([io.StringIO(text)]))
    return [(f.code, f.level, f"{dotted(f.path)}: {f.message}", f.place.column if f.place else 0) for f in found]


PROFILES = """\
singleuser:
  profileList:
    - display_name: Small
      descripton: 2 CPUs
      kubespawner_overide: {cpu_limit: 2}
    - display_name: Large
      allowed_groups: [a]
      kubespawner_override:
        memlimit: 8G
        mem_guarantee: 8 GB
        extra_labels: {a: 1}
        environment: {A: "{username}"}
      profile_options:
        image:
          display_nam: Image
          dynamic_image_building: {enabled: true}
          choices:
            a: {display_name: A, defalt: true, kubespawner_override: {imag: a}}
          unlisted_choice: {enabled: true, validation_regx: a, kubespawner_override: {image: [1]}}
    - kubespawner_override: [a]
    - text
"""


def test_profiles() -> None:
    head = "singleuser.profileList"
    option = head + "[1].profile_options.image"
    assert said(PROFILES) == [
        ("profile", Level.WARNING, f"{head}[0].descripton: unknown key of a profile; did you mean description?", 7),
        (
            "profile",
            Level.WARNING,
            f"{head}[0].kubespawner_overide: unknown key of a profile; did you mean kubespawner_override?",
            7,
        ),
        (
            "unknown-trait",
            Level.WARNING,
            f"{head}[1].kubespawner_override.memlimit: KubeSpawner has no such trait; did you mean mem_limit?",
            9,
        ),
        (
            "trait-type",
            Level.ERROR,
            f"{head}[1].kubespawner_override.mem_guarantee: expected a number of bytes or text such as 2G, got '8 GB'",
            24,
        ),
        (
            "profile",
            Level.WARNING,
            f"{option}.display_nam: unknown key of an option of a profile; did you mean display_name?",
            11,
        ),
        (
            "profile",
            Level.WARNING,
            f"{option}.choices.a.defalt: unknown key of a choice of a profile; did you mean default?",
            34,
        ),
        (
            "unknown-trait",
            Level.WARNING,
            f"{option}.choices.a.kubespawner_override.imag: KubeSpawner has no such trait; did you mean image?",
            71,
        ),
        (
            "profile",
            Level.WARNING,
            f"{option}.unlisted_choice.validation_regx: "
            "unknown key of an unlisted choice; did you mean validation_regex?",
            44,
        ),
        (
            "trait-type",
            Level.ERROR,
            f"{option}.unlisted_choice.kubespawner_override.image: expected text, got a list",
            94,
        ),
        ("profile", Level.ERROR, f"{head}[2]: a profile needs a display_name; no server can be started", 7),
        ("profile", Level.ERROR, f"{head}[2].kubespawner_override: expected a map of traits, got a list", 29),
        ("profile", Level.ERROR, f"{head}[3]: expected a map, got 'text'", 7),
    ]


def test_profiles_of_the_trait_and_of_another_image() -> None:
    trait = "hub: {config: {KubeSpawner: {profile_list: [{display_name: a, slg: b}]}}, image: {tag: '%s'}}"
    tag = load_values().values.hub.image.tag
    for image, level in ((tag, Level.WARNING), ("mine", Level.NOTE)):
        ((code, found, message, _),) = said(trait % image)
        assert (code, found) == ("profile", level)
        assert message.endswith("profile_list[0].slg: unknown key of a profile; did you mean slug?")


@pytest.mark.parametrize(
    ("text", "level", "message"),
    [
        (
            "services: {g: {urll: http://g}}",
            Level.ERROR,
            "services.g.urll: unknown field of a service; did you mean url?",
        ),
        (
            "services: {g: {apitoken: 'a'}}",
            Level.ERROR,
            "services.g.apitoken: unknown field of a service; did you mean apiToken?",
        ),
        (
            "services: {g: {admin: 'yes'}}",
            Level.ERROR,
            "services.g.admin: expected true or false, got 'yes'",
        ),
        ("services: {g: {cwd: 5}}", Level.ERROR, "services.g.cwd: expected text, got 5"),
        ("services: {g: apiTokenabc}", Level.ERROR, "services.g: expected a map, got text"),
        ("loadRoles: {g: [self]}", Level.ERROR, "loadRoles.g: expected a map, got a list"),
        (
            "loadRoles: {g: {scopes: admin}}",
            Level.ERROR,
            "loadRoles.g.scopes: expected a list of texts, got 'admin'",
        ),
        (
            "loadRoles: {g: {scopes: ['list:user!group=a']}}",
            Level.ERROR,
            "loadRoles.g.scopes[0]: unknown scope list:user; did you mean list:users?",
        ),
        (
            "loadRoles: {g: {scopes: [self], service: [x]}}",
            Level.WARNING,
            "loadRoles.g.service: unknown key of a role; did you mean services?",
        ),
        (
            "services: {grader: {}}\n  loadRoles: {g: {scopes: [self], services: [gradr]}}",
            Level.WARNING,
            "loadRoles.g.services[0]: unknown service gradr; did you mean grader?",
        ),
    ],
)
def test_services_and_roles(text: str, level: Level, message: str) -> None:
    ((_, found, told, column),) = said("hub:\n  " + text + "\n")
    assert (found, told) == (level, "hub." + message)
    assert column > 3


@pytest.mark.parametrize("word", ["scopes", "users", "services", "groups"])
@pytest.mark.parametrize("value", ["[]", "{}", "12345", "null"])
def test_what_a_role_names_is_text(word: str, value: str) -> None:
    ((_, level, message, _),) = said(f"hub: {{loadRoles: {{tutor: {{{word}: [{value}]}}}}}}")
    assert level is Level.ERROR
    assert message.startswith(f"hub.loadRoles.tutor.{word}[0]: expected text, got "), message


def test_what_is_right() -> None:
    assert {"list:users", "self", "admin:users", "access:services"} <= set(hub_image.scopes())
    assert "api_token" in hub_image.service_fields()
    for text in (
        "hub: {services: {g: {url: 'http://g', command: [a, b], apiToken: x, display: true, oauth_roles: [user]}}}",
        "hub: {services: {g: null}, loadRoles: {user: {scopes: [self, 'access:services!service=g'], groups: null}}}",
        "hub: {config: {JupyterHub: {custom_scopes: {'custom:a:b': {}}}}, loadRoles: {a: {scopes: ['custom:a:b']}}}",
        "singleuser: {profileList: [{display_name: a, my_own_word: 1, kubespawner_override: {cpu_limit: null}}]}",
    ):
        assert said(text) == []


def test_jupyterhub_itself_stops_at_such_scopes_and_fields() -> None:
    scopes = pytest.importorskip("jupyterhub.scopes", reason="there is no jupyterhub (pip install '.[hub]')")
    from jupyterhub.services.service import Service

    assert set(hub_image.scopes()) == set(scopes.scope_definitions)
    assert set(hub_image.service_fields()) == set(Service.class_traits(input=True))
