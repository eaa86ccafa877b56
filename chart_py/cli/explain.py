"""`chart-py explain`: what a setting does, and which settings have to do with some words."""

from __future__ import annotations

import click

from chart_py.cli import suggestions
from chart_py.errors import UsageError
from chart_py.finding import dotted


@click.command()
@click.argument("words", metavar="[SETTING | WORD...]", nargs=-1, shell_complete=suggestions.word)
def explain(words: tuple[str, ...]) -> None:
    """Describe a setting: its type, default, an example, and what it becomes; or search for words.

    Without a setting, the sections are listed.

    \b
    Examples:
      chart-py explain
      chart-py explain hub.db
      chart-py explain singleuser.memory.limit
      chart-py explain hub.config.GitHubOAuthenticator
      chart-py explain gpu
      chart-py explain login google
    """
    from chart_py.reference import old_word, trait
    from chart_py.reference.search import search
    from chart_py.reference.word import below, find, is_known, sections

    if not words:
        _listed([(dotted(word.path), word.description) for word in sections()])
        return
    path = words[0]
    if len(words) == 1 and path.startswith("singleuser.profileList."):
        _profile(path)
        return
    if len(words) == 1 and (lines := [*old_word.explained(path), *trait.explained(path)]):
        click.echo("\n".join(lines))
        return
    if len(words) > 1 or not is_known(path):
        if hits := search(words):
            _listed([(hit.name, hit.text) for hit in hits])
            click.echo("\nMore on one of them: chart-py explain NAME", err=True)
            return
        if len(words) > 1:
            raise UsageError(f"nothing is about {' '.join(words)}; `explain` lists the sections")
    word = find(path)
    click.echo(f"{dotted(word.path)}: {word.kind}")
    click.echo(f"   {word.description}")
    if word.section is None:
        _facts(word)
    else:
        click.echo(f"   In the chart: {word.since}")
        click.echo()
        _listed([(dotted(inner.path), inner.description) for inner in below(word)])


def _profile(path: str) -> None:
    """A key within a profile; the names of options and choices may be left out."""
    from chart_py.reference.editor_schema import profile_key

    steps = tuple(path.removeprefix("singleuser.profileList.").split("."))
    found = profile_key(steps)
    if found is None:
        above = profile_key(steps[:-1])
        keys = f": {', '.join(above[1])}" if above and above[1] else ""
        raise UsageError(f"unknown key of a profile: {path}; there are{keys}" if keys else f"unknown key: {path}")
    click.echo(f"{path}\n   {found[0]}")
    if found[1]:
        click.echo()
        _listed([*found[1].items()])


def _facts(word: object) -> None:
    from chart_py.manifest.documents import to_yaml
    from chart_py.reference.word import Word, short

    assert isinstance(word, Word)
    click.echo(f"   Default:      {short(word.default())}")
    click.echo(f"   In the chart: {word.since}")
    for number, end in enumerate(word.ends()):
        click.echo(f"   {'Becomes:' if not number else '':13} {end}")
    tree: object = word.example
    for step in reversed(word.path):
        tree = {step: tree}
    click.echo("   Example:")
    for line in to_yaml(tree).splitlines():
        click.echo(f"      {line}")


def _listed(rows: list[tuple[str, str]]) -> None:
    from textwrap import wrap

    width = min(max(len(name) for name, _ in rows), 44) + 2
    for name, said in rows:
        first, *rest = wrap(said, max(79 - width, 30)) or [""]
        if len(name) > width - 2:
            # A long name has a line of its own.
            click.echo(name)
            name = ""
        click.echo(f"{name:{width}}{first}")
        for line in rest:
            click.echo(" " * width + line)
