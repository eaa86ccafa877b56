"""Where a name belongs that was written right below `hub.config`, which has one map for each class."""

from __future__ import annotations

import re

# Traits that people write one level too high, with the class that they belong to; `checks` knows all of them.
_OWNERS = {
    **dict.fromkeys(("authenticator_class", "base_url", "log_level", "load_roles", "services"), "JupyterHub"),
    **dict.fromkeys(
        ("admin_users", "allowed_users", "allow_all", "blocked_users", "allow_existing_users"), "Authenticator"
    ),
    **dict.fromkeys(("enable_auth_state", "auto_login", "username_map", "username_pattern"), "Authenticator"),
}


def is_class_name(name: str) -> bool:
    """Whether the hub takes a name below `hub.config` for a class; it stops at others."""
    return re.fullmatch(r"[A-Z][A-Za-z0-9_]*", name) is not None


def instead_of(name: str) -> str:
    """What to write instead of a name that is none of a class; empty where it is not known here."""
    from chart_py.values.hub import Hub
    from chart_py.values.root import Values

    if name in {field.alias or word for word, field in Hub.__pydantic_fields__.items()}:
        return f"Write hub.{name}; hub.config has a map for each class."
    if name in {field.alias or word for word, field in Values.__pydantic_fields__.items()}:
        return f"Write {name} at the top of the file; hub.config has a map for each class."
    if owner := _OWNERS.get(name):
        return f"hub.config has a map for each class: write hub.config.{owner}.{name}"
    return ""
