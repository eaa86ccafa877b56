"""z2jh.py alone, in a folder laid out as the hub's pod mounts it."""

from __future__ import annotations

import importlib.util
import tempfile
import traceback
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.hub_files import small_release
from tests.hub_files.mounted_hub import HOME, write


def z2jh(folder: Path, files: Mapping[str, str]) -> ModuleType:
    """The module as the hub imports it, with `files` around it."""
    write(folder, files)
    spec = importlib.util.spec_from_file_location("z2jh", folder / HOME.lstrip("/") / "z2jh.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def with_values(folder: Path, secret: str | None, existing: str | None = None) -> ModuleType:
    """The module with these texts as values.yaml of the two Secrets; None where there is no such file."""
    files = small_release.files()
    del files[f"{HOME}/secret/values.yaml"]
    for name, text in (("secret", secret), ("existing-secret", existing)):
        if text is not None:
            files[f"{HOME}/{name}/values.yaml"] = text
    return z2jh(folder, files)


@pytest.mark.parametrize(
    ("path", "default", "found"),
    [
        ("custom.word", None, "Hello"),
        ("custom.list", None, [1, 2]),
        ("custom.map", None, {"key": "value"}),
        ("custom.map.key", "other", "value"),
        ("custom", None, {"word": "Hello", "list": [1, 2], "map": {"key": "value"}}),
        ("custom.none", None, None),
        ("custom.none", True, True),
        ("custom.word.deeper", "below a text", "below a text"),
        ("custom.list.0", "below a list", "below a list"),
        ("hub.db.url", "only for a path that is not there", None),
        ("hub.db.url.deeper", "below null", "below null"),
        ("debug.enabled", True, False),
        ("", "no path", "no path"),
    ],
)
def test_get_config_walks_the_path(tmp_path: Path, path: str, default: Any, found: Any) -> None:
    assert z2jh(tmp_path, small_release.files()).get_config(path, default) == found


def test_values_of_the_existing_secret_lie_over_the_others(tmp_path: Path) -> None:
    module = with_values(
        tmp_path,
        "hub: {baseUrl: /a, db: {type: postgres, url: one}, args: [1, 2]}\ncull: {enabled: true}\ndebug: on",
        "hub: {db: {url: two, password: p}, args: [3], baseUrl: null}\ncull: text\nnew: {x: 1}\ndebug: {enabled: true}",
    )
    found = {word: module.get_config(word) for word in ("hub", "cull", "new", "debug")}
    assert found == {
        "hub": {"baseUrl": None, "db": {"type": "postgres", "url": "two", "password": "p"}, "args": [3]},
        "cull": "text",
        "new": {"x": 1},
        "debug": {"enabled": True},
    }


LEAF = st.none() | st.booleans() | st.integers() | st.text("xyz") | st.lists(st.integers(), max_size=2)
TREE = st.dictionaries(
    st.sampled_from("abc"), st.recursive(LEAF, lambda inner: st.dictionaries(st.sampled_from("abc"), inner, max_size=3))
)


def said(tree: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Every value of `tree` that is no map, with its path."""
    for key, value in tree.items():
        if isinstance(value, dict):
            yield from said(value, f"{path}.{key}")
        else:
            yield f"{path}.{key}", value


def unsaid(below: Mapping[str, Any], above: Mapping[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    """Every value of `below`, maps too, at whose path `above` says nothing, with that path."""
    for key, value in below.items():
        if key not in above:
            yield f"{path}.{key}", value
        elif isinstance(value, dict) and isinstance(above[key], dict):
            yield from unsaid(value, above[key], f"{path}.{key}")


@settings(deadline=None)
@given(below=TREE, above=TREE)
def test_what_above_says_is_so_and_what_it_does_not_say_stays(below: dict[str, Any], above: dict[str, Any]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        module = with_values(Path(folder), yaml.safe_dump({"root": below}), yaml.safe_dump({"root": above}))
        for path, value in [*said(above, "root"), *unsaid(below, above, "root")]:
            assert module.get_config(path, "missing") == value


@pytest.mark.parametrize(
    ("secret", "existing", "error"),
    [
        ("a: 1\nb: [hunter2", None, "secret/values.yaml is not YAML: see line 2"),
        ("a: 1", "a: 1\npassword: *hunter2", "existing-secret/values.yaml is not YAML: see line 2"),
        ("- hunter2", None, "secret/values.yaml has to hold a map of values, but holds a list"),
        ("a: 1", "hunter2", "existing-secret/values.yaml has to hold a map of values, but holds a str"),
        ("a: \0hunter2", None, "secret/values.yaml is not YAML"),
    ],
)
def test_values_that_cannot_be_read_are_named_and_not_quoted(
    tmp_path: Path, secret: str, existing: str | None, error: str
) -> None:
    module = with_values(tmp_path, secret, existing)
    with pytest.raises(ValueError) as caught:
        module.get_config("a")
    assert str(caught.value) == f"{tmp_path}{HOME}/{error}"
    assert "hunter2" not in "".join(traceback.format_exception(caught.value))


def test_no_values_at_all_is_an_error_and_not_a_hub_of_defaults(tmp_path: Path) -> None:
    module = with_values(tmp_path, None)
    with pytest.raises(FileNotFoundError, match=r"secret/values\.yaml is not there: the hub's Secret is not mounted"):
        module.get_config("hub")


def test_an_empty_file_of_values_says_nothing(tmp_path: Path) -> None:
    assert with_values(tmp_path, "a: 1", "").get_config("a") == 1


@pytest.mark.parametrize(
    ("secrets", "existing", "found"),
    [
        ({"key": "ours"}, {}, "ours"),
        ({"key": "ours"}, {"key": "theirs"}, "theirs"),
        ({}, {"key": "theirs"}, "theirs"),
        ({}, {"other": "theirs"}, None),
        ({"key": "ours"}, {"key": ""}, ""),
        ({"key": "two\nlines\n"}, {}, "two\nlines\n"),
    ],
)
def test_a_secret_comes_from_the_existing_secret_first(
    tmp_path: Path, secrets: dict[str, str], existing: dict[str, str], found: str | None
) -> None:
    module = z2jh(tmp_path, small_release.files(secrets=secrets, existing=existing))
    assert module.get_secret_value("key", None) == found


def test_a_secret_without_a_default_has_to_be_there(tmp_path: Path) -> None:
    module = z2jh(tmp_path, small_release.files())
    with pytest.raises(KeyError, match=r"Neither the Secret of hub\.existingSecret nor .* has a key hub\.no"):
        module.get_secret_value("hub.no")


def test_names_come_from_the_config_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    module = z2jh(tmp_path, small_release.files(names={"proxy-api": "campus-proxy-api"}))
    monkeypatch.setenv("CAMPUS_PROXY_API_SERVICE_PORT", "8001")
    monkeypatch.setenv("CAMPUS_PROXY_API", "bare")
    assert module.get_name("proxy-api") == "campus-proxy-api"
    assert module.get_name_env("proxy-api", "_SERVICE_PORT") == "8001"
    assert module.get_name_env("proxy-api") == "bare"


def test_names_and_variables_that_are_missing_are_explained(tmp_path: Path) -> None:
    module = z2jh(tmp_path, small_release.files())
    with pytest.raises(KeyError, match=r"no object with the short name nobody: .*/config/nobody is not there"):
        module.get_name("nobody")
    with pytest.raises(KeyError, match=r"The variable LAB_USER_SCHEDULER_HOST is not set.* enableServiceLinks"):
        module.get_name_env("user-scheduler", "_host")


def test_set_config_if_not_none_leaves_the_rest_alone(tmp_path: Path) -> None:
    module = z2jh(tmp_path, small_release.files())
    section = SimpleNamespace(kept="as it was", also="as it was")
    for trait, path in (
        ("kept", "hub.db.url"),
        ("also", "hub.no"),
        ("set", "debug.enabled"),
        ("empty", "hub.services"),
    ):
        module.set_config_if_not_none(section, trait, path)
    assert vars(section) == {"kept": "as it was", "also": "as it was", "set": False, "empty": {}}
