"""The page that takes people from Helm to apply and back: its commands are run as they stand there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from chart_py import context_for, load_values, render, to_documents
from chart_py.context import Context
from tests.control_plane import ControlPlane
from tests.control_plane.binaries import path
from tests.control_plane.fixtures import Tool
from tests.control_plane.users import write_kubeconfig
from tests.engine.state import history, objects, remove_cluster_wide

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "apply.md").read_text(encoding="utf-8")
CONFIG = "proxy: {service: {type: ClusterIP}}\nhub: {extraEnv: {EDITION: %s}}\n"


def section(title: str) -> str:
    """The text of a section."""
    return re.split(r"^## ", PAGE.partition(f"\n## {title}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]


def commands(title: str) -> list[str]:
    """The commands of a section, without what is said of them beside."""
    lines = re.findall(r"^    ((?:helm|python -m chart_py) .*)$", section(title), re.MULTILINE)
    return [re.split(r" {2,}", line)[0] for line in lines]


@pytest.fixture
def namespace(control_plane: ControlPlane, namespace: str) -> Iterator[str]:
    yield namespace
    remove_cluster_wide(control_plane, namespace)


class Desk:
    """Somebody's folder with a config.yaml, and a shell at the control plane."""

    def __init__(self, plane: ControlPlane, namespace: str, folder: Path, token: str) -> None:
        self.namespace, self.folder = namespace, folder
        kubeconfig = write_kubeconfig(folder / "kubeconfig", plane.url, plane.authority, token, namespace)
        places = [str(path("helm").parent), str(Path(sys.executable).parent), os.environ["PATH"]]
        known = {"KUBECONFIG": str(kubeconfig), "PATH": os.pathsep.join(places), "PYTHONPATH": str(ROOT)}
        self._environment = {**os.environ, "HOME": str(folder), **known}

    def configure(self, edition: str) -> None:
        """Write config.yaml, and the chart that Helm makes of it."""
        (self.folder / "config.yaml").write_text(CONFIG % edition, encoding="utf-8")
        loaded = load_values([self.folder / "config.yaml"])
        context = context_for(loaded, Context(self.namespace, self.namespace), token=lambda: "0" * 64)
        templates = self.folder / "chart" / "templates"
        templates.mkdir(parents=True, exist_ok=True)
        meta = {"apiVersion": "v2", "name": "jupyterhub", "version": "4.4.0"}
        (templates.parent / "Chart.yaml").write_text(yaml.safe_dump(meta), encoding="utf-8")
        text = to_documents(render(loaded, context)).replace("{{", '{{"{{"}}')
        (templates / "all.yaml").write_text(text, encoding="utf-8")

    def run(self, command: str) -> tuple[int, str]:
        """Run a line of the page; where it would ask, the answer is yes, as there is no terminal here."""
        command += " --yes" if re.search(r"chart_py (apply|handover)", command) else ""
        line = command.replace("NAMESPACE", self.namespace).replace("NAME", self.namespace)
        line = line.replace("jupyterhub/jupyterhub", "./chart")
        done = subprocess.run(
            ["bash", "-c", line], cwd=self.folder, env=self._environment, capture_output=True, text=True, timeout=120
        )
        return done.returncode, done.stdout + done.stderr


def test_going_over_and_going_back(
    control_plane: ControlPlane, real_helm: Tool, namespace: str, tmp_path: Path
) -> None:
    config = yaml.safe_load(control_plane.kubeconfig().read_text(encoding="utf-8"))
    desk = Desk(control_plane, namespace, tmp_path, config["users"][0]["user"]["token"])
    desk.configure("one")
    code, said = desk.run("helm install NAME jupyterhub/jupyterhub -n NAMESPACE -f config.yaml --wait")
    assert code == 0, said
    over = commands("Going over")
    assert len(over) == 5
    for command in over:
        code, said = desk.run(command)
        # diff ends with 1 where something would change.
        assert code == (1 if " diff " in command else 0), f"{command}\n{said}"
        if " diff " in command:
            assert "their fields move from helm to chart_py" in said
            assert "pods that restart" not in said
    again = desk.run("python -m chart_py diff -f config.yaml")
    assert again[0] == 0, again[1]
    desk.configure("two")
    back = commands("Going back")
    assert len(back) == 3
    for command in back:
        code, said = desk.run(command)
        assert code == 0, f"{command}\n{said}"
    hub = objects(control_plane, namespace)["deployments/hub"]
    assert "'value': 'two'" in str(hub)
    assert history(control_plane, namespace) == {1: "superseded", 2: "superseded", 3: "deployed"}
    # And over once more.
    code, said = desk.run("python -m chart_py apply -f config.yaml")
    assert code == 0, said
    assert history(control_plane, namespace)[4] == "deployed"


def test_its_links_and_the_recording() -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", PAGE):
        assert (ROOT / "docs" / target).is_file(), target
    head, *events = (ROOT / "docs" / "apply-session.cast").read_text(encoding="utf-8").splitlines()
    assert yaml.safe_load(head)["version"] == 2
    text = "".join(yaml.safe_load(event)[2] for event in events)
    for said in ("revision 1 is deployed", "this will not become ready", "revision 3 is deployed"):
        assert said in text
