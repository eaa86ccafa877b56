"""A plan as data for other programs: what `diff --output json` prints, without any secret."""

from __future__ import annotations

from typing import Any

from chart_py.changes.change import Change, Operation
from chart_py.changes.content import spelled
from chart_py.changes.dangers import dangers
from chart_py.changes.mask import is_secret_data, secret_keys, visible
from chart_py.changes.plan import Plan
from chart_py.changes.text import pulled_images


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain data: `dangers`, `changes` by object, `summary` by operation, `restarts`, `pulls`, `notes`."""
    pulls = [image for pull in plan.pulls if pull["kind"] == "DaemonSet" for image in pulled_images(pull)]
    return {
        "aim": plan.aim.value,
        "release": plan.release,
        "namespace": plan.namespace,
        "base": plan.base,
        "revision": plan.revision,
        "createsNamespace": plan.creates_namespace,
        "dangers": [
            {"harm": each.harm.value, "objects": list(each.objects), "others": list(each.others)}
            for each in dangers(plan)
        ],
        "changes": [change_data(change) for change in plan.changes],
        "summary": {op.value: count for op, count in plan.counts.items()},
        "restarts": list(plan.restarts),
        "pulls": pulls,
        "notes": list(plan.notes),
    }


def change_data(change: Change) -> dict[str, Any]:
    """One object's change as plain data; `fields` only of an update, `keys` only of a Secret."""
    is_shown = change.operation in (Operation.UPDATE, Operation.REPLACE)
    is_secret = change.key.kind == "Secret"
    fields = [field for field in change.fields if not (is_secret and is_secret_data(field))] if is_shown else []
    found: dict[str, Any] = {
        "operation": change.operation.value,
        "apiVersion": change.manifest.get("apiVersion", ""),
        "kind": change.key.kind,
        "namespace": change.key.namespace,
        "name": change.key.name,
        "reason": change.reason,
        "takesOver": list(change.takes_over),
        "restarts": change.restarts,
        "fields": [
            {
                "path": spelled(field.path),
                "before": visible(field.before, field.path),
                "after": visible(field.after, field.path),
            }
            for field in fields
        ],
    }
    if is_secret and change.operation is not Operation.DELETE:
        found["keys"] = secret_keys(change.live, change.result)
    return found
