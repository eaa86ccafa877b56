"""`chart-py completion`: the script by which a shell completes verbs, options and settings."""

from __future__ import annotations

import click


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> None:
    """Print the completion script of a shell, for its start file.

    \b
    Examples:
      chart-py completion bash >> ~/.bashrc
      chart-py completion fish > ~/.config/fish/completions/chart-py.fish
    """
    from chart_py.cli import COMPLETE, cli
    from chart_py.cli.shells import SHELLS

    click.echo(SHELLS[shell](cli, {}, "chart-py", COMPLETE).source())
