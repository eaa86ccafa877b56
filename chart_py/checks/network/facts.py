"""What rules about NetworkPolicies ask of a rendered release: who its parties are, and which setting decides what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

from chart_py.checks.rule import Facts
from chart_py.context import Context
from chart_py.finding import Path
from chart_py.manifest import Manifest
from chart_py.reach import release as parties
from chart_py.reach.party import PodParty
from chart_py.reach.policy import Policy, Rule
from chart_py.reach.release import Release, release
from chart_py.reach.settings import Setting, Settings
from chart_py.values.load import Loaded

SPAWNER: Path = ("hub", "config", "KubeSpawner")


class ReachFacts(Facts):
    """Facts with the release as policies see it."""

    def __init__(self, loaded: Loaded, manifests: Sequence[Manifest], context: Context) -> None:
        super().__init__(loaded)
        self.release: Release = release(manifests, context.namespace)
        self.settings = Settings(loaded, context)

    @cached_property
    def pods(self) -> tuple[PodParty, ...]:
        """The pods of the release: users' and those of its workloads."""
        return (*self.release.users, *self.release.workloads)

    def selected(self, policy: Policy) -> list[PodParty]:
        """The pods of the release that a policy selects."""
        return [each for each in self.pods if each.space.name == policy.namespace and policy.pods.selects(each.labels)]

    def own_rules(self) -> Iterator[tuple[Policy, Rule, Setting]]:
        """The rules that the user has written, each with its policy and its setting."""
        for policy in self.release.policies:
            for rule in (*(policy.ingress or ()), *(policy.egress or ())):
                setting = self.settings.of_rule(rule)
                if setting is not None and setting.place is not None:
                    yield policy, rule, setting

    def labels_path(self, party: PodParty) -> Path:
        """The setting that most likely gives users' pods the labels that they have."""
        for trait in ("common_labels", "component_label", "enable_user_namespaces", "extra_labels", "profile_list"):
            if self.written(*SPAWNER, trait):
                return (*SPAWNER, trait)
        profile = party.name.partition("/")[2]
        if profile and self.written("singleuser", "profileList"):
            return ("singleuser", "profileList")
        return ("singleuser", "extraLabels")

    def policy_path(self, party: PodParty) -> Path:
        """The path of the policy of a party's pods."""
        name = "singleuser" if party.name.partition("/")[0] == parties.USER else party.name
        return self.settings.section_of(name) or ("singleuser", "networkPolicy")


def reach_facts(facts: Facts) -> ReachFacts:
    """The facts of rules that need a rendered release."""
    assert isinstance(facts, ReachFacts)
    return facts
