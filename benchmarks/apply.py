"""`python -m benchmarks.apply`: applying, measured against the real Helm on one real API server."""

from __future__ import annotations

import argparse
import itertools
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from benchmarks.pairs import clock, measured, pair_of
from benchmarks.processes import ENVIRONMENT
from benchmarks.rows import Row, milliseconds, table, timed
from chart_py import context_for, load_values, render
from chart_py.cluster.connection import Connection
from chart_py.cluster.live import LiveCluster
from chart_py.context import Context
from chart_py.engine.progress import Silence
from chart_py.engine.waiting import Waiter
from chart_py.manifest import Manifest
from chart_py.manifest.documents import to_documents
from chart_py.manifest.order import hook_events
from tests.control_plane import ControlPlane
from tests.control_plane.binaries import path
from tests.control_plane.versions import SERVERS

ROOT = Path(__file__).parents[1]
SETTINGS = ("proxy.service.type=ClusterIP",)


class Bench:
    """A control plane, and the two programs at it."""

    def __init__(self, plane: ControlPlane, folder: Path) -> None:
        self._plane, self._folder = plane, folder
        home = {f"HELM_{kind}_HOME": str(folder / kind.lower()) for kind in ("CACHE", "CONFIG", "DATA")}
        known = {"KUBECONFIG": str(plane.kubeconfig()), "PYTHONPATH": str(ROOT), **home}
        self._environment = {**ENVIRONMENT, **known}
        self._numbers = itertools.count(1)

    def ours(self, name: str, *more: str) -> None:
        """`chart-py apply` of the configuration."""
        sets = [word for setting in SETTINGS for word in ("--set", setting)]
        where = ["--release", name, "--namespace", name]
        self._run([sys.executable, "-m", "chart_py", "apply", "--defaults", *sets, *where, "--create-namespace", *more])

    def helm(self, *argv: str) -> None:
        """The real Helm."""
        self._run([str(path("helm")), *argv])

    def chart(self, name: str, *, hooks: bool) -> str:
        """A chart of our own manifests as they are."""
        folder = self._folder / f"chart-{name}-{hooks}"
        (folder / "templates").mkdir(parents=True)
        meta = {"apiVersion": "v2", "name": "jupyterhub", "version": "4.4.0"}
        (folder / "Chart.yaml").write_text(json.dumps(meta), encoding="utf-8")
        text = to_documents([each for each in manifests(name) if hooks or not hook_events(each)])
        (folder / "templates" / "all.yaml").write_text(text.replace("{{", '{{"{{"}}'), encoding="utf-8")
        return str(folder)

    def unchanged(self, turns: int) -> Row:
        """An apply, and an upgrade, that find nothing to do."""
        self.ours("ours", "--yes")
        chart = self.chart("theirs", hooks=False)
        self.helm("install", "theirs", chart, "--namespace", "theirs", "--create-namespace", "--wait")
        mine = clock(lambda: self.ours("ours", "--yes"))
        # Ours waits, as it does by itself; Helm's, without the flag, only applies.
        theirs = clock(lambda: self.helm("upgrade", "theirs", chart, "--namespace", "theirs"))
        return timed("apply without a change / helm upgrade", pair_of(measured(mine, theirs, turns)), "≤ 0.6")

    def first(self, turns: int, *, hooks: bool) -> Row:
        """An install that waits, with the images pulled first or without that phase."""
        word = "with" if hooks else "without"

        def theirs() -> float:
            name = f"theirs-{next(self._numbers)}"
            chart = self.chart(name, hooks=hooks)
            took = clock(lambda: self.helm("install", name, chart, "-n", name, "--create-namespace", "--wait"))()
            self.helm("uninstall", name, "-n", name)
            return took

        def mine() -> float:
            name = f"ours-{next(self._numbers)}"
            took = clock(lambda: self.ours(name, "--yes", "--pull", "wait" if hooks else "off"))()
            self.helm("uninstall", name, "-n", name)
            return took

        return timed(
            f"first apply / helm install --wait, {word} image pulls", pair_of(measured(mine, theirs, turns)), "≤ 0.8"
        )

    def lag(self, turns: int) -> Row:
        """How long after a Deployment is available the wait for it ends; both seen from this process."""
        namespace = self._plane.add_namespace("lag")
        found = [self._one_lag(namespace, f"web-{number}") for number in range(turns)]
        return Row(
            "end of the wait after the cluster is ready", milliseconds(max(median(found), 1e-4)), "", "", "≤ 300 ms"
        )

    def _one_lag(self, namespace: str, name: str) -> float:
        labels = {"app": name}
        template = {"metadata": {"labels": labels}, "spec": {"containers": [{"name": "web", "image": "web:held"}]}}
        wanted: Manifest = {
            "apiVersion": "apps/v1",
            "kind": "Deployment",
            "metadata": {"name": name, "namespace": namespace},
            "spec": {"selector": {"matchLabels": labels}, "template": template},
        }
        self._plane.api.apply(wanted)
        ended: list[float] = []
        cluster = LiveCluster(Connection(str(self._plane.kubeconfig())))

        def wait() -> None:
            Waiter(cluster, namespace, time.monotonic, Silence()).wait([wanted], 60)
            ended.append(time.monotonic())

        thread = threading.Thread(target=wait)
        thread.start()
        pods = f"/api/v1/namespaces/{namespace}/pods?labelSelector=app%3D{name}"
        while not (found := self._plane.api.json("GET", pods)["items"]) or not found[0]["spec"].get("nodeName"):
            time.sleep(0.01)
        self._plane.heal(namespace, found[0]["metadata"]["name"])
        while not (self._plane.api.get(wanted).get("status") or {}).get("availableReplicas"):
            time.sleep(0.005)
        ready = time.monotonic()
        thread.join()
        return ended[0] - ready

    def _run(self, command: Sequence[str]) -> None:
        done = subprocess.run(command, capture_output=True, text=True, env=self._environment, check=False)
        if done.returncode:
            raise SystemExit(f"{' '.join(command)}\n{done.stdout}{done.stderr}")


def manifests(name: str) -> list[Manifest]:
    """What is measured: the default hub, as a release of this name."""
    loaded = load_values([], settings=SETTINGS)
    return render(loaded, context_for(loaded, Context(release=name, namespace=name)))


NEEDED = ("helm", "kwok", *SERVERS)


def rows(turns: int) -> list[Row]:
    """All measurements, on a control plane of their own."""
    with tempfile.TemporaryDirectory() as made, ControlPlane(Path(made) / "plane") as plane:
        plane.add_storage_class("standard", default=True)
        plane.add_node("node-1", pods=1000)
        bench = Bench(plane, Path(made))
        return [
            bench.unchanged(turns),
            bench.first(turns, hooks=True),
            bench.first(turns, hooks=False),
            bench.lag(turns),
        ]


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="scripts/bench_apply", description="Measure apply against the real Helm.")
    parser.add_argument("--turns", type=int, default=9, metavar="N", help="how often each pair is measured (9)")
    print(table(rows(max(parser.parse_args().turns, 3))), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
