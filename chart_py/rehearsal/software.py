"""Owns the environment of Python that runs the hub at a rehearsal: the packages of the hub's image, pinned by edition.

It is the one at hand where its packages fit, else one below the user's cache, made when it is first needed. Two
processes may need it at the same time, and one may be killed: an environment is there whole, or not at all.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from chart_py.editions.hub_packages import hub_image
from chart_py.errors import ChartError

Say = Callable[[str], None]
# Comes as a source that needs a compiler and a database's headers; the other has the same modules, built.
_BUILT = {"psycopg2": "psycopg2-binary"}
# Not imported by any hub: tools of the image.
_LEFT_OUT = frozenset({"py-spy", "sqlalchemy-cockroachdb"})
_OWN = re.compile(r"jupyterhub.*|oauthenticator|nullauthenticator|mwoauth")


class SoftwareError(ChartError):
    """The hub's packages could not be installed: `reason`, and the `command` that does it where it can be done."""

    def __init__(self, reason: str, command: str) -> None:
        self.reason = reason
        self.command = command
        super().__init__(reason, command)

    def __str__(self) -> str:
        return (
            f"error: the hub's packages could not be installed: {self.reason}\n"
            f"   On a machine that reaches a package index, run: {self.command}\n"
            "   Copy the folder hub-wheels here, set PIP_NO_INDEX=1 and PIP_FIND_LINKS=hub-wheels, and run this again."
        )


@dataclass(frozen=True)
class Software:
    """The Python that runs a hub: its `python`, and a `note` where it differs from the image's."""

    python: Path
    note: str = ""


def pins(chart: str) -> dict[str, str]:
    """The packages of the hub's image of a chart version, as they can be installed anywhere."""
    found = hub_image(chart).packages
    return {_BUILT.get(name, name): pin for name, pin in sorted(found.items()) if name not in _LEFT_OUT}


def software(chart: str, *, more: Sequence[str] = (), python: str | None = None, say: Say = lambda _: None) -> Software:
    """The Python with the hub's packages of a chart version, and with the packages `more` of the user's image.

    `python` is one that the user has. Raises SoftwareError where an environment cannot be made.
    """
    if python is not None:
        return Software(Path(shutil.which(python) or python))
    if not more and fits_here(chart):
        return Software(Path(sys.executable), _differs(chart, sys.version_info[:2]))
    base, running = _python(chart)
    place = _folder() / _name(chart, running, more)
    if not (place / "bin" / "python").exists():
        _make(place, base, chart, more, say)
    return Software(place / "bin" / "python", _differs(chart, running))


def fits_here(chart: str) -> bool:
    """Whether the environment that runs chart_py has JupyterHub, KubeSpawner and authenticators of the chart's."""
    for name, pin in hub_image(chart).packages.items():
        if _OWN.fullmatch(name):
            try:
                if version(name) != pin:
                    return False
            except PackageNotFoundError:
                return False
    return True


def _differs(chart: str, running: tuple[int, ...]) -> str:
    image, here = hub_image(chart).python, ".".join(map(str, running))
    return "" if image == here else f"Python {here} ran the hub's code; its image has Python {image}"


def _folder() -> Path:
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "chart_py" / "hubs"


def _name(chart: str, running: tuple[int, ...], more: Sequence[str]) -> str:
    facts = repr((sorted(pins(chart).items()), running, sorted(more)))
    return f"{chart}-python{'.'.join(map(str, running))}-{hashlib.sha256(facts.encode()).hexdigest()[:10]}"


def _python(chart: str) -> tuple[str, tuple[int, ...]]:
    """A Python of the image's version where there is one, else the one that runs this; and its version."""
    wanted = tuple(map(int, hub_image(chart).python.split(".")))
    found = None if sys.version_info[:2] == wanted else shutil.which(f"python{hub_image(chart).python}")
    if found:
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run([found, "-I", "-c", "import venv, ensurepip"], check=True, capture_output=True, timeout=30)
            return found, wanted
    return sys.executable, sys.version_info[:2]


@contextlib.contextmanager
def _alone(place: Path, say: Say) -> Iterator[None]:
    """Hold the lock of an environment; the system lets go of it when the process ends, however that is."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with place.with_name(f"{place.name}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("waiting for another chart-py that installs the hub's packages")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make(place: Path, base: str, chart: str, more: Sequence[str], say: Say) -> None:
    """Make an environment beside its place and move it there once it is whole."""
    try:
        with _alone(place, say):
            if (place / "bin" / "python").exists():
                return
            beside = place.with_name(f"{place.name}.making")
            shutil.rmtree(beside, ignore_errors=True)
            _fill(beside, place, base, chart, more, say)
            beside.rename(place)
    except OSError as error:
        raise SoftwareError(f"{place.parent}: {error.strerror or error}", _command(chart, base, more)) from None


def _fill(beside: Path, place: Path, base: str, chart: str, more: Sequence[str], say: Say) -> None:
    found = pins(chart)
    say(f"installing the packages of the hub's image (chart {chart}, {len(found)} packages, once) into {place}")
    command = _command(chart, base, more)
    made = subprocess.run([base, "-I", "-m", "venv", str(beside)], capture_output=True, text=True)
    if made.returncode:
        raise SoftwareError(_last(made.stdout + made.stderr), command)
    listed = beside / "requirements.txt"
    listed.write_text("".join(f"{name}=={pin}\n" for name, pin in found.items()), encoding="utf-8")
    wanted = [*more, "-c", str(listed), *_named(found)]
    done, said = _pip(beside, wanted, say)
    if not done and (done := _pip(beside, [*more, *_own(found)], say)[0]):
        say("not all of the image's versions can be installed here; the nearest ones are")
    if not done:
        raise SoftwareError(said, command)


def _named(found: Mapping[str, str]) -> list[str]:
    return [f"{name}=={pin}" for name, pin in found.items()]


def _own(found: Mapping[str, str]) -> list[str]:
    """The hub's own packages pinned; what they need is left to be resolved, but not to what was released long after."""
    return [f"{name}=={pin}" for name, pin in found.items() if _OWN.fullmatch(name)]


def _pip(folder: Path, wanted: Sequence[str], say: Say) -> tuple[bool, str]:
    """Install into an environment; whether that worked, and pip's last error."""
    command = [str(folder / "bin" / "python"), "-I", "-m", "pip", "install", "--no-input", "--prefer-binary"]
    command += ["--disable-pip-version-check", "--no-warn-script-location", "--progress-bar", "off", *wanted]
    lines: list[str] = []
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    ) as process:
        assert process.stdout is not None
        number = 0
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("Collecting "):
                number += 1
                say(f"\r{number}: {line.split()[1]}")
    return process.returncode == 0, _last("\n".join(lines))


def _last(text: str) -> str:
    """The last error of a program's output, else its last line."""
    lines = [line for line in text.splitlines() if line.strip()]
    errors = [line.partition("ERROR:")[2].strip() for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["no message"])[-1][:300]


def _command(chart: str, base: str, more: Sequence[str]) -> str:
    """What to run where a package index can be reached; the packages are named by those that bring the others."""
    names = " ".join((*_own(pins(chart)), *more))
    return f"{Path(base).name} -m pip download --prefer-binary -d hub-wheels psycopg2-binary pycurl pymysql {names}"
