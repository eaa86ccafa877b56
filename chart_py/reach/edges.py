"""What one release can reach and another cannot: the edges that open and close between two sets of manifests."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from chart_py.manifest import Manifest
from chart_py.reach import release as parties
from chart_py.reach.decision import Answer
from chart_py.reach.matrix import Edge, Matrix, joined, matrix, shown_names
from chart_py.reach.pair import ANY, Ports
from chart_py.reach.policy import PROTOCOLS
from chart_py.reach.release import Release, release


@dataclass(frozen=True)
class Shift:
    """An edge whose answer is another one: from whom to whom, for which ports, what it was and what it is."""

    who: str
    whom: str
    ports: tuple[Ports, ...]
    before: Answer
    after: Answer

    @property
    def opens(self) -> bool:
        """Whether it is more open than it was; else it is less."""
        return self.after > self.before

    @property
    def is_certain(self) -> bool:
        """Whether neither answer depends on anything."""
        return Answer.DEPENDS not in (self.before, self.after)

    @property
    def word(self) -> str:
        """`opens` or `closes`; with `may` where one of the answers depends."""
        verb = "open" if self.opens else "close"
        return f"{verb}s" if self.is_certain else f"may {verb}"


@dataclass(frozen=True)
class Group:
    """Shifts that go the same way for the same ports: from each of `whos` to each of `whoms`."""

    whos: tuple[str, ...]
    whoms: tuple[str, ...]
    shift: Shift


@dataclass(frozen=True)
class Shifts:
    """The edges that `opens` and `closes` name."""

    opens: tuple[Shift, ...] = ()
    closes: tuple[Shift, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.opens or self.closes)

    def grouped(self) -> list[Group]:
        """The shifts with those together that say the same of several parties; what opens first, what is certain."""
        by_who: dict[tuple[object, ...], list[Shift]] = {}
        for each in (*self.opens, *self.closes):
            by_who.setdefault((each.who, each.ports, each.before, each.after), []).append(each)
        alike: dict[tuple[object, ...], list[list[Shift]]] = {}
        for same in by_who.values():
            first = same[0]
            whoms = tuple(each.whom for each in same)
            alike.setdefault((whoms, first.ports, first.before, first.after), []).append(same)
        found = [
            Group(tuple(same[0].who for same in each), tuple(s.whom for s in each[0]), each[0][0])
            for each in alike.values()
        ]
        return sorted(found, key=lambda each: (not each.shift.opens, not each.shift.is_certain))


def edges(before: Sequence[Manifest], after: Sequence[Manifest], namespace: str) -> Shifts:
    """What opens and what closes when the objects of a release are those of `after` and no longer those of `before`.

    Parties that only one of both has are left out: whoever is new, or gone, has neither lost nor gained anything.
    """
    return between(release(before, namespace), release(after, namespace))


def between(before: Release, after: Release) -> Shifts:
    """What opens and what closes between two releases."""
    names = shown_names(before) | shown_names(after)
    old, new = matrix(before, shown=names), matrix(after, shown=names)
    found = [shift for one, other in _both(old, new) for shift in _between(one, other)]
    return Shifts(tuple(s for s in found if s.opens), tuple(s for s in found if not s.opens))


def _both(before: Matrix, after: Matrix) -> Iterator[tuple[Edge, Edge]]:
    """The edges of both, by who, whom and the host that a setting names."""
    old = {(edge.who.name, edge.target.name, edge.target.host, edge.target.ports): edge for edge in before.edges}
    for edge in after.edges:
        asked = (edge.target.host, edge.target.ports)
        for who in _names(before.release, edge.who.name):
            for whom in _names(before.release, edge.target.name):
                if found := old.get((who, whom, *asked)):
                    yield found, edge


def _names(release: Release, name: str) -> list[str]:
    """The names that a party had before: users' pods may have been told apart by profile otherwise."""
    known = [each.name for each in release.users]
    if name.partition("/")[0] != parties.USER or name in known:
        return [name]
    return known


def _between(old: Edge, new: Edge) -> Iterator[Shift]:
    """The shifts of one edge, for ports that go the same way together."""
    found: dict[tuple[Answer, Answer], list[Ports]] = {}
    for ports, before, after in _pieces(old, new):
        if before is not after:
            found.setdefault((before, after), []).append(ports)
    for (before, after), alike in found.items():
        yield Shift(new.who.name, new.target.name, tuple(joined(alike)), before, after)


def _pieces(old: Edge, new: Edge) -> Iterator[tuple[Ports, Answer, Answer]]:
    whole = {piece.ports.protocol for edge in (old, new) for piece in edge.pieces} == {ANY}
    for protocol in (ANY,) if whole else PROTOCOLS:
        spans = [[piece for piece in edge.pieces if piece.ports.protocol in (protocol, ANY)] for edge in (old, new)]
        for one in spans[0]:
            for other in spans[1]:
                first, last = max(one.ports.first, other.ports.first), min(one.ports.last, other.ports.last)
                if first <= last:
                    yield Ports(protocol, first, last), one.answer, other.answer
