"""`chart-py get`: what a revision was made of."""

from __future__ import annotations

import json

import click

from chart_py.cli.cluster import Where, cluster_options, opened, output_option
from chart_py.errors import ClusterError

# Where values stand in the hub's Secret: what is secret in them is told by their whole path.
VALUES = ("data", "values.yaml")


@click.command()
@click.argument("what", type=click.Choice(["values", "manifest"]))
@cluster_options
@click.option("--revision", type=click.IntRange(min=1), metavar="N", help="The revision; else the last one.")
@output_option
def get(
    what: str,
    where: Where,
    revision: int | None,
    output: str,
) -> None:
    """Print the values that a revision was made of, or the objects that it has; secrets are hidden.

    \b
    Examples:
      chart-py get values
      chart-py get manifest --revision 3
    """
    from chart_py.changes.mask import without_secrets
    from chart_py.engine.standing import manifests_of, store_of
    from chart_py.manifest.difference import visible
    from chart_py.manifest.documents import to_documents, to_json, to_yaml

    hub = opened(where)
    store = store_of(hub.world.cluster, hub.namespace, hub.world.now)
    heads = store.heads(hub.release)
    version = revision or (heads[-1].version if heads else 0)
    record = store.read(hub.namespace, hub.release, version)
    if record is None:
        kept = ", ".join(str(head.version) for head in heads) or "none"
        raise ClusterError(
            f"{hub.release} in {hub.namespace} has no revision {revision or ''}".rstrip(),
            f"Those that are kept: {kept}",
        )
    if what == "values":
        values = visible(dict(record.config), VALUES)
        click.echo(json.dumps(values, indent=2, ensure_ascii=False) if output == "json" else to_yaml(values).rstrip())
    else:
        objects = [without_secrets(each) for each in manifests_of(record)]
        click.echo(to_json(objects) if output == "json" else to_documents(objects), nl=False)
