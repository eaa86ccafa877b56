"""Whatever setting changes: the diff names it with its old and its new value, or says `(hidden)` where it is secret."""

from __future__ import annotations

from typing import Any

import pytest

from chart_py.changes.between import plan_between
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.manifest import Manifest
from chart_py.manifest.difference import spelled
from chart_py.rendering import context_for, render
from chart_py.values.layer import Layer
from chart_py.values.load import from_layers
from chart_py.views.plan_data import plan_data
from chart_py.views.plan_text import lines

HIDDEN = "(hidden)"
HOST = {"proxy": {"https": {"enabled": True, "hosts": ["hub.example.org"], "letsencrypt": {"contactEmail": "a@b.org"}}}}
PROFILES = {"singleuser": {"profileList": [{"display_name": "Small", "kubespawner_override": {"mem_limit": "1G"}}]}}
PULL = {"imagePullSecret": {"create": True, "registry": "r.io", "username": "u"}}
POSTGRES = {"hub": {"db": {"type": "postgres", "url": "postgresql://hub@db/hub"}}}
TOLERATION = {"singleuser": {"extraTolerations": [{"key": "a", "operator": "Exists"}]}}
KEY = "a" * 64

# The setting, its value before and after; whether it is secret; what else has to be set.
SETTINGS: list[tuple[str, Any, Any, bool, dict[str, Any]]] = [
    ("imagePullSecret.password", "hunter2", "correcthorse", True, PULL),
    ("imagePullSecrets", ["a"], ["b"], False, {}),
    ("hub.baseUrl", "/one/", "/two/", False, {}),
    ("hub.activeServerLimit", 10, 20, False, {}),
    ("hub.allowNamedServers", False, True, False, {}),
    ("hub.concurrentSpawnLimit", 64, 32, False, {}),
    ("hub.cookieSecret", KEY, "b" * 64, True, {}),
    ("hub.config.JupyterHub.authenticator_class", "dummy", "github", False, {}),
    ("hub.config.Authenticator.admin_users", ["ada"], ["ada", "bob"], False, {}),
    ("hub.config.Authenticator.allow_all", False, True, False, {}),
    ("hub.config.GitHubOAuthenticator.client_id", "one", "two", False, {}),
    ("hub.config.GitHubOAuthenticator.client_secret", "hunter2", "correcthorse", True, {}),
    ("hub.config.GitHubOAuthenticator.allowed_organizations", ["one"], ["two"], False, {}),
    ("hub.db.password", "hunter2", "correcthorse", True, POSTGRES),
    ("hub.db.pvc.storage", "1Gi", "2Gi", False, {}),
    ("hub.extraConfig.one", "a = 1\nb = 2\n", "a = 1\nb = 3\n", False, {}),
    ("hub.extraEnv.EDITION", "one", "two", False, {}),
    ("hub.loadRoles.one.scopes", ["list:users"], ["admin:users"], False, {}),
    ("hub.services.one.apiToken", "hunter2", "correcthorse", True, {}),
    ("hub.services.one.info.version", "one", "two", False, {}),
    ("hub.networkPolicy.egress", [], [{"to": []}], False, {}),
    ("hub.resources.requests.memory", "1Gi", "2Gi", False, {}),
    ("hub.templateVars.title", "one", "two", False, {}),
    ("proxy.secretToken", KEY, "b" * 64, True, {}),
    ("proxy.service.type", "LoadBalancer", "ClusterIP", False, {}),
    ("proxy.service.annotations.one", "1", "2", False, {}),
    ("proxy.https.hosts", ["a.example.org"], ["b.example.org"], False, HOST),
    ("proxy.https.letsencrypt.contactEmail", "a@example.org", "b@example.org", False, HOST),
    ("proxy.chp.resources.limits.cpu", 1, 2, False, {}),
    ("proxy.chp.networkPolicy.enabled", True, False, False, {}),
    ("proxy.traefik.hsts.maxAge", 1, 2, False, HOST),
    ("singleuser.image.tag", "1.0", "1.1", False, {}),
    ("singleuser.memory.limit", "1G", "2G", False, {}),
    ("singleuser.cpu.guarantee", 0.5, 1, False, {}),
    ("singleuser.defaultUrl", "/lab", "/tree", False, {}),
    ("singleuser.extraEnv.EDITION", "one", "two", False, {}),
    ("singleuser.extraEnv.API_TOKEN", "hunter2", "correcthorse", True, {}),
    ("singleuser.extraLabels.one", "a", "b", False, {}),
    ("singleuser.extraTolerations.0.effect", "NoSchedule", "NoExecute", False, TOLERATION),
    ("singleuser.lifecycleHooks.postStart.exec.command", ["a"], ["b"], False, {}),
    ("singleuser.networkPolicy.egressAllowRules.privateIPs", False, True, False, {}),
    ("singleuser.profileList.0.kubespawner_override.mem_limit", "1G", "2G", False, PROFILES),
    ("singleuser.profileList.0.display_name", "Small", "Large", False, PROFILES),
    ("singleuser.startTimeout", 300, 600, False, {}),
    ("singleuser.storage.capacity", "10Gi", "20Gi", False, {}),
    ("singleuser.storage.type", "dynamic", "none", False, {}),
    ("scheduling.userScheduler.enabled", True, False, False, {}),
    ("scheduling.userPlaceholder.replicas", 0, 3, False, {}),
    ("scheduling.userPods.nodeAffinity.matchNodePurpose", "prefer", "require", False, {}),
    ("prePuller.hook.enabled", True, False, False, {}),
    ("prePuller.extraImages.one.tag", "1", "2", False, {"prePuller": {"extraImages": {"one": {"name": "a"}}}}),
    ("cull.enabled", True, False, False, {}),
    ("cull.timeout", 3600, 7200, False, {}),
    ("rbac.create", True, False, False, {}),
    ("global.safeToShowValues", False, True, False, {}),
    ("custom.one", "a", "b", False, {}),
    ("debug.enabled", False, True, False, {}),
    ("ingress.hosts", ["a.example.org"], ["b.example.org"], False, {"ingress": {"enabled": True}}),
]  # fmt: skip


def set_at(tree: Any, steps: list[str], value: Any) -> Any:
    """`tree` with `value` at `steps`; a step that is a number goes into a list."""
    if not steps:
        return value
    if isinstance(tree, list):
        return [set_at(each, steps[1:], value) if str(i) == steps[0] else each for i, each in enumerate(tree)]
    return {**tree, steps[0]: set_at(tree.get(steps[0]) or {}, steps[1:], value)}


def rendered(tree: dict[str, Any]) -> list[Manifest]:
    loaded = from_layers([Layer("config.yaml", tree)])
    return render(loaded, context_for(loaded, Context(), token=lambda: MASK))


@pytest.mark.parametrize(("setting", "before", "after", "secret", "base"), SETTINGS, ids=[row[0] for row in SETTINGS])
def test_the_diff_names_the_setting(setting: str, before: Any, after: Any, secret: bool, base: dict[str, Any]) -> None:
    old, new = (rendered(set_at(base, setting.split("."), value)) for value in (before, after))
    plan = plan_between(old, new, release="jhub", namespace="jhub")
    said = [
        (field["path"], field["before"], field["after"])
        for change in plan_data(plan)["changes"]
        for field in change["fields"]
    ]
    text = "\n".join(map(str, lines(plan)))
    if secret:
        assert any(field[1:] == (HIDDEN, HIDDEN) for field in said)
        assert HIDDEN in text
        for value in (before, after):
            assert len(value) < 3 or value not in text + str(said)
        return
    path = ("data", "values.yaml", *setting.split("."))
    assert named(said, path, before, after), (spelled(path), said)
    assert setting.split(".")[-1] in text or setting.endswith("display_name")


def named(said: list[tuple[str, Any, Any]], path: tuple[str, ...], before: Any, after: Any) -> bool:
    """Whether the setting's own path is among the fields, or one above or below it that has both values."""
    own = spelled(tuple(step for step in path if not step.isdigit()))
    for field, *values in said:
        plain = "".join(part.partition("]")[2] if "]" in part else part for part in field.split("[")).replace("..", ".")
        if plain == own and [before, after] == values:
            return True
        if (plain.startswith(own) or own.startswith(plain)) and len(plain) > len('data."values.yaml".'):
            old, new = map(str, (before, after))
            if any(old in str(value) or new in str(value) for value in values):
                return True
    return False
