"""The sentences about edges: a cell of the matrix, on what an answer depends, a setting with its place, a change."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from chart_py.finding import dotted
from chart_py.reach.decision import Answer, Reason
from chart_py.reach.matrix import Edge, joined
from chart_py.reach.pair import ANY, Ports, others
from chart_py.reach.policy import EGRESS, PROTOCOLS
from chart_py.reach.settings import Cause, Setting
from chart_py.reach.why import Act, Change

MAYBE = "?"
_WIDE = 1000
"""A range of more ports than this is shown as a word."""
_LONGEST = 16

REASONS = {
    Reason.BLOCK: "whether the network plugin applies ipBlocks to pods (Calico does, Cilium does not)",
    Reason.RANGE: "whether pods have addresses in an ipBlock; name the pods' with --pod-cidr",
    Reason.NAMED: "whether the network plugin looks up named ports in egress rules",
    Reason.HOST: "how the network plugin treats pods on their node's network",
    Reason.SOURCE: "whether the client's own address arrives: load balancers and nodes can replace it",
    Reason.PART: "the address: the rules allow some of these addresses and not others",
    Reason.UNKNOWN: "the address behind the name: the rules allow some addresses and not others",
}


def cell(edge: Edge) -> str:
    """An edge in the matrix: yes, no, ? for depends, or the open ports."""
    pieces = [each for each in edge.pieces if each.ports.protocol != "SCTP"] or edge.pieces
    answers = {each.answer for each in pieces}
    if len(answers) == 1:
        return {Answer.YES: "yes", Answer.NO: "no", Answer.DEPENDS: MAYBE}[answers.pop()]
    shown: list[str] = []
    wide: list[str] = []
    for answer, mark in ((Answer.YES, ""), (Answer.DEPENDS, MAYBE)):
        spans = [each.ports for each in pieces if each.answer is answer]
        if any(each.last - each.first >= _WIDE for each in spans):
            wide.append(mark or "most")
        else:
            shown += [_numbers(each) + mark for each in spans]
    unlike = sorted(dict.fromkeys(shown), key=lambda text: int(text.partition("-")[0].rstrip(MAYBE)))
    text = " ".join([",".join(unlike), *wide]).strip()
    return text if len(text) <= _LONGEST else " ".join([f"{len(unlike)} ports", *wide])


def _numbers(ports: Ports) -> str:
    return str(ports.first) if ports.first == ports.last else f"{ports.first}-{ports.last}"


def ports_text(ports: Iterable[Ports]) -> str:
    """Ports as a list; one number for the protocols that share it, and no protocol for TCP or for all."""
    given = joined(list(ports))
    left = others(given)
    if 0 < len(left) < len(given) and sum(each.last - each.first for each in left) < _WIDE:
        return f"any port but {_ports_text(left)}"
    return _ports_text(given)


def _ports_text(given: Iterable[Ports]) -> str:
    by_span: dict[tuple[int, int], list[str]] = {}
    for each in given:
        by_span.setdefault((each.first, each.last), []).append(each.protocol)
    out = []
    for (first, last), protocols in by_span.items():
        number = "any port" if Ports(ANY, first, last).all else str(Ports(ANY, first, last))
        every = set(protocols) in ({ANY}, set(PROTOCOLS))
        plain = every or (protocols == ["TCP"] and number != "any port")
        out.append(number if plain else f"{number}/{'+'.join(protocols).lower()}")
    return ", ".join(out)


def setting_text(setting: Setting) -> str:
    """A setting with its value, and where it stands; `default` where nobody has set it."""
    where = str(setting.place) if setting.place else "default"
    simple = isinstance(setting.value, (bool, int, str)) or setting.value is None
    value = f": {plain(setting.value)}" if simple else ""
    return f"{setting.name}{value} ({where})"


def plain(value: Any) -> str:
    """A value as one line of YAML."""
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    if isinstance(value, str):
        return f'"{value}"' if value in ("true", "false", "null", "") or value[:1].isdigit() else value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {plain(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(plain, value)) + "]"
    return json.dumps(value)


def cause_text(cause: Cause) -> str:
    """Why one direction is as it is."""
    if cause.dropped:
        own = f": {setting_text(cause.setting)}" if cause.setting else ""
        return f"dropped by the pod's own iptables{own}"
    way = "egress" if cause.direction == EGRESS else "ingress"
    policy = f"NetworkPolicy/{cause.policy}, {way}" if cause.policy else way
    if cause.setting is not None:
        return f"{policy}: {setting_text(cause.setting)}"
    if cause.policy and cause.rule is not None:
        return f"{policy}: rule {cause.rule + 1}{', which every hub needs' if cause.always else ''}"
    return f"{policy}: no rule allows it" if cause.policy else f"{way}: no policy governs these pods"


def answer_text(answer: Answer, ports: Iterable[Ports]) -> str:
    """An answer with the ports that it is for."""
    return f"{answer.word} ({ports_text(ports)})"


def change_text(change: Change) -> str:
    """What to write, as one line."""
    name = dotted(change.path)
    if change.act is Act.SET:
        return f"{name}: {plain(change.value)}"
    if change.act is Act.ADD:
        return f"add to {name}: {plain(change.value)}"
    return f"remove {name}" if change.act is Act.REMOVE else f"take the port out of {name}"
