"""A plan as data for other programs: what `diff --output json` prints, without any secret."""

from __future__ import annotations

from typing import Any

from chart_py.changes.change import Change, Operation
from chart_py.changes.dangers import dangers
from chart_py.changes.folding import counterpart, derived, fields_of, restart
from chart_py.changes.mask import secret_keys
from chart_py.changes.plan import Plan
from chart_py.manifest.difference import MISSING, Difference, spelled
from chart_py.manifest.shown import sides
from chart_py.views.plan_reach import shifts_of
from chart_py.views.plan_text import pulled_images
from chart_py.views.reach_data import shifts_data


def plan_data(plan: Plan) -> dict[str, Any]:
    """The plan as plain data: `dangers`, `reach` (what opens and closes), `changes` by object, and what is said of all:
    `summary` by operation, `restarts`, `pulls`, `notes`.
    """
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
        "reach": shifts_data(shifts_of(plan)),
        "changes": [change_data(change, plan) for change in plan.changes],
        "summary": {op.value: count for op, count in plan.counts.items()},
        "restarts": list(plan.restarts),
        "pulls": pulls,
        "notes": list(plan.notes),
    }


def change_data(change: Change, plan: Plan) -> dict[str, Any]:
    """One object's change as plain data; `fields` only of an update, `keys` only of a Secret.

    `readsChanged` names what the plan changes too and the object's pods read, so that they restart. `comparedWith` is
    the object that a new one takes the place of under another name. A field says in `derived` that it only follows from
    others, and why: `checksum`, `renderer` or `unset`.
    """
    why, before = restart(change, plan), counterpart(change, plan)
    found: dict[str, Any] = {
        "operation": change.operation.value,
        "apiVersion": change.manifest.get("apiVersion", ""),
        "kind": change.key.kind,
        "namespace": change.key.namespace,
        "name": change.key.name,
        "reason": change.reason,
        "takesOver": list(change.takes_over),
        "restarts": change.restarts,
        "readsChanged": list(why.reads) if why else [],
        "comparedWith": str(before.key) if before else "",
        "fields": [_field(each) for each in fields_of(change, plan)],
    }
    if change.key.kind == "Secret" and change.operation is not Operation.DELETE:
        found["keys"] = secret_keys(change.live, change.result)
    return found


def _field(field: Difference) -> dict[str, Any]:
    shown, why = sides(field), derived(field)
    before, after = (None if each is MISSING else each for each in shown)
    return {
        "path": spelled(field.path),
        "before": before,
        "after": after,
        "hidden": shown.is_hidden,
        "derived": why.value if why else "",
    }
