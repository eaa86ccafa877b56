"""What completion suggests for the values of options and arguments: settings, objects, codes, files."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    Suggest = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def _items(kind: str = "plain") -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem("", type=kind)]


def file(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files, as the shell itself completes them."""
    return _items("file")


def folder(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Folders, as the shell itself completes them."""
    return _items("dir")


def setting(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`PATH=VALUE`: settings up to the next dot, and after the equals sign the choices of a setting that has some."""
    path, sign, value = incomplete.partition("=")
    if not sign:
        return _listed(_paths(path, "="))
    return _listed((f"{path}={choice}", "") for choice in _choices(path) if choice.startswith(value))


def file_setting(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`PATH=FILE`: settings up to the next dot, and after the equals sign files."""
    return _items("file") if "=" in incomplete else _listed(_paths(incomplete, "="))


def word(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Words up to the next dot, those of older charts too."""
    found = dict(_paths(incomplete, ""))
    if incomplete.startswith("hub.config."):
        found |= dict(_traits(incomplete, ""))
    for old in _old_settings():
        if old.startswith(incomplete):
            found.setdefault(_cut(old, incomplete), "a setting of older charts")
    return _listed(iter(found.items()))


def code(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The codes of findings."""
    from chart_py.checks.codes import all_codes

    return _listed((name, known.says) for name, known in all_codes().items() if name.startswith(incomplete))


def kube_version(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """A Kubernetes version, or two with dots between."""
    from chart_py.checks.objects.schemas import versions

    first, dots, last = incomplete.partition("..")
    head, rest = (first + dots, last) if dots else ("", first)
    return _listed((head + version, "") for version in versions() if version.startswith(rest))


def chart_version(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """A chart version that is known."""
    from chart_py.editions import versions

    return _listed((version, "") for version in versions() if version.startswith(incomplete))


def object_key(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """`KIND/NAME` of the objects of the configuration that the options before name, or of ./config.yaml."""
    from chart_py.cli.sources import usual
    from chart_py.errors import ChartError
    from chart_py.rendering import context_for, render
    from chart_py.values.load import load_values

    given = context.params
    try:
        loaded = load_values(
            [name for name in given.get("files") or usual() if name != "-"],
            settings=given.get("settings") or (),
            file_settings=given.get("file_settings") or (),
            chart_version=given.get("chart_version") or "4.4.0",
        )
    except ChartError:
        loaded = load_values()
    keys = [f"{made['kind']}/{made['metadata']['name']}" for made in render(loaded, context_for(loaded))]
    return _listed((key, "") for key in dict.fromkeys(keys) if key.lower().startswith(incomplete.lower()))


def _listed(found: Iterator[tuple[str, str]]) -> list[CompletionItem]:
    from click.shell_completion import CompletionItem

    return [CompletionItem(name, help=said or None) for name, said in found]


def _cut(path: str, incomplete: str) -> str:
    """`path` up to the dot that comes next after what is written."""
    end = path.find(".", len(incomplete))
    return path if end < 0 else path[: end + 1]


def _paths(incomplete: str, end: str) -> Iterator[tuple[str, str]]:
    """The next keys of the paths that begin so: sections and maps with a dot behind them, settings with `end`."""
    from typing import get_origin

    from chart_py.finding import dotted
    from chart_py.values.base import Section
    from chart_py.values.expectation import members
    from chart_py.values.root import Values
    from chart_py.values.unknown_setting import all_settings

    depth = incomplete.count(".") + 1
    for path, field in all_settings(Values):
        name = dotted(path)
        if len(path) == depth and name.startswith(incomplete):
            map_of_own = (end or path == ("hub", "config")) and any(
                get_origin(kind) is dict for kind in members(field.annotation)
            )
            goes_on = isinstance(field.default, Section) or map_of_own
            yield name + ("." if goes_on else end), field.description or ""
    if end and incomplete.startswith("hub.config."):
        yield from _traits(incomplete, end)


def _traits(incomplete: str, end: str) -> Iterator[tuple[str, str]]:
    """Classes and traits below `hub.config`."""
    from chart_py.checks.hub import image as hub_image

    name, dot, trait = incomplete.removeprefix("hub.config.").partition(".")
    if not dot:
        yield from ((f"hub.config.{known}.", "") for known in hub_image.class_names() if known.startswith(name))
    elif hub_image.is_class(name):
        for known, spec in sorted(hub_image.traits(name).items()):
            if known.startswith(trait):
                yield f"hub.config.{name}.{known}{end}", hub_image.expected(spec).text


def _choices(path: str) -> list[str]:
    """What the setting at `path` can be, where that is a short list."""
    from typing import Literal, get_args, get_origin

    from chart_py.finding import dotted
    from chart_py.values.expectation import members
    from chart_py.values.root import Values
    from chart_py.values.unknown_setting import all_settings

    field = {dotted(known): field for known, field in all_settings(Values)}.get(path)
    out: list[Any] = []
    for kind in members(field.annotation) if field else ():
        if kind is bool:
            out += ["true", "false"]
        elif get_origin(kind) is Literal:
            out += [choice for choice in get_args(kind) if choice]
    return [str(choice) for choice in out] + _trait_choices(path)


def _trait_choices(path: str) -> list[str]:
    from chart_py.checks.hub import image as hub_image

    if path == "hub.config.JupyterHub.authenticator_class":
        return [*hub_image.authenticators()]
    name, _, trait = path.removeprefix("hub.config.").partition(".")
    if not path.startswith("hub.config.") or not hub_image.is_class(name):
        return []
    kind, _, detail = hub_image.traits(name).get(trait, ["", False, None])
    return ["true", "false"] if kind == "Bool" else [str(one) for one in detail if one] if kind == "Enum" else []


def _old_settings() -> Iterator[str]:
    from chart_py.editions import TODAY
    from chart_py.values.guide_settings import ROWS, rows_before

    return (row.old for row in rows_before(ROWS, TODAY) if row.when is None and "*" not in row.old)
