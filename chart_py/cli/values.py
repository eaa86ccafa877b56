"""`chart-py values`: the merged values, and where each comes from."""

from __future__ import annotations

from typing import Any

import click

from chart_py.cli import suggestions
from chart_py.cli.options import loaded, values_options
from chart_py.cli.sources import Given
from chart_py.finding import Path, dotted
from chart_py.secrecy import hidden, may_be_secret
from chart_py.values.expectation import described
from chart_py.values.load import Loaded, default_tree
from chart_py.values.merge import at


@click.command()
@values_options
@click.option(
    "--explain",
    "explained",
    metavar="PATH",
    shell_complete=suggestions.word,
    help="Show which layers give this setting, and which one wins.",
)
@click.option("--changed", is_flag=True, help="Only what differs from the defaults.")
@click.option(
    "-o", "--output", type=click.Choice(["yaml", "json"]), default="yaml", show_default=True, help="How to print them."
)
def values(
    given: Given,
    explained: str | None,
    changed: bool,
    output: str,
) -> None:
    """Print the merged values by today's names; secrets are hidden.

    \b
    Examples:
      chart-py values -f config.yaml --changed
      chart-py values -f base.yaml -f prod.yaml --explain singleuser.image.tag
    """
    found = loaded(given)
    if explained:
        for line in told(found, explained, given.version):
            click.echo(line)
        return
    default = default_tree((), given.version)
    tree = hidden(differing(found.tree, default) if changed else found.tree)
    if output == "json":
        import json

        click.echo(json.dumps(tree, indent=2, ensure_ascii=False))
    else:
        from chart_py.manifest.documents import to_yaml

        click.echo(to_yaml(tree), nl=False)


def differing(tree: Any, default: Any) -> Any:
    """The parts of `tree` that `default` has not, or has otherwise."""
    out = {}
    for word, value in tree.items():
        was = default.get(word) if isinstance(default, dict) else None
        if isinstance(value, dict) and isinstance(was, dict):
            if inner := differing(value, was):
                out[word] = inner
        elif type(value) is not type(was) or value != was:
            out[word] = value
    return out


def told(found: Loaded, text: str, chart_version: str) -> list[str]:
    """The lines that say where the setting that `text` names comes from, the strongest layer first."""
    from chart_py.reference.setting import find, parse

    path = parse(text)
    default = default_tree(path, chart_version)
    if default is None and not any(layer.has(path) for layer in found.sources.layers) and not _free(path):
        find(text)
    secret = may_be_secret(path)
    lines = [f"{dotted(path)}: {_said(at(found.tree, path), secret)}"]
    is_decided = False
    for layer in reversed(found.sources.layers):
        # What a layer says of a section above is said of all below it, unless it goes on with a map.
        end = next((end for end in range(len(path), 0, -1) if layer.has(path[:end])), 0)
        value = at(layer.tree, path[:end]) if end else None
        if not end or (end < len(path) and isinstance(value, dict)):
            continue
        what = _part(value, is_decided)
        above = f" (at {dotted(path[:end])})" if end < len(path) else ""
        lines.append(f"   {what} {layer.place(path[:end])}: {_said(value, secret)}{above}")
        is_decided = is_decided or not isinstance(value, dict)
    lines.append(f"   {_part(default, is_decided)} default of chart {chart_version}: {_said(default, secret)}")
    return lines


def _part(value: Any, is_decided: bool) -> str:
    """What a layer's value contributes: maps are merged until another value decides."""
    return "lost" if is_decided else "part" if isinstance(value, dict) else "won "


def _free(path: Path) -> bool:
    """Whether `path` is below a setting that takes a map of the user's own."""
    return any(
        isinstance(default_tree(path[:end]), dict) and not _is_section(path[:end]) for end in range(1, len(path))
    )


def _is_section(path: Path) -> bool:
    from chart_py.values.base import Section
    from chart_py.values.root import Values
    from chart_py.values.unknown_setting import all_settings

    return isinstance(dict(all_settings(Values))[path].default, Section)


def _said(value: Any, secret: bool) -> str:
    if isinstance(value, (dict, list)) and value and not secret:
        return f"{described(value)} of {len(value)}"
    return described(value, hide=secret)
