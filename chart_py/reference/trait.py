"""What a class or trait below `hub.config` is: for `explain`, from the table of the hub's image."""

from __future__ import annotations

from collections.abc import Iterator

from chart_py.checks import hub_image
from chart_py.errors import UsageError
from chart_py.finding import Path, dotted
from chart_py.reference.word import parse

_CONFIG: Path = ("hub", "config")


def explained(text: str) -> Iterator[str]:
    """What `explain` says of `hub.config.CLASS` or `hub.config.CLASS.trait`, line by line; nothing of other words.

    Raises UsageError, with the nearest, for a class that almost is one of the image's, and for an unknown trait.
    """
    path = parse(text)
    if path[:2] != _CONFIG or len(path) < 3:
        return
    name, *traits = (str(step) for step in path[2:])
    if not hub_image.is_class(name):
        if near := hub_image.near_class(name):
            raise UsageError(f"no such class: {name}; did you mean {dotted((*_CONFIG, near, *traits))}?")
        yield f"{dotted((*_CONFIG, name))}: a class that the hub's image does not have; it is taken for your own"
    elif not traits:
        yield from _class(name)
    else:
        yield from _trait(name, traits[0])


def _class(name: str) -> Iterator[str]:
    bases = hub_image.lineage(name)[1:]
    yield f"{dotted((*_CONFIG, name))}: a class of the hub's image"
    if bases:
        yield f"   Has the traits of {', '.join(bases)} too."
    short = hub_image.short_name(name)
    if short != name:
        yield f"   Chosen by: hub.config.JupyterHub.authenticator_class: {short}"
    yield ""
    found = hub_image.traits(name)
    width = max((len(trait) for trait in found), default=0)
    for trait, spec in sorted(found.items()):
        yield f"{trait:{width}}  {hub_image.expected(spec).text}"


def _trait(name: str, trait: str) -> Iterator[str]:
    here = dotted((*_CONFIG, name, trait))
    if new := hub_image.renamed(name, trait):
        since = f" since {new.since}" if new.since else ""
        yield f"{here}: an old name"
        yield f"   Today:   hub.config.{new.new if '.' in new.new else f'{name}.{new.new}'}{since}"
        return
    spec = hub_image.traits(name).get(trait)
    if spec is None:
        near = hub_image.near_trait(name, trait)
        hint = (
            f"; did you mean {dotted((*_CONFIG, name, near))}?" if near else f"; `explain hub.config.{name}` lists them"
        )
        raise UsageError(f"{name} has no trait {trait}{hint}")
    owner = next(base for base in reversed(hub_image.lineage(name)) if trait in hub_image.traits(base))
    yield f"{here}: {hub_image.expected(spec).text}"
    yield f"   A trait of {owner}, in the versions of the hub's image."
    yield f"   Ends in:      c.{name}.{trait}"
