"""A plan as data for other programs: what `diff --output json` prints, without any secret."""

from __future__ import annotations

from typing import Any

from chart_py.changes.change import Change, Operation
from chart_py.changes.dangers import dangers
from chart_py.changes.folding import restart_reasons
from chart_py.changes.mask import secret_keys
from chart_py.changes.plan import Plan
from chart_py.manifest.difference import spelled, visible
from chart_py.views.plan_text import pulled_images


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
        "changes": [change_data(change, plan) for change in plan.changes],
        "summary": {op.value: count for op, count in plan.counts.items()},
        "restarts": list(plan.restarts),
        "pulls": pulls,
        "notes": list(plan.notes),
    }


def change_data(change: Change, plan: Plan) -> dict[str, Any]:
    """One object's change as plain data; `fields` only of an update, `keys` only of a Secret.

    `readsChanged` names what the plan changes too and the object's pods read, so that they restart.
    """
    is_shown = change.operation in (Operation.UPDATE, Operation.REPLACE)
    is_secret = change.key.kind == "Secret"
    found: dict[str, Any] = {
        "operation": change.operation.value,
        "apiVersion": change.manifest.get("apiVersion", ""),
        "kind": change.key.kind,
        "namespace": change.key.namespace,
        "name": change.key.name,
        "reason": change.reason,
        "takesOver": list(change.takes_over),
        "restarts": change.restarts,
        "readsChanged": list(restart_reasons(change, plan)),
        "fields": [
            {
                "path": spelled(field.path),
                "before": visible(field.before, field.path),
                "after": visible(field.after, field.path),
                "hidden": field.is_hidden,
            }
            for field in (change.fields if is_shown else ())
        ],
    }
    if is_secret and change.operation is not Operation.DELETE:
        found["keys"] = secret_keys(change.live, change.result)
    return found
