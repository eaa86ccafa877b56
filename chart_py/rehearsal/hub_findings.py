"""Owns what is said of the hub's start and of servers that do not start: exceptions, log records, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from chart_py.finding import Finding, Level, Path
from chart_py.rehearsal.container import Container
from chart_py.rehearsal.origins import Origin, Origins
from chart_py.rehearsal.result import Absent, Culprit, Ended, Exit, Logged, Rehearsal, Server, Trouble
from chart_py.secrecy import masked

# How an exception looks that comes from having no network, by its class or by the system's number.
_NETWORK_ERRORS = frozenset({"gaierror", "ConnectionError", "ConnectionRefusedError", "TimeoutError", "HTTPError"})
_UNREACHABLE = frozenset({101, 113, 111, 110, -2, -3})
_LOCAL = frozenset({"TraitError", "SyntaxError", "NameError", "ImportError", "TemplateSyntaxError"})
# What the page is made of on which users choose a profile; what is seldom set goes first.
_FORM = ("profile_form_template", "additional_profile_form_template_paths", "options_form", "profile_list")
_LIMITS = {
    "time": "did not end within {seconds} seconds",
    "memory": "used more memory than a hub has",
    "processes": "started more processes than a hub does",
    "output": "printed without end",
}


def hub_findings(rehearsal: Rehearsal, origins: Origins, container: Container, seconds: float) -> list[Finding]:
    """All that the hub's start and the servers' starts told, each at the line that caused it."""
    said = _Said(rehearsal, origins, container)
    found = [*said.troubles(), *said.logs(), *said.absences()]
    if rehearsal.exit and not any(f.level is Level.ERROR for f in found):
        found.append(said.exit(rehearsal.exit))
    if rehearsal.ended:
        found.append(said.ended(rehearsal.ended, seconds))
    if rehearsal.foreign_spawner:
        found.append(said.foreign(rehearsal.foreign_spawner))
    if rehearsal.skipped:
        found.append(said.skipped())
    if _broke_off(rehearsal):
        found.append(said.broke_off())
    return found


def _broke_off(rehearsal: Rehearsal) -> bool:
    """Whether the rehearsal ended early without anything that says why."""
    said = rehearsal.troubles or rehearsal.exit or rehearsal.ended or rehearsal.foreign_spawner
    return not said and (bool(rehearsal.failed) or rehearsal.hub is None or not rehearsal.complete)


class _Said:
    """What is said of one rehearsal."""

    def __init__(self, rehearsal: Rehearsal, origins: Origins, container: Container) -> None:
        self.rehearsal = rehearsal
        self.origins = origins
        self.container = container
        self.servers = {server.id: server for server in rehearsal.servers}

    def troubles(self) -> Iterator[Finding]:
        """Exceptions: those of several servers from one cause are one finding."""
        groups: dict[tuple[Origin, str, str], list[Trouble]] = {}
        for trouble in self.rehearsal.troubles:
            for origin, each in self._parts(trouble):
                groups.setdefault((origin, each.kind, _first_line(each.message)), []).append(each)
        for (origin, _, _), same in groups.items():
            yield self._of_trouble(origin, same)

    def _parts(self, trouble: Trouble) -> Iterator[tuple[Origin, Trouble]]:
        """A trouble at each of the settings that are to blame for it."""
        found = [(self._of_culprit(culprit), culprit) for culprit in trouble.culprits]
        for origin, culprit in found:
            if origin:
                yield origin, replace(trouble, kind=culprit.kind, message=culprit.message)
        if not any(origin for origin, _ in found):
            yield self._origin(trouble), trouble

    def _origin(self, trouble: Trouble) -> Origin:
        if trouble.syntax and (found := self.origins.of_line(trouble.syntax[0], max(trouble.syntax[1], 1))):
            return found
        if trouble.template:
            return self._file(trouble.template.file)
        if trouble.during == "profiles" and not trouble.where.own:
            setters = (self.origins.of_setter("KubeSpawner", trait) for trait in _FORM)
            if found := next((setter for setter in setters if setter), None):
                return found
        server = None if trouble.where.own else self.servers.get(trouble.where.server or 0)
        if server and (found := self._of_profile(server, trouble)):
            return found
        return self.origins.of(trouble.where, trouble.message)

    def _file(self, target: str) -> Origin:
        """A file of hub.extraFiles."""
        files = self.origins.loaded.values.hub.extraFiles
        for name, file in files.items():
            if str(file.get("mountPath")) == target:
                return self.origins.setting(("hub", "extraFiles", name, "stringData"), of_value=True)
        return Origin((), None)

    def _of_culprit(self, culprit: Culprit) -> Origin | None:
        """The setting that was found to be to blame, down to the item of its value."""
        if culprit.cls:
            found = self.origins.of_setter(culprit.cls, culprit.trait)
            if found is None or found.place is None or found.path[:2] == ("hub", "extraConfig"):
                return found
            path = found.path
        else:
            lists = (("singleuser", "profileList"), ("hub", "config", "KubeSpawner", "profile_list"))
            paths = [(*each, *culprit.place, culprit.trait) for each in lists]
            path = next((each for each in paths if self.origins.written(each)), ())
            if not path:
                return self.origins.of_setter("KubeSpawner", "profile_list")
        inner: Path = path if culprit.item is None else (*path, culprit.item)
        return self.origins.setting(inner if self.origins.written(inner) else path)

    def _of_profile(self, server: Server, trouble: Trouble) -> Origin | None:
        """The profile that the server was started with: the trait of its override, or the profile."""
        path = profile_path(self.origins, server)
        if path is None:
            return None
        if trouble.where.trait:
            for place in overrides(self.origins, server, path, trouble.where.trait.name):
                return self.origins.setting(place)
        if trouble.during in ("load_user_options", "profiles", "start") and trouble.where.trait is None:
            return self.origins.setting(path)
        return None

    def _of_trouble(self, origin: Origin, same: list[Trouble]) -> Finding:
        first = same[0]
        said = masked(_sentence(first))
        servers = [self.servers[t.where.server] for t in same if t.where.server in self.servers]
        causes = [cause for cause in first.causes if cause[2]][:2]
        advice = [masked(f"It came from {kind}: {_first_line(message)}") for kind, message, _ in causes]
        if unseen := self._unseen(first):
            advice.append(unseen)
            return Finding(Level.NOTE, "not-rehearsed", origin.path, said, origin.place, tuple(advice))
        if first.user or servers:
            advice.append(self._who(same, servers))
            return Finding(Level.ERROR, "server-start", origin.path, said, origin.place, tuple(advice))
        advice.append("The hub does not start.")
        return Finding(Level.ERROR, "hub-start", origin.path, said, origin.place, tuple(advice))

    def _who(self, same: list[Trouble], servers: list[Server]) -> str:
        """Whose servers do not start."""
        names = list(dict.fromkeys(server_name(server) for server in servers))
        if same[0].during == "profiles":
            return "The page on which users choose a profile cannot be shown."
        if not names:
            return f"No server starts for {same[0].user}."
        if len(servers) == len(self.rehearsal.servers):
            return "No server starts."
        shown = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
        return f"These servers do not start: {shown}."

    def _unseen(self, trouble: Trouble) -> str:
        """Why an exception may be one of the rehearsal alone; empty where it would come in the cluster too."""
        kinds = {trouble.kind, *trouble.bases, *(kind for kind, _, _ in trouble.causes)}
        if trouble.errno in _UNREACHABLE or kinds & _NETWORK_ERRORS:
            return "A rehearsal has no network; this code needs it, so what follows was not rehearsed."
        for path, source in self.container.unknown.items():
            if trouble.file and (trouble.file == path or trouble.file.startswith(path + "/")):
                return f"The file comes from {source}, which only the cluster knows; what follows was not rehearsed."
        if trouble.during in ("run_auth_state_hook", "run_pre_spawn_hook") and kinds & {"KeyError", "TypeError"}:
            sections = self.rehearsal.hub.config.values() if self.rehearsal.hub else ()
            if "auth_state" in self._text(trouble) and any("enable_auth_state" in section for section in sections):
                return "A rehearsal makes up what a login leaves in auth_state; the real one may have this."
        if trouble.during in ("run_pre_spawn_hook",) and "handler" in self._text(trouble):
            return "A rehearsal has no browser's request (spawner.handler); what follows was not rehearsed."
        return ""

    def _text(self, trouble: Trouble) -> str:
        """The user's line that an exception came from."""
        for line in reversed(trouble.where.own):
            if piece := self.origins.pieces.get(line.file):
                lines = piece.text.split("\n")
                return lines[line.line - 1] if 0 < line.line <= len(lines) else ""
        return ""

    def logs(self) -> Iterator[Finding]:
        """What JupyterHub and KubeSpawner warn of, where it is about the configuration."""
        seen: set[tuple[Origin, str]] = set()
        raised = {_first_line(trouble.message) for trouble in self.rehearsal.troubles}
        for logged in self.rehearsal.logged:
            origin = self.origins.of(logged.where, logged.message)
            key = (origin, _first_line(logged.message))
            if key not in seen and key[1] not in raised and self._is_configuration(logged, origin):
                seen.add(key)
                yield self._of_log(logged, origin)

    def _is_configuration(self, logged: Logged, origin: Origin) -> bool:
        """Whether a record is about something that the user wrote, and not about a package or the rehearsal itself."""
        if not origin.exact:
            return False
        return logged.logger != "py.warnings" or bool(logged.where.own)

    def _of_log(self, logged: Logged, origin: Origin) -> Finding:
        lines = [line.strip() for line in masked(logged.message).splitlines() if line.strip()]
        level = Level.ERROR if logged.level == "error" else Level.WARNING
        message = f"the hub's log: {lines[0] if lines else ''}"
        return Finding(level, "hub-log", origin.path, message, origin.place, tuple(lines[1:6]))

    def absences(self) -> Iterator[Finding]:
        """Packages that the hub's own environment does not have."""
        for absent in self.rehearsal.absent:
            yield self._of_absent(absent)

    def _of_absent(self, absent: Absent) -> Finding:
        origin = self.origins.of(absent.where)
        message = f"the hub's packages have no module {absent.module}"
        advice = (
            f"If your image has it, rehearse with it: --with {absent.module}. Something stood in for it, and the rest",
            "was rehearsed.",
        )
        return Finding(Level.WARNING, "hub-package", origin.path, message, origin.place, (" ".join(advice),))

    def exit(self, exited: Exit) -> Finding:
        """The hub ended itself."""
        origin = self.origins.of_exit(exited)
        said = masked(exited.message) or "the code ends the hub"
        return Finding(Level.ERROR, "hub-start", origin.path, said, origin.place, ("The hub does not start.",))

    def ended(self, ended: Ended, seconds: float) -> Finding:
        """The rehearsal was ended from outside."""
        origin = self.origins.of(ended.where)
        said = _LIMITS.get(ended.by, f"ended by {ended.by}").format(seconds=f"{seconds:g}")
        advice = ("The hub's code was stopped there; what follows was not rehearsed.",)
        return Finding(Level.ERROR, "hub-limit", origin.path, said, origin.place, advice)

    def skipped(self) -> Finding:
        """There are more servers than are started."""
        message = f"only the first {len(self.rehearsal.servers)} servers were rehearsed: there are too many choices"
        advice = ("Use --profile and --user for the others.",)
        return Finding(Level.NOTE, "not-rehearsed", ("singleuser", "profileList"), message, None, advice)

    def broke_off(self) -> Finding:
        """Nothing says why there was no more to hear: that is no success."""
        lines = [line.strip() for line in masked(self.rehearsal.output).splitlines() if line.strip()]
        reason = masked(self.rehearsal.failed) or (lines[-1] if lines else "the hub's process ended")
        advice = ("What follows was not rehearsed.",)
        return Finding(Level.ERROR, "hub-start", (), f"the rehearsal broke off: {reason}", None, advice)

    def foreign(self, spawner: str) -> Finding:
        """Servers are not started by KubeSpawner."""
        setter = self.origins.of_setter("JupyterHub", "spawner_class") or Origin((), None)
        message = f"{spawner} is not KubeSpawner, so no server was rehearsed"
        return Finding(Level.WARNING, "not-rehearsed", setter.path, message, setter.place)


def profile_path(origins: Origins, server: Server) -> tuple[str | int, ...] | None:
    """Where the profile of a server stands in the values; None where it has none or the user's Python made it."""
    if server.profile is None:
        return None
    for path in (("singleuser", "profileList"), ("hub", "config", "KubeSpawner", "profile_list")):
        here: Any = origins.loaded.tree
        for step in path:
            here = here.get(step, {}) if isinstance(here, dict) else {}
        profiles: list[Any] = here if isinstance(here, list) else []
        for index, profile in enumerate(profiles):
            if isinstance(profile, dict) and profile.get("display_name") == server.display_name:
                same = [p for p in profiles if isinstance(p, dict) and p.get("display_name") == server.display_name]
                return (*path, server.profile if len(same) > 1 and server.profile < len(profiles) else index)
    return None


def overrides(
    origins: Origins, server: Server, path: tuple[str | int, ...], trait: str
) -> Iterator[tuple[str | int, ...]]:
    """Where the profile of a server, or a choice that was made, overrides a trait; the one that counts first."""
    places: list[tuple[str | int, ...]] = []
    for option, choice in server.choices.items():
        name = re.sub(r"--unlisted-choice$", "", option)
        inner = ("unlisted_choice",) if name != option else ("choices", choice)
        places.append((*path, "profile_options", name, *inner, "kubespawner_override", trait))
    places.append((*path, "kubespawner_override", trait))
    yield from (place for place in places if origins.written(place))


def server_name(server: Server) -> str:
    """A server as its users would call it."""
    name = f"{server.user}'s server" + (f" {server.name}" if server.name else "")
    return f"{name} ({server.display_name})" if server.display_name else name


def _sentence(trouble: Trouble) -> str:
    """An exception in one line: its class, unless its message says all."""
    message = _first_line(trouble.message)
    if trouble.kind in ("TraitError", "TemplateSyntaxError") and message:
        return message
    return f"{trouble.kind}: {message}" if message else trouble.kind


def _first_line(message: str) -> str:
    return next((line.strip() for line in message.splitlines() if line.strip()), "")
