"""Whether the hub's own Python decides who may log in: read from its syntax tree, which is never run."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping
from typing import Any

from chart_py.pattern import Pattern

# Text without any of these decides nothing, and need not be parsed.
_MAY = Pattern(
    r"allow|whitelist|idps|authenticator_class|Authenticator\b|load_subconfig|\bexec\b|\.(?:update|merge)\b|[(,=]\s*c\s*[,)]"
)
# What counts in text that does not parse.
_WORDS = Pattern(r"\b(?:any_allow_config|allow_(?:all|existing_users)|allowed_\w+|\w*whitelist|check_allowed|idps)\b")

OTHER = frozenset(
    {"allow_unverified_email", "allow_2fa", "allow_self_approval_for", "allowed_failed_logins", "allowed_idps"}
)
"""Authenticators' traits that begin with `allow` and let nobody in by themselves."""

TRAITS = frozenset(
    {
        *("allow_all", "allow_existing_users", "any_allow_config", "allowed_users", "allowed_groups", "allowed_idps"),
        *("allowed_gitlab_groups", "allowed_globus_groups", "allowed_google_groups", "allowed_organizations"),
        *("allowed_project_ids", "allowed_scopes", "allowed_teams", "idps"),
    }
)
"""Authenticators' traits by which users get in, whichever class has them; old names end in `whitelist`."""


def lets_in(trait: str) -> bool:
    """Whether a trait of an authenticator is one by which users get in."""
    is_allow = trait.startswith(("allow", "any_allow")) and trait not in OTHER
    return is_allow or trait.endswith("whitelist") or trait in ("idps", "allowed_idps")


def python_decides(hub: Mapping[str, Any]) -> bool:
    """Whether Python in the values (hub.extraConfig, hub.extraFiles) may decide who gets in.

    It does where it sets such a trait of an authenticator, chooses or makes an authenticator that decides by itself, or
    runs code that is not in the values.
    """
    return any(decides(text) for text in _texts(hub))


def decides(text: str) -> bool:
    """Whether one text of Python does; text that does not parse is judged by its words."""
    if not _MAY.search(text):
        return False
    from chart_py.values import login_syntax

    try:
        return login_syntax.decides(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _WORDS.search(text) is not None


def _texts(hub: Mapping[str, Any]) -> Iterator[str]:
    code = hub.get("extraConfig")
    yield from (text for text in (code.values() if isinstance(code, dict) else ()) if isinstance(text, str))
    files = hub.get("extraFiles")
    for name, file in files.items() if isinstance(files, dict) else ():
        if not isinstance(file, dict) or not f"{file.get('mountPath') or name}".endswith(".py"):
            continue
        if isinstance(text := file.get("stringData"), str):
            yield text
        if isinstance(encoded := file.get("binaryData"), str):
            try:
                yield base64.b64decode(encoded).decode()
            except (binascii.Error, UnicodeDecodeError):
                continue
