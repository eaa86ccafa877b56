"""chart_py: JupyterHub on Kubernetes in typed Python.

    from chart_py import execute, load, open_cluster, plan, plan_text

    hub = open_cluster()
    todo = plan(hub, load("config.yaml"))
    print(plan_text(todo.plan))
    execute(hub, todo)

docs/python.md has all of it. Importing chart_py loads nothing heavy; each name is loaded when it is first used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from chart_py.changes.change import Change, Operation
    from chart_py.changes.dangers import Danger, Harm, dangers
    from chart_py.changes.plan import Aim, Plan
    from chart_py.checks.everything import Result, validate
    from chart_py.checks.loading import load
    from chart_py.checks.rules import check
    from chart_py.cluster.errors import LoginError, RefusedError, UnreachableError
    from chart_py.cluster.fake import FakeCluster
    from chart_py.context import Context, Secrets
    from chart_py.credentials import MissingSecretsError, kept_secrets, new_secrets
    from chart_py.engine.aftermath import Aftermath
    from chart_py.engine.comparing import compare
    from chart_py.engine.entrance import Entrances
    from chart_py.engine.errors import (
        Interrupted,
        LockedError,
        MovedOnError,
        NoReleaseError,
        NotRolledBackError,
        OtherClusterError,
        PlanRefusedError,
        RolledBackError,
        StoppedError,
    )
    from chart_py.engine.hub import (
        execute,
        hand_over,
        history,
        plan,
        plan_rollback,
        plan_uninstall,
        releases,
        revision,
        save_plan,
        saved_plan,
        status,
        wait_until_free,
    )
    from chart_py.engine.opening import Hub, open_cluster
    from chart_py.engine.past import compare_revisions
    from chart_py.engine.prepared import Options, Prepared
    from chart_py.engine.progress import Observer, Pending
    from chart_py.engine.pulling import Pull
    from chart_py.engine.reaching import reach_edges, reach_matrix
    from chart_py.engine.status import ReleaseState
    from chart_py.errors import ChartError, ClusterError, FileError, InputError, NotReadyError, UsageError, ValuesError
    from chart_py.extras import MissingPackageError
    from chart_py.finding import Finding, Level, Place
    from chart_py.manifest.documents import from_documents, to_documents
    from chart_py.reference.json_schema import json_schema
    from chart_py.release.record import Record
    from chart_py.rendering import context_for, render
    from chart_py.upgrade.explanation import Upgrade, explain_upgrade
    from chart_py.values.load import Loaded, Source, load_values
    from chart_py.values.root import Values
    from chart_py.views.plan_data import plan_data
    from chart_py.views.plan_text import plan_text

_HOME = {
    "Aftermath": "engine.aftermath",
    "Aim": "changes.plan",
    "Change": "changes.change",
    "ChartError": "errors",
    "ClusterError": "errors",
    "Context": "context",
    "Danger": "changes.dangers",
    "Entrances": "engine.entrance",
    "FakeCluster": "cluster.fake",
    "FileError": "errors",
    "Finding": "finding",
    "Harm": "changes.dangers",
    "Hub": "engine.opening",
    "InputError": "errors",
    "Interrupted": "engine.errors",
    "Level": "finding",
    "Loaded": "values.load",
    "LockedError": "engine.errors",
    "LoginError": "cluster.errors",
    "MissingPackageError": "extras",
    "MissingSecretsError": "credentials",
    "MovedOnError": "engine.errors",
    "NoReleaseError": "engine.errors",
    "NotReadyError": "errors",
    "NotRolledBackError": "engine.errors",
    "Observer": "engine.progress",
    "Operation": "changes.change",
    "Options": "engine.prepared",
    "OtherClusterError": "engine.errors",
    "Pending": "engine.progress",
    "Place": "finding",
    "Plan": "changes.plan",
    "PlanRefusedError": "engine.errors",
    "Prepared": "engine.prepared",
    "Pull": "engine.pulling",
    "Record": "release.record",
    "RefusedError": "cluster.errors",
    "ReleaseState": "engine.status",
    "Result": "checks.everything",
    "RolledBackError": "engine.errors",
    "Secrets": "context",
    "Source": "values.load",
    "StoppedError": "engine.errors",
    "UnreachableError": "cluster.errors",
    "Upgrade": "upgrade.explanation",
    "UsageError": "errors",
    "Values": "values.root",
    "ValuesError": "errors",
    "check": "checks.rules",
    "compare": "engine.comparing",
    "compare_revisions": "engine.past",
    "context_for": "rendering",
    "dangers": "changes.dangers",
    "execute": "engine.hub",
    "from_documents": "manifest.documents",
    "hand_over": "engine.hub",
    "history": "engine.hub",
    "json_schema": "reference.json_schema",
    "kept_secrets": "credentials",
    "load": "checks.loading",
    "load_values": "values.load",
    "new_secrets": "credentials",
    "open_cluster": "engine.opening",
    "plan": "engine.hub",
    "plan_data": "views.plan_data",
    "plan_rollback": "engine.hub",
    "plan_text": "views.plan_text",
    "plan_uninstall": "engine.hub",
    "explain_upgrade": "upgrade.explanation",
    "reach_edges": "engine.reaching",
    "reach_matrix": "engine.reaching",
    "releases": "engine.hub",
    "render": "rendering",
    "revision": "engine.hub",
    "save_plan": "engine.hub",
    "saved_plan": "engine.hub",
    "status": "engine.hub",
    "to_documents": "manifest.documents",
    "validate": "checks.everything",
    "wait_until_free": "engine.hub",
}

__all__ = [
    "Aftermath",
    "Aim",
    "Change",
    "ChartError",
    "ClusterError",
    "Context",
    "Danger",
    "Entrances",
    "FakeCluster",
    "FileError",
    "Finding",
    "Harm",
    "Hub",
    "InputError",
    "Interrupted",
    "Level",
    "Loaded",
    "LockedError",
    "LoginError",
    "MissingPackageError",
    "MissingSecretsError",
    "MovedOnError",
    "NoReleaseError",
    "NotReadyError",
    "NotRolledBackError",
    "Observer",
    "Operation",
    "Options",
    "OtherClusterError",
    "Pending",
    "Place",
    "Plan",
    "PlanRefusedError",
    "Prepared",
    "Pull",
    "Record",
    "RefusedError",
    "ReleaseState",
    "Result",
    "RolledBackError",
    "Secrets",
    "Source",
    "StoppedError",
    "UnreachableError",
    "Upgrade",
    "UsageError",
    "Values",
    "ValuesError",
    "check",
    "compare",
    "compare_revisions",
    "context_for",
    "dangers",
    "execute",
    "explain_upgrade",
    "from_documents",
    "hand_over",
    "history",
    "json_schema",
    "kept_secrets",
    "load",
    "load_values",
    "new_secrets",
    "open_cluster",
    "plan",
    "plan_data",
    "plan_rollback",
    "plan_text",
    "plan_uninstall",
    "reach_edges",
    "reach_matrix",
    "releases",
    "render",
    "revision",
    "save_plan",
    "saved_plan",
    "status",
    "to_documents",
    "validate",
    "wait_until_free",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'chart_py' has no attribute {name!r}")
    from importlib import import_module

    value = globals()[name] = getattr(import_module(f"chart_py.{_HOME[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
