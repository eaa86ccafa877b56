"""The chart version of a release: read from its records, kept until somebody names another, told where it moves."""

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
    UsageError,
    execute,
    load,
    new_secrets,
    open_cluster,
    plan,
    render,
)
from chart_py.changes.change import Operation
from chart_py.changes.plan import Plan
from chart_py.engine.edition import ChartVersion, chart_version
from chart_py.engine.standing import Standing
from chart_py.manifest.documents import to_documents
from chart_py.release.record import Head, Record, Status
from tests.control_plane import ControlPlane
from tests.control_plane.fixtures import Tool
from tests.engine.state import remove_cluster_wide
from tests.helm_like import as_helm


def standing(name: str, version: str, manifest: str = "") -> Standing:
    """A release with one revision, made by this chart."""
    chart = {"metadata": {"name": name, "version": version}}
    record = Record("jhub", "ns", 1, Status.DEPLOYED, chart=chart, manifest=manifest)
    return Standing("jhub", "ns", (Head("jhub", "ns", 1, Status.DEPLOYED),), record, record)


@pytest.mark.parametrize(
    ("release", "named", "wanted", "note"),
    [
        (None, "", "4.4.0", ""),
        (None, "3.3.8", "3.3.8", ""),
        ("4.4.0", "", "4.4.0", ""),
        ("5.0.0", "", "5.0.0-dev", ""),
        (
            "4.3.3", "", "4.3.3",
            "the release stays at chart 4.3.3; the newest is 4.4.0, with security fixes in 4.3.4 and 4.4.0. "
            "`chart-py upgrade` explains what it changes",
        ),
        ("3.3.8", "4.4.0", "4.4.0", "chart 3.3.8 -> 4.4.0; `chart-py upgrade --to 4.4.0` explains what changes"),
        ("4.4.0", "3.3.8", "3.3.8", "chart 4.4.0 -> 3.3.8; `chart-py upgrade --to 3.3.8` explains what changes"),
        ("0.9.0", "4.4.0", "4.4.0", "chart 0.9.0 -> 4.4.0; `chart-py upgrade --to 4.4.0` explains what changes"),
    ],
)  # fmt: skip
def test_the_version_that_a_plan_is_for(release: str | None, named: str, wanted: str, note: str) -> None:
    found = chart_version(standing("jupyterhub", release) if release else Standing("jhub", "ns"), named)
    assert (found.wanted, found.note) == (wanted, note)


def test_the_hub_within_another_chart_is_known_by_its_labels() -> None:
    manifest = to_documents(as_helm(render(load(chart_version="3.3.8"), context("jhub", {}, "3.3.8")), "3.3.8"))
    assert chart_version(standing("campus", "0.1.0", manifest)) == ChartVersion(
        "3.3.8", "3.3.8", ("4.3.3", "4.3.4", "4.4.0")
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("jupyterhub", "made by chart 0.9.0, which is not known here"),
        ("campus", "made by a chart that does not say its version"),
    ],
)
def test_a_version_that_is_unknown_has_to_be_named(name: str, said: str) -> None:
    with pytest.raises(UsageError) as caught:
        chart_version(standing(name, "0.9.0"))
    assert said in str(caught.value)
    assert "--chart-version 4.4.0" in str(caught.value)


def context(name: str, values: dict[str, Any], version: str) -> Context:
    secrets = new_secrets(load(values, chart_version=version))
    return Context(release=name, namespace=name, secrets=secrets)


@pytest.fixture
def namespace(control_plane: ControlPlane, namespace: str) -> Iterator[str]:
    """A fresh namespace, for a release of the same name: what that has outside of it goes too."""
    yield namespace
    remove_cluster_wide(control_plane, namespace)


def restarting(found: Plan) -> set[str]:
    """The workloads whose pods a plan replaces."""
    named = set()
    for each in found.changes:
        if each.operation is Operation.UPDATE and each.live and each.after and "template" in each.live.get("spec", {}):
            before, after = (side["spec"]["template"] for side in (each.live, each.after))
            if before != after:
                named.add(f"{each.key.kind}/{each.key.name}")
    return named


VALUES: dict[str, Any] = {"proxy": {"service": {"type": "ClusterIP"}}, "singleuser": {"memory": {"limit": "2G"}}}


@pytest.mark.parametrize("version", ["2.0.0", "3.3.8", "4.4.0"])
def test_a_release_of_helm_is_taken_over_at_its_own_version(
    control_plane: ControlPlane, namespace: str, real_helm: Tool, tmp_path: Path, version: str
) -> None:
    templates = tmp_path / "chart" / "templates"
    templates.mkdir(parents=True)
    meta = {"apiVersion": "v2", "name": "jupyterhub", "version": version}
    (tmp_path / "chart" / "Chart.yaml").write_text(yaml.safe_dump(meta), encoding="utf-8")
    made = render(load(VALUES, chart_version=version), context(namespace, VALUES, version))
    for number, each in enumerate(as_helm(made, version)):
        if "helm.sh/hook" not in (each["metadata"].get("annotations") or {}):
            (templates / f"{number}.yaml").write_text(yaml.safe_dump(each), encoding="utf-8")
    real_helm("install", namespace, tmp_path / "chart", "-n", namespace)
    hub = open_cluster(control_plane.kubeconfig(), release=namespace, namespace=namespace)
    found = chart_version(hub.standing())
    assert found.wanted == version
    values = load(VALUES, chart_version=found.wanted)
    planned = plan(hub, values)
    workloads = [each for each in planned.plan.changes if each.live and "template" in each.live.get("spec", {})]
    before = {f"{each.key.kind}/{each.key.name}": each.live for each in workloads}
    named = restarting(planned.plan)
    execute(hub, planned, Options(pull=Pull.OFF, wait=False))
    again = plan(hub, load(VALUES, chart_version=chart_version(hub.standing()).wanted)).plan
    assert again.is_empty
    after = {f"{each.key.kind}/{each.key.name}": each.live for each in again.changes if each.live}
    moved = {
        name for name, live in before.items() if live and after[name]["spec"]["template"] != live["spec"]["template"]
    }
    assert moved == named
    # Its files are ours from now on; all others go on, and with the proxy every session.
    assert moved == {"Deployment/hub"}
