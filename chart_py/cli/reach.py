"""`chart-py reach`: who can reach whom."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chart_py.cli import suggestions
from chart_py.cli.cluster import Where, cluster_options, opened
from chart_py.cli.options import loaded, values_options
from chart_py.cli.sources import Given, chosen
from chart_py.errors import FileError, UsageError

if TYPE_CHECKING:
    from chart_py.engine.reaching import View
    from chart_py.reach.addresses import Addresses
    from chart_py.reach.assertions import Assertion


@click.command()
@values_options
@cluster_options
@click.option("--from", "whos", multiple=True, metavar="WHO", help="Only from this party: user, hub, app=dask, ...")
@click.option("--to", "whoms", multiple=True, metavar="WHOM", help="Only to this party, or any HOST:PORT.")
@click.option("--port", default="", metavar="PORT", help="Only this port: 443, 53/udp, 8000-8010, http.")
@click.option("--cluster", "live", is_flag=True, help="Look at the cluster: all policies of the namespace.")
@click.option(
    "--against",
    metavar="OTHER",
    shell_complete=suggestions.file,
    help="Show what opens and closes since OTHER: a FILE, FILE@VERSION, a chart version, a revision's number.",
)
@click.option(
    "--assert",
    "assertions",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Check the assertions in FILE, such as: deny user -> internet:25",
)
@click.option("--suggest", is_flag=True, help="Write the current state as assertions.")
@click.option(
    "--pod-cidr", "pod_cidrs", multiple=True, metavar="CIDR", help="The addresses of pods. Default: private ones."
)
@click.option(
    "-o",
    "--output",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="For people, for programs, or for a pull request.",
)
def reach(
    given: Given,
    where: Where,
    whos: tuple[str, ...],
    whoms: tuple[str, ...],
    port: str,
    live: bool,
    against: str | None,
    assertions: str | None,
    suggest: bool,
    pod_cidrs: tuple[str, ...],
    output: str,
) -> int:
    """Show who can reach whom, which policy and setting decide it, and what to write to change it.

    Without --from and --to, the whole matrix is shown. Exit code 1 where an assertion is broken, or
    where --against shows that anything opens or closes.

    \b
    Examples:
      chart-py reach -f config.yaml
      chart-py reach -f config.yaml --from user --to internet:443
      chart-py reach -f config.yaml --against 1.2.0
      chart-py reach -f config.yaml --suggest > reach.txt
      chart-py reach -f config.yaml --assert reach.txt
      chart-py reach --cluster
    """
    _need_together(live, given, against, assertions, suggest, bool(whos or whoms or port))
    wanted = _read(assertions) if assertions else None
    pods = _pod_addresses(pod_cidrs)
    view = _view(given, where, live, pods)
    if wanted is not None:
        return _judged(view, *wanted, output)
    if suggest:
        from chart_py.reach.assertions import suggested

        click.echo("\n".join(suggested(view.release)))
        return 0
    if against:
        return _against(view, _other(against, given, where, pods), output)
    return _shown(view, whos, whoms, port, output)


def _need_together(
    live: bool, given: Given, against: str | None, assertions: str | None, suggest: bool, chooses: bool
) -> None:
    """Refuse options that do not go together."""
    given_tasks = (("--against", against), ("--assert", assertions), ("--suggest", suggest))
    tasks = [name for name, is_set in given_tasks if is_set]
    if len(tasks) > 1:
        raise UsageError(f"{' and '.join(tasks)} are different questions; give one of them")
    if chooses and tasks:
        raise UsageError(f"--from, --to and --port choose edges of the matrix; leave out {tasks[0]}")
    if live and not given.says_nothing:
        raise UsageError("--cluster looks at what is deployed; leave out -f, --set, --set-file and --defaults")


def _pod_addresses(cidrs: tuple[str, ...]) -> Addresses | None:
    from chart_py.reach.addresses import networks

    try:
        return networks(*cidrs) if cidrs else None
    except ValueError as error:
        raise UsageError(f"--pod-cidr: {error}; expected a network such as 100.64.0.0/10") from None


def _read(file: str) -> tuple[list[Assertion], str]:
    """The assertions in a file, and its name. Raises FileError, and ValuesError where a line cannot be read."""
    from chart_py.errors import ValuesError
    from chart_py.reach.assertions import read
    from chart_py.values.load import read_text

    found, wrong = read(read_text(file), "<stdin>" if file == "-" else file)
    if wrong:
        raise ValuesError(wrong)
    return found, file


def _view(given: Given, where: Where, live: bool, pods: Addresses | None) -> View:
    from chart_py.engine.reaching import of_cluster, of_values
    from chart_py.engine.releases import DEFAULT

    if live:
        return of_cluster(opened(where), pods)
    name = where.release or DEFAULT
    return of_values(loaded(chosen(given, or_defaults=True), name), name, where.namespace or name, pods)


def _other(against: str, given: Given, where: Where, pods: Addresses | None) -> View:
    """What is compared with: the values in a file, the same values with another chart version, or a revision."""
    from chart_py.editions import versions
    from chart_py.engine.reaching import of_revision, of_values
    from chart_py.engine.releases import DEFAULT

    name = where.release or DEFAULT
    namespace = where.namespace or name
    file, _, version = against.rpartition("@")
    if Path(against).exists() or against == "-":
        file, version = against, given.version
    if file and version in versions():
        other = Given(files=(file,), chart_version=version, at=given.at)
        return of_values(loaded(other, name), name, namespace, pods)
    if against.isdigit():
        return of_revision(opened(where), int(against), pods)
    if against in versions():
        return of_values(loaded(replace(given, chart_version=against), name, or_defaults=True), name, namespace, pods)
    raise FileError(against, "no such file, and not a chart version or a revision's number")


def _shown(view: View, whos: tuple[str, ...], whoms: tuple[str, ...], port: str, output: str) -> int:
    """Print the matrix, or the edges that are chosen with all that decides them."""
    from chart_py.reach.matrix import matrix
    from chart_py.reach.targets import named, with_port
    from chart_py.views import reach_text
    from chart_py.views.reach_data import matrix_data
    from chart_py.views.reach_markdown import matrix_markdown

    asking = [each.party for text in whos for each in named(view.release, text)]
    asked = [each for text in whoms for each in named(view.release, text)]
    found = matrix(view.release, asking, asked)
    if port:
        found = matrix(view.release, asking, [with_port(each, port) for each in found.targets])
    if output == "json":
        data = matrix_data(found, view.settings, view.plugins, view.unread)
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    elif output == "markdown":
        click.echo("\n".join(matrix_markdown(found, view.settings, view.plugins, view.unread)))
    else:
        _tell(reach_text.head(found, view.settings, view.plugins, view.unread))
        if whos or whoms or port:
            _tell(line for edge in found.edges for line in reach_text.edge_lines(edge, view.settings))
        else:
            click.echo("\n".join(reach_text.matrix_lines(found, _width())))
            _tell(["", *reach_text.legend(found, view.settings)])
    return 0


def _against(view: View, other: View, output: str) -> int:
    """Print what opens and what closes from `other` to `view`; 1 where anything does."""
    from chart_py.reach.edges import between
    from chart_py.views.reach_data import shifts_data
    from chart_py.views.reach_markdown import shifts_markdown
    from chart_py.views.reach_text import shift_lines

    found = between(other.release, view.release)
    if output == "json":
        click.echo(json.dumps(shifts_data(found), indent=2, ensure_ascii=False))
    elif output == "markdown":
        click.echo("\n".join(shifts_markdown(found)))
    else:
        _tell(shift_lines(found))
    return 1 if found else 0


def _judged(view: View, assertions: list[Assertion], file: str, output: str) -> int:
    """Print which assertions hold; 1 where one is broken. Raises ValuesError for parties that are unknown."""
    from chart_py.cli.options import say
    from chart_py.errors import ValuesError
    from chart_py.reach.assertions import judge
    from chart_py.reach.broken import findings
    from chart_py.views.reach_data import judged_data
    from chart_py.views.reach_markdown import judged_markdown

    judged, wrong = judge(assertions, view.release)
    if wrong:
        raise ValuesError(wrong)
    broken = [each for each in judged if not each.holds]
    if output == "json":
        click.echo(json.dumps(judged_data(judged, view.settings), indent=2, ensure_ascii=False))
    elif output == "markdown":
        click.echo("\n".join(judged_markdown(judged, view.settings)))
    else:
        say(findings(broken, view.settings))
        held = len(judged) - len(broken)
        click.echo(f"{file}: {held} of {len(judged)} assertions hold")
    return 1 if broken else 0


def _tell(lines: Iterable[str]) -> None:
    from chart_py.cli.screen import tell

    for line in lines:
        tell(line)


def _width() -> int:
    from chart_py.cli.screen import columns

    return columns(sys.stdout) or 80
