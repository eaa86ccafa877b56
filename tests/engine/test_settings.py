"""On a real API server, and on a release that Helm has made: the plan names the setting that changes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from chart_py import (
    Context,
    Options,
    Pull,
    execute,
    load,
    new_secrets,
    open_cluster,
    plan,
    plan_data,
    plan_text,
    render,
)
from chart_py.values.merge import layered
from tests.changes.settings import SETTINGS, expected, read
from tests.control_plane import ControlPlane
from tests.control_plane.fixtures import Tool
from tests.engine.state import remove_cluster_wide
from tests.helm_like import as_helm

NAMES = (
    "singleuser.memory.limit",
    "singleuser.profileList.0.kubespawner_override.mem_limit",
    "hub.config.JupyterHub.authenticator_class",
    "hub.config.Authenticator.admin_users",
    "hub.config.GitHubOAuthenticator.client_secret",
    "hub.extraConfig.login",
    "proxy.chp.resources.limits.cpu",
    "cull.timeout",
)
CHOSEN = [setting for setting in SETTINGS if setting.name in NAMES]
FIRST_SCREEN = 24


@pytest.fixture
def namespace(control_plane: ControlPlane, namespace: str) -> Iterator[str]:
    """A fresh namespace, for a release of the same name: what that has outside of it goes too."""
    yield namespace
    remove_cluster_wide(control_plane, namespace)


def everything_before() -> dict[str, Any]:
    return layered({"proxy": {"service": {"type": "ClusterIP"}}}, [each.values(each.before) for each in CHOSEN])


def test_on_a_real_server(control_plane: ControlPlane, namespace: str) -> None:
    hub = open_cluster(control_plane.kubeconfig(), release=namespace, namespace=namespace)
    before = everything_before()
    execute(hub, plan(hub, load(before)), Options(pull=Pull.OFF, wait=False))
    assert plan(hub, load(before)).plan.is_empty
    for setting in CHOSEN:
        planned = plan(hub, load(layered(before, [setting.values(setting.after)]))).plan
        text, data = plan_text(planned), plan_data(planned)
        assert expected(setting) <= read(text), text
        found = [f for change in data["changes"] for f in change["fields"] if f["path"] == setting.where]
        assert [(f["before"], f["after"], f["hidden"]) for f in found] == [(*setting.said, setting.is_secret)]
        assert "Secret/hub" in text.partition("its pods restart: it reads ")[2]


def test_a_hub_of_helm(control_plane: ControlPlane, namespace: str, real_helm: Tool, tmp_path: Path) -> None:
    """Of all that the first apply after Helm moves, the first screen has what really changes."""
    before = load(everything_before())
    context = Context(release=namespace, namespace=namespace, secrets=new_secrets(before))
    (tmp_path / "chart" / "templates").mkdir(parents=True)
    meta = {"apiVersion": "v2", "name": "jupyterhub", "version": "4.3.0"}
    (tmp_path / "chart" / "Chart.yaml").write_text(yaml.safe_dump(meta), encoding="utf-8")
    for number, each in enumerate(as_helm(render(before, context))):
        if "helm.sh/hook" not in (each["metadata"].get("annotations") or {}):
            file = tmp_path / "chart" / "templates" / f"{number}.yaml"
            file.write_text(yaml.safe_dump(each), encoding="utf-8")
    real_helm("install", namespace, tmp_path / "chart", "-n", namespace)
    hub = open_cluster(control_plane.kubeconfig(), release=namespace, namespace=namespace)
    setting = next(each for each in CHOSEN if each.name == "singleuser.memory.limit")
    text = plan_text(plan(hub, load(layered(everything_before(), [setting.values(setting.after)]))).plan)
    lines = text.splitlines()
    assert expected(setting) <= read("\n".join(lines[:FIRST_SCREEN])), text
    assert sum("heritage: Helm -> chart_py" in line for line in lines) == 1
    assert sum("from helm to chart_py" in line for line in lines) == 1
