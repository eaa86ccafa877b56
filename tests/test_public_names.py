"""The public Python API: each name is there, nothing heavy comes along, and what the verbs find is found."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path
from types import FunctionType, ModuleType

import pytest

import chart_py
from chart_py import (
    Aftermath,
    Aim,
    Change,
    ChartError,
    ClusterError,
    Context,
    Danger,
    Entrances,
    FakeCluster,
    FileError,
    Finding,
    Harm,
    Hub,
    InputError,
    Interrupted,
    Level,
    Loaded,
    LockedError,
    LoginError,
    MissingPackageError,
    MissingSecretsError,
    MovedOnError,
    NoReleaseError,
    NotReadyError,
    NotRolledBackError,
    Observer,
    Operation,
    Options,
    OtherClusterError,
    Pending,
    Place,
    Plan,
    PlanRefusedError,
    Prepared,
    Pull,
    Record,
    RefusedError,
    ReleaseState,
    Result,
    RolledBackError,
    Secrets,
    Source,
    StoppedError,
    UnreachableError,
    Upgrade,
    UsageError,
    Values,
    ValuesError,
    check,
    compare,
    compare_revisions,
    context_for,
    dangers,
    execute,
    explain_upgrade,
    from_documents,
    hand_over,
    history,
    json_schema,
    kept_secrets,
    load,
    load_values,
    new_secrets,
    open_cluster,
    plan,
    plan_data,
    plan_rollback,
    plan_text,
    plan_uninstall,
    reach_edges,
    reach_matrix,
    releases,
    render,
    revision,
    save_plan,
    saved_plan,
    status,
    to_documents,
    validate,
    wait_until_free,
)

TEXT = """\
auth:
  state: {enabled: false}
cull: {timeout: 120}
singleuser:
  image: {name: quay.io/jupyter/scipy-notebook, tag: latest}  # chart-py: ignore=loose-tag
hub:
  extraConfig:
    mine: c.KubeSpawner.cmdd = 1
"""


EVERY: list[object] = [
    Aftermath,
    Aim,
    Change,
    ChartError,
    ClusterError,
    Context,
    Danger,
    Entrances,
    FakeCluster,
    FileError,
    Finding,
    Harm,
    Hub,
    InputError,
    Interrupted,
    Level,
    Loaded,
    LockedError,
    LoginError,
    MissingPackageError,
    MissingSecretsError,
    MovedOnError,
    NoReleaseError,
    NotReadyError,
    NotRolledBackError,
    Observer,
    Operation,
    Options,
    OtherClusterError,
    Pending,
    Place,
    Plan,
    PlanRefusedError,
    Prepared,
    Pull,
    Record,
    RefusedError,
    ReleaseState,
    Result,
    RolledBackError,
    Secrets,
    Source,
    StoppedError,
    UnreachableError,
    Upgrade,
    UsageError,
    Values,
    ValuesError,
    check,
    compare,
    compare_revisions,
    context_for,
    dangers,
    execute,
    explain_upgrade,
    from_documents,
    hand_over,
    history,
    json_schema,
    kept_secrets,
    load,
    load_values,
    new_secrets,
    open_cluster,
    plan,
    plan_data,
    plan_rollback,
    plan_text,
    plan_uninstall,
    reach_edges,
    reach_matrix,
    releases,
    render,
    revision,
    save_plan,
    saved_plan,
    status,
    to_documents,
    validate,
    wait_until_free,
]
"""Imported by name, so that mypy looks for each of them; what it takes them for is what they are."""


def test_every_name_is_there_for_programs_editors_and_type_checkers() -> None:
    assert len(EVERY) == len(chart_py.__all__)
    for name, value in zip(chart_py.__all__, EVERY, strict=True):
        assert getattr(chart_py, name) is value
        # A room of that name would take the place of the function.
        assert not isinstance(value, ModuleType)
        if isinstance(value, (type, FunctionType)):
            assert value.__doc__, f"{name} says nothing of itself"
    assert set(chart_py.__all__) <= set(dir(chart_py))
    tree = ast.parse(Path(chart_py.__file__).read_text(encoding="utf-8"))
    (static,) = (node for node in tree.body if isinstance(node, ast.If))
    seen = {alias.name: node.module for node in static.body if isinstance(node, ast.ImportFrom) for alias in node.names}
    assert seen == {name: f"chart_py.{home}" for name, home in chart_py._HOME.items()}
    with pytest.raises(AttributeError, match="no attribute 'chekc'"):
        chart_py.chekc  # noqa: B018


def test_importing_loads_nothing_heavy() -> None:
    code = "import chart_py, sys; print([m for m in sys.modules if m.split('.')[0] in %r or m == 'chart_py.values'])"
    heavy = {"pydantic", "yaml", "click", "kubernetes", "rich", "jsonschema"}
    done = subprocess.run([sys.executable, "-c", code % heavy], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_check_and_validate(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_text(TEXT, encoding="utf-8")
    loaded = load_values([file])
    found = check(loaded)
    assert [(f.code, f.place and f.place.line) for f in found] == [("old-settings", 2), ("cull-while-active", 3)]
    assert [f.code for f in check(loaded, ignored=["old-settings"])] == ["cull-while-active"]
    assert Level.ERROR in {f.level for f in check(loaded, strict=True)}
    result = validate([file], ignored=["schema"])
    assert isinstance(result, Result)
    assert (*found, *(f for f in result.findings if f.code == "unknown-trait")) == result.findings
    assert len(result.findings) == 3
    assert result.objects > 20
    file.write_text("hub: {dbb: 1}\n", encoding="utf-8")
    with pytest.raises(ValuesError) as caught:
        load_values([file])
    assert validate([file]).findings == caught.value.findings
    assert validate([file]).refused


def test_a_room_that_is_imported_hides_no_function() -> None:
    code = "import chart_py.changes.plan, chart_py.engine.hub, chart_py; print(callable(chart_py.plan))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True\n"
