"""`chart-py list`: the releases of hubs."""

from __future__ import annotations

import json

import click

from chart_py.cli.cluster import Where, cluster_options, opened_world, output_option


@click.command()
@cluster_options
@click.option("-A", "--all-namespaces", is_flag=True, help="In all namespaces.")
@output_option
def list(
    where: Where,
    all_namespaces: bool,
    output: str,
) -> None:
    """List the releases of hubs, including those made by Helm.

    \b
    Examples:
      chart-py list --all-namespaces
      chart-py list --namespace jhub --output json
    """
    from chart_py.cli.progress import Lines
    from chart_py.cli.screen import table
    from chart_py.engine.releases import hubs
    from chart_py.engine.status import word_of

    world, address = opened_world(where, Lines())
    place = "" if all_namespaces else (where.namespace or address.namespace)
    found = [
        {
            "name": record.name,
            "namespace": record.namespace,
            "revision": record.version,
            "updated": record.last_deployed,
            "status": word_of(world, record),
            "chart": record.chart_name,
            "appVersion": record.app_version,
        }
        for record in hubs(world, place)
        if where.release in (None, record.name)
    ]
    if output == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    table(found, ("NAME", "NAMESPACE", "REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION"))
    if not found and place:
        click.echo(f"none in the namespace {place}; --all-namespaces looks everywhere", err=True)
