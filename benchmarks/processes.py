"""Whole processes: their time, memory and modules, and what their time goes to."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.configurations import ROOT

Command = Sequence[str | Path]
# Golden files are written in a folder of the run's own, also in CI.
# Byte code is kept, as on any machine of a user: without it each start would compile chart_py and nothing of the floor.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key not in ("CI", "PYTHONDONTWRITEBYTECODE")}

# The least that a renderer in Python with these two libraries does: import them, read the configuration, write the
# objects. The objects come from JSON, which costs next to nothing.
FLOOR = """
import sys, json, yaml
from pydantic import BaseModel
with open(sys.argv[1], encoding="utf-8") as file:
    yaml.load(file, Loader=yaml.CSafeLoader)
with open(sys.argv[2], encoding="utf-8") as file:
    objects = json.load(file)
sys.stdout.write(yaml.dump_all(objects, Dumper=yaml.CSafeDumper, sort_keys=False))
"""
RENDER = "import sys\nfrom chart_py.__main__ import main\nmain(['render', '-f', sys.argv[1]])\n"
# What the system says of a process from outside counts the memory of the process that started it, too.
REPORT = """
import json, re
with open("/proc/self/status", encoding="utf-8") as file:
    peak = re.search(r"VmHWM:\\s+(\\d+) kB", file.read())
print(json.dumps({"modules": len(sys.modules), "memory": int(peak[1]) / 1024}), file=sys.stderr)
"""
WORK = """
import json, sys, time
import chart_py.cli.render
from chart_py import context_for, load_values, render, to_documents
marks = [time.perf_counter()]
loaded = load_values([sys.argv[1]]); marks.append(time.perf_counter())
objects = render(loaded, context_for(loaded)); marks.append(time.perf_counter())
text = to_documents(objects); marks.append(time.perf_counter())
print(json.dumps([after - before for before, after in zip(marks, marks[1:])]))
"""


@dataclass(frozen=True)
class Used:
    """What one process used: seconds by the clock and seconds of processor."""

    wall: float
    processor: float


def used(command: Command) -> Used:
    """Run a process to its end, its output thrown away. Raises CalledProcessError where it fails."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, [str(part) for part in command])
    return Used(wall, usage.ru_utime + usage.ru_stime)


def render_command(config: Path) -> list[str | Path]:
    """`python -m chart_py render -f CONFIG`."""
    return [sys.executable, "-m", "chart_py", "render", "-f", config]


def floor_command(config: Path, objects: Path) -> list[str | Path]:
    """The process that is the floor of a render."""
    return [sys.executable, "-c", FLOOR, config, objects]


def said(command: Command) -> subprocess.CompletedProcess[str]:
    """Run a process to its end and return what it said. Raises CalledProcessError where it fails."""
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=ENVIRONMENT, check=True)


def report(code: str, *arguments: Path) -> dict[str, float]:
    """`modules`, how many a process has loaded once `code` has run, and `memory`, its largest in megabytes (Linux)."""
    told: dict[str, float] = json.loads(said([sys.executable, "-c", code + REPORT, *arguments]).stderr.splitlines()[-1])
    return told


def import_times(config: Path) -> dict[str, float]:
    """Seconds spent on imports in one render by top-level package, as `python -X importtime` has them."""
    command = [sys.executable, "-X", "importtime", *render_command(config)[1:]]
    cost: Counter[str] = Counter()
    for line in said(command).stderr.splitlines():
        if found := re.match(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)", line):
            package = found[2].partition(".")[0]
            cost["the standard library" if package in sys.stdlib_module_names else package] += int(found[1])
    return {package: microseconds / 1e6 for package, microseconds in cost.most_common()}


def work_times(config: Path) -> dict[str, float]:
    """Seconds of a first load, render and write, once everything is imported that the command line imports."""
    times: list[float] = json.loads(said([sys.executable, "-c", WORK, config]).stdout)
    return dict(zip(("loading the values", "building the objects", "writing the text"), times, strict=True))
