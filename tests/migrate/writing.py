"""Configurations in old and new words, written in every style that a person might use, for property tests."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Draw = Callable[[st.SearchStrategy[Any]], Any]

# Old words with values that they may have. Those of one set exclude each other.
OLD: dict[str, list[Any]] = {
    "auth.type": ["github", "google", "dummy", "ldap"],
    "auth.github.clientId": ["id", "12345", "yes"],
    "auth.github.clientSecret": ["s3cret: with colon", "it's"],
    "auth.github.callbackUrl": ["https://hub.example.org/hub/oauth_callback"],
    "auth.github.org_whitelist": [["A", "B"], []],
    "auth.google.hostedDomain": ["example.org", ["a.org", "b.org"]],
    "auth.ldap.server.address": ["ldap.example.org"],
    "auth.ldap.server.ssl": [True, False],
    "auth.ldap.dn.templates": [["uid={username},ou=people,dc=example,dc=org"]],
    "auth.dummy.password": ["pass # word"],
    "auth.whitelist.users": [["ada", "grace"], None],
    "auth.admin.users": [["ada"]],
    "auth.admin.access": [True, False],
    "auth.state.enabled": [True],
    "auth.state.cryptoKey": ["1" * 64 + ";" + "2" * 64],
    "auth.scopes": [["read:user"]],
    "hub.uid": [1001],
    "hub.fsGid": [1002],
    "hub.imagePullPolicy": ["Always"],
    "hub.extraConfig": [
        "c.JupyterHub.x = 1\n",
        "import os\n\n# comment of Python\nif True:\n    pass\n",
        "import os\n  \nif True: \n    \n    pass\n",
    ],
    "hub.extraConfigMap.myList": [["Item1", "Item2"]],
    "hub.extraConfigMap.myDict": [{"key": "value", "other": {"a": 1}}],
    "hub.db.url": ["postgres+psycopg2://u:p@db:5432/hub"],
    "hub.publicURL": ["https://hub.example.org/"],
    "proxy.networkPolicy.enabled": [True, False],
    "proxy.networkPolicy.egress": [[{"ports": [{"port": 53, "protocol": "UDP"}]}]],
    "proxy.pdb.enabled": [True],
    "proxy.nodeSelector": [{"pool": "core"}],
    "proxy.nginx.image.tag": ["0.9.0-beta.15"],
    "singleuser.imagePullPolicy": ["IfNotPresent"],
    "singleuser.imagePullSecret.enabled": [True],
    "singleuser.imagePullSecret.registry": ["private.example.org"],
    "singleuser.imagePullSecret.username": ["ada"],
    "singleuser.imagePullSecret.password": ["pass"],
    "singleuser.cloudMetadata.enabled": [True, False],
    "singleuser.schedulerStrategy": ["spread", "pack"],
    "prePuller.extraImages.ubuntu.policy": ["Always", "IfNotPresent"],
    "rbac.enabled": [True, False],
}
NEW: dict[str, list[Any]] = {
    "hub.labels": [{"team": "data"}],
    "hub.image.name": ["example.org/hub"],
    "hub.image.tag": ["v1", "16.10"],
    "hub.extraEnv": [{"A": "b", "C": "d e"}],
    "hub.db.type": ["postgres"],
    "hub.networkPolicy.enabled": [True],
    "proxy.secretToken": ["a" * 64],
    "proxy.https.hosts": [["hub.example.org"]],
    "proxy.chp.resources": [{"requests": {"cpu": "200m"}}],
    "singleuser.image.name": ["example.org/notebook"],
    "singleuser.memory.limit": ["1G"],
    "singleuser.networkPolicy.enabled": [True],
    "singleuser.networkPolicy.egress": [[{"to": [{"ipBlock": {"cidr": "0.0.0.0/0"}}]}]],
    "singleuser.extraPodAntiAffinity.preferred": [[{"weight": 1, "podAffinityTerm": {"topologyKey": "zone"}}]],
    "singleuser.profileList": [[{"display_name": "One", "description": "x"}, {"display_name": "Two"}]],
    "prePuller.extraImages.ubuntu.name": ["ubuntu"],
    "prePuller.extraImages.ubuntu.tag": ["16.04"],
    "cull.timeout": [1800],
    "custom.mine": [{"a": ["b", {"c": None}]}],
    "custom.text": ["one\n \n  two \n"],
    "scheduling.podPriority.enabled": [True],
    "debug.enabled": [True],
}
ALL = OLD | NEW


@st.composite
def configurations(draw: Draw) -> str:
    """A configuration's text."""
    words = draw(st.lists(st.sampled_from(sorted(ALL)), min_size=1, max_size=14, unique=True))
    if any(word.startswith("prePuller.extraImages") for word in words):
        words += [
            w for w in ("prePuller.extraImages.ubuntu.name", "prePuller.extraImages.ubuntu.tag") if w not in words
        ]
    tree: dict[str, Any] = {}
    for word in words:
        *above, last = word.split(".")
        here = tree
        for step in above:
            here = here.setdefault(step, {})
        here[last] = draw(st.sampled_from(ALL[word]))
    shared = [section for section in ("hub", "singleuser") if len(tree.get(section, {})) > 1]
    if shared and draw(st.integers(1, 4)) == 1:
        section = draw(st.sampled_from(shared))
        own, common = dict(tree[section]), {}
        for word in list(own)[: draw(st.integers(1, len(own) - 1))]:
            common[word] = own.pop(word)
        tree[section] = {"<<": None, **own}
        tree = {"x-common": common, **tree}
    return _Writer(draw).text(tree)


class _Writer:
    """Writes a tree in a style of its own: indentation, braces, quotes, comments, blank lines, anchors."""

    def __init__(self, draw: Draw) -> None:
        self.draw = draw
        self.step = draw(st.sampled_from([2, 4]))
        self.busy = draw(st.booleans())
        self.comments = self.named = 0
        self.anchors: list[tuple[str, Any]] = []

    def chance(self, one_in: int) -> bool:
        return self.busy and bool(self.draw(st.integers(1, one_in)) == 1)

    def comment(self) -> str:
        self.comments += 1
        return f"# c{self.comments}#"

    def text(self, tree: dict[str, Any]) -> str:
        head = f"{self.comment()}\n\n" if self.chance(2) else ""
        tail = f"{self.comment()}\n" if self.chance(3) else ""
        return head + "\n".join(self.block(tree, 0)) + "\n" + tail

    def block(self, tree: dict[str, Any], column: int) -> list[str]:
        indent, lines = " " * column, []
        for word, value in tree.items():
            if self.chance(6):
                lines.append("")
            if self.chance(4):
                lines.append(indent + self.comment())
            lines += [indent + line for line in self.entry(word, value)]
            if self.chance(8):
                lines.append(indent + " " * self.draw(st.sampled_from([0, self.step])) + self.comment())
        return lines

    def entry(self, word: str, value: Any) -> list[str]:
        if word == "<<":
            return ["<<: *common"]
        if word == "x-common":
            return ["x-common: &common", *self.block(value, self.step)]
        key = json.dumps(word) if self.chance(8) else word
        beside = f"  {self.comment()}" if self.chance(4) else ""
        known = next((name for name, said in self.anchors if said == value and type(said) is type(value)), None)
        if known and self.chance(2):
            return [f"{key}: *{known}{beside}"]
        anchor = ""
        if value is not None and self.chance(8):
            self.named += 1
            anchor = f" &a{self.named}"
        if isinstance(value, dict) and value and ("<<" in value or not self.chance(3)):
            lines = [f"{key}:{anchor}{beside}", *self.block(value, self.step)]
        elif isinstance(value, list) and value and not self.chance(2):
            lines = [f"{key}:{anchor}{beside}", *self.items(value)]
        elif isinstance(value, str) and value.endswith("\n"):
            body = [(" " * self.step + line) if line else "" for line in value.rstrip("\n").split("\n")]
            lines = [f"{key}:{anchor} |{beside}", *body]
        else:
            lines = [f"{key}:{anchor} {self.flow(value)}{beside}"]
        if anchor:
            self.anchors.append((anchor[2:], value))
        return lines

    def items(self, value: list[Any]) -> list[str]:
        indent = " " * self.draw(st.sampled_from([0, self.step]))
        return [f"{indent}- {self.flow(item)}" + (f"  {self.comment()}" if self.chance(4) else "") for item in value]

    def flow(self, value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{word}: {self.flow(inner)}" for word, inner in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(self.flow, value)) + "]"
        if isinstance(value, str):
            plain = value.replace("-", "").replace(".", "").isalnum() and not value[0].isdigit() and value != "yes"
            style = self.draw(st.sampled_from(["plain", "single", "double"])) if plain else "double"
            return value if style == "plain" else f"'{value}'" if style == "single" else json.dumps(value)
        return json.dumps(value)
