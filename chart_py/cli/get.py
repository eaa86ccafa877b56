"""`chart-py get`: what a revision was made of."""

from __future__ import annotations

import json

import click

from chart_py.cli.cluster import Where, cluster_options, opened, output_option

# Where values stand in the hub's Secret: what is secret in them is told by their whole path.
VALUES = ("data", "values.yaml")


@click.command()
@click.argument("what", type=click.Choice(["values", "manifest"]))
@cluster_options
@click.option("--revision", type=click.IntRange(min=1), metavar="N", help="The revision; else the last one.")
@click.option("--reveal", is_flag=True, help="Show secrets in plain text.")
@output_option
def get(
    what: str,
    where: Where,
    revision: int | None,
    reveal: bool,
    output: str,
) -> None:
    """Print the values or the objects of a revision; secrets are hidden unless --reveal is given.

    \b
    Examples:
      chart-py get values
      chart-py get manifest --revision 3
      chart-py get values --reveal > config.yaml
    """
    from chart_py.changes.mask import without_secrets
    from chart_py.engine.hub import revision as record_of
    from chart_py.engine.standing import manifests_of
    from chart_py.manifest.documents import to_documents, to_json, to_yaml
    from chart_py.manifest.shown import visible

    record = record_of(opened(where), revision)
    if what == "values":
        config = dict(record.config)
        values = config if reveal else visible(config, VALUES)
        click.echo(json.dumps(values, indent=2, ensure_ascii=False) if output == "json" else to_yaml(values).rstrip())
    else:
        objects = [each if reveal else without_secrets(each) for each in manifests_of(record)]
        click.echo(to_json(objects) if output == "json" else to_documents(objects), nl=False)
