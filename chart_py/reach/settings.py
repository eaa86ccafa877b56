"""Which setting decides: from a rule of a policy, or its absence, back to the setting and its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from chart_py.context import Context
from chart_py.finding import Path, Place, dotted
from chart_py.manifest import Manifest
from chart_py.manifest.clean import clean
from chart_py.reach.decision import Grant
from chart_py.reach.policy import EGRESS, INGRESS, Policy, Rule, policy
from chart_py.resources.autohttps import network_policy as autohttps_policy
from chart_py.resources.hub import network_policy as hub_policy
from chart_py.resources.names import Names
from chart_py.resources.network_rules import READY_MADE
from chart_py.resources.proxy import network_policy as proxy_policy
from chart_py.resources.singleuser import network_policy as singleuser_policy
from chart_py.values.layer import Layer
from chart_py.values.load import Loaded, from_layers
from chart_py.values.parts import NetworkPolicy
from chart_py.values.root import Values

POLICY = "networkPolicy"
_SECTIONS: dict[str, Path] = {
    "hub": ("hub",),
    "proxy": ("proxy", "chp"),
    "autohttps": ("proxy", "traefik"),
    "singleuser": ("singleuser",),
}
_BUILDERS: dict[str, Callable[[Values, Context], Manifest | None]] = {
    "hub": hub_policy.network_policy,
    "proxy": proxy_policy.network_policy,
    "autohttps": autohttps_policy.network_policy,
    "singleuser": singleuser_policy.network_policy,
}
BLOCK: Path = ("singleuser", "cloudMetadata", "blockWithIptables")


@dataclass(frozen=True)
class Setting:
    """A setting that decides something: its path as the user writes it, its value, and its place.

    `place` is None where nobody has set it, so that its default decides.
    """

    path: Path
    value: Any = None
    place: Place | None = None

    @property
    def name(self) -> str:
        """The path with dots."""
        return dotted(self.path)


@dataclass(frozen=True)
class Cause:
    """Why one direction is as it is: the policy and its rule, by index (None for no rule), and the setting if known.

    No setting makes the rules that are `always` there, as no hub works without them. `dropped` says that it is no
    policy but the asking pod's own iptables.
    """

    policy: str
    direction: str
    rule: int | None = None
    setting: Setting | None = None
    always: bool = False
    dropped: bool = False


class Settings:
    """The settings behind the policies of one release."""

    def __init__(self, loaded: Loaded, context: Context | None = None) -> None:
        self.loaded = loaded
        self.context = replace(context or Context(), edition=loaded.edition)
        names = Names(loaded.values, self.context)
        self._sections = {names.hub if name == "hub" else names.named(name): path for name, path in _SECTIONS.items()}

    def section_of(self, component: str) -> Path | None:
        """The path of the policy of a component's pods; None for one that has none."""
        found = _SECTIONS.get(component)
        return (*found, POLICY) if found else None

    def section(self, policy: str) -> Path | None:
        """The path of the section that makes a policy; None for one that is nobody's here."""
        found = self._sections.get(policy)
        return (*found, POLICY) if found else None

    def at(self, path: Path) -> Setting:
        """The setting at `path`, with its place where it is set."""
        sources = self.loaded.sources
        is_set = any(layer.has(path) for layer in sources.layers)
        layer = sources.layer(path) if is_set else None
        written = layer.written(path) if layer else path
        return Setting(written, _at(self.loaded.tree, path), sources.place(path) if is_set else None)

    def policy_of(self, section: Path) -> Policy | None:
        """The policy of a section as it would be if it were enabled."""
        tree: dict[str, Any] = {"enabled": True}
        for step in reversed(section):
            tree = {str(step): tree}
        layers = [*self.loaded.sources.layers, Layer("", tree)]
        loaded = from_layers(layers, chart_version=self.loaded.edition.version, release=self.context.release)
        builder = next(builder for name, builder in _BUILDERS.items() if _SECTIONS[name] == section[:-1])
        made = builder(loaded.values, self.context)
        return policy(clean(made), self.context.namespace) if made else None

    def of_grant(self, grant: Grant) -> Setting | None:
        """The setting that makes the rule behind a grant; None where no setting does."""
        section = self.section(grant.rule.policy)
        if section is None:
            return None
        found = self._of_rule(section, grant.rule, grant.peer)
        return self.at((*section, *found)) if found else None

    def of_rule(self, rule: Rule) -> Setting | None:
        """The setting that a whole rule comes from, where it is the user's own."""
        section = self.section(rule.policy)
        found = self._own(section, rule) if section else ()
        return self.at((*section, *found)) if section and found else None

    def _of_rule(self, section: Path, rule: Rule, peer: int | None) -> Path:
        word = "from" if rule.direction == INGRESS else "to"
        raw = rule.raw if isinstance(rule.raw, dict) else {}
        given = raw[word][peer] if peer is not None else None
        if rule.direction == EGRESS and self.has_ready_made:
            for each in READY_MADE:
                if given in each.peers and raw.get("ports") == each.ports and self._is_on(section, each.setting):
                    return ("egressAllowRules", each.setting)
        if own := self._own(section, rule):
            return own
        policy = self._values(section)
        open_ports = [{"port": port} for port in policy.allowedIngressPorts]
        if rule.direction == INGRESS and peer is None and open_ports and raw.get("ports") == open_ports:
            return ("allowedIngressPorts",)
        if rule.direction == INGRESS and given and set(given) == {"namespaceSelector"}:
            return ("interNamespaceAccessLabels",) if policy.interNamespaceAccessLabels == "accept" else ()
        return ()

    def _own(self, section: Path, rule: Rule) -> Path:
        """The place of a rule in the user's own list; () where it is not in it."""
        word = "ingress" if rule.direction == INGRESS else "egress"
        listed = getattr(self._values(section), word)
        return next(((word, index) for index, each in enumerate(listed) if clean(each) == rule.raw), ())

    @property
    def has_ready_made(self) -> bool:
        """Whether this edition has `egressAllowRules`."""
        return self.loaded.edition.has("egress-allow-rules")

    def _is_on(self, section: Path, name: str) -> bool:
        return bool(getattr(self._values(section).egressAllowRules, name))

    def _values(self, section: Path) -> NetworkPolicy:
        here: Any = self.loaded.values
        for step in section:
            here = getattr(here, str(step))
        found: NetworkPolicy = here
        return found


def _at(tree: Any, path: Path) -> Any:
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return None
    return tree
