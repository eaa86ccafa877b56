"""The hub's Secret: the values that it reads, the secrets that it shares, its extra files."""

from __future__ import annotations

from functools import cache
from typing import Any

from chart_py.context import CHART_NAME, MANAGER, Context
from chart_py.manifest import Manifest
from chart_py.manifest.documents import to_yaml
from chart_py.manifest.key_order import in_key_order, ordered
from chart_py.resources import extra_files
from chart_py.resources.autohttps.config_map import tree_with_traefik
from chart_py.resources.metadata import metadata
from chart_py.resources.names import Names
from chart_py.resources.once import once
from chart_py.values.base import Map
from chart_py.values.load import default_tree
from chart_py.values.root import Values

AUTH_TOKEN = "hub.config.ConfigurableHTTPProxy.auth_token"
COOKIE_SECRET = "hub.config.JupyterHub.cookie_secret"
CRYPT_KEEPER_KEYS = "hub.config.CryptKeeper.keys"
DB_PASSWORD = "hub.db.password"


def service_token(service: str) -> str:
    """The key of a service's API token."""
    return f"hub.services.{service}.apiToken"


@once
def secret_data(values: Values, context: Context) -> dict[str, str]:
    """The Secret's data, base64: a contract with hubs that call `z2jh.get_config`, so the words are the chart's own.

    They are sorted, because KubeSpawner and JupyterHub take the first of several (a profile's choices, roles) and
    Helm has always sorted them.
    """
    facts = {
        "Chart": {"Name": CHART_NAME, "Version": context.edition.chart},
        "Release": {"Name": context.release, "Namespace": context.namespace, "Service": MANAGER},
    }
    secrets = context.secrets
    plain = {
        "values.yaml": _text({**tree_with_traefik(values, Names(values, context)), **facts}),
        AUTH_TOKEN: secrets.proxy_token,
        COOKIE_SECRET: secrets.cookie_secret,
        CRYPT_KEEPER_KEYS: secrets.crypt_keeper_keys,
        **_service_tokens(values, context),
    }
    if values.hub.db.password:
        plain[DB_PASSWORD] = values.hub.db.password
    data = {key: extra_files.encoded(text) for key, text in plain.items()}
    return {**data, **extra_files.secret_data(values.hub.extraFiles)}


def _service_tokens(values: Values, context: Context) -> dict[str, str]:
    """The services' tokens. At first none were made, and those that somebody set went by the services' names."""
    tokens = {key: context.secrets.service_tokens[key] for key in sorted(context.secrets.service_tokens)}
    if context.edition.has("service-tokens"):
        return {service_token(key): token for key, token in tokens.items()}
    services = {key: service for key, service in values.hub.services.items() if isinstance(service, dict)}
    kept = {key: service for key, service in services.items() if service.get("apiToken")}
    return {service_token(service.get("name") or key): tokens[key] for key, service in kept.items()}


def _text(tree: Map) -> str:
    """The values as YAML."""
    return "".join(
        _untouched(name) if tree[name] is default_tree((name,)) else _section(name, tree[name])
        for name in ordered(tree)
    )


@cache
def _untouched(name: str) -> str:
    """The text of a section as it is by default: most are, in every render."""
    return _section(name, default_tree((name,)))


def _section(name: str, content: Any) -> str:
    return to_yaml({name: in_key_order(content)})


def secret(values: Values, context: Context) -> Manifest:
    """The Secret."""
    names = Names(values, context)
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "metadata": metadata(names, context, "hub", names.hub),
        "type": "Opaque",
        "data": secret_data(values, context),
    }
