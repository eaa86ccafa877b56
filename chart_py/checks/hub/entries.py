"""What is within the lists and maps that JupyterHub and KubeSpawner read themselves: profiles, services, roles."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from chart_py.checks.code import Code
from chart_py.checks.hub import image as hub_image
from chart_py.checks.hub.traits import milder, of_trait, own_image, part
from chart_py.finding import Finding, Level, Path
from chart_py.secrecy import is_secret
from chart_py.spelling import nearest
from chart_py.values.entries import CHOICE, OPTION, PROFILE, ROLE, UNLISTED
from chart_py.values.expectation import Expectation, Kind, described
from chart_py.values.load import Loaded

CODES = (
    Code(
        "profile",
        Level.WARNING,
        "A profile has a misspelt key, lacks one, or cannot work as written.",
        "Use the suggestion; each profile needs a display_name.",
        "singleuser: {profileList: [{display_name: Small, kubespawner_overide: {mem_limit: 2G}}]}",
    ),
    Code(
        "service",
        Level.ERROR,
        "A service has an unknown field or a wrong value; the hub stops at it.",
        "Use the suggestion.",
        "hub: {services: {grader: {urll: 'http://grader:8000'}}}",
    ),
    Code(
        "role",
        Level.ERROR,
        "A role names an unknown scope, which stops the hub, or has a misspelt key.",
        "Use the suggestion.",
        "hub: {loadRoles: {grader: {scopes: ['list:user']}}}",
    ),
)

# Of a role, the lists of names.
_HOLDERS = ROLE.names[2:]


def check(loaded: Loaded) -> list[Finding]:
    """Misspelt keys of profiles and roles, traits that an override cannot set, services that stop the hub."""
    found = _Entries(loaded)
    out = [*found.profiles(), *found.services(), *found.roles()]
    return [milder(finding) or finding for finding in out] if own_image(loaded) else out


class _Entries:
    """The entries of one configuration, with the places of their words."""

    def __init__(self, loaded: Loaded) -> None:
        self.loaded = loaded

    def say(self, level: Level, code: str, path: Path, message: str, *advice: str, value: bool = False) -> Finding:
        return Finding(level, code, path, message, self.loaded.sources.place(path, of_value=value), advice)

    def profiles(self) -> Iterator[Finding]:
        """Of `singleuser.profileList`, and of the trait that it sets."""
        values = self.loaded.values
        spawner = values.hub.config.get("KubeSpawner")
        lists: list[tuple[Path, Any]] = [(("singleuser", "profileList"), values.singleuser.profileList)]
        if isinstance(spawner, dict):
            lists.append((("hub", "config", "KubeSpawner", "profile_list"), spawner.get("profile_list")))
        for path, profiles in lists:
            for index, profile in enumerate(profiles if isinstance(profiles, list) else ()):
                yield from self.profile(profile, (*path, index))

    def profile(self, profile: Any, path: Path) -> Iterator[Finding]:
        if not isinstance(profile, dict):
            message = Expectation.of(Kind.MAP).but(profile)
            yield self.say(Level.ERROR, "profile", path, message, "for example: {display_name: Small}", value=True)
            return
        yield from self.misspelt(profile, PROFILE.names, path, "a profile")
        if "display_name" not in profile and not any(nearest(key, ["display_name"]) for key in profile):
            yield self.say(Level.ERROR, "profile", path, "a profile needs a display_name; no server can be started")
        yield from self.overrides(profile, path)
        for key, option in _maps(profile.get("profile_options")):
            here = (*path, "profile_options", key)
            yield from self.misspelt(option, OPTION.names, here, "an option of a profile")
            for name, choice in _maps(option.get("choices")):
                yield from self.misspelt(choice, CHOICE.names, (*here, "choices", name), "a choice of a profile")
                yield from self.overrides(choice, (*here, "choices", name))
            if isinstance(unlisted := option.get("unlisted_choice"), dict):
                yield from self.misspelt(unlisted, UNLISTED.names, (*here, "unlisted_choice"), "an unlisted choice")
                yield from self.overrides(unlisted, (*here, "unlisted_choice"))

    def misspelt(self, given: dict[Any, Any], known: tuple[str, ...], path: Path, what: str) -> Iterator[Finding]:
        """Keys that resemble a known one; others are free, as a form template of the user may use them."""
        for key in given:
            if key not in known and (near := nearest(str(key), [word for word in known if word not in given])):
                message = f"unknown key of {what}; did you mean {near[0]}?"
                yield self.say(Level.WARNING, "profile", (*path, key), message, "KubeSpawner goes on without it.")

    def overrides(self, given: dict[Any, Any], path: Path) -> Iterator[Finding]:
        """What `kubespawner_override` sets, against the traits of KubeSpawner."""
        traits = hub_image.traits("KubeSpawner")
        path = (*path, "kubespawner_override")
        override = given.get("kubespawner_override")
        if override is not None and not isinstance(override, dict):
            message = f"expected a map of traits, got {described(override)}"
            yield self.say(Level.ERROR, "profile", path, message, "for example: {mem_limit: 4G}", value=True)
            return
        for trait, value in (override or {}).items():
            here = (*path, str(trait))
            yield from of_trait("KubeSpawner", str(trait), here, self.loaded.sources.place(here), reader="KubeSpawner")
            spec = traits.get(str(trait))
            for wanted in hub_image.unfit(spec, value) if spec and value is not None else ():
                at = here + wanted.path
                message = wanted.expected.but(part(value, wanted.path), hide=is_secret(at))
                yield self.say(Level.ERROR, "trait-type", at, message, "No server starts with it.", value=True)

    def services(self) -> Iterator[Finding]:
        """Fields that JupyterHub's services do not have: the hub stops at such."""
        fields = hub_image.service_fields()
        yield from self.no_maps("service", ("hub", "services"), self.loaded.values.hub.services)
        for name, service in _maps(self.loaded.values.hub.services):
            for field, value in service.items():
                path: Path = ("hub", "services", name, field)
                if field == "apiToken":
                    continue
                if field not in fields:
                    near = nearest(str(field), ["apiToken", *fields])
                    message = "unknown field of a service" + (f"; did you mean {near[0]}?" if near else "")
                    advice = ("The hub does not start with it.", "fields: " + ", ".join(fields))
                    yield self.say(Level.ERROR, "service", path, message, *advice[: 1 if near else 2])
                    continue
                for wanted in hub_image.refused(fields[field], value) if value is not None else ():
                    message = wanted.expected.but(value, hide=is_secret(path))
                    yield self.say(Level.ERROR, "service", path, message, "The hub does not start with it.", value=True)
                    break

    def roles(self) -> Iterator[Finding]:
        """Words of roles, and the scopes that they name."""
        services = {str(words.get("name", name)) for name, words in _maps(self.loaded.values.hub.services)}
        jupyterhub = self.loaded.values.hub.config.get("JupyterHub")
        custom = jupyterhub.get("custom_scopes") if isinstance(jupyterhub, dict) else None
        own = [*custom] if isinstance(custom, dict) else []
        yield from self.no_maps("role", ("hub", "loadRoles"), self.loaded.values.hub.loadRoles)
        for name, role in _maps(self.loaded.values.hub.loadRoles):
            path: Path = ("hub", "loadRoles", name)
            for word, value in role.items():
                if word not in ROLE.names:
                    near = nearest(str(word), ROLE.names)
                    message = "unknown key of a role" + (f"; did you mean {near[0]}?" if near else "")
                    said = "JupyterHub goes on without it; a role has " + ", ".join(ROLE.names[1:]) + "."
                    yield self.say(Level.WARNING, "role", (*path, word), message, said)
                elif word in _HOLDERS and value is not None and not isinstance(value, list):
                    message = f"expected a list of texts, got {described(value)}"
                    yield self.say(
                        Level.ERROR, "role", (*path, word), message, f"for example: {word}: [{value}]", value=True
                    )
            yield from self.names(role, path)
            yield from self.scopes(role, path, own)
            for index, service in _texts(role.get("services")):
                if near := nearest(service, services) if service not in services else []:
                    message = f"unknown service {service}; did you mean {near[0]}?"
                    yield self.say(Level.WARNING, "role", (*path, "services", index), message, value=True)

    def names(self, role: dict[Any, Any], path: Path) -> Iterator[Finding]:
        """Scopes, users, groups and services of a role that are not text."""
        for word in _HOLDERS:
            for index, name in enumerate(_list(role.get(word))):
                if not isinstance(name, str):
                    message = Expectation.of(Kind.TEXT).but(name)
                    at = (*path, word, index)
                    yield self.say(Level.ERROR, "role", at, message, "The hub does not start with it.", value=True)

    def no_maps(self, what: str, path: Path, entries: dict[str, Any]) -> Iterator[Finding]:
        """Services and roles that are not maps."""
        for name, words in entries.items():
            if words is not None and not isinstance(words, dict):
                # It may be the value of a secret whose key has lost its colon.
                message = Expectation.of(Kind.MAP).but(words, hide=True)
                advice = "The hub does not start with it."
                yield self.say(Level.ERROR, what, (*path, name), message, advice, value=True)

    def scopes(self, role: dict[Any, Any], path: Path, own: list[str]) -> Iterator[Finding]:
        known = [*hub_image.scopes(), *own]
        for index, scope in _texts(role.get("scopes")):
            plain = scope.partition("!")[0]
            if plain not in known and not plain.startswith("custom:"):
                near = nearest(plain, known)
                message = f"unknown scope {plain}" + (f"; did you mean {near[0]}?" if near else "")
                at = (*path, "scopes", index)
                yield self.say(Level.ERROR, "role", at, message, "The hub does not start with it.", value=True)


def _maps(given: Any) -> Iterator[tuple[str, dict[Any, Any]]]:
    for key, value in given.items() if isinstance(given, dict) else ():
        if isinstance(value, dict):
            yield str(key), value


def _texts(given: Any) -> Iterator[tuple[int, str]]:
    """The texts of a list, each with its place there."""
    return ((index, each) for index, each in enumerate(_list(given)) if isinstance(each, str))


def _list(given: Any) -> list[Any]:
    return given if isinstance(given, list) else []
