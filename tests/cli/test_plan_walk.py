"""The way of one plan, from the values to the record: calls go down through the rooms and never climb back."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

from chart_py.engine.progress import Observer
from chart_py.release.store import Shelf
from tests.fake_hub import Desk
from tests.test_architecture import PACKAGE, ROOMS

CONFIG = "singleuser: {storage: {type: none}}\nproxy: {service: {type: ClusterIP}}\n"


def methods(protocol: type) -> list[str]:
    """The methods of a protocol."""
    return [name for name in vars(protocol) if not name.startswith("_")]


def room(frame: FrameType | None) -> str:
    """The room whose code a frame runs; empty for what is not chart_py's."""
    if frame is None:
        return ""
    file = Path(frame.f_code.co_filename)
    return file.relative_to(PACKAGE).parts[0].removesuffix(".py") if PACKAGE in file.parents else ""


@contextmanager
def calls() -> Iterator[set[tuple[str, str, str]]]:
    """Every call from one room into another while this lasts: caller's room, called room, what was called."""
    found: set[tuple[str, str, str]] = set()

    def see(frame: FrameType, event: str, argument: Any) -> None:
        # A generator is called by whoever asks it for more.
        if event == "call" and (callee := room(frame)) and frame.f_code.co_name != "<genexpr>":
            caller = frame.f_back
            while caller is not None and not room(caller):
                caller = caller.f_back
            if (above := room(caller)) and above != callee:
                found.add((above, callee, frame.f_code.co_name))

    before: Callable[..., Any] | None = sys.getprofile()
    sys.setprofile(see)
    try:
        yield found
    finally:
        sys.setprofile(before)


def test_a_plan_goes_down_and_never_climbs_back(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(CONFIG, encoding="utf-8")
    with calls() as found:
        assert desk.run("apply", "--yes").code == 0
    assert ("cli", "engine") in {each[:2] for each in found}
    climbs = {each for each in found if each[1] not in ROOMS[each[0]]}
    # The observer is told how far things are, and records are kept on a shelf that is the cluster's; both are protocols
    # of the room that calls. Nothing else calls back.
    shelf = {("release", "cluster", name) for name in methods(Shelf)}
    assert climbs - {("engine", "cli", name) for name in methods(Observer)} - shelf == set()
