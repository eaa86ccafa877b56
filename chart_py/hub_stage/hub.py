"""Owns a rehearsal from within: it starts JupyterHub as its container would, as far as that goes without a cluster."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import traceback
from collections.abc import Mapping
from typing import Any, NoReturn

from chart_py.hub_stage.absent import Absent, stand_in_for_absent
from chart_py.hub_stage.plain import plain
from chart_py.hub_stage.servers import start_all
from chart_py.hub_stage.telling import Tell, Teller, listen, stack
from chart_py.hub_stage.trace import Trace

# The traits of JupyterHub that name a class, and what stands in for one whose package is not here.
_CLASSES = {"authenticator_class": "Authenticator", "spawner_class": "Spawner"}
DATABASE = "sqlite:///:memory:"


class _StoppedError(Exception):
    """JupyterHub has ended itself."""


def rehearse(request: Mapping[str, Any], root: str, tell: Tell) -> None:
    """Start the hub and every server that the request asks for; tell what happens."""
    teller = Teller(tell, root, request["files"])
    _be_impatient(teller, float(request["seconds"]))
    listen(teller)
    trace = Trace(teller)
    trace.begin()
    absent = stand_in_for_absent(teller)
    asyncio.run(_rehearse(request, teller, trace, absent))


def _be_impatient(teller: Teller, seconds: float) -> None:
    """When the time is over, say where the code is, and end."""

    def over(*_: Any) -> NoReturn:
        frames = stack(sys._getframe(1))
        for task in _tasks():
            frames += task.get_stack()
        teller.tell({"event": "ended", "by": "time", **teller.where(list(frames)), "server": teller.server})
        os._exit(1)

    signal.signal(signal.SIGALRM, over)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _tasks() -> list[Any]:
    try:
        return list(asyncio.all_tasks())
    except RuntimeError:
        return []


async def _rehearse(request: Mapping[str, Any], teller: Teller, trace: Trace, absent: Absent) -> None:
    app = None
    try:
        app = await _start(request, teller, trace, absent)
    except SystemExit as stop:
        _tell_exit(teller, stop)
    except _StoppedError:
        pass
    except MemoryError as error:
        teller.trouble(error)
    except Exception as error:
        teller.trouble(error)
    teller.tell({"event": "traits", "set": trace.set})
    if app is None:
        return
    teller.tell({"event": "started", **_facts(app)})
    teller.stage = "servers"
    await start_all(app, request, teller)
    teller.tell({"event": "done"})


def _tell_exit(teller: Teller, stop: SystemExit) -> None:
    """The hub's own end, with the sentence that it gave and the names of the file that gave it."""
    frames = list(traceback.walk_tb(stop.__traceback__))
    said, names = stop.code if isinstance(stop.code, str) else "", {}
    for frame, _ in frames:
        if not teller.is_own(frame.f_code.co_filename):
            continue
        if frame.f_code.co_name == "stop":
            said = str(frame.f_locals.get("sentence", said))
        else:
            found = {name: frame.f_locals.get(name) for name in ("section", "key", "name")}
            names.update({name: value for name, value in found.items() if isinstance(value, str)})
    where = teller.where(list(frames))
    teller.tell({"event": "exit", "stage": teller.stage, "message": teller.text(said), "names": names, **where})


async def _start(request: Mapping[str, Any], teller: Teller, trace: Trace, absent: Absent) -> Any:
    """The application, initialized as `jupyterhub` does it, with a database in memory."""
    from jupyterhub.app import JupyterHub

    _keep_database_in_memory(teller)
    _stand_in_for_classes(absent, trace)
    _tell_stages(JupyterHub, teller)
    app = JupyterHub.instance()
    await app.initialize([_moved(text, teller.root) for text in request["arguments"]])
    return app


def _moved(argument: str, root: str) -> str:
    return root + argument if argument.startswith("/usr/local/etc/jupyterhub") else argument


def _tell_stages(hub_class: Any, teller: Teller) -> None:
    """Know which step of its start the hub is at."""
    for name in [each for each in vars(hub_class) if each.startswith("init_") and callable(getattr(hub_class, each))]:

        def step(original: Any, name: str = name) -> Any:
            def run(self: Any, *given: Any, **named: Any) -> Any:
                teller.stage = name
                return original(self, *given, **named)

            return run

        setattr(hub_class, name, step(getattr(hub_class, name)))


def _keep_database_in_memory(teller: Teller) -> None:
    """Check the database's URL and driver as SQLAlchemy does, then use none but memory."""
    from jupyterhub import dbutil, orm
    from sqlalchemy import create_engine

    new = orm.new_session_factory

    def in_memory(url: str = DATABASE, reset: bool = False, **more: Any) -> Any:
        options = {key: value for key, value in more.items() if key != "expire_on_commit"}
        if not str(url).startswith("sqlite"):
            create_engine(url, **options)
        return new(DATABASE)

    orm.new_session_factory = in_memory
    dbutil.upgrade_if_needed = lambda *_, **__: None


def _stand_in_for_classes(absent: Absent, trace: Trace) -> None:
    """Before a trait names a class of a package that is not here, have something stand in for it."""
    from importlib.util import find_spec

    from jupyterhub.app import JupyterHub

    load = JupyterHub._load_config

    def loaded(app: Any, config: Any, *given: Any, **named: Any) -> Any:
        for trait in _CLASSES:
            value = config.get("JupyterHub", {}).get(trait)
            if not isinstance(value, str) or "." not in value:
                continue
            top = value.partition(".")[0]
            if top not in sys.modules and top not in absent.names and find_spec(top) is None:
                absent.add(top, [], {"classes": ["JupyterHub"], "name": trait, "of": ""})
        return load(app, config, *given, **named)

    JupyterHub._load_config = loaded


def _facts(app: Any) -> dict[str, Any]:
    """What the hub became: its classes, and the configuration that it ended up with."""
    from chart_py.hub_stage.telling import classes_of

    return {
        "authenticator": classes_of(type(app.authenticator)),
        "spawner": classes_of(app.spawner_class),
        "config": {name: plain(section) for name, section in sorted(app.config.items())},
        "baseUrl": app.base_url,
    }
