"""The secrets that values need not set: taken from the values, else from those already known, else made once."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from chart_py.context import Secrets
from chart_py.errors import FileError
from chart_py.manifest.documents import to_yaml
from chart_py.resources.hub.secret import AUTH_TOKEN, COOKIE_SECRET, CRYPT_KEEPER_KEYS, service_token
from chart_py.values.root import Values

MASK = "0" * 64
"""What stands in a golden file for a secret that was made for the render."""


def new_token() -> str:
    """A new secret: 32 random bytes as hex."""
    return os.urandom(32).hex()


def resolve(values: Values, known: Mapping[str, str] | None = None, token: Callable[[], str] = new_token) -> Secrets:
    """The release's secrets.

    `known` maps the hub Secret's keys (`hub.config.JupyterHub.cookie_secret`, …) to texts; `token` makes a new one.
    What stands in the values wins over what is known. The result's `generated` names the keys that had to be made.
    """
    made: list[str] = []

    def found(key: str, *own: Any) -> str:
        for text in (*own, (known or {}).get(key)):
            if text:
                return str(text)
        made.append(key)
        return token()

    config = values.hub.config
    keys = config.get("CryptKeeper", {}).get("keys")
    return Secrets(
        proxy_token=found(
            AUTH_TOKEN, config.get("ConfigurableHTTPProxy", {}).get("auth_token"), values.proxy.secretToken
        ),
        cookie_secret=found(COOKIE_SECRET, config.get("JupyterHub", {}).get("cookie_secret"), values.hub.cookieSecret),
        crypt_keeper_keys=found(CRYPT_KEEPER_KEYS, ";".join(map(str, keys)) if isinstance(keys, list) else keys),
        service_tokens={
            name: found(service_token(name), *_own_tokens(service))
            for name, service in sorted(values.hub.services.items())
        },
        generated=tuple(made),
    )


def _own_tokens(service: Any) -> Iterator[Any]:
    if isinstance(service, dict):
        yield service.get("apiToken")
        yield service.get("api_token")


def as_data(found: Secrets) -> dict[str, str]:
    """The secrets by the hub Secret's keys, as `resolve` knows them again."""
    return {
        AUTH_TOKEN: found.proxy_token,
        COOKIE_SECRET: found.cookie_secret,
        CRYPT_KEEPER_KEYS: found.crypt_keeper_keys,
        **{service_token(name): text for name, text in found.service_tokens.items()},
    }


_HEAD = "# Secrets that chart_py made. Whoever reads them can act as the hub: keep this file out of version control.\n"


def from_file(path: str | Path, values: Values, token: Callable[[], str] = new_token) -> Secrets:
    """The secrets kept in the file at `path` (YAML, by the hub Secret's keys), made with mode 0600 where missing.

    Secrets that the file lacks are made and added to it. Raises FileError where it cannot be read or written.
    """
    file = Path(path)
    known = _read(file)
    found = resolve(values, known, token)
    missing = {key: text for key, text in as_data(found).items() if key in found.generated}
    if missing:
        _write(file, {**known, **missing})
    return found


def _read(file: Path) -> dict[str, str]:
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError) as error:
        raise FileError(str(file), getattr(error, "strerror", None) or "this is not a text file") from None
    try:
        known = yaml.safe_load(text) or {}
    except yaml.YAMLError:
        known = None
    if not isinstance(known, dict) or not all(
        isinstance(k, str) and isinstance(v, str) and v for k, v in known.items()
    ):
        raise FileError(
            str(file),
            "this is no file of secrets: it has to map names to texts",
            "Give another file, or let chart_py make it.",
        )
    return known


def _write(file: Path, known: Mapping[str, str]) -> None:
    text = _HEAD + to_yaml(dict(sorted(known.items())))
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileError(
            str(file), error.strerror or str(error), "Secrets are kept there; name a file that can be written."
        ) from None
