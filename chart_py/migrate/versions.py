"""From which chart to which a migration goes: what is asked for, what is guessed, what has to be kept on the way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from chart_py.editions import GUIDE, TODAY, edition
from chart_py.editions.order import key
from chart_py.editions.releases import RELEASES
from chart_py.editions.table import CHANGES, since
from chart_py.errors import UsageError
from chart_py.values.layer import Layer
from chart_py.values.load import default_tree
from chart_py.values.merge import at

# Charts that were never published under the versions that are known here, but whose settings are.
_BEFORE = ("0.8", "0.9", "0.10", "0.11")
_PODS: tuple[tuple[str, ...], ...] = (("hub",), ("proxy", "chp"), ("proxy", "traefik"), ("singleuser",))


class Way(NamedTuple):
    """A migration's way: `older` is empty where nobody has said it, and nothing has to be known of it."""

    older: str
    newer: str

    @property
    def keeps_defaults(self) -> bool:
        """Whether the meaning of the older defaults is written out: those of the guide's charts are known to differ."""
        return self.older in GUIDE


def way(older: str | None, newer: str | None) -> Way:
    """The way from `older` to `newer`, today's where none is given. Raises UsageError where there is no such way."""
    last = newer or TODAY
    if edition(last).version in GUIDE:
        raise UsageError(f"--to {last}: the guide's charts are only migrated from; the oldest one to go to is 1.0.0")
    if older is None:
        return Way("", last)
    if older.startswith(_BEFORE) and older.split(".")[:2] in [each.split(".") for each in _BEFORE]:
        return Way(older, last)
    edition(older)
    if older in GUIDE:
        if last != TODAY:
            raise UsageError(
                f"a configuration of the guide's charts is migrated to {TODAY}, where all of it has a place\n"
                "   Leave out --to."
            )
        return Way(older, last)
    if key(older) > key(last):
        raise UsageError(
            f"{last} is older than {older}; a migration goes up\n"
            f"   `chart-py validate --chart-version {last}` names the settings that {last} does not know."
        )
    return Way(older, last)


class Guess(NamedTuple):
    """For which charts files can have been written: from `low` on, before `high`; empty where nothing is known."""

    low: str = ""
    high: str = ""

    @property
    def text(self) -> str:
        """The guess as the table says it; empty where there is none."""
        if self.low and self.high:
            return f"{self.low} or later, before {self.high}, by its settings"
        if self.low:
            return f"{self.low} or later, by its settings"
        return f"a version before {self.high}, by its settings" if self.high else ""

    @property
    def newest(self) -> str:
        """The newest chart that they can have been written for; empty where that may be any."""
        return next((each for each in reversed(RELEASES) if self.high and key(each) < key(self.high)), "")


def guess(layers: Sequence[Layer]) -> Guess:
    """For which charts files can have been written, by their settings."""
    low, high = "", ""
    for change in CHANGES:
        for setting in change.settings:
            if not any(layer.has(setting.steps) for layer in layers):
                continue
            if setting.added and (not low or key(change.since) > key(low)):
                low = change.since
            if setting.removed and (not high or key(change.since) < key(high)):
                high = change.since
    return Guess(low, high)


def protections(layers: Sequence[Layer], going: Way) -> dict[str, Any]:
    """What has to be written so that nothing is opened that was closed, as a tree; `going.older` may be a guess.

    Up to chart 1.2 `networkPolicy.egress` was all that pods could reach; DNS was open beside it, as it is today.
    """
    if not going.older or going.keeps_defaults or key(going.older) >= key(since("egress-allow-rules")):
        return {}
    found: dict[str, Any] = {}
    for pods in _PODS:
        policy = (*pods, "networkPolicy")
        has_egress = any(isinstance(at(layer.tree, (*policy, "egress")), list) for layer in layers)
        if not has_egress or any(layer.has((*policy, "egressAllowRules")) for layer in layers):
            continue
        rules: Mapping[str, Any] = default_tree((*policy, "egressAllowRules"), going.newer) or {}
        closed = {name: False for name, on in rules.items() if on and not name.startswith("dns")}
        if closed:
            put_at(found, (*policy, "egressAllowRules"), closed)
    return found


def put_at(tree: dict[str, Any], path: tuple[str, ...], value: Any) -> None:
    """Put a value into a tree, with the maps around it."""
    for step in path[:-1]:
        tree = tree.setdefault(step, {})
    tree[path[-1]] = value
