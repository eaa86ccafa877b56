"""Owns the people of a rehearsal: users in the hub's database, as they are after their login."""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from chart_py.hub_stage.telling import Teller


@dataclass
class Person:
    """A user of the hub and the names of the servers to start; `thorough` where every choice is to be tried."""

    name: str
    admin: bool
    servers: list[str]
    thorough: bool
    user: Any


async def people(app: Any, wanted: Sequence[Mapping[str, Any]], teller: Teller) -> list[Person]:
    """The users asked for, as the hub has them; whose name the authenticator refuses is left out and told."""
    found = []
    for each in wanted:
        try:
            name = app.authenticator.normalize_username(each["name"])
            if not app.authenticator.validate_username(name):
                teller.tell({"event": "refused", "user": each["name"]})
                continue
            user = await _logged_in(app, name, bool(each.get("admin")))
        except Exception as error:
            teller.trouble(error, user=each["name"], during="login")
            continue
        found.append(
            Person(name, bool(each.get("admin")), list(each.get("servers", [""])), bool(each.get("thorough")), user)
        )
    return found


async def _logged_in(app: Any, name: str, admin: bool) -> Any:
    from jupyterhub import orm

    row = orm.User.find(app.db, name)
    if row is None:
        row = orm.User(name=name)
        app.db.add(row)
        _assign_roles(app, row)
        app.db.commit()
        await _awaited(app.authenticator.add_user(app.users[row]))
    if admin:
        row.admin = True
        _assign_roles(app, row)
        app.db.commit()
    user = app.users[row]
    if app.authenticator.enable_auth_state:
        await user.save_auth_state(auth_state(app.authenticator, name))
    return user


def _assign_roles(app: Any, row: Any) -> None:
    try:
        from jupyterhub import roles
    except ImportError:  # JupyterHub 1 has none
        return
    roles.assign_default_roles(app.db, entity=row)


async def _awaited(value: Any) -> Any:
    return await value if inspect.isawaitable(value) else value


def auth_state(authenticator: Any, name: str) -> dict[str, Any]:
    """What the authenticator might keep of a login: for OAuth the tokens and what the provider says of the user."""
    claim = getattr(authenticator, "username_claim", None)
    about = {"email": f"{name}@example.org", "name": name, "sub": name, "login": name, "groups": []}
    if isinstance(claim, str) and claim:
        about.setdefault(claim, name)
    tokens = {"access_token": "access", "refresh_token": "refresh", "id_token": "id", "token_type": "bearer"}
    state: dict[str, Any] = {**tokens, "scope": [], "token_response": dict(tokens)}
    for key in {"oauth_user", getattr(authenticator, "user_auth_state_key", "oauth_user")}:
        state[key] = about
    return state
