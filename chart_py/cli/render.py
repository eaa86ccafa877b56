"""`chart-py render`: print a release's objects."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from chart_py import credentials
from chart_py.cli import suggestions
from chart_py.cli.options import loaded, release_options, values_options
from chart_py.cli.screen import tell
from chart_py.cli.sources import Given
from chart_py.context import Context, check_names
from chart_py.errors import FileError, UsageError
from chart_py.manifest import Manifest
from chart_py.manifest.documents import to_documents, to_json
from chart_py.manifest.kinds import kind_rank
from chart_py.manifest.order import hook_events
from chart_py.rendering import context_for
from chart_py.rendering import render as render_objects


@click.command()
@values_options
@release_options
@click.option(
    "--show-only",
    "only",
    multiple=True,
    metavar="KIND/NAME",
    shell_complete=suggestions.object_key,
    help="Only this object; may be given several times.",
)
@click.option("--no-hooks", is_flag=True, help="Leave out the objects that only pull images before an upgrade.")
@click.option(
    "-o",
    "--output",
    type=click.Choice(["yaml", "json"]),
    default="yaml",
    show_default=True,
    help="YAML documents, or one JSON List.",
)
@click.option(
    "--output-dir",
    metavar="DIR",
    shell_complete=suggestions.folder,
    help="Write each object to a file of its own in DIR instead.",
)
@click.option(
    "--secrets",
    "secrets_file",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Keep secrets that nobody set in FILE: made once, mode 0600.",
)
def render(
    given: Given,
    release: str,
    namespace: str,
    only: tuple[str, ...],
    no_hooks: bool,
    output: str,
    output_dir: str | None,
    secrets_file: str | None,
) -> None:
    """Print the Kubernetes objects of a configuration, in the order in which they are installed.

    \b
    Examples:
      chart-py render -f config.yaml > manifests.yaml
      chart-py render -f config.yaml --set singleuser.image.tag=v2 --show-only Deployment/hub
      chart-py render -f config.yaml --secrets secrets.yaml --output-dir manifests/
    """
    check_names(release, namespace)
    values = loaded(given, release, or_defaults=True)
    context = Context(release=release, namespace=namespace)
    if secrets_file:
        context = replace(context, secrets=credentials.from_file(secrets_file, values.values))
    else:
        context = context_for(values, context)
    objects = render_objects(values, context)
    objects = [o for o in objects if not (no_hooks and hook_events(o))]
    objects = chosen(objects, only) if only else objects
    if not secrets_file and context.secrets.generated and any(o["kind"] in ("Secret", "Deployment") for o in objects):
        warn_generated(context.secrets.generated)
    if output_dir:
        write_files(Path(output_dir), objects, output)
    else:
        click.echo(to_json(objects) if output == "json" else to_documents(objects), nl=False)


def warn_generated(names: tuple[str, ...]) -> None:
    """Say once that secrets were made which the next render will make again."""
    tell(
        f"warning: {len(names)} secrets were made for this render and will be others next time: {', '.join(names)}\n"
        "   Keep them with --secrets FILE; `apply` takes those of the cluster.",
        err=True,
    )


def chosen(objects: list[Manifest], only: tuple[str, ...]) -> list[Manifest]:
    """The objects that `KIND/NAME` names, in their own order; raises UsageError for a name without an object."""
    names = {f"{o['kind']}/{o['metadata']['name']}".lower(): o for o in objects}
    for name in only:
        if name.lower() not in names:
            from difflib import get_close_matches

            near = get_close_matches(name.lower(), names, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            shown = sorted({o["kind"] for o in objects}, key=kind_rank)
            raise UsageError(
                f"--show-only {name}: nothing of that name is rendered{hint}\n   the kinds here: {', '.join(shown)}"
            )
    wanted = {name.lower() for name in only}
    return [o for name, o in names.items() if name in wanted]


def write_files(folder: Path, objects: list[Manifest], output: str) -> None:
    """Write each object to `NN-kind-name.yaml`, so that the files' order is the objects' order. Raises FileError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for number, manifest in enumerate(objects, 1):
            name = f"{number:02}-{manifest['kind'].lower()}-{manifest['metadata']['name']}.{output}"
            text = to_json([manifest]) if output == "json" else to_documents([manifest])
            file = folder / name
            if manifest["kind"] == "Secret":
                file.touch(mode=0o600)
                file.chmod(0o600)
            file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise FileError(str(error.filename or folder), error.strerror or str(error)) from None
    click.echo(f"{len(objects)} objects written to {folder}", err=True)
