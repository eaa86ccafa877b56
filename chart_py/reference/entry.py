"""Keys within settings that have a shape of their own, as `singleuser.profileList.profile_options`: for `explain`."""

from __future__ import annotations

import re
from typing import Any, NamedTuple

from chart_py import spelling
from chart_py.checks.hub import image as hub_image
from chart_py.errors import UsageError
from chart_py.finding import Path
from chart_py.reference import trait, trait_help
from chart_py.reference.explanation import NOTHING, Explanation, Line
from chart_py.values.entries import ENTRIES, PROFILE, Entry


class _Here(NamedTuple):
    """An entry with its path; `inside` is true below a name of the user's own, where the entry is one of many."""

    path: tuple[str, ...]
    entry: Entry
    inside: bool = False


def explanation(path: Path) -> Explanation | None:
    """What is told of a key below one of the settings of `ENTRIES`; None for every other path.

    A name of the user's own may be left out, and so may the number of an item: `profile_options.choices`,
    `profileList[0].slug`. Raises UsageError, with the nearest, for an unknown key.
    """
    steps = [step for each in path for step in re.sub(r"\[\d*\]", "", str(each)).split(".") if step]
    for above, entry in ENTRIES.items():
        if tuple(steps[: len(above)]) == above and len(steps) > len(above):
            return _found(_Here(tuple(steps[: len(above)]), entry), steps[len(above) :])
    return None


def below(entry: Entry) -> tuple[Line, ...]:
    """The keys of an entry."""
    rows = [Line(inner.name, inner.description) for inner in entry.entries]
    if entry.fields:
        texts = {field: trait_help.of_service(field) for field in hub_image.service_fields()}
        rows += [Line(field, trait_help.sentence(told.text)) for field, told in texts.items()]
    return tuple(rows)


def _found(here: _Here, steps: list[str]) -> Explanation:
    if not steps:
        return _explained(here)
    step, *rest = steps
    entry = here.entry
    if entry.traits:
        return _trait(here, step)
    if inner := entry.below(step):
        return _found(_Here((*_canonical(here.path, entry), inner.name), inner), rest)
    if entry.fields and step in hub_image.service_fields():
        return _field((*_canonical(here.path, entry), step), step)
    if entry.each and entry.each != "[]" and not here.inside:
        return _found(_Here(here.path, entry, inside=True), rest)
    known = [*entry.names, *(hub_image.service_fields() if entry.fields else ())]
    near = next(iter(spelling.nearest(step, known)), None)
    name = _name(_canonical(here.path, entry))
    hint = f"did you mean {name}.{near}?" if near else f"keys here: {', '.join(known) or 'none'}"
    raise UsageError(f"unknown key {step} in {name}; {hint}")


def _canonical(path: tuple[str, ...], entry: Entry) -> tuple[str, ...]:
    """The path of what is below an entry."""
    return (*path, entry.each) if entry.each else path


def _name(path: tuple[str, ...]) -> str:
    return ".".join(path).replace(".[]", "[]")


def _explained(here: _Here) -> Explanation:
    entry = here.entry
    path = _canonical(here.path, entry) if here.inside else here.path
    facts = [("Required", "yes")] if entry.required else []
    if entry.traits:
        facts.append(("Keys", f"traits of {entry.traits}: `explain hub.config.{entry.traits}` lists them"))
    kind = f"one {entry.each} of a map" if here.inside else entry.takes.text
    example = NOTHING if here.inside or entry.example is None else _configuration(path, entry)
    default = NOTHING if here.inside or entry.required or entry.entries or entry.traits else entry.default
    return Explanation(
        _name(path), kind, entry.description, tuple(facts), default=default, example=example, below=below(entry)
    )


def _trait(here: _Here, name: str) -> Explanation:
    told = trait.of_trait(here.entry.traits, name)
    return Explanation(_name((*here.path, name)), told.kind, facts=told.facts, default=told.default, quoted=told.quoted)


def _field(path: tuple[str, ...], field: str) -> Explanation:
    kind, told = hub_image.expected(hub_image.service_fields()[field]).text, trait_help.of_service(field)
    default = trait.told_default(told)
    return Explanation(_name(path), kind, "A field of a JupyterHub service.", default=default, quoted=told.text)


def _configuration(path: tuple[str, ...], entry: Entry) -> Any:
    """A configuration with the entry's example at `path`, in which placeholders are names."""
    names = {"OPTION": "size", "CHOICE": "large", "NAME": "example"}
    *above, last = path
    tree: Any = {**entry.beside, last: entry.example}
    for step in reversed(above):
        tree = [{**PROFILE.entries[-1].beside, **tree}] if step == "[]" else {names.get(step, step): tree}
    return tree
