"""What is said about a word that nobody knows: the nearest one, where it belongs, or what it was nested under."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from pydantic.fields import FieldInfo

from chart_py import spelling
from chart_py.editions import ELSEWHERE
from chart_py.finding import Finding, Path, dotted
from chart_py.values.base import Section

# Kubernetes' own words, which people write where the chart has others.
_MEANT: dict[Path, str] = {
    ("singleuser", "resources"): "singleuser.memory and singleuser.cpu, each with limit and guarantee,",
    ("singleuser", "limits"): "singleuser.memory.limit and singleuser.cpu.limit",
    ("singleuser", "requests"): "singleuser.memory.guarantee and singleuser.cpu.guarantee",
    ("singleuser", "volumes"): "singleuser.storage.extraVolumes",
    ("singleuser", "volumeMounts"): "singleuser.storage.extraVolumeMounts",
    ("singleuser", "environment"): "singleuser.extraEnv",
    ("singleuser", "securityContext"): "singleuser.uid and singleuser.fsGid",
    ("hub", "environment"): "hub.extraEnv",
    ("hub", "volumes"): "hub.extraVolumes",
    ("hub", "authenticator"): "hub.config.JupyterHub.authenticator_class",
}
# How the advice begins that has all words of a section.
LISTED = "the words here: "
# What a model knows of one word: its kind, default and description.
Field = FieldInfo
# A section with more unknown words than these is none; each of them is searched for in the whole tree.
MOST = 100
# A section with more words than this is not listed where a suggestion can be made.
_FEW = 15


def unknown_word(
    path: Path, value: Any, known: Sequence[str], root: type[Section], older: Sequence[str] = ()
) -> tuple[str, tuple[str, ...]]:
    """The message and the advice about the word at `path`, whose section has the words `known`.

    `value` is what the user gave it, `root` the section of all values; `older` are words of older charts that are
    understood here too: one of them may have been meant, but none is listed.
    """
    label, above = str(path[-1]), path[:-1]
    listed = (LISTED + ", ".join(known),)
    latin, foreign = spelling.unmasked(label)
    if foreign and latin in known:
        from unicodedata import name

        advice = (f"{foreign!r} is {name(foreign, 'another letter')}; it only looks like the right one.",)
        return f"no such word; did you mean {dotted((*above, latin))}?", advice
    top = [field.alias or name for name, field in root.__pydantic_fields__.items()]
    if isinstance(value, dict) and value and _whole(value, top):
        advice = (f"Remove the line `{label}:` and move what is below it to the left, up to the margin.",)
        return "a whole configuration stands below this word", advice
    if isinstance(value, dict) and len(value) > 1 and above and all(word in known for word in value):
        advice = (f"Remove the line `{label}:` and move what is below it to the left.",)
        return f"no such word; what is below it belongs to {dotted(above)}", advice
    if meant := _MEANT.get(path):
        return f"no such word; it is {meant} here", ()
    if right := spelling.same(label, (*known, *older)):
        return f"no such word; did you mean {dotted((*above, right))}?", ()
    near = spelling.nearest(label, (*known, *older))
    if near and spelling.distance(label.lower(), near[0].lower()) == 1:
        return _suggestion((*above, near[0]), known, listed)
    homes = elsewhere(label, path, value, root)
    if not near and len(label) > 2:
        near = [word for word in known if word.lower().endswith(label.lower()) or word.startswith(label)]
        homes = homes if not near else []
    if homes:
        shown = " or ".join(dotted(home) if home else "the top" for home in homes[:3])
        return f"no such word; `{label}` belongs to {shown}", listed if len(known) <= _FEW else ()
    if near:
        return _suggestion((*above, near[0]), known, listed)
    return "no such word", listed


def listed_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """The findings about one section; the words that it has are listed by the first of them alone."""
    listed: set[str] = set()
    for finding in findings:
        advice = tuple(line for line in finding.advice if line not in listed)
        listed.update(line for line in advice if line.startswith(LISTED))
        yield replace(finding, advice=advice)


def _suggestion(path: Path, known: Sequence[str], listed: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    return f"no such word; did you mean {dotted(path)}?", listed if len(known) <= _FEW else ()


def _whole(value: dict[Any, Any], top: Sequence[str]) -> bool:
    """Whether a map looks like a configuration of its own: its words are those at the top, but for a few."""
    sections = {"hub", "proxy", "singleuser", "scheduling", "prePuller", "ingress", "cull", "auth", "rbac"}
    return bool(sections & value.keys()) and sum(word in top or word == "auth" for word in value) * 2 > len(value)


@cache
def all_words(root: type[Section]) -> tuple[tuple[Path, FieldInfo], ...]:
    """Every word below `root` with its path and its field, in the order of the reference."""
    return tuple(_walk(root, ()))


def _walk(section: type[Section], path: Path) -> Iterator[tuple[Path, FieldInfo]]:
    for name, field in section.__pydantic_fields__.items():
        here = (*path, field.alias or name)
        if here in ELSEWHERE:
            continue
        yield here, field
        if isinstance(field.default, Section):
            yield from _walk(type(field.default), here)


def elsewhere(label: str, path: Path, value: Any, root: type[Section]) -> list[Path]:
    """The sections that have the word `label`, those first that are near `path` and where `value` could stand."""
    homes = []
    for found, field in all_words(root):
        if found[-1] == label:
            fits = isinstance(field.default, Section) == isinstance(value, dict)
            shared = next((i for i, (a, b) in enumerate(zip(found, path, strict=False)) if a != b), len(path))
            homes.append((not fits, -shared, len(found), found[:-1]))
    homes.sort(key=lambda home: home[:3])
    return [home for *_, home in homes]
