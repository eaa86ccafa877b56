"""`chart-py explain`: what a word means."""

from __future__ import annotations

import click

from chart_py.cli import suggestions
from chart_py.finding import dotted


@click.command()
@click.argument("path", required=False, shell_complete=suggestions.word)
def explain(path: str | None) -> None:
    """Say what a word of the values is: its type, default, an example, and where it ends.

    Without a word, the sections are listed.

    \b
    Examples:
      chart-py explain
      chart-py explain hub.db
      chart-py explain singleuser.memory.limit
      chart-py explain hub.config.GitHubOAuthenticator
    """
    from chart_py.reference import old_word, trait
    from chart_py.reference.word import below, find, sections

    if path is None:
        _listed([(dotted(word.path), word.description) for word in sections()])
        return
    if lines := [*old_word.explained(path), *trait.explained(path)]:
        click.echo("\n".join(lines))
        return
    word = find(path)
    click.echo(f"{dotted(word.path)}: {word.kind}")
    click.echo(f"   {word.description}")
    if word.section is None:
        _facts(word)
    else:
        click.echo(f"   In the chart: {word.since}")
        click.echo()
        _listed([(dotted(inner.path), inner.description) for inner in below(word)])


def _facts(word: object) -> None:
    from chart_py.manifest.documents import to_yaml
    from chart_py.reference.word import Word, short

    assert isinstance(word, Word)
    click.echo(f"   Default:      {short(word.default())}")
    click.echo(f"   In the chart: {word.since}")
    for number, end in enumerate(word.ends() or ["nothing by itself; other words look at it"]):
        click.echo(f"   {'Ends in:' if not number else '':13} {end}")
    tree: object = word.example
    for step in reversed(word.path):
        tree = {step: tree}
    click.echo("   Example:")
    for line in to_yaml(tree).splitlines():
        click.echo(f"      {line}")


def _listed(rows: list[tuple[str, str]]) -> None:
    from textwrap import wrap

    width = max(len(name) for name, _ in rows) + 2
    for name, said in rows:
        first, *rest = wrap(said, max(80 - width, 30)) or [""]
        click.echo(f"{name:{width}}{first}")
        for line in rest:
            click.echo(" " * width + line)
