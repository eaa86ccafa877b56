"""The configurations in values/: one need each, explained, and right in the words of JupyterHub itself."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from copy import copy
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py import load_values

VALUES = Path(__file__).parent.parent / "values"
EXAMPLES = {file.stem: file for file in sorted(VALUES.glob("*.yaml"))}
NEEDS = (
    *("autoscaling", "course-images", "gpu-profiles", "https-letsencrypt", "https-load-balancer"),
    *("https-own-certificate", "ingress", "login-cilogon", "login-github", "login-globus", "login-google"),
    *("login-ldap", "login-openid", "minimal", "named-servers", "network-lockdown", "postgres"),
    *("services-and-roles", "shared-nfs"),
)
LOGINS = tuple(name for name in NEEDS if name.startswith("login-") or name == "minimal")
# Of each of these a hub has one.
CHOICES = (
    LOGINS,
    ("https-letsencrypt", "https-load-balancer", "https-own-certificate"),
    ("course-images", "gpu-profiles"),
)


def test_every_need_has_its_example() -> None:
    assert tuple(EXAMPLES) == NEEDS


@pytest.mark.parametrize("name", NEEDS)
def test_an_example_is_short_and_opens_with_what_it_is_for(name: str) -> None:
    lines = EXAMPLES[name].read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith("# ")
    assert len(lines) <= 60
    assert [line for line in lines if len(line) > 120] == []


@pytest.mark.parametrize("name", NEEDS)
def test_an_example_is_accepted_without_a_word(name: str) -> None:
    assert load_values([EXAMPLES[name]]).findings == ()


def leaves(tree: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Each word that holds no map, with its value."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from leaves(value, (*path, str(key)))
    else:
        yield path, tree


def test_examples_of_different_needs_can_be_laid_over_each_other() -> None:
    """No two of them say different things of one word, so their order does not matter."""
    said = {name: dict(leaves(yaml.safe_load(file.read_text(encoding="utf-8")))) for name, file in EXAMPLES.items()}
    apart = [
        (one, other, word)
        for one, other in combinations(NEEDS, 2)
        if not any(one in choice and other in choice for choice in CHOICES)
        for word in said[one].keys() & said[other].keys()
        if said[one][word] != said[other][word]
    ]
    assert apart == []
    together = [EXAMPLES[name] for name in NEEDS if not any(name in choice[1:] for choice in CHOICES)]
    assert load_values(together).findings == ()


def configured(cls: type[Any], config: dict[str, Any]) -> Any:
    """An instance of JupyterHub's `cls`, configured by `hub.config` as the hub does it; every word must be its own."""
    from traitlets.config import Config

    unknown = set(config.get(cls.__name__, {})) - set(cls.class_trait_names(config=True))
    assert unknown == set(), f"{cls.__name__} has no such setting"
    return cls(config=Config(config), log=logging.getLogger("examples"))


@pytest.mark.parametrize("name", LOGINS)
def test_a_login_is_in_the_authenticators_words_and_lets_somebody_in(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """JupyterHub 5 lets in nobody whom no setting allows; its own check says whether there is such a setting."""
    pytest.importorskip("jupyterhub", reason="the extra `hub` has it: scripts/test installs it")
    from importlib.metadata import entry_points

    config = load_values([EXAMPLES[name]]).values.hub.config
    (found,) = entry_points(group="jupyterhub.authenticators", name=config["JupyterHub"]["authenticator_class"])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # ldap3's own, about pyasn1
        cls = found.load()
    assert set(config) == {"JupyterHub", cls.__name__}
    authenticator = configured(cls, config)
    with caplog.at_level(logging.WARNING):
        authenticator.check_allow_config()
    assert authenticator.any_allow_config
    assert [r.getMessage() for r in caplog.records if "SharedPassword" not in r.getMessage()] == []


@pytest.mark.parametrize("name", ["course-images", "gpu-profiles"])
def test_profiles_override_what_the_spawner_has(name: str) -> None:
    pytest.importorskip("kubespawner", reason="the extra `hub` has it: scripts/test installs it")
    from kubespawner import KubeSpawner
    from traitlets import HasTraits

    # A spawner itself asks for a cluster when it is made; its settings alone do not.
    settings = KubeSpawner.class_traits(config=True)
    probe = type("Probe", (HasTraits,), {word: copy(trait) for word, trait in settings.items()})()
    profiles = load_values([EXAMPLES[name]]).values.singleuser.profileList
    for profile in profiles:
        assert set(profile) <= {"display_name", "description", "slug", "default", "kubespawner_override"}
        for word, value in profile.get("kubespawner_override", {}).items():
            assert word in settings
            setattr(probe, word, value)
    assert [p["slug"] for p in profiles if p.get("default")] == [profiles[0]["slug"]]


def test_roles_have_jupyterhubs_scopes() -> None:
    pytest.importorskip("jupyterhub", reason="the extra `hub` has it: scripts/test installs it")
    from jupyterhub.scopes import scope_definitions

    hub = load_values([EXAMPLES["services-and-roles"]]).values.hub
    for role in hub.loadRoles.values():
        assert {scope.partition("!")[0] for scope in role["scopes"]} <= set(scope_definitions)
        assert set(role.get("services", ())) <= set(hub.services)
