"""The options that several verbs share: which values, which release."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import click

from chart_py.cli import suggestions
from chart_py.errors import UsageError, ValuesError
from chart_py.finding import Finding, Level
from chart_py.values.presets import PRESETS, TODAY

if TYPE_CHECKING:
    from chart_py.values.load import Loaded

F = TypeVar("F", bound=Callable[..., Any])


def _together(*options: Callable[[Any], Any]) -> Callable[[F], F]:
    def decorate(function: F) -> F:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


values_options = _together(
    click.option(
        "-f",
        "--values",
        "files",
        multiple=True,
        metavar="FILE",
        shell_complete=suggestions.file,
        help="A values file; - is standard input. Later ones win.",
    ),
    click.option(
        "--set",
        "settings",
        multiple=True,
        metavar="PATH=VALUE",
        shell_complete=suggestions.setting,
        help="One word, such as singleuser.image.tag=v2.",
    ),
    click.option(
        "--set-file",
        "file_settings",
        multiple=True,
        metavar="PATH=FILE",
        shell_complete=suggestions.file_setting,
        help="One word, its value the file's text.",
    ),
    click.option(
        "--chart-version",
        default=TODAY,
        show_default=True,
        metavar="VERSION",
        shell_complete=suggestions.chart_version,
        help=f"Whose defaults to start from: {', '.join(PRESETS)}.",
    ),
)
"""`-f`, `--set`, `--set-file`, `--chart-version`: what `loaded` takes."""

release_options = _together(
    click.option("--release", default="jhub", show_default=True, metavar="NAME", help="The release's name."),
    click.option("-n", "--namespace", default="jhub", show_default=True, metavar="NAME", help="The namespace."),
)
"""`--release` and `--namespace`."""


def say(findings: tuple[Finding, ...] | list[Finding]) -> None:
    """Print findings where talk goes: standard error."""
    for finding in findings:
        click.echo(finding.text(), err=True)


def loaded(
    files: tuple[str, ...],
    settings: tuple[str, ...],
    file_settings: tuple[str, ...],
    chart_version: str,
    release: str = "jhub",
) -> Loaded:
    """The values that the options name; warnings are printed.

    Raises as `load_values` does, and ValuesError for contradictions that would give objects nobody can use.
    """
    from chart_py.checks.rules import check
    from chart_py.values.load import load_values

    found = load_values(
        files, settings=settings, file_settings=file_settings, chart_version=chart_version, release=release
    )
    said = check(found)
    if any(finding.level is Level.ERROR for finding in said):
        raise ValuesError(said)
    say(said)
    return found


def check_names(release: str, namespace: str) -> None:
    """Refuse names that Kubernetes would refuse: a release has at most 53 characters, as Helm's."""
    for what, name, most in (("release", release, 53), ("namespace", namespace, 63)):
        if len(name) > most or not re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name):
            raise UsageError(
                f"--{what} {name!r}: a name has small letters, digits and dashes, at most {most}, for example jhub"
            )
