"""`chart-py diff`: what `apply` would do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from chart_py.cli import suggestions
from chart_py.cli.cluster import Where, cluster_options, loaded_for, opened, opened_ahead, output_option
from chart_py.cli.options import loaded, values_options
from chart_py.cli.sources import Given, chosen
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
@click.option(
    "--revision",
    "revisions",
    type=click.IntRange(min=1),
    multiple=True,
    metavar="N",
    help="Compare from revision N on: to what is live, to what -f and --set ask for, or to a second --revision.",
)
@click.option("--adopt", is_flag=True, help="Take over objects of these names that belong to no release.")
@click.option(
    "--allow-replace",
    is_flag=True,
    help="Delete and recreate what cannot be changed in place, but never volume claims.",
)
@click.option(
    "--save",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Save the plan to FILE (mode 0600) for `apply --plan FILE`.",
)
@output_option
def diff(
    given: Given,
    where: Where,
    against: str | None,
    others: tuple[str, ...],
    revisions: tuple[int, ...],
    adopt: bool,
    allow_replace: bool,
    save: str | None,
    output: str,
) -> int:
    """Show what `apply` would do, by a dry run on the server; or compare without a cluster.

    Exit code 1 where anything would change. Secrets are never shown, only whether they are kept or changed.

    \b
    Examples:
      chart-py diff -f config.yaml
      chart-py diff -f config.yaml --against manifests.yaml
      chart-py diff -f config.yaml --to new.yaml
      chart-py diff -f config.yaml --save plan.json
      chart-py diff --revision 3
      chart-py diff --revision 3 --revision 5
      chart-py diff --revision 3 -f config.yaml
    """
    if against and others:
        raise UsageError("--against and --to each say what to compare with; give one of them")
    if save and (against or others):
        raise UsageError("--save keeps a plan for a cluster; leave --against and --to out")
    if revisions:
        _check_revisions(revisions, given, bool(against or others or save or adopt or allow_replace))
        found = _of_revisions(where, revisions, given)
        _print(found, output, where.verbose)
        return 1 if found.writing else 0
    given = chosen(given)
    ahead = None if against or others else opened_ahead(where)
    values = loaded(given) if ahead is None else loaded_for(given, ahead)
    if ahead is None:
        plan = _without_cluster(values, against, others, given.version, given.at, where)
    else:
        plan = _with_cluster(values, ahead, {"adopt": adopt, "allow_replace": allow_replace}, save)
    _print(plan, output, where.verbose)
    return 0 if plan.is_empty else 1


def _check_revisions(revisions: tuple[int, ...], given: Given, has_more: bool) -> None:
    """Refuse what does not go together with --revision."""
    if len(revisions) > 2:
        raise UsageError(f"expected --revision once or twice, got it {len(revisions)} times")
    if has_more:
        raise UsageError("--revision looks at the past; leave out --against, --to, --save, --adopt and --allow-replace")
    if len(revisions) == 2 and not given.says_nothing:
        raise UsageError("two revisions are compared with each other; leave out one of them, or -f and --set")


def _of_revisions(where: Where, revisions: tuple[int, ...], given: Given) -> Plan:
    from chart_py.engine.past import compare_revisions

    if len(revisions) == 1 and not given.says_nothing:
        return compare_revisions(opened(where), revisions[0], loaded(chosen(given)))
    return compare_revisions(opened(where), *revisions)


def _without_cluster(
    values: Loaded, against: str | None, others: tuple[str, ...], chart_version: str, at: str, where: Where
) -> Plan:
    from chart_py.engine.comparing import compare
    from chart_py.engine.releases import DEFAULT

    names = {"release": where.release or DEFAULT, "namespace": where.namespace or where.release or DEFAULT}
    if against:
        return compare(_manifests(against), values, **names)
    return compare(values, loaded(Given(others, chart_version=chart_version, at=at)), **names)


def _with_cluster(values: Loaded, ahead: Ahead, choices: dict[str, bool], save: str | None) -> Plan:
    from chart_py.engine.hub import plan, save_plan

    hub, standing = ahead()
    prepared = plan(hub, values, **choices, create_namespace=True, standing=standing)
    if save:
        save_plan(hub, prepared, save)
        click.echo(f"the plan is kept in {save}; it holds secrets", err=True)
    return prepared.plan


def _print(plan: Plan, output: str, verbose: int) -> None:
    if output == "json":
        from chart_py.views.plan_data import plan_data

        click.echo(json.dumps(plan_data(plan), indent=2, ensure_ascii=False))
        return
    from chart_py.cli.plan_view import print_plan

    print_plan(plan, verbose=verbose)


def _manifests(file: str) -> list[Manifest]:
    """The objects in a file. Raises FileError where it holds none."""
    import yaml

    from chart_py.manifest.documents import from_documents
    from chart_py.values.load import read_text

    try:
        found = from_documents(read_text(file))
    except yaml.YAMLError as error:
        raise FileError(file, f"not Kubernetes manifests: {str(error).splitlines()[0]}") from None
    if not found:
        raise FileError(file, "no Kubernetes manifests: it is empty")
    for number, each in enumerate(found, 1):
        meta = each.get("metadata")
        if not each.get("kind") or not isinstance(meta, dict) or not meta.get("name"):
            raise FileError(file, f"not Kubernetes manifests: object {number} has no kind or no metadata.name")
    return found
