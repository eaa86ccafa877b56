"""A run that is killed after any of its writes is finished by the next one, and the history tells the truth."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.control_plane import ControlPlane
from tests.engine.fault_proxy import Asked, Fault, FaultProxy
from tests.engine.forks import Ended, Forks
from tests.engine.state import cluster_wide, differences, history, objects, remove_cluster_wide

CONFIG = """
proxy:
  secretToken: "{token}"
hub:
  cookieSecret: "{token}"
  config:
    CryptKeeper:
      keys: ["{token}"]
  extraEnv:
    EDITION: "{edition}"
"""


class Hub:
    """A hub in a fresh namespace, installed through a proxy that can kill the run after its n-th write."""

    def __init__(self, plane: ControlPlane, proxy: FaultProxy, forks: Forks, folder: Path) -> None:
        self._plane, self._proxy, self._forks = plane, proxy, forks
        self._kubeconfig = proxy.kubeconfig(folder)
        self.namespace = plane.add_namespace("kill")
        self.configs = {}
        for edition in ("one", "two"):
            self.configs[edition] = folder / f"{edition}.yaml"
            text = CONFIG.format(token="0123456789abcdef" * 4, edition=edition)
            self.configs[edition].write_text(text, encoding="utf-8")

    def run(self, *argv: str | Path, kill_after: int = 0) -> Ended:
        """Run a verb; with `kill_after`, kill it as soon as the server has done its n-th write."""
        victim: list[int] = []
        self._proxy.asked.clear()

        def kill() -> None:
            with suppress(ProcessLookupError):
                os.kill(victim[0], signal.SIGKILL)

        def decide(asked: Asked) -> Fault | None:
            return Fault(then=kill) if kill_after and asked.write == kill_after else None

        self._proxy.decide = decide
        common = ["--kubeconfig", str(self._kubeconfig), "--namespace", self.namespace, "--release", self.namespace]
        ended = self._forks.run(*argv, *common, begun=victim.append)
        assert ended.code in ((-signal.SIGKILL,) if kill_after else (0,)), ended.said
        return ended

    def apply(self, edition: str, kill_after: int = 0) -> Ended:
        """Apply a configuration."""
        return self.run("apply", "-f", self.configs[edition], "--no-wait", "--yes", kill_after=kill_after)

    @property
    def writes(self) -> int:
        """How many writes the last run has made."""
        return len(self._proxy.writes)

    def objects(self) -> dict[str, dict[str, Any]]:
        """What is in its namespace."""
        wide: dict[str, dict[str, Any]] = {
            name.replace(self.namespace, "NAMESPACE"): {} for name in cluster_wide(self._plane, self.namespace)
        }
        return {**objects(self._plane, self.namespace), **wide}

    def history(self) -> dict[int, str]:
        """How its revisions stand."""
        return history(self._plane, self.namespace)

    def close(self) -> None:
        """Throw it away."""
        remove_cluster_wide(self._plane, self.namespace)
        self._plane.remove_namespace(self.namespace)


@pytest.fixture(scope="module")
def forks(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Forks]:
    with Forks(tmp_path_factory.mktemp("forks")) as opened:
        yield opened


@pytest.fixture
def new_hub(control_plane: ControlPlane, forks: Forks, tmp_path: Path) -> Iterator[object]:
    made: list[Hub] = []
    with FaultProxy(control_plane) as proxy:

        def make() -> Hub:
            made.append(Hub(control_plane, proxy, forks, tmp_path))
            return made[-1]

        yield make
        for hub in made:
            hub.close()


def test_install(new_hub) -> None:  # type: ignore[no-untyped-def]
    undisturbed = new_hub()
    undisturbed.apply("one")
    writes = undisturbed.writes
    assert writes >= 14
    for position in range(1, writes + 1):
        hub = new_hub()
        hub.apply("one", kill_after=position)
        hub.apply("one")
        assert (position, differences(hub.objects(), undisturbed.objects())) == (position, [])
        assert (position, hub.history()) == (position, {1: "deployed"})
        hub.close()


def test_upgrade(new_hub) -> None:  # type: ignore[no-untyped-def]
    undisturbed = new_hub()
    undisturbed.apply("one")
    undisturbed.apply("two")
    writes = undisturbed.writes
    assert writes >= 7
    for position in range(1, writes + 1):
        hub = new_hub()
        hub.apply("one")
        hub.apply("two", kill_after=position)
        hub.apply("two")
        assert (position, differences(hub.objects(), undisturbed.objects())) == (position, [])
        assert (position, hub.history()) == (position, {1: "superseded", 2: "deployed"})
        hub.close()


def test_rollback(new_hub) -> None:  # type: ignore[no-untyped-def]
    undisturbed = new_hub()
    undisturbed.apply("one")
    undisturbed.apply("two")
    undisturbed.run("rollback", "--no-wait", "--yes")
    writes = undisturbed.writes
    assert writes >= 7
    for position in range(1, writes + 1):
        hub = new_hub()
        hub.apply("one")
        hub.apply("two")
        hub.run("rollback", "--no-wait", "--yes", kill_after=position)
        hub.apply("one")
        assert (position, differences(hub.objects(), undisturbed.objects())) == (position, [])
        found = hub.history()
        # Killed before it had a record, the rollback never was; the apply is then revision 3 by itself.
        assert (position, found) == (position, {1: "superseded", 2: "superseded", 3: "deployed"})
        hub.close()


def test_uninstall(new_hub) -> None:  # type: ignore[no-untyped-def]
    undisturbed = new_hub()
    undisturbed.apply("one")
    installed = undisturbed.objects()
    undisturbed.run("uninstall", "--yes", "--no-wait")
    writes = undisturbed.writes
    left = undisturbed.objects()
    assert undisturbed.history() == {}
    assert writes >= 12
    for position in range(1, writes + 1):
        hub = new_hub()
        hub.apply("one")
        hub.run("uninstall", "--yes", "--no-wait", kill_after=position)
        if position % 2:
            # The next uninstall ends what this one began; where it had ended, there is nothing to do.
            if hub.history():
                hub.run("uninstall", "--yes", "--no-wait")
            assert (position, differences(hub.objects(), left), hub.history()) == (position, [], {})
        hub.apply("one")
        assert (position, differences(hub.objects(), installed)) == (position, [])
        assert [status for status in hub.history().values() if status != "superseded"] == ["deployed"]
        hub.close()
