"""Owns what is told of an exception or a log record: where it came from, which setting was at work, what it said."""

from __future__ import annotations

import logging
import re
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import FrameType, TracebackType
from typing import Any

Tell = Callable[[dict[str, Any]], None]
_LONGEST = 4000
_MOST_FRAMES = 60
# Between a line that logs and us.
_IN_BETWEEN = re.compile(r"[/\\](logging[/\\]__init__|telling)\.py$")
# Names under which JupyterHub holds the entry of a list that it is at, and what it is an entry of.
_ENTRIES = {
    ("init_role_creation", "role_spec"): "role",
    ("create_role", "role_dict"): "role",
    ("init_role_assignment", "role_spec"): "role",
    ("init_role_assignment", "predef_role"): "role",
    ("init_services", "spec"): "service",
    ("service_from_spec", "spec"): "service",
    ("init_groups", "name"): "group",
}


class Teller:
    """Tells of one rehearsal; `files` are the container's, `root` is the folder that stands for its root."""

    def __init__(self, tell: Tell, root: str, files: Mapping[str, str]) -> None:
        self.tell = tell
        self.root = root
        self.texts = files
        self.own = {root + path for path in files if path.endswith(".py")}
        self.stage = "configuration"
        self.server: int | None = None
        # Exceptions that were logged while a server was being started: the one that comes out of it is told first.
        self.later: list[BaseException] = []
        self._told: dict[int, BaseException] = {}

    def path(self, file: str) -> str:
        """A file as the hub's container names it."""
        return file[len(self.root) :] if self.root and file.startswith(self.root + "/") else file

    def is_own(self, file: str) -> bool:
        """Whether a file is of the container's configuration, and not of a package."""
        return file in self.own or file.startswith("hub.extraConfig.")

    def trouble(self, error: BaseException, event: str = "trouble", **more: Any) -> None:
        """Tell of an exception, once."""
        if id(error) in self._told:
            return
        self._told[id(error)] = error
        frames = list(frames_of(error.__traceback__))
        facts = {**self.described(error), **self.where(frames), **more}
        self.tell({"event": event, "stage": self.stage, "server": self.server, **facts})

    def tell_later(self) -> None:
        """Tell of the exceptions that were only logged."""
        for error in self.later:
            self.trouble(error)
        self.later.clear()

    def described(self, error: BaseException) -> dict[str, Any]:
        """What an exception is: its class and those it inherits from, its message, and fields that classes have."""
        causes = [*_chain(error)]
        facts: dict[str, Any] = {
            "type": type(error).__name__,
            "bases": [cls.__name__ for cls in type(error).__mro__],
            "message": self.text(str(error)),
            "causes": [
                {"type": type(e).__name__, "message": self.text(str(e)), "told": e is before.__cause__}
                for before, e in zip(causes, causes[1:])
            ],
        }
        for cause in causes:
            if isinstance(cause, ImportError) and cause.name:
                facts["module"] = cause.name
            if isinstance(cause, OSError):
                facts["errno"] = cause.errno
                if isinstance(cause.filename, str):
                    facts["file"] = self.path(cause.filename)
            if isinstance(cause, SyntaxError):
                facts["syntax"] = [self.path(cause.filename or ""), cause.lineno or 0, cause.offset or 0]
        return facts

    def where(self, frames: Sequence[FrameType | tuple[FrameType, int]]) -> dict[str, Any]:
        """The lines that led there, outermost first, and what they were at: a trait, an entry of a list."""
        pairs = [(f, f.f_lineno) if isinstance(f, FrameType) else f for f in frames]
        shown = [[self.path(f.f_code.co_filename), line, f.f_code.co_name] for f, line in pairs]
        only = [frame for frame, _ in pairs]
        return {
            "frames": shown[-_MOST_FRAMES:],
            "own": [[self.path(f.f_code.co_filename), line] for f, line in pairs if self.is_own(f.f_code.co_filename)],
            "trait": trait_of(only),
            "entry": _entry_of(only),
        }

    def text(self, text: str) -> str:
        """A message as the hub would write it: with the container's paths, and not too long."""
        text = text.replace(self.root, "") if self.root else text
        return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it came from, as Python prints them."""
    seen: set[int] = set()
    here: BaseException | None = error
    while here is not None and id(here) not in seen:
        seen.add(id(here))
        yield here
        here = here.__cause__ or (None if here.__suppress_context__ else here.__context__)


def frames_of(trace: TracebackType | None) -> Iterator[tuple[FrameType, int]]:
    """The frames of a traceback with the lines that they were at, outermost first."""
    return iter(list(traceback.walk_tb(trace)))


def stack(frame: FrameType | None) -> list[FrameType]:
    """The frames that led to this one, outermost first."""
    found = []
    while frame is not None:
        found.append(frame)
        frame = frame.f_back
    return found[::-1]


def trait_of(frames: list[FrameType]) -> dict[str, Any] | None:
    """The trait that was being set, read or validated: the classes by which it can be configured, and its name."""
    from traitlets import HasTraits, TraitType

    for frame in reversed(frames):
        file, name, names = frame.f_code.co_filename, frame.f_code.co_name, frame.f_locals
        trait, owner = None, None
        if file.endswith(("traitlets/traitlets.py", "traitlets\\traitlets.py")):
            change = names.get("change") or names.get("event")
            if isinstance(names.get("self"), TraitType) and isinstance(names.get("obj"), HasTraits):
                trait, owner = names["self"].name, names["obj"]
            elif name == "hold_trait_notifications" and isinstance(names.get("name"), str):
                trait, owner = names["name"], names.get("self")
            elif isinstance(names.get("self"), HasTraits) and isinstance(change, dict):
                trait, owner = change.get("name"), names["self"]
        elif file.endswith("configurable.py") and name == "_load_config":
            trait, owner = names.get("name"), names.get("self")
        if trait and isinstance(owner, HasTraits):
            # What a trait logs is no news of that trait.
            if trait in ("log", "config", "parent"):
                continue
            return {"classes": classes_of(type(owner)), "name": trait, "of": _name_of(owner)}
    return None


def _name_of(owner: Any) -> str:
    name = owner.__dict__.get("_trait_values", {}).get("name", "") if owner.has_trait("name") else ""
    return name if isinstance(name, str) else ""


def classes_of(cls: type) -> list[str]:
    """The names of the sections of the configuration that a class takes its traits from, its own first."""
    from traitlets.config import Configurable

    bases = (Configurable, object)
    return [c.__name__ for c in cls.__mro__ if isinstance(c, type) and issubclass(c, Configurable) and c not in bases]


def _entry_of(frames: list[FrameType]) -> dict[str, str] | None:
    """The role, service or group that JupyterHub was at."""
    for frame in reversed(frames):
        for (function, local), kind in _ENTRIES.items():
            if frame.f_code.co_name == function and (found := frame.f_locals.get(local)):
                name = found.get("name") if isinstance(found, dict) else found
                if isinstance(name, str):
                    return {"kind": kind, "name": name}
    return None


class Listener:
    """Hears what is logged as a warning or worse, with the lines and the trait that it is about."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller

    def hear(self, record: logging.LogRecord) -> None:
        """Tell of a record, or of the exception that it is about."""
        error = record.exc_info[1] if record.exc_info else None
        frames = [f for f in stack(sys._getframe()) if not _IN_BETWEEN.search(f.f_code.co_filename)]
        handled = sys.exc_info()[1]
        # An exception that another function handles further up is not what this record is about.
        if error is None and handled and handled.__traceback__ and handled.__traceback__.tb_frame is frames[-1]:
            error = handled
        level = "warning" if record.levelno < logging.ERROR else "error"
        try:
            message = record.getMessage()
        except Exception as broken:
            message = f"{record.msg} ({type(broken).__name__}: {broken})"
        if error is not None and level == "error":
            self.teller.later.append(error)
            if self.teller.server is None:
                self.teller.tell_later()
            return
        self.teller.tell(
            {
                "event": "logged",
                "level": level,
                "stage": self.teller.stage,
                "server": self.teller.server,
                "logger": record.name,
                "message": self.teller.text(message),
                **self.teller.where(list(frames)),
            }
        )


def listen(teller: Teller) -> None:
    """Hear every logger of the process, whatever handlers it has, and Python's own warnings too."""
    listener = Listener(teller)
    handle = logging.Logger.handle

    def heard(logger: logging.Logger, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            listener.hear(record)
        handle(logger, record)

    logging.Logger.handle = heard  # type: ignore[assignment,method-assign]
    logging.captureWarnings(True)
