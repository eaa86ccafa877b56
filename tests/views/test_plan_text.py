"""How a plan reads: each object, the fields that change with their context, no secret, a summary."""

from __future__ import annotations

import json
from base64 import b64encode
from typing import Any

from chart_py.changes.between import plan_between
from chart_py.changes.change import Change, Operation
from chart_py.changes.plan import Aim, Plan
from chart_py.views.plan_data import plan_data
from chart_py.views.plan_text import lines
from tests.changes.objects import config_map, deployment, secret


def text(*changes: Change, **words: Any) -> list[str]:
    return [str(line) for line in lines(Plan(Aim.UPGRADE, "jhub", "jhub", 1, 2, changes, **words))]


def update(live: dict[str, Any], after: dict[str, Any], **words: Any) -> Change:
    return Change(Operation.UPDATE, after, live, after, **words)


def test_an_update_shows_what_changes_with_its_context() -> None:
    assert text(update(deployment("hub:1", EDITION="1"), deployment("hub:2", EDITION="2"))) == [
        "~ update Deployment/hub in jhub (its pods restart)",
        "      spec:",
        "        template:",
        "          spec:",
        "            containers:",
        "              - name: hub",
        "-               image: hub:1",
        "+               image: hub:2",
        "                env:",
        "                  - name: EDITION",
        '-                   value: "1"',
        '+                   value: "2"',
        "  jhub in jhub: 1 to update",
        "  pods that restart: Deployment/hub",
    ]


def test_a_text_of_many_lines_shows_those_that_change() -> None:
    before, after = "a\nb\nc\nd\ne\n", "a\nb\nc\nD\ne\n"
    assert text(update(config_map(file=before), config_map(file=after)))[1:-1] == [
        "      data:",
        "        file:",
        "          b",
        "          c",
        "-         d",
        "+         D",
        "          e",
        "",
    ]


def test_a_secret_shows_the_fate_of_each_key_and_no_value() -> None:
    before, after = (
        secret(kept="S0VFUE1F", changed="T0xE", gone="R09ORQ=="),
        secret(kept="S0VFUE1F", changed="TkVX", new="bmV3"),
    )
    found = text(update(before, after))
    assert found[:-1] == [
        "~ update Secret/hub in jhub",
        "      data:",
        "~       changed: (hidden) -> (hidden)",
        '-       gone: "(hidden)"',
        '+       new: "(hidden)"',
        "      kept: kept",
    ]
    for value in ("S0VFUE1F", "T0xE", "TkVX", "R09ORQ", "bmV3"):
        assert value not in "\n".join(found)


def test_secrets_elsewhere_are_hidden_too() -> None:
    before = deployment(DB_PASSWORD="hunter2", PLAIN="a")
    after = deployment(DB_PASSWORD="correcthorse", PLAIN="b")
    plan = Plan(Aim.UPGRADE, "jhub", "jhub", 1, 2, (update(before, after),))
    shown = "\n".join(map(str, lines(plan))) + json.dumps(plan_data(plan))
    assert "hunter2" not in shown
    assert "correcthorse" not in shown
    assert "(hidden) -> (hidden)" in shown
    added = update(deployment(), deployment(API_TOKEN="hunter2"))
    assert "hunter2" not in "\n".join(text(added))


def test_every_operation_has_its_line() -> None:
    one, other = config_map("one"), config_map("other")
    found = text(
        Change(Operation.CREATE, one),
        Change(Operation.REPLACE, one, other, one, reason="spec.x cannot be changed"),
        Change(Operation.DELETE, live=one, reason="no longer wanted"),
        Change(Operation.KEEP, live=one, reason="claims are kept: they hold data"),
        Change(Operation.UNCHANGED, one, one, one),
        update(one, one, takes_over=("helm",)),
    )
    assert [line for line in found if line[0] != " "] == [
        "!! DELETES 1 object",
        "!!    ConfigMap/one",
        "!! REPLACES 1 object: deletes it and creates it again",
        "!!    ConfigMap/one",
        "+ create ConfigMap/one in jhub",
        "! replace ConfigMap/one in jhub (spec.x cannot be changed)",
        "-       name: other",
        "+       name: one",
        "- delete ConfigMap/one in jhub (no longer wanted)",
        "= keep ConfigMap/one in jhub (claims are kept: they hold data)",
        "~ 1 object: its fields move from helm to chart_py",
    ]
    assert found[-1] == ("  jhub in jhub: 1 to create, 1 to update, 1 to replace, 1 to delete, 1 kept, 1 unchanged")


def test_a_namespace_that_is_made_and_what_could_not_be_asked_are_said() -> None:
    reason = "not checked yet"
    unasked = Change(Operation.CREATE, config_map("one"), reason=reason)
    assert text(unasked, creates_namespace=True) == [
        "+ create Namespace/jhub",
        "+ create ConfigMap/one in jhub (not checked yet)",
        "  jhub in jhub: 1 to create",
    ]


def values(password: str, limit: str) -> dict[str, Any]:
    """The hub's Secret with its values as one document, and a token beside it."""
    text = f"singleuser:\n  memory: {{limit: {limit}}}\nhub:\n  db: {{password: {password}}}\n"
    return secret(**{"values.yaml": b64encode(text.encode()).decode(), "token": "S0VFUE1F"})


def hub(number: int, label: str = "Helm") -> dict[str, Any]:
    """The hub's Deployment, whose pods read Secret/hub and have its checksum."""
    found = deployment()
    found["metadata"]["labels"] = {"app": "jupyterhub", "heritage": label, "app.kubernetes.io/managed-by": label}
    template = found["spec"]["template"]
    template["metadata"] = {"annotations": {"checksum/secret": str(number)}}
    template["spec"]["volumes"] = [{"name": "secret", "secret": {"secretName": "hub"}}]
    return found


def test_a_document_in_a_secret_is_compared_setting_by_setting_and_masked_after() -> None:
    changes = (update(values("hunter2", "1G"), values("correcthorse", "2G")), update(hub(1), hub(2)))
    assert text(*changes) == [
        "~ update Secret/hub in jhub",
        "      data:",
        "        values.yaml:",
        "          singleuser:",
        "            memory:",
        '-             limit: "1G"',
        '+             limit: "2G"',
        "          hub:",
        "            db:",
        "~             password: (hidden) -> (hidden)",
        "      kept: token",
        "~ update Deployment/hub in jhub (its pods restart: it reads Secret/hub)",
        "  jhub in jhub: 2 to update",
        "  pods that restart: Deployment/hub",
    ]
    data = plan_data(Plan(Aim.UPGRADE, "jhub", "jhub", 1, 2, changes))
    fields = [tuple(field.values()) for each in data["changes"] for field in each["fields"]]
    assert fields == [
        ('data."values.yaml".singleuser.memory.limit', "1G", "2G", False, ""),
        ('data."values.yaml".hub.db.password', "(hidden)", "(hidden)", True, ""),
        ("spec.template.metadata.annotations.checksum/secret", "1", "2", False, "checksum"),
    ]
    assert [each["readsChanged"] for each in data["changes"]] == [[], ["Secret/hub"]]


def test_what_many_objects_share_is_one_line() -> None:
    one, other = hub(1), hub(1, "chart_py")
    changes = [update({**one, "kind": kind}, {**other, "kind": kind}, takes_over=("helm",)) for kind in ("Role", "Job")]
    assert text(*changes, update(deployment("hub:1"), deployment("hub:2"))) == [
        "~ update Deployment/hub in jhub (its pods restart)",
        "      spec:",
        "        template:",
        "          spec:",
        "            containers:",
        "              - name: hub",
        "-               image: hub:1",
        "+               image: hub:2",
        "~ 2 objects: their fields move from helm to chart_py",
        "~ 2 objects: app.kubernetes.io/managed-by, heritage: Helm -> chart_py",
        "  jhub in jhub: 3 to update",
        "  pods that restart: Deployment/hub",
    ]


def test_a_plan_as_data() -> None:
    plan = Plan(Aim.UPGRADE, "jhub", "jhub", 1, 2, (update(deployment("a:1"), deployment("a:2")),))
    assert plan_data(plan) == {
        "aim": "upgrade",
        "release": "jhub",
        "namespace": "jhub",
        "base": 1,
        "revision": 2,
        "createsNamespace": False,
        "dangers": [],
        "reach": {"opens": [], "closes": []},
        "changes": [
            {
                "operation": "update",
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "namespace": "jhub",
                "name": "hub",
                "reason": "",
                "takesOver": [],
                "restarts": True,
                "readsChanged": [],
                "comparedWith": "",
                "fields": [
                    {
                        "path": "spec.template.spec.containers[hub].image",
                        "before": "a:1",
                        "after": "a:2",
                        "hidden": False,
                        "derived": "",
                    },
                ],
            }
        ],
        "summary": {"create": 0, "update": 1, "replace": 0, "delete": 0, "keep": 0, "unchanged": 0},
        "restarts": ["Deployment/hub"],
        "pulls": [],
        "notes": [],
    }


def test_two_lists_of_objects() -> None:
    texts = {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "hub"}, "stringData": {"a": "text"}}
    plan = plan_between(
        [config_map("same"), config_map("gone"), secret(a="dGV4dA==")],
        [config_map("same"), config_map("new"), {**texts, "metadata": {"name": "hub", "namespace": "jhub"}}],
        release="jhub",
        namespace="jhub",
    )
    assert {str(each.key): each.operation.value for each in plan.changes} == {
        "ConfigMap/same": "unchanged",
        "ConfigMap/new": "create",
        "Secret/hub": "unchanged",
        "ConfigMap/gone": "delete",
    }
    assert not plan.is_empty
