"""`chart-py diff`: what `apply` would do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from chart_py.cli.cluster import cluster_options, opened, output_option
from chart_py.cli.options import loaded, values_options
from chart_py.errors import FileError, UsageError

if TYPE_CHECKING:
    from chart_py.manifest import Manifest
    from chart_py.plan.plan import Plan
    from chart_py.values.load import Loaded


@click.command()
@values_options
@cluster_options
@click.option("--against", metavar="FILE", help="Compare with the manifests in FILE (- is standard input): no cluster.")
@click.option("--to", "others", multiple=True, metavar="FILE", help="Compare two configurations: no cluster.")
@click.option("--adopt", is_flag=True, help="Take objects of these names that belong to no release.")
@click.option("--allow-replace", is_flag=True, help="Delete and make anew what cannot be changed. Never claims.")
@click.option("--save", metavar="FILE", help="Keep the plan in FILE (mode 0600) for `apply --plan FILE`.")
@output_option
def diff(
    files: tuple[str, ...],
    settings: tuple[str, ...],
    file_settings: tuple[str, ...],
    chart_version: str,
    kubeconfig: str | None,
    context_name: str | None,
    release: str | None,
    namespace: str | None,
    verbose: int,
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
    values = loaded(files, settings, file_settings, chart_version)
    names = (release or "jhub", namespace or release or "jhub")
    if against:
        plan = _with_file(values, against, *names)
    elif others:
        plan = _with_values(values, loaded(others, (), (), chart_version), *names)
    else:
        from chart_py.cli.apply import planned

        session = opened(kubeconfig, context_name, release, namespace, verbose)
        choices = {"adopt": adopt, "allow_replace": allow_replace, "create_namespace": True}
        prepared, wanted = planned(session, values, choices)
        plan = prepared.plan
        if save:
            from chart_py.engine.saved import save_plan

            save_plan(save, prepared, wanted, choices)
            click.echo(f"the plan is kept in {save}; it holds secrets", err=True)
    _print(plan, output, verbose)
    return 0 if plan.is_empty else 1


def _print(plan: Plan, output: str, verbose: int) -> None:
    if output == "json":
        from chart_py.plan.data import plan_data

        click.echo(json.dumps(plan_data(plan), indent=2, ensure_ascii=False))
        return
    from chart_py.cli.plan_view import print_plan

    print_plan(plan, verbose=verbose)


def _with_file(values: Loaded, file: str, release: str, namespace: str) -> Plan:
    """What would change from the manifests in a file; the secrets that they hold are kept."""
    import yaml

    from chart_py.context import Context
    from chart_py.credentials import MASK
    from chart_py.engine.hub_facts import secret_texts
    from chart_py.manifest.documents import from_documents
    from chart_py.plan.between import plan_between
    from chart_py.rendering import context_for, render
    from chart_py.resources.names import Names
    from chart_py.values.load import read_text

    try:
        before = from_documents(read_text(file))
    except yaml.YAMLError as error:
        raise FileError(file, f"these are no manifests: {str(error).splitlines()[0]}") from None
    plain = Context(release=release, namespace=namespace)
    hub = Names(values.values, plain).hub
    secret = next((each for each in before if each["kind"] == "Secret" and each["metadata"].get("name") == hub), None)
    context = context_for(values, plain, known=secret_texts(secret), token=lambda: MASK)
    return plan_between(_own(before), _own(render(values, context)), release=release, namespace=namespace)


def _with_values(one: Loaded, other: Loaded, release: str, namespace: str) -> Plan:
    """What would change from one configuration to another; secrets that neither sets are the same."""
    from chart_py.context import Context
    from chart_py.credentials import MASK
    from chart_py.plan.between import plan_between
    from chart_py.rendering import context_for, render

    plain = Context(release=release, namespace=namespace)
    before, after = (render(each, context_for(each, plain, token=lambda: MASK)) for each in (one, other))
    return plan_between(_own(before), _own(after), release=release, namespace=namespace)


def _own(manifests: list[Manifest]) -> list[Manifest]:
    """The objects of a release without its hooks, which come and go."""
    from chart_py.manifest.order import hook_events

    return [each for each in manifests if not hook_events(each)]
