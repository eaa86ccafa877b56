"""`chart-py history`: the revisions of a release."""

from __future__ import annotations

import json

import click

from chart_py.cli.cluster import Where, cluster_options, opened, output_option


@click.command()
@cluster_options
@output_option
def history(
    where: Where,
    output: str,
) -> None:
    """List the revisions of a release, oldest first.

    \b
    Examples:
      chart-py history
      chart-py history --output json
    """
    from chart_py.cli.progress import Lines
    from chart_py.cli.screen import table
    from chart_py.engine.hub import history as kept
    from chart_py.engine.status import word_of

    hub = opened(where, Lines())
    found = [
        {
            "revision": record.version,
            "updated": record.last_deployed,
            "status": word_of(hub.world, record),
            "chart": record.chart_name,
            "appVersion": record.app_version,
            "description": record.description,
        }
        for record in kept(hub)
    ]
    if output == "json":
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
    else:
        table(found, ("REVISION", "UPDATED", "STATUS", "CHART", "APP VERSION", "DESCRIPTION"), free="DESCRIPTION")
