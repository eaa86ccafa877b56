"""Assertions about who reaches whom: read from text, judged, and suggested from the current state."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from chart_py.finding import Finding, Level, Place
from chart_py.pattern import Pattern
from chart_py.reach.decision import Answer
from chart_py.reach.matrix import IPV6, Edge, joined, matrix
from chart_py.reach.pair import ANY, Ports, others, pair
from chart_py.reach.party import PodParty
from chart_py.reach.release import Release
from chart_py.reach.targets import Target, UnknownPartyError, named
from chart_py.spelling import nearest

BROKEN, UNREADABLE = "assertion", "assertion-unreadable"
_LINE = Pattern(r"(\S+)\s+(\S+)\s*->\s*(\S+)$")
_VERBS = {"allow": Answer.YES, "deny": Answer.NO}


@dataclass(frozen=True)
class Assertion:
    """`allow WHO -> WHOM` or `deny WHO -> WHOM`, as it stands at `place`."""

    wants: Answer
    who: str
    whom: str
    place: Place

    def __str__(self) -> str:
        return f"{'allow' if self.wants is Answer.YES else 'deny'} {self.who} -> {self.whom}"


@dataclass(frozen=True)
class Judgement:
    """What is so of an assertion: the edges of it that are otherwise, with all that is known of them."""

    assertion: Assertion
    broken: tuple[Edge, ...] = ()

    @property
    def holds(self) -> bool:
        """Whether it is as the assertion says."""
        return not self.broken


def read(text: str, file: str) -> tuple[list[Assertion], list[Finding]]:
    """The assertions in a text, one on each line; what cannot be read as findings.

    Empty lines and what follows a `#` count for nothing. A line can be an item of a YAML list: `- deny user -> user`.
    """
    found: list[Assertion] = []
    wrong: list[Finding] = []
    for number, source in enumerate(text.splitlines(), 1):
        plain = re.sub(r"(^|\s)#.*", "", source).strip()
        stripped = re.sub(r"""^-\s+(['"]?)(.*)\1$""", r"\2", plain).strip()
        if not stripped or stripped == "---":
            continue
        column = source.index(stripped) + 1
        place = Place(file, number, column, len(stripped), source)
        match = _LINE.match(stripped)
        if match and match[1] in _VERBS:
            found.append(Assertion(_VERBS[match[1]], match[2], match[3], place))
            continue
        verb = stripped.split()[0]
        near = nearest(verb, _VERBS) if verb not in _VERBS else []
        hint = f"; did you mean {near[0]}?" if near else ""
        wrong.append(
            Finding(
                Level.ERROR,
                UNREADABLE,
                (),
                f"not an assertion{hint}",
                place,
                ("Write `allow WHO -> WHOM:PORT` or `deny WHO -> WHOM:PORT`, for example: deny user -> internet:25",),
            )
        )
    return found, wrong


def judge(assertions: Sequence[Assertion], release: Release) -> tuple[list[Judgement], list[Finding]]:
    """What holds of the assertions for a release; those that name an unknown party are findings."""
    judged: list[Judgement] = []
    wrong: list[Finding] = []
    for each in assertions:
        try:
            judged.append(Judgement(each, tuple(_broken(each, release))))
        except UnknownPartyError as error:
            message, *advice = str(error).removeprefix("error: ").split("\n")
            lines = tuple(line.strip() for line in advice)
            wrong.append(Finding(Level.ERROR, UNREADABLE, (), message, each.place, lines))
    return judged, wrong


def _broken(assertion: Assertion, release: Release) -> Iterator[Edge]:
    """The edges that are not as the assertion wants them."""
    for who in named(release, assertion.who):
        for target in named(release, assertion.whom):
            asked = _asked(target, assertion.wants)
            edge = Edge(who.party, asked, pair(release.policies, who.party, asked.party))
            if any(piece.answer is not assertion.wants for piece in edge.pieces):
                yield edge


def _asked(target: Target, wants: Answer) -> Target:
    """The target with the ports that are meant: who may reach pods, may reach the ports on which they listen."""
    if target.ports or wants is Answer.NO or not isinstance(target.party, PodParty) or not target.party.ports:
        return target
    return replace(target, ports=tuple(Ports(p.protocol, p.number, p.number) for p in target.party.ports))


def suggested(release: Release) -> Iterator[str]:
    """Today's matrix as assertions, line by line; what depends stands in comments."""
    found = matrix(release)
    yield f"# Who may reach whom in {release.namespace}, as it is today. Keep what you want to hold; remove the rest."
    for who in found.whos:
        yield ""
        for edge in (each for each in found.edges if each.who is who):
            if found.speaks_ipv6 or edge.target.name not in IPV6:
                yield from _lines(edge)


def _lines(edge: Edge) -> Iterator[str]:
    """The assertions that say all that is so of an edge: of every port, or of those that its target asks for."""
    own = edge.target.ports
    for answer in reversed(Answer):
        ports = joined([each.ports for each in edge.pieces if each.answer is answer])
        if not ports:
            continue
        left = others(ports)
        whole = not own and not left
        asked = ",".join(map(_port, ports))
        if not own and left and len(",".join(map(_port, left))) < len(asked):
            asked = "!" + ",".join(map(_port, left))
        verb = {Answer.YES: "allow", Answer.NO: "deny", Answer.DEPENDS: "# depends:"}[answer]
        yield f"{verb} {edge.who.name} -> {edge.target.name}{'' if whole else f':{asked}'}"


def _port(ports: Ports) -> str:
    number = str(ports.first) if ports.first == ports.last else f"{ports.first}-{ports.last}"
    return number if ports.protocol in ("TCP", ANY) else f"{number}/{ports.protocol.lower()}"
