"""Owns the loop of the process that has JupyterHub loaded: requests in, events out, a process for each rehearsal."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sys
from importlib import import_module
from typing import Any, TextIO

from chart_py.hub_stage.keeper import keep
from chart_py.hub_stage.system import die_with_parent

# What takes long to import and runs no code of a user's. Authenticators are left to each rehearsal: some of them look
# at the environment when they are imported.
PRELOADED = ("jupyterhub.app", "jupyterhub.handlers", "jupyterhub.apihandlers", "kubespawner", "sqlalchemy")
# jsonschema checks the format of an IRI by it, which nothing here asks for; its grammar takes a second to load.
_SLOW = "rfc3987_syntax"


def serve() -> None:
    """Answer requests from standard input on what was standard output until the input ends."""
    die_with_parent()
    # An interrupt is for whoever asks; this process ends when its input does.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _own_output()
    _say(answers, loaded())
    for line in sys.stdin:
        request = json.loads(line)
        for event in keep(request):
            answers.write(event)
            answers.flush()
        _say(answers, {"event": "end"})


def _own_output() -> TextIO:
    """Standard output for events alone: what is printed by whomever goes to standard error."""
    own = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(own, "w", encoding="utf-8")


def loaded() -> dict[str, Any]:
    """Import what all rehearsals need; say which software this is, or what is missing."""
    with _without(_SLOW):
        for name in PRELOADED:
            try:
                import_module(name)
            except ImportError as error:
                return {"event": "unusable", "module": name, "error": f"{type(error).__name__}: {error}"}
    from importlib.metadata import distributions

    found = {(each.metadata["Name"] or "").lower().replace("_", "-"): each.version for each in distributions()}
    return {"event": "ready", "python": ".".join(map(str, sys.version_info[:3])), "packages": found}


@contextlib.contextmanager
def _without(name: str) -> Any:
    """As if the module were not installed, while others that can do without it are imported."""
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        sys.modules.pop(name, None)


def _say(answers: TextIO, event: dict[str, Any]) -> None:
    answers.write(json.dumps(event) + "\n")
    answers.flush()
