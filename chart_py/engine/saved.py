"""A plan in a file: made by `diff --save`, run by `apply --plan` exactly as it was shown, or not at all."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from chart_py.changes.change import Change
from chart_py.changes.content import content
from chart_py.changes.plan import Plan
from chart_py.cluster.errors import RefusedError
from chart_py.cluster.interface import Cluster, Ref
from chart_py.engine.errors import MovedOnError, OtherClusterError
from chart_py.engine.prepared import Prepared, Release
from chart_py.errors import FileError, UsageError
from chart_py.manifest.checksum import checksum

FORMAT = "chart_py plan 2"


def fingerprints(plan: Plan) -> dict[str, str]:
    """What tells a plan from another: for each object what is done to it, and from what to what."""
    return {"/".join(each.key): checksum(_facts(each)) for each in plan.changes}


def _facts(change: Change) -> list[Any]:
    return [change.operation.value, content(change.live), content(change.result), list(change.takes_over)]


def identity(cluster: Cluster) -> str:
    """What tells a cluster from others, whatever its address: the uid of `kube-system`; empty if that is forbidden."""
    try:
        found = cluster.get(Ref("v1", "Namespace", name="kube-system"))
    except RefusedError as error:
        if not error.is_forbidden:
            raise
        return ""
    return str(found["metadata"].get("uid", "")) if found else ""


def save_plan(file: str | Path, prepared: Prepared, cluster: str = "") -> None:
    """Write the plan of an install or upgrade to a file of mode 0600, as it holds secrets. Raises FileError.

    `cluster` is the `identity` of the one that it is for.
    """
    release = prepared.release
    if release is None:
        raise UsageError(f"only the plan of an install or upgrade can be kept, not one to {prepared.plan.aim.value}")
    data = {
        "format": FORMAT,
        "cluster": cluster,
        "release": {**asdict(release), "manifests": list(release.manifests)},
        "base": prepared.plan.base,
        "options": dict(prepared.choices),
        "objects": fingerprints(prepared.plan),
    }
    path = Path(file)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        handle = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as opened:
            json.dump(data, opened, default=str)
        beside.replace(path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileError(str(path), error.strerror or str(error)) from None


def load_plan(file: str | Path) -> tuple[Release, dict[str, bool], dict[str, Any]]:
    """The release that a saved plan is for, its options, and what it was. Raises FileError."""
    try:
        data = json.loads(Path(file).read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise ValueError(data["format"])
        saved = {word: data[word] for word in ("base", "objects", "cluster")}
        return Release(**data["release"]), dict(data["options"]), saved
    except OSError as error:
        raise FileError(str(file), error.strerror or str(error)) from None
    except (ValueError, KeyError, TypeError):
        raise FileError(str(file), "not a saved plan", "`diff --save FILE` makes one.") from None


def need_cluster(cluster: Cluster, saved: Mapping[str, Any]) -> None:
    """Raise OtherClusterError where a plan was saved for another cluster, as far as both are known."""
    here = identity(cluster) if saved["cluster"] else ""
    if here and here != saved["cluster"]:
        raise OtherClusterError


def need_same(plan: Plan, saved: Mapping[str, Any]) -> None:
    """Raise MovedOnError, naming the objects, unless a plan made now is the one that was saved."""
    if plan.base != saved["base"]:
        raise MovedOnError(f"the last revision was {saved['base']} and is now {plan.base}")
    now, then = fingerprints(plan), saved["objects"]
    differing = sorted(name for name in {*now, *then} if now.get(name) != then.get(name))
    if differing:
        kinds = [f"{key.split('/')[1]}/{key.split('/')[3]}" for key in differing]
        raise MovedOnError(", ".join(kinds))
