"""What a person sees while a verb acts: lines for logs, a table on a terminal."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from chart_py.cli.progress import Lines, _table
from chart_py.engine.progress import Pending
from chart_py.health.causes import Cause

NO_NODE = Cause("Pod/hub-1", "Unschedulable", "Pod/hub-1 cannot be scheduled: 0/1 nodes are available: 1 Too many pods")

FULL = "0/1 nodes are available: 1 Too many pods"


def test_lines_say_each_thing_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    images = [Pending("node one", f"the image {name}", 0) for name in ("a:1", "b:2")]
    lines.waits(images, 0)
    lines.waits([each._replace(seconds=1) for each in images], 0)
    lines.waits(images[1:], 0)
    lines.waits([], 1)
    assert capsys.readouterr().err.splitlines() == [
        "  node one waits for the image a:1",
        "  node one waits for the image b:2",
        "  node one is ready",
    ]


def test_a_cause_is_said_when_it_is_first_known(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    lines.waits([Pending("Deployment/hub", "pods to be ready: 0 of 1 are", 0)], 3)
    lines.waits([Pending("Deployment/hub", "pods to be ready: 0 of 1 are", 1, (NO_NODE,))], 3)
    lines.waits([Pending("Deployment/hub", "pods to be ready: 0 of 1 are", 2, (NO_NODE,))], 3)
    final = NO_NODE._replace(text="it never will", is_final=True)
    lines.waits([Pending("Deployment/hub", "pods to be ready: 0 of 1 are", 3, (final,))], 3)
    assert capsys.readouterr().err.splitlines() == [
        "  Deployment/hub waits for pods to be ready: 0 of 1 are",
        f"  ? {NO_NODE.text}",
        "  ! it never will",
    ]


def test_the_table_fits_into_80_columns() -> None:
    pending = [
        Pending("PersistentVolumeClaim/hub-db-dir", "a volume: it is Pending", 12),
        Pending("DaemonSet/continuous-image-puller", "pods to be ready: 0 of 12 nodes are", 9.6, (NO_NODE,)),
    ]
    console = Console(file=io.StringIO(), width=80)
    with console.capture() as captured:
        console.print(_table(pending, 4, 80))
    lines = captured.get().splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.split() for line in lines[:2]] == [
        ["4", "ready,", "2", "not", "waits", "for", "since"],
        ["PersistentVolumeClaim/hub-db-dir", "a", "volume:", "it", "is", "Pending", "12", "s"],
    ]
    assert lines[2].split()[0] == "DaemonSet/continuous-image-puller"
    assert lines[2].split()[-2:] == ["10", "s"]
    assert lines[-1].split()[-1] == "Unschedulable"


def test_what_several_suffer_from_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    causes = [Cause(f"Pod/{name}", "Unschedulable", f"Pod/{name}: {FULL}", shared=FULL) for name in ("hub", "proxy")]
    lines.waits([Pending(f"Deployment/{n}", "pods", 0, (c,)) for n, c in zip("ab", causes, strict=True)], 0)
    assert capsys.readouterr().err.splitlines() == [
        "  Deployment/a waits for pods",
        f"  ? Pod/hub: {FULL}",
        "  Deployment/b waits for pods",
    ]


def test_a_long_name_pushes_nothing_off_the_screen() -> None:
    about = f"Deployment/{'a-long-name' * 4}-user-scheduler"
    pending = [Pending(about, "pods to be ready: 0 of 2 are", 12, (NO_NODE,))]
    console = Console(file=io.StringIO(), width=80)
    with console.capture() as captured:
        console.print(_table(pending, 4, 80))
    lines = captured.get().splitlines()
    assert max(map(len, lines)) <= 80
    assert [line.strip() for line in lines[1:]] == [
        about,
        "waits for pods to be ready: 0 of 2 are  Unschedulable  12 s",
    ]
