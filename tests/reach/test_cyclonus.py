"""What policies allow, beside cyclonus: the same answers for random sets of policies.

cyclonus reads two things otherwise than Kubernetes does; both are in its `pkg/kube/labelselector.go`:

- `NotIn` on a label that is missing. Kubernetes' documentation of labels says of `tier notin (frontend, backend)` that
  it "selects all resources with key equal to tier and values other than frontend and backend, and all resources with no
  labels with the tier key", and `Requirement.Matches` of k8s.io/apimachinery returns true there. cyclonus: no match.
- A label that `matchLabels` wants to be empty. Kubernetes takes it for `In` with that one value, so the label has to be
  there. cyclonus looks it up in a map and takes a missing one for empty: match.

So each set is compared as cyclonus reads it: with these two requirements written as what it makes of them, which
changes nothing else. `test_selectors` holds ours to Kubernetes' reading.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from chart_py.reach.decision import Answer, Reason
from chart_py.reach.pair import Piece, pair
from chart_py.reach.party import PodParty
from chart_py.reach.policy import policies
from tests.end_to_end.conftest import need
from tests.reach import cyclonus
from tests.reach.random_sets import NAMESPACES, TEXTS, Case, case

SETS, AT_ONCE = 2000, 250


def ours(cases: list[Case]) -> list[list[Piece]]:
    """What we say of each question of each case."""
    found = []
    for each in cases:
        read = policies(each.policies, "default")
        found.append([pair(read, q.who, q.whom).at(q.protocol, q.port) for q in each.questions])
    return found


def theirs(cases: list[Case], folder: Path) -> list[list[bool]]:
    """What cyclonus says of each question of each case."""
    need("cyclonus")
    found: list[list[bool]] = []
    for start in range(0, len(cases), AT_ONCE):
        found += cyclonus.answers(cases[start : start + AT_ONCE], folder)
    return found


def as_cyclonus_reads(value: Any) -> Any:
    """Part of a manifest, its selectors as Kubernetes would have to be given them to read them as cyclonus does."""
    if isinstance(value, list):
        return [as_cyclonus_reads(each) for each in value]
    if not isinstance(value, dict):
        return value
    made = {key: as_cyclonus_reads(each) for key, each in value.items()}
    demands = list(made.get("matchExpressions") or [])
    for each in [each for each in demands if each.get("operator") == "NotIn"]:
        demands.append({"key": each["key"], "operator": "Exists"})
    labels = made.get("matchLabels") or {}
    for key in [key for key, text in labels.items() if text == ""]:
        # Missing or empty: none of all the other texts that there are.
        others = sorted({*TEXTS, *NAMESPACES, "a", "b"} - {""})
        demands.append({"key": key, "operator": "NotIn", "values": others})
        made["matchLabels"] = {each: text for each, text in labels.items() if text != ""}
    return made | ({"matchExpressions": demands} if demands else {})


def test_the_same_as_cyclonus(tmp_path: Path) -> None:
    cases = [case(seed) for seed in range(SETS)]
    read = [Case(as_cyclonus_reads(each.policies), each.questions) for each in cases]
    wrong = [
        (seed, number, asked.who, asked.whom, asked.protocol, asked.port, said.answer, other)
        for seed, (each, found, said_there) in enumerate(zip(cases, ours(read), theirs(cases, tmp_path), strict=True))
        for number, (asked, said, other) in enumerate(zip(each.questions, found, said_there, strict=True))
        if (said.answer is not Answer.NO) is not other
    ]
    assert wrong == []


def without_blocks(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy without its ipBlocks: those that had no other peer allow nobody."""
    spec = dict(policy["spec"])
    for word, end in (("ingress", "from"), ("egress", "to")):
        kept = []
        for rule in spec.get(word, ()):
            peers = [peer for peer in rule.get(end) or () if "ipBlock" not in peer]
            if peers or not rule.get(end):
                kept.append({**rule, end: peers})
        spec[word] = kept
    types = spec.get("policyTypes") or (["Ingress", "Egress"] if policy["spec"].get("egress") else ["Ingress"])
    return {**policy, "spec": {**spec, "policyTypes": types}}


def test_what_is_certain_needs_no_block(tmp_path: Path) -> None:
    """A yes between pods stands for plugins to which ipBlocks say nothing of pods, too; without them it is certain."""
    cases = []
    for seed in range(SETS // 4):
        whole = case(seed)
        asked = [q for q in whole.questions if isinstance(q.who, PodParty) and isinstance(q.whom, PodParty)]
        cases.append(Case(whole.policies, asked))
    bare = [Case([without_blocks(policy) for policy in each.policies], each.questions) for each in cases]
    read = [Case(as_cyclonus_reads(each.policies), each.questions) for each in cases]
    found: dict[tuple[Answer, bool], int] = {}
    for own, said_there in zip(ours(read), theirs(bare, tmp_path), strict=True):
        for said, other in zip(own, said_there, strict=True):
            if not (said.answer is Answer.DEPENDS and Reason.NAMED in said.reasons):
                found[said.answer, other] = found.get((said.answer, other), 0) + 1
    assert set(found) == {(Answer.YES, True), (Answer.NO, False), (Answer.DEPENDS, False)}
