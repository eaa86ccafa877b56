"""Owns settings of every section, each with an old and a new value, and what a diff has to say of it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from chart_py.manifest.documents import to_yaml

Json = dict[str, Any]
HIDDEN = "(hidden)"
KEY = "a" * 64


@dataclass(frozen=True)
class Setting:
    """A setting that changes from `before` to `after`, with what else is set.

    `path` is where it stands among the values, where it stands in a list. `old` and `new` are what a diff says, where
    that is not the values themselves: None for what is not there, `(hidden)` for a secret.
    """

    name: str
    before: Any
    after: Any
    base: Json = field(default_factory=dict)
    path: str = ""
    old: Any = ...
    new: Any = ...

    @property
    def is_secret(self) -> bool:
        return HIDDEN in (self.said[0], self.said[1])

    @property
    def where(self) -> str:
        """The path in the hub's Secret."""
        return f'data."values.yaml".{self.path or self.name}'

    @property
    def said(self) -> tuple[Any, Any]:
        """Both values as a diff gives them."""
        return (self.before if self.old is ... else self.old, self.after if self.new is ... else self.new)

    def values(self, value: Any) -> Json:
        """The configuration with `value` for the setting; None leaves it out."""
        found: Json = _set(self.base, steps_of(self.name), value)
        return found


def secret(name: str, base: Json | None = None, path: str = "", values: tuple[Any, Any] | None = None) -> Setting:
    before, after = values or ("hunter2-hunter2", "correct-horse")
    return Setting(name, before, after, base or {}, path, HIDDEN, HIDDEN)


def steps_of(path: str) -> list[str]:
    """The steps of a path as a diff spells it."""
    return [step.strip('"') for step in re.findall(r'"[^"]*"|\[[^\]]*\]|[^.\[\]]+', path)]


def _set(tree: Any, steps: list[str], value: Any) -> Any:
    step, rest = steps[0], steps[1:]
    if isinstance(tree, list):
        return [(_set(each, rest, value) if rest else value) if str(i) == step else each for i, each in enumerate(tree)]
    tree = tree or {}
    if not rest and value is None:
        return {key: each for key, each in tree.items() if key != step}
    return {**tree, step: _set(tree.get(step), rest, value) if rest else value}


_HOSTS = {"hosts": ["hub.example.org"], "letsencrypt": {"contactEmail": "a@b.org"}}
_HTTPS = {"proxy": {"https": {"enabled": True, **_HOSTS}}}
_SMALL = {"display_name": "Small", "default": True, "kubespawner_override": {"mem_limit": "1G"}}
_CHOICES = {"one": {"display_name": "One", "kubespawner_override": {"image": "a/b:1"}}}
_BIG = {"display_name": "Big", "profile_options": {"image": {"display_name": "Image", "choices": _CHOICES}}}
_PROFILES = {"singleuser": {"profileList": [_SMALL, _BIG]}}
_POSTGRES = {"hub": {"db": {"type": "postgres", "url": "postgresql://hub@db/hub"}}}
_TOLERATED = {"hub": {"tolerations": [{"key": "a", "operator": "Exists"}]}}
_PROGRAM = {"hub": {"extraFiles": {"more.py": {"mountPath": "/etc/more.py"}}}}
_FILE = {"mountPath": "/etc/jupyter/settings.json"}

SETTINGS = [
    Setting("nameOverride", "campus", "library"),
    Setting("custom.greeting", "Hello", "Welcome"),
    Setting("custom.since", "2024-01-01", "2025-01-01"),
    secret("custom.mail.password"),
    secret("imagePullSecret.password", {"imagePullSecret": {"create": True, "registry": "r.io", "username": "u"}}),
    Setting("imagePullSecret.username", "one", "two", {"imagePullSecret": {"create": True, "registry": "r.io"}}),
    Setting("imagePullSecrets", ["one"], ["one", "two"]),
    # The hub's own.
    Setting("hub.baseUrl", "/one/", "/two/"),
    Setting("hub.activeServerLimit", None, 20),
    Setting("hub.allowNamedServers", False, True),
    Setting("hub.concurrentSpawnLimit", 64, 32),
    Setting("hub.image.tag", "4.4.0", "sha256:" + "0123456789abcdef" * 4),
    Setting("hub.labels.course", "one", "two"),
    secret("hub.cookieSecret", values=(KEY, "b" * 64)),
    secret("hub.db.password", _POSTGRES),
    Setting("hub.db.pvc.storage", "1Gi", "2Gi"),
    Setting("hub.extraConfig.login", "a = 1\nb = 2\n", "a = 1\nb = 3\n"),
    Setting("hub.extraConfig.added", None, "c.JupyterHub.debug_proxy = True\n"),
    Setting("hub.extraEnv.EDITION", "one", "two"),
    secret("hub.extraEnv.DB_PASSWORD"),
    Setting("hub.extraFiles.one.data.size", 1, 2, {"hub": {"extraFiles": {"one": dict(_FILE)}}}),
    Setting('hub.extraFiles."more.py".stringData', "a = 1\nb = 2\n", "a = 1\nb = 3\n", _PROGRAM),
    secret("hub.extraFiles.one.stringData", {"hub": {"extraFiles": {"one": dict(_FILE)}}}),
    Setting("hub.loadRoles.one.scopes", ["list:users"], ["admin:users"]),
    secret("hub.services.one.apiToken"),
    Setting("hub.services.one.info.version", "one", "two"),
    Setting("hub.networkPolicy.egress", [], [{"to": [{"ipBlock": {"cidr": "10.1.0.0/16"}}]}]),
    Setting("hub.networkPolicy.egressAllowRules.privateIPs", True, False),
    Setting("hub.nodeSelector.pool", "one", "two"),
    Setting("hub.resources.requests.memory", "1Gi", "2Gi"),
    Setting("hub.templateVars.title", "one", "two"),
    Setting("hub.tolerations.0.effect", "NoSchedule", "NoExecute", _TOLERATED, "hub.tolerations[a].effect"),
    # What JupyterHub's classes are told.
    Setting("hub.config.JupyterHub.authenticator_class", "dummy", "github"),
    Setting("hub.config.Authenticator.admin_users", ["ada"], ["ada", "bob"]),
    Setting("hub.config.Authenticator.allow_all", False, True),
    Setting("hub.config.GitHubOAuthenticator.client_id", "one", "two"),
    secret("hub.config.GitHubOAuthenticator.client_secret"),
    Setting("hub.config.GitHubOAuthenticator.allowed_organizations", ["one"], ["two"]),
    Setting("hub.config.GitHubOAuthenticator.oauth_callback_url", "https://a.example.org/", "https://b.example.org/"),
    Setting("hub.config.KubeSpawner.working_dir", "/home/one", "/home/two"),
    secret("hub.config.JupyterHub.api_tokens", values=({"one-token-of-one": "ada"}, {"other-token": "ada"})),
    # The proxy.
    secret("proxy.secretToken", values=(KEY, "b" * 64)),
    Setting("proxy.service.type", "LoadBalancer", "ClusterIP"),
    Setting("proxy.service.annotations.one", "1", "2"),
    Setting("proxy.https.enabled", False, True, {"proxy": {"https": dict(_HOSTS)}}),
    Setting("proxy.https.hosts", ["a.example.org"], ["b.example.org"], _HTTPS),
    Setting("proxy.https.letsencrypt.contactEmail", "a@example.org", "b@example.org", _HTTPS),
    Setting("proxy.chp.resources.limits.cpu", 1, 2),
    Setting("proxy.chp.networkPolicy.enabled", True, False),
    Setting("proxy.traefik.hsts.maxAge", 1, 2, _HTTPS),
    # People's servers.
    Setting("singleuser.image.tag", "1.0", "1.1"),
    Setting("singleuser.memory.limit", "1G", "2G"),
    Setting("singleuser.cpu.guarantee", 0.5, 1),
    Setting("singleuser.cmd", "jupyterhub-singleuser", ["start.sh", "jupyterhub-singleuser"]),
    Setting("singleuser.defaultUrl", "/lab", "/tree"),
    Setting("singleuser.extraEnv.EDITION", "one", "two"),
    secret("singleuser.extraEnv.API_TOKEN"),
    Setting("singleuser.extraLabels.one", "a", "b"),
    Setting(
        "singleuser.extraTolerations.0.effect",
        "NoSchedule",
        "NoExecute",
        {"singleuser": {"extraTolerations": [{"key": "a", "operator": "Exists"}]}},
        "singleuser.extraTolerations[a].effect",
    ),
    Setting("singleuser.lifecycleHooks.postStart.exec.command", ["sh", "-c", "a"], ["sh", "-c", "b"]),
    Setting("singleuser.networkPolicy.egressAllowRules.privateIPs", False, True),
    Setting(
        "singleuser.profileList.0.kubespawner_override.mem_limit",
        "1G",
        "2G",
        _PROFILES,
        "singleuser.profileList[Small].kubespawner_override.mem_limit",
    ),
    Setting(
        "singleuser.profileList.1.profile_options.image.choices.one.kubespawner_override.image",
        "a/b:1",
        "a/b:2",
        _PROFILES,
        "singleuser.profileList[Big].profile_options.image.choices.one.kubespawner_override.image",
    ),
    Setting(
        "singleuser.profileList",
        [_SMALL, _BIG],
        [_BIG, _SMALL],
        path="singleuser.profileList.(order)",
        old=["Small", "Big"],
        new=["Big", "Small"],
    ),
    Setting("singleuser.startTimeout", 300, 600),
    Setting("singleuser.storage.capacity", "10Gi", "20Gi"),
    Setting("singleuser.storage.type", "dynamic", "none"),
    # The rest.
    Setting("scheduling.userScheduler.enabled", True, False),
    Setting("scheduling.userScheduler.logLevel", 4, 5),
    Setting("scheduling.userPlaceholder.replicas", 0, 3),
    Setting("scheduling.userPods.nodeAffinity.matchNodePurpose", "prefer", "require"),
    Setting("scheduling.podPriority.enabled", False, True),
    Setting("prePuller.hook.enabled", True, False),
    Setting("prePuller.continuous.enabled", True, False),
    Setting("prePuller.extraImages.one.tag", "1", "2", {"prePuller": {"extraImages": {"one": {"name": "a"}}}}),
    Setting("cull.enabled", True, False),
    Setting("cull.timeout", 3600, 7200),
    Setting("rbac.create", True, False),
    Setting("global.safeToShowValues", False, True),
    Setting("debug.enabled", False, True),
    Setting("enabled", None, True),
    Setting("ingress.hosts", ["a.example.org"], ["b.example.org"], {"ingress": {"enabled": True}}),
    Setting("ingress.annotations.one", "1", "2", {"ingress": {"enabled": True, "hosts": ["a.example.org"]}}),
    Setting("httpRoute.gateway.name", "one", "two", {"httpRoute": {"enabled": True, "hostnames": ["a.example.org"]}}),
    Setting("fullnameOverride", "campus", "library"),
]

Read = set[tuple[tuple[str, ...], str, str]]


def read(text: str) -> Read:
    """What somebody reads of the hub's Secret: each line that is marked, with the keys above it."""
    found: Read = set()
    above: list[str] = []
    is_secret = False
    for line in text.splitlines():
        mark, body = line[:1], line[2:]
        if not body:
            continue
        if not body.startswith(" "):
            is_secret = "Secret/" in body
        elif is_secret:
            depth, content = (len(body) - len(body.lstrip()) - 4) // 2, body.strip()
            if mark == " ":
                label = f"[{content.partition(': ')[2]}]" if content.startswith("- ") else content.rstrip(":")
                above = [*above[:depth], label]
            else:
                found.add((tuple(above[:depth]), mark, content))
    return found


def expected(setting: Setting) -> Read:
    """What somebody has to read of a setting."""
    *above, key = steps_of(setting.where)
    old, new = setting.said
    if setting.is_secret:
        return {(tuple(above), "~", f"{key}: {HIDDEN} -> {HIDDEN}")}
    if (isinstance(old, str) and "\n" in old) or (isinstance(old, list) and all(isinstance(e, str) for e in old + new)):
        both = [side.split("\n") if isinstance(side, str) else [f'- "{e}"' for e in side] for side in (old, new)]
        gone, added = ({line for line in side if line not in other} for side, other in (both, both[::-1]))
        return {((*above, key), "-", line) for line in gone} | {((*above, key), "+", line) for line in added}
    sides = [(mark, side) for mark, side in (("-", old), ("+", new)) if side is not None]
    return {(tuple(above), mark, to_yaml({key: side}).split("\n")[0].strip()) for mark, side in sides}
