"""`chart-py explain`: what a setting does, and which settings have to do with some words."""

from __future__ import annotations

import json

import click

from chart_py.cli import suggestions


@click.command()
@click.argument("words", metavar="[SETTING | WORD...]", nargs=-1, shell_complete=suggestions.word)
@click.option("--all", "everything", is_flag=True, help="List everything that a search finds.")
@click.option("-o", "--output", type=click.Choice(["text", "json"]), default="text", help="Text, or one JSON object.")
def explain(words: tuple[str, ...], everything: bool, output: str) -> None:
    """Describe a setting: its type, default, an example, and what it becomes; or search the settings.

    Classes and traits of JupyterHub, keys of profiles, services and roles, and the configurations in values/ are
    described too. Without an argument, the sections are listed.

    \b
    Examples:
      chart-py explain
      chart-py explain hub.db
      chart-py explain singleuser.memory.limit
      chart-py explain singleuser.profileList.profile_options
      chart-py explain hub.config.GitHubOAuthenticator
      chart-py explain gpu
      chart-py explain login google
      chart-py explain values/login-google.yaml > config.yaml
    """
    from chart_py.reference.explanation import Found
    from chart_py.reference.lookup import explain as looked_up
    from chart_py.reference.search import MOST
    from chart_py.views.explanation import explanation_data, found_data, found_lines, lines_of

    told = looked_up(words, None if everything else MOST)
    if output == "json":
        data = found_data(told) if isinstance(told, Found) else explanation_data(told)
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
        return
    click.echo("\n".join(found_lines(told) if isinstance(told, Found) else lines_of(told)))
    if isinstance(told, Found):
        more = f"; {told.more} more with --all" if told.more else ""
        click.echo(f"\nDetails of one of them: chart-py explain NAME{more}", err=True)
