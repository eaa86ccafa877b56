"""Which hubs change between two states, for people, programs, pull requests and GitHub's annotations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from chart_py.fleet.since import Group, HubChange, Outcome, edge_groups, groups

MOST_CHARACTERS = 60_000
"""How long a comment on GitHub may be, with some room left."""
_NAMES = 8


def summary(found: Sequence[HubChange]) -> str:
    """How many hubs are the same, changed, new, gone and broken."""
    count = Counter(each.outcome for each in found)
    return ", ".join(f"{count[outcome]} {outcome.value}" for outcome in Outcome if count[outcome])


def since_lines(found: Sequence[HubChange]) -> Iterator[str]:
    """For a terminal: each hub that is not the same, what opens and closes, what changes; shared things once."""
    width = max((len(each.name) for each in found), default=0)
    for each in found:
        if each.outcome is not Outcome.SAME:
            yield f"{each.outcome.value:<8} {each.name:<{width}}".rstrip()
            yield from (f"    {line}" for line in each.problem.splitlines())
    for title, grouped in (("Who can reach whom", edge_groups(found)), ("Changes", groups(found))):
        for group in grouped:
            yield ""
            yield f"{title}, {_whose(group)}"
            for first, *more in group.changes:
                yield f"  {first}"
                yield from (f"      {line}" for line in more)
    yield from (["", summary(found)] if len(found) > 1 or _moved(found) else [summary(found)])


def _moved(found: Sequence[HubChange]) -> bool:
    return any(each.outcome is not Outcome.SAME for each in found)


def _whose(group: Group) -> str:
    names = ", ".join(group.hubs[:_NAMES]) + (f" and {len(group.hubs) - _NAMES} more" if group.hubs[_NAMES:] else "")
    return names if len(group.hubs) == 1 else f"{len(group.hubs)} hubs: {names}"


def since_data(found: Sequence[HubChange]) -> dict[str, Any]:
    """All of it as data: `hubs` with their outcomes, `reach` and `changes` as groups with the hubs that share them."""
    return {
        "hubs": [{"name": e.name, "outcome": e.outcome.value, "problem": e.problem} for e in found],
        "reach": [{"hubs": g.hubs, "edges": [line for (line,) in g.changes]} for g in edge_groups(found)],
        "changes": [{"hubs": g.hubs, "objects": [_object(change) for change in g.changes]} for g in groups(found)],
    }


def _object(change: Sequence[str]) -> dict[str, Any]:
    first, *lines = change
    what = {"+": "created", "-": "deleted", "~": "changed"}[first[0]]
    return {"object": first[2:], "what": what, "lines": lines}


def since_markdown(found: Sequence[HubChange], most: int = MOST_CHARACTERS) -> str:
    """A comment for a pull request: the biggest groups whole, the others counted, never longer than `most`."""
    parts = [f"**{summary(found)}**\n"]
    rows = [each for each in found if each.outcome is not Outcome.SAME]
    if rows:
        table = ["| hub | |", "| --- | --- |", *(f"| {each.name} | {each.outcome.value} |" for each in rows)]
        parts.append("\n" + _within("\n".join(table) + "\n", most // 3, f"\n\n… {len(rows)} hubs in all\n"))
    broken = [each for each in rows if each.problem]
    parts += [f"\n**{each.name}** cannot be rendered:\n\n```text\n{each.problem}\n```\n" for each in broken[:_NAMES]]
    edges = edge_groups(found)
    for group in edges:
        lines = "\n".join(f"- {line}" for (line,) in group.changes)
        parts.append(f"\n**Who can reach whom**, {_whose(group)}\n\n{lines}\n")
    text, left = "".join(parts)[: most // 2], 0
    for group in groups(found):
        body = "\n".join(line for first, *more in group.changes for line in (first, *(f"    {each}" for each in more)))
        piece = f"\n<details><summary>{_whose(group)}</summary>\n\n```diff\n{body}\n```\n\n</details>\n"
        if left or len(text) + len(piece) > most - 200:
            left += 1
        else:
            text += piece
    return text + (f"\n{left} more groups of changes are left out.\n" if left else "")


def _within(text: str, most: int, end: str) -> str:
    return text if len(text) <= most else text[:most].rpartition("\n")[0] + end


def since_github(found: Sequence[HubChange]) -> Iterator[str]:
    """Annotations for GitHub Actions: an error for each hub that is broken, a notice for each that changes."""
    for each in found:
        if each.outcome is Outcome.BROKEN:
            text = each.problem.replace("%", "%25").replace("\r", "").replace("\n", "%0A")
            yield f"::error title={each.name} cannot be rendered::{text}"
        elif each.outcome is not Outcome.SAME:
            count = f": {len(each.changes)} objects" if each.changes else ""
            yield f"::notice title={each.name}::{each.outcome.value}{count}"
