"""The options that several verbs share: which values, which release."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chart_py.cli import suggestions
from chart_py.cli.screen import wants_colour
from chart_py.cli.sources import Given, chosen
from chart_py.editions import TODAY
from chart_py.finding import Finding, Level

if TYPE_CHECKING:
    from chart_py.values.load import Loaded

F = TypeVar("F", bound=Callable[..., Any])


def _together(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


_sources_options = _together(
    click.option(
        "-f",
        "--values",
        "files",
        multiple=True,
        metavar="FILE",
        shell_complete=suggestions.file,
        help="A values file; - is standard input. Later ones win. Not given: ./config.yaml.",
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="PATH=VALUE",
        shell_complete=suggestions.setting,
        help="One setting, such as singleuser.image.tag=v2.",
    ),
    click.option(
        "--set-file",
        "file_settings",
        multiple=True,
        metavar="PATH=FILE",
        shell_complete=suggestions.file_setting,
        help="One setting, its value the file's text.",
    ),
    click.option(
        "--at",
        default="",
        metavar="PATH",
        help="The key below which the files have the hub's values: jupyterhub, spec.values.",
    ),
    click.option("--defaults", is_flag=True, help="Use no file: a hub on the built-in defaults."),
)


_chart_version = click.option(
    "--chart-version",
    default="",
    metavar="VERSION",
    shell_complete=suggestions.chart_version,
    help=f"The chart version that the values are for: a release from 1.0.0 on, 5.0.0-dev, 0.7 or 0.6. Not given: "
    f"that of the release for apply and diff, else {TODAY}.",
)


def sources_options(function: F) -> F:
    """`-f`, `--set`, `--set-file`, `--at`, `--defaults`, handed on as one argument, `given`."""

    @functools.wraps(function)
    def packed(**words: Any) -> Any:
        names = ("files", "settings", "file_settings", "at", "defaults")
        found = {name: words.pop(name) for name in names}
        return function(given=Given(**found, chart_version=words.pop("chart_version", "")), **words)

    wrapped: Any = packed
    made: F = _sources_options(wrapped)
    return made


def values_options(function: F) -> F:
    """The same with `--chart-version`."""
    made: F = _chart_version(sources_options(function))
    return made


release_options = _together(
    click.option("--release", default="jhub", show_default=True, metavar="NAME", help="The release's name."),
    click.option("-n", "--namespace", default="jhub", show_default=True, metavar="NAME", help="The namespace."),
)
"""`--release` and `--namespace`."""


LEVEL_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "cyan"}


def say(findings: tuple[Finding, ...] | list[Finding]) -> None:
    """Print findings where talk goes: standard error; in colour on a terminal."""
    has_colour = wants_colour(sys.stderr)
    for finding in findings:
        paint = partial(click.style, fg=LEVEL_COLOURS[finding.level], bold=True) if has_colour else str
        click.echo(finding.text(paint=paint), err=True, color=has_colour)


def loaded(given: Given, release: str = "jhub", *, or_defaults: bool = False) -> Loaded:
    """The values that the options name; which files that are, if none is named, is told, and warnings are printed.

    Raises as `chosen` and `load` do.
    """
    from chart_py.checks.loading import load

    given = chosen(given, or_defaults=or_defaults)
    found = load(
        given.files,
        settings=given.settings,
        file_settings=given.file_settings,
        chart_version=given.version,
        release=release,
        at=given.at,
    )
    say(found.findings)
    return found
