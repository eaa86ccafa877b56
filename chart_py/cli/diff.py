"""`chart-py diff`: what `apply` would do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from chart_py.cli import suggestions
from chart_py.cli.cluster import Where, cluster_options, opened_ahead, output_option
from chart_py.cli.options import loaded, values_options
from chart_py.errors import FileError, UsageError

if TYPE_CHECKING:
    from chart_py.changes.plan import Plan
    from chart_py.cli.cluster import Ahead
    from chart_py.manifest import Manifest
    from chart_py.values.load import Loaded


@click.command()
@values_options
@cluster_options
@click.option(
    "--against",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Compare with the manifests in FILE (- is standard input): no cluster.",
)
@click.option(
    "--to",
    "others",
    multiple=True,
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Compare two configurations: no cluster.",
)
@click.option("--adopt", is_flag=True, help="Take objects of these names that belong to no release.")
@click.option("--allow-replace", is_flag=True, help="Delete and make anew what cannot be changed. Never claims.")
@click.option(
    "--save",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Keep the plan in FILE (mode 0600) for `apply --plan FILE`.",
)
@output_option
def diff(
    files: tuple[str, ...],
    settings: tuple[str, ...],
    file_settings: tuple[str, ...],
    chart_version: str,
    where: Where,
    against: str | None,
    others: tuple[str, ...],
    adopt: bool,
    allow_replace: bool,
    save: str | None,
    output: str,
) -> int:
    """Show what `apply` would do, asked of the server by a dry run; or compare without a cluster.

    Exit code 1 where anything would change. Secrets are never shown, only whether they are kept or changed.

    \b
    Examples:
      chart-py diff -f config.yaml
      chart-py diff -f config.yaml --against manifests.yaml
      chart-py diff -f config.yaml --to new.yaml
      chart-py diff -f config.yaml --save plan.json
    """
    if against and others:
        raise UsageError("--against and --to each say what to compare with; give one of them")
    if save and (against or others):
        raise UsageError("--save keeps a plan for a cluster; leave --against and --to out")
    ahead = None if against or others else opened_ahead(where)
    values = loaded(files, settings, file_settings, chart_version)
    if ahead is None:
        plan = _without_cluster(values, against, loaded(others, (), (), chart_version), where)
    else:
        plan = _with_cluster(values, ahead, {"adopt": adopt, "allow_replace": allow_replace}, save)
    _print(plan, output, where.verbose)
    return 0 if plan.is_empty else 1


def _without_cluster(values: Loaded, against: str | None, other: Loaded, where: Where) -> Plan:
    from chart_py.engine.releases import DEFAULT

    names = (where.release or DEFAULT, where.namespace or where.release or DEFAULT)
    return _with_file(values, against, *names) if against else _with_values(values, other, *names)


def _with_cluster(values: Loaded, ahead: Ahead, choices: dict[str, bool], save: str | None) -> Plan:
    from chart_py.cli.apply import planned

    choices = {**choices, "create_namespace": True}
    session, standing = ahead()
    prepared, wanted = planned(session, standing, values, choices)
    if save:
        from chart_py.engine.saved import identity, save_plan

        save_plan(save, prepared, wanted, choices, identity(session.world.cluster))
        click.echo(f"the plan is kept in {save}; it holds secrets", err=True)
    return prepared.plan


def _print(plan: Plan, output: str, verbose: int) -> None:
    if output == "json":
        from chart_py.changes.data import plan_data

        click.echo(json.dumps(plan_data(plan), indent=2, ensure_ascii=False))
        return
    from chart_py.cli.plan_view import print_plan

    print_plan(plan, verbose=verbose)


def _with_file(values: Loaded, file: str, release: str, namespace: str) -> Plan:
    """What would change from the manifests in a file; the secrets that they hold are kept."""
    import yaml

    from chart_py.changes.between import plan_between
    from chart_py.engine.hub_facts import context_beside
    from chart_py.manifest.documents import from_documents
    from chart_py.rendering import render
    from chart_py.values.load import read_text

    try:
        before = from_documents(read_text(file))
    except yaml.YAMLError as error:
        raise FileError(file, f"these are no manifests: {str(error).splitlines()[0]}") from None
    context = context_beside(values, before, release, namespace)
    return plan_between(_own(before), _own(render(values, context)), release=release, namespace=namespace)


def _with_values(one: Loaded, other: Loaded, release: str, namespace: str) -> Plan:
    """What would change from one configuration to another; secrets that neither sets are the same."""
    from chart_py.changes.between import plan_between
    from chart_py.context import Context
    from chart_py.credentials import MASK
    from chart_py.rendering import context_for, render

    plain = Context(release=release, namespace=namespace)
    before, after = (render(each, context_for(each, plain, token=lambda: MASK)) for each in (one, other))
    return plan_between(_own(before), _own(after), release=release, namespace=namespace)


def _own(manifests: list[Manifest]) -> list[Manifest]:
    """The objects of a release without its hooks, which come and go."""
    from chart_py.manifest.order import hook_events

    return [each for each in manifests if not hook_events(each)]
