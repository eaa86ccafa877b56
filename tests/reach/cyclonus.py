"""Owns asking cyclonus, another reading of NetworkPolicies, what a set of them allows."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Sequence
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from chart_py.reach.addresses import Addresses
from chart_py.reach.party import Outside, Party, PodParty
from tests.end_to_end import programs
from tests.reach.random_sets import Case, Question


def answers(cases: Sequence[Case], folder: Path) -> list[list[bool]]:
    """What cyclonus says of each question of each case.

    One process answers many cases: the namespaces of each have names of their own, so that no policy of one can select
    a pod of another. It is asked not to simplify policies first, which only groups them.
    """
    policies = [_of_case(_with_types(each), index) for index, case in enumerate(cases) for each in case.policies]
    asked = [_traffic(each, index) for index, case in enumerate(cases) for each in case.questions]
    (folder / "policies.json").write_text(
        json.dumps({"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicyList", "items": policies})
    )
    (folder / "traffic.json").write_text(json.dumps(asked))
    command = [str(programs.cyclonus()), "analyze", "--mode", "query-traffic", "--simplify-policies=false"]
    command += ["--policy-path", str(folder / "policies.json"), "--traffic-path", str(folder / "traffic.json")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    said = [found == "TRUE" for found in re.findall(r"\| IS ALLOWED\? \|\s*(TRUE|FALSE)\s*\|", done.stdout)]
    assert len(said) == len(asked)
    found, start = [], 0
    for case in cases:
        found.append(said[start : start + len(case.questions)])
        start += len(case.questions)
    return found


def _with_types(policy: dict[str, Any]) -> dict[str, Any]:
    """A policy with the policyTypes that the API server fills in; cyclonus refuses one without."""
    spec = policy["spec"]
    types = spec.get("policyTypes") or (["Ingress", "Egress"] if spec.get("egress") else ["Ingress"])
    return {**policy, "spec": {**spec, "policyTypes": types}}


def _of_case(policy: dict[str, Any], index: int) -> dict[str, Any]:
    metadata = policy["metadata"]
    return {**policy, "metadata": {**metadata, "namespace": f"{metadata['namespace']}-{index}"}}


def _traffic(question: Question, index: int) -> dict[str, Any]:
    names = [
        each.name
        for each in (question.whom.ports if isinstance(question.whom, PodParty) else ())
        if (each.number, each.protocol) == (question.port, question.protocol)
    ]
    return {
        "Source": _peer(question.who, index),
        "Destination": _peer(question.whom, index),
        "Protocol": question.protocol,
        "ResolvedPort": question.port,
        "ResolvedPortName": names[0] if names else "",
    }


def _peer(party: Party, index: int) -> dict[str, Any]:
    made: dict[str, Any] = {"IP": _address(party.addresses)}
    if not isinstance(party, Outside):
        made["Internal"] = {
            "PodLabels": dict(party.labels),
            "NamespaceLabels": dict(party.space.labels),
            "Namespace": f"{party.space.name}-{index}",
        }
    return made


def _address(addresses: Addresses) -> str:
    ((first, last),) = addresses.v4 or addresses.v6
    assert first == last
    return str(ip_address(first))
