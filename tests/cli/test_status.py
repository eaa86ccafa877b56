"""What `status` shows: where to log in, each cause once and the hub's first, all within 80 columns, in colour."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import click
import pytest

from chart_py.cli import screen
from chart_py.cluster.fake import FakeCluster
from chart_py.cluster.interface import Ref
from chart_py.engine import dns
from tests.cli.terminal import on_terminal
from tests.fake_hub import Desk

IP = "203.0.113.7"
CONFIG = """\
proxy:
  https: {enabled: true, hosts: [hub.example.org], letsencrypt: {contactEmail: ops@example.org}}
"""
FULL = "0/1 nodes are available: 1 Insufficient cpu."


@pytest.fixture
def installed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """A hub of which nothing is wrong."""
    monkeypatch.setattr(dns, "resolve", lambda name: (IP,))
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")
    assert desk.run("apply", "--yes").code == 0
    ref = Ref("v1", "Service", "jhub", "proxy-public")
    desk.cluster.set_status(ref, {"loadBalancer": {"ingress": [{"ip": IP}]}})
    return desk


def stuck(cluster: FakeCluster, name: str) -> None:
    """A Deployment whose only pod has no room."""
    live = cluster.get(Ref("apps/v1", "Deployment", "jhub", name))
    assert live is not None
    cluster.set_status(
        Ref("apps/v1", "Deployment", "jhub", name), {"observedGeneration": live["metadata"]["generation"]}
    )
    meta = live["metadata"]
    owner = [{"kind": "Deployment", "name": name, "uid": meta["uid"], "controller": True}]
    template = live["spec"]["template"]
    sets = {"name": f"{name}-1", "namespace": "jhub", "ownerReferences": owner}
    made = cluster.put(
        {"apiVersion": "apps/v1", "kind": "ReplicaSet", "metadata": sets, "spec": {"template": template}}
    )
    own = [{"kind": "ReplicaSet", "name": f"{name}-1", "uid": made["metadata"]["uid"], "controller": True}]
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": FULL}
    pod: dict[str, Any] = {"name": f"{name}-1-x", "namespace": "jhub", "ownerReferences": own}
    cluster.put({"apiVersion": "v1", "kind": "Pod", "metadata": pod, "spec": {}, "status": {"conditions": [condition]}})


def test_a_hub_that_is_well(installed: Desk) -> None:
    ran = installed.run("status")
    assert (ran.code, ran.err) == (0, "")
    head, _, login, empty, *objects = ran.out.splitlines()
    assert head == "jhub in jhub: revision 1, deployed (Install complete)"
    assert (login, empty) == ("Log in at https://hub.example.org/", "")
    assert {line[:7] for line in objects} == {"ready  "}
    assert objects[0].split()[1].endswith("/hub")
    data = json.loads(installed.run("status", "-o", "json").out)
    assert data["addresses"] == ["https://hub.example.org/"]
    assert data["entrances"] == [{"url": "https://hub.example.org/", "way": "hosts", "target": [IP], "dns": [IP]}]
    assert data["portForward"]["service"] == "proxy-public"


def test_what_dns_lacks(installed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dns, "resolve", lambda name: ())
    out = installed.run("status", "--context", "prod").out
    assert (
        "Log in at https://hub.example.org/\n"
        f"   hub.example.org has no DNS record: add one that leads to {IP}.\n"
        "Until then, log in at https://localhost:8080/ while this runs:\n"
        "   kubectl --context prod -n jhub port-forward service/proxy-public 8080:443\n"
    ) in out


def test_a_cause_that_several_have_is_said_once_and_at_the_hub(installed: Desk) -> None:
    for name in ("proxy", "user-scheduler", "hub"):
        stuck(installed.cluster, name)
    ran = installed.run("status")
    assert ran.code == 1
    assert ran.out.count("1 Insufficient cpu") == 1
    lines = ran.out.splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith("WAITS  Deployment/hub"))
    assert lines[at + 1] == "       Pod/hub-1-x cannot be scheduled: 0/1 nodes are available: 1 Insufficient cpu"
    for other in ("proxy", "user-scheduler"):
        here = next(n for n, line in enumerate(lines) if line.startswith(f"WAITS  Deployment/{other}"))
        assert here > at
        assert lines[here + 1] == "       for the same reason as Deployment/hub"


def test_not_ready_says_it_once_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error of an apply that waits: the hub first, and who suffers likewise."""
    Path("config.yaml").write_text(CONFIG, encoding="utf-8")
    assert desk.run("apply", "--yes").code == 0
    for name in ("proxy", "user-scheduler", "hub"):
        stuck(desk.cluster, name)
    ran = desk.run("apply", "--timeout", "0", "--yes")
    said = ran.err[ran.err.index("error:") :].splitlines()
    assert ran.code == 4
    assert said[0] == (
        "error: not ready after 0 s: Pod/hub-1-x cannot be scheduled: 0/1 nodes are available: 1 Insufficient cpu"
    )
    assert said[1] in (
        "   Likewise: Pod/proxy-1-x, Pod/user-scheduler-1-x",
        "   Likewise: Pod/user-scheduler-1-x, Pod/proxy-1-x",
    )
    assert said[2].startswith("   Deployment/hub waits for ")
    assert sum("Insufficient" in line for line in said) == 1


def test_all_of_it_fits(installed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """80 columns, no word cut; the table of revisions and that of releases too."""
    for name in ("proxy", "hub"):
        stuck(installed.cluster, name)
    whole = {verb: installed.run(*verb).out for verb in (("status",), ("history",), ("list", "-A"))}
    monkeypatch.setattr(screen, "columns", lambda stream: 80)
    for verb, out in whole.items():
        shown = installed.run(*verb).out
        assert max(map(len, shown.splitlines())) <= 80, verb
        words = set(shown.replace(",", " ").split())
        assert {word for word in out.replace(",", " ").split() if word not in words} <= {
            *("APP", "CHART", "DESCRIPTION", "STATUS", "UPDATED", "VERSION")
        }, verb


def test_colour(installed: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = installed.run("status").out
    monkeypatch.setattr(screen, "wants_colour", lambda stream: True)
    well = installed.run("status").out
    assert click.unstyle(well) == plain
    assert click.style("ready", fg="green") in well
    stuck(installed.cluster, "hub")
    ill = installed.run("status").out
    assert click.style("WAITS", fg="yellow") in ill


@pytest.fixture
def kubeconfig(tmp_path: Path) -> Path:
    file = tmp_path / "kubeconfig"
    file.write_text("apiVersion: v1\nkind: Config\n", encoding="utf-8")
    return file


def test_validate_is_in_colour_on_a_terminal_whose_owner_wants_it(tmp_path: Path, kubeconfig: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text("hub:\n  db: {tpye: x}\ncull: {timeout: 120}\n", encoding="utf-8")
    argv = ("validate", "-f", file)
    shown = on_terminal(argv, {}, kubeconfig).text
    assert f"{click.style('error:', fg='red', bold=True)} hub.db.tpye: " in shown
    assert click.style("^^^^", fg="red", bold=True) in shown
    plain = on_terminal(argv, {}, kubeconfig, NO_COLOR="1").text
    assert "\x1b" not in plain
    assert click.unstyle(shown) == plain
    file.write_text("cull: {timeout: 120}\n", encoding="utf-8")
    warned = on_terminal(argv, {}, kubeconfig).text
    assert click.style("warning:", fg="yellow", bold=True) in warned
    # The line that sums up is as bad as the worst.
    assert re.search(r"\x1b\[33m1 warning; \d+ objects checked", warned)
