"""`chart-py schema`: the JSON schema of the values."""

from __future__ import annotations

import click


@click.command()
def schema() -> None:
    """Print the JSON schema of the values, with descriptions and defaults, for completion and checks in editors.

    \b
    Examples:
      chart-py schema > values.schema.json
      and as the first line of config.yaml:  # yaml-language-server: $schema=values.schema.json
    """
    import json

    from chart_py.reference.json_schema import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
