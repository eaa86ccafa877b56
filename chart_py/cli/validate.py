"""`chart-py validate`: everything that can be known to be wrong, before it is applied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from chart_py.cli import suggestions
from chart_py.cli.options import LEVEL_COLOURS, release_options, say, values_options
from chart_py.cli.screen import tell
from chart_py.cli.sources import Given, chosen
from chart_py.finding import Level

if TYPE_CHECKING:
    from chart_py.checks.everything import Result


@click.command()
@values_options
@release_options
@click.option(
    "--kube-version",
    "kube",
    metavar="VERSION",
    shell_complete=suggestions.kube_version,
    help="Check against this Kubernetes version, or a range: 1.28..1.37. The newest one where not given.",
)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option(
    "--ignore",
    "ignored",
    multiple=True,
    metavar="CODE",
    shell_complete=suggestions.code,
    help="Silence findings with this code.",
)
@click.option(
    "--placeholders",
    is_flag=True,
    help="Check the rest as if ${domain}, <your domain> and {{ templates }} were filled in.",
)
@click.option(
    "--assert",
    "assertions",
    multiple=True,
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Check who reaches whom by the assertions in FILE, as `reach --assert` does.",
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "sarif", "github"]),
    default="text",
    show_default=True,
    help="For people, for programs, for code scanning, or as GitHub's annotations.",
)
def validate(
    given: Given,
    release: str,
    namespace: str,
    kube: str | None,
    strict: bool,
    ignored: tuple[str, ...],
    placeholders: bool,
    assertions: tuple[str, ...],
    output: str,
) -> int:
    """Check values, the hub's Python and every rendered object.

    The exit code is 0 without errors, 1 with some, and 2 where the values cannot be used at all.
    The comment `# chart-py: ignore=CODE` after a setting silences that code there.

    \b
    Examples:
      chart-py validate -f config.yaml
      chart-py validate -f config.yaml --strict --kube-version 1.28..1.37
      chart-py validate -f config.yaml --output sarif > findings.sarif
    """
    from chart_py.checks.codes import check_names
    from chart_py.checks.everything import validate as validate_all
    from chart_py.context import Context

    check_names(ignored)
    given = chosen(given)
    result = validate_all(
        given.files,
        settings=given.settings,
        file_settings=given.file_settings,
        chart_version=given.version,
        at=given.at,
        context=Context(release=release, namespace=namespace),
        kube_version=kube,
        ignored=ignored,
        strict=strict,
        assertions=assertions,
        placeholders=placeholders,
    )
    printed(result, output)
    if result.refused:
        return 2
    return 1 if any(finding.level is Level.ERROR for finding in result.findings) else 0


def printed(result: Result, output: str) -> None:
    """Print findings: for people to standard error, for programs to standard output."""
    from chart_py import __version__
    from chart_py.views import findings as report

    if output == "text":
        say(result.findings)
        worst = next((level for level in Level if any(f.level is level for f in result.findings)), None)
        tell(report.summary(result), err=True, colour=LEVEL_COLOURS[worst] if worst else "green")
    elif output == "sarif":
        click.echo(report.to_sarif(result, __version__), nl=False)
    else:
        click.echo(report.to_json(result) if output == "json" else report.to_github(result), nl=False)
