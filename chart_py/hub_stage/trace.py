"""Owns who set what: for each trait of the configuration the lines that set it, and the settings they read."""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

from chart_py.hub_stage.telling import Teller

_SETTER = "set_config_if_not_none"


class Trace:
    """Notes, while the configuration's files run, each line that sets a trait or takes hold of one to change it."""

    def __init__(self, teller: Teller) -> None:
        self.teller = teller
        self.lines: dict[tuple[int, str], list[list[Any]]] = {}
        self.set: dict[str, list[list[Any]]] = {}

    def begin(self) -> None:
        """Have the configuration's objects tell what is done with them."""
        from traitlets.config import Config, LazyConfigValue, PyFileConfigLoader

        take, put, load = Config.__getitem__, Config.__setitem__, PyFileConfigLoader.load_config

        def taken(config: Any, key: str) -> Any:
            value = take(config, key)
            if isinstance(value, (dict, list, set, LazyConfigValue)) and not isinstance(value, Config):
                self.note(config, key, "changed")
            return value

        def stored(config: Any, key: str, value: Any) -> None:
            self.note(config, key, "set")
            put(config, key, value)

        def updated(config: Any, *given: Any, **named: Any) -> None:
            for key, value in dict(*given, **named).items():
                self.note(config, key, "set")
                dict.__setitem__(config, key, value)

        def loaded(loader: Any) -> Any:
            found = load(loader)
            self.name(found)
            return found

        Config.__getitem__ = taken
        Config.__setitem__ = stored
        Config.update = updated
        PyFileConfigLoader.load_config = loaded

    def note(self, config: Any, key: str, how: str) -> None:
        """Keep the nearest line of the configuration's own files, and the setting where that line only hands one on."""
        frame: FrameType | None = sys._getframe(2)
        path = None
        while frame is not None:
            code = frame.f_code
            if code.co_name == _SETTER and isinstance(frame.f_locals.get("path"), str):
                path = frame.f_locals["path"]
            elif self.teller.is_own(code.co_filename):
                line = [how, self.teller.path(code.co_filename), frame.f_lineno, path]
                lines = self.lines.setdefault((id(config), str(key)), [])
                if line not in lines:
                    lines.append(line)
                return
            frame = frame.f_back

    def name(self, config: Any, prefix: str = "") -> None:
        """Give the noted lines their names, once the object that they were done to is whole."""
        from traitlets.config import Config

        for key, value in config.items():
            if isinstance(value, Config):
                self.name(value, f"{prefix}{key}.")
            elif lines := self.lines.get((id(config), key)):
                self.set[prefix + key] = lines
