"""`chart-py init`: a first configuration, small and commented."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from chart_py.cli import suggestions
from chart_py.errors import FileError, UsageError

LOGINS = ("dummy", "github", "google", "gitlab", "generic-oauth", "ldap", "native")


@click.command()
@click.option("--host", metavar="NAME", help="The name that people use in their browsers; https is set up for it.")
@click.option("--email", metavar="ADDRESS", help="The e-mail address for notices from Let's Encrypt.")
@click.option("--login", type=click.Choice(LOGINS), default="dummy", show_default=True, help="How people log in.")
@click.option("--admin", "admins", multiple=True, metavar="USER", help="A user who may see and stop all servers.")
@click.option("--image", metavar="NAME:TAG", help="The image of users' servers.")
@click.option(
    "-o",
    "--output",
    default="config.yaml",
    show_default=True,
    metavar="FILE",
    shell_complete=suggestions.file,
    help="The file to write.",
)
def init(
    host: str | None, email: str | None, login: str, admins: tuple[str, ...], image: str | None, output: str
) -> None:
    """Write a first configuration that validates; an existing file is left alone.

    \b
    Examples:
      chart-py init
      chart-py init --host hub.example.org --email ops@example.org --login github --admin ada
    """
    import io
    import secrets

    from chart_py.values.first import text
    from chart_py.values.load import load_values

    name, tag = _image(image)
    made = text(host=host, email=email, login=login, admins=admins, image=name, tag=tag, token=secrets.token_hex(32))
    load_values([io.StringIO(made)])
    file = Path(output)
    try:
        with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
            opened.write(made)
    except FileExistsError:
        raise FileError(output, "it is there already", "Choose another file with --output, or move this one.") from None
    except OSError as error:
        raise FileError(output, error.strerror or str(error)) from None
    click.echo(f"{output} written; it holds a secret, so only you can read it.", err=True)
    click.echo(f"   Next: chart-py validate -f {output}", err=True)


def _image(image: str | None) -> tuple[str, str]:
    if image is None:
        return "", ""
    found = re.fullmatch(r"(.+?):([\w][\w.-]*)", image)
    if not found or "/" in found[2]:
        raise UsageError(
            f"--image {image}: expected a name and a tag, such as quay.io/jupyter/scipy-notebook:2026-11-02"
        )
    return found[1], found[2]
