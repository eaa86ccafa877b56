"""What this release was given: its values, its secrets and the names of its objects.

jupyterhub_config.py reads everything through this module, and so can your own code in hub.extraConfig:

    import z2jh
    z2jh.get_config("custom.myString", "what it is when custom.myString is not set")

The hub's pod mounts three folders beside this file, in /usr/local/etc/jupyterhub:

    config/            ConfigMap of the hub: one file per object of this release, holding the object's name
    secret/            Secret of the hub: values.yaml with all values, and one file per secret value
    existing-secret/   the Secret that hub.existingSecret names, laid out in the same way; it goes first
"""

from __future__ import annotations

import glob
import os
import re
import sys
from functools import lru_cache
from typing import Any, NoReturn

import yaml

HERE = os.path.dirname(os.path.abspath(__file__))
NO_DEFAULT = object()


def get_config(path: str, default: Any = None) -> Any:
    """The value at a dotted path such as "singleuser.image.name".

    `default` is for a path that is not there. A value that is there and null comes back as None.
    """
    value = _values()
    for word in path.split("."):
        if not isinstance(value, dict) or word not in value:
            return default
        value = value[word]
    return value


def get_secret_value(key: str, default: Any = NO_DEFAULT) -> Any:
    """The text of one secret, such as "hub.db.password": from the existing Secret, else from the release's own.

    Raises KeyError if neither Secret holds the key and no default is given.
    """
    for folder in ("existing-secret", "secret"):
        path = os.path.join(HERE, folder, key)
        if os.path.exists(path):
            return _read(path)
    if default is not NO_DEFAULT:
        return default
    raise KeyError(f"Neither the Secret of hub.existingSecret nor the hub's own Secret has a key {key}")


def get_name(name: str) -> str:
    """The full name of an object of this release, from its short one: "proxy-api" may be "campus-proxy-api".

    Raises KeyError if the release has no such object.
    """
    path = os.path.join(HERE, "config", name)
    if not os.path.exists(path):
        raise KeyError(f"This release has no object with the short name {name}: {path} is not there")
    return _read(path)


def get_name_env(name: str, suffix: str = "") -> str:
    """The environment variable that Kubernetes names after an object.

    get_name_env("proxy-api", "_SERVICE_PORT") is the value of PROXY_API_SERVICE_PORT.
    Raises KeyError if the variable is not set.
    """
    variable = (get_name(name) + suffix).upper().replace("-", "_")
    if variable not in os.environ:
        raise KeyError(
            f"The variable {variable} is not set. Kubernetes sets it when the pod starts after its Service was made, "
            "unless the pod says enableServiceLinks: false"
        )
    return os.environ[variable]


def set_config_if_not_none(section: Any, trait: str, path: str) -> None:
    """Set `section.trait`, say c.JupyterHub.base_url, to the value at `path` unless that is missing or null."""
    value = get_config(path)
    if value is not None:
        setattr(section, trait, value)


def stop(sentence: str) -> NoReturn:
    """End the hub with a sentence in its log that says what to change, where a traceback would not help."""
    print(sentence, file=sys.stderr, flush=True)
    sys.exit(1)


def entries(path: str) -> list[tuple[str, Any]]:
    """The (name, value) pairs of the map at `path`, in its order, without those that somebody took away with null."""
    found = get_config(path)
    if found is None:
        return []
    if not isinstance(found, dict):
        stop(f"{path} has to be a map of names to what they stand for, but is a {type(found).__name__}.")
    return [(str(name), value) for name, value in found.items() if value is not None]


def since(version: str) -> bool:
    """Whether this release is one of chart `version` or of a newer one; so is a release that does not say."""
    chart, asked = (re.findall(r"\d+", text)[:3] for text in (get_config("Chart.Version") or "", version))
    return not chart or [int(number) for number in chart] >= [int(number) for number in asked]


def common_labels() -> dict[str, str]:
    """Labels of all that KubeSpawner makes: the release's own, in old words (app, release, chart) and new ones.

    Network policies select by both.
    """
    name = get_config("nameOverride") or get_config("Chart.Name") or "jupyterhub"
    release, chart, version = (get_config(path) for path in ("Release.Name", "Chart.Name", "Chart.Version"))
    labels = {"app": name}
    if release:
        labels["release"] = release
    if chart and version:
        labels["chart"] = f"{chart}-{version}".replace("+", "_")
    if not since("4.0.0"):
        return {**labels, "heritage": "jupyterhub"}
    new = {"app": "app.kubernetes.io/name", "release": "app.kubernetes.io/instance", "chart": "helm.sh/chart"}
    labels.update({new[label]: value for label, value in labels.items()})
    return {**labels, "app.kubernetes.io/managed-by": "kubespawner"}


def code_files() -> list[tuple[str, str]]:
    """(name, code) of the files in jupyterhub_config.d/, in the order they run."""
    found = []
    for path in sorted(glob.glob(os.path.join(HERE, "jupyterhub_config.d", "*.py"))):
        found.append((path, _read(path)))
    return found


def code_parts() -> list[tuple[str, str]]:
    """(name, code) of the parts of hub.extraConfig, in the order they run."""
    found = []
    for key, code in sorted(entries("hub.extraConfig"), key=lambda entry: entry[0]):
        if not isinstance(code, str):
            stop(f"hub.extraConfig.{key} has to be Python code, as text, but is a {type(code).__name__}.")
        found.append((f"hub.extraConfig.{key}", code))
    return found


@lru_cache(maxsize=None)
def _values() -> dict[str, Any]:
    """All values: those of the release, with values.yaml of the existing Secret laid over them."""
    values: dict[str, Any] = {}
    paths = [os.path.join(HERE, folder, "values.yaml") for folder in ("secret", "existing-secret")]
    found = [path for path in paths if os.path.exists(path)]
    if not found:
        raise FileNotFoundError(f"{paths[0]} is not there: the hub's Secret is not mounted")
    for path in found:
        print(f"Loading {path}")
        values = _overlaid(values, _read_map(path))
    return values


def _overlaid(below: dict[str, Any], above: dict[str, Any]) -> dict[str, Any]:
    """Maps are merged at every depth; anything else of `above`, lists and null too, replaces what is below."""
    result = dict(below)
    for key, value in above.items():
        both_maps = isinstance(value, dict) and isinstance(result.get(key), dict)
        result[key] = _overlaid(result[key], value) if both_maps else value
    return result


def _read(path: str) -> str:
    with open(path, encoding="utf-8") as file:
        return file.read()


def _read_map(path: str) -> dict[str, Any]:
    """The map that a YAML file holds; an empty file holds an empty one. No error quotes the file: it has secrets."""
    try:
        with open(path, encoding="utf-8") as file:
            content = yaml.safe_load(file)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise ValueError(f"{path} is not YAML" + (f": see line {mark.line + 1}" if mark else "")) from None
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise ValueError(f"{path} has to hold a map of values, but holds a {type(content).__name__}")
    return content
