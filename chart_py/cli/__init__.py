"""The command line: `main` runs a verb, prints what went wrong and gives the exit code. One file for each verb."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

import click

from chart_py import __version__
from chart_py.cli.habits import as_verb, instead_of
from chart_py.cli.screen import tell
from chart_py.context import CHART_NAME
from chart_py.editions import JUPYTERHUB, TODAY
from chart_py.errors import ChartError, ValuesError

# Each verb with the sentence that the list of commands shows; its module is loaded when it is called. The module of
# `list` is then an attribute of this package: no builtin `list` is called here.
VERBS = {
    "init": "Write a first configuration.",
    "validate": "Find what is wrong with a configuration before it is applied.",
    "rehearse": "Start the hub and every server without a cluster, and show what fails.",
    "render": "Print the Kubernetes objects of a configuration.",
    "diff": "Show what apply would do.",
    "apply": "Install or upgrade a hub.",
    "status": "Show how a release is now.",
    "history": "List the revisions of a release.",
    "rollback": "Go back to an earlier revision.",
    "uninstall": "Remove a release.",
    "list": "List the releases of hubs.",
    "get": "Print the values or the objects of a revision.",
    "handover": "Give a release to Helm.",
    "explain": "Describe a setting, or search for one.",
    "reach": "Show who can reach whom, and what decides it.",
    "values": "Print the merged values, and where each comes from.",
    "schema": "Print the JSON schema of the values, for editors.",
    "golden": "Compare what configurations render with files kept beside them.",
    "upgrade": "Explain what another chart version would change; nothing is applied.",
    "migrate": "Rewrite a configuration of an older chart with today's settings.",
    "completion": "Print the script that completes commands in a shell.",
}
# What the scripts of `completion` set when they ask for suggestions.
COMPLETE = "_CHART_PY_COMPLETE"


class Verbs(click.Group):
    """The verbs, each in a module of its name; only the one that is called is imported."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*VERBS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in VERBS:
            return None
        module = import_module(f"chart_py.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = getattr(module, cmd_name.replace("-", "_"))
        return as_verb(command)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in VERBS and not args[0].startswith("-"):
            raise click.UsageError(f"unknown command {args[0]}{instead_of(args[0], VERBS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*VERBS.items()])


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(
    __version__,
    "--version",
    message=f"chart_py %(version)s (settings of {CHART_NAME} {TODAY}, JupyterHub {JUPYTERHUB})",
)
def cli() -> None:
    """JupyterHub on Kubernetes, in typed Python.

    \b
    Examples:
      chart-py init --host hub.example.org --login github
      chart-py validate -f config.yaml
      chart-py render -f config.yaml > manifests.yaml
      chart-py apply -f config.yaml
    """


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0, 1, 2, 3, 4 or 130, as `errors` has them. Never raises."""
    try:
        if COMPLETE in os.environ:
            import_module("chart_py.cli.shells").known()
        given = _with_help([*(sys.argv[1:] if arguments is None else arguments)])
        result = cli.main(given, prog_name="chart-py", standalone_mode=False)
        sys.stdout.flush()
        return int(result or 0)
    except ValuesError as error:
        import_module("chart_py.cli.options").say(error.findings)
        return error.exit_code
    except ChartError as error:
        tell(str(error), err=True)
        return error.exit_code
    except click.ClickException as error:
        _usage(error)
        return 2
    except (KeyboardInterrupt, click.Abort) as error:
        # click has its own word for an interrupt; what was interrupted is behind it.
        tell(str(error.__cause__ or error) or "interrupted", err=True)
        return 130
    except BrokenPipeError:
        # The reader has gone (`| head`): nothing is left to say, and Python must not say it at exit either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _bug(error)


def _with_help(arguments: list[str]) -> list[str]:
    """Nothing at all asks for help, and so does `help`, `help VERB`; completion asks for none."""
    if arguments[:1] == ["help"]:
        return [*arguments[1:2], "--help"]
    return arguments or ([] if COMPLETE in os.environ else ["--help"])


def _usage(error: click.ClickException) -> None:
    context = error.ctx if isinstance(error, click.UsageError) else None
    tell(f"error: {error.format_message()}", err=True)
    if context is not None:
        click.echo(f"   {context.get_usage()}\n   More: {context.command_path} --help", err=True)


def _bug(error: Exception) -> int:
    """What nobody foresaw. The message can contain what must not be shown, so only its kind and place are printed."""
    if os.environ.get("CHART_PY_TRACEBACK"):
        raise error
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    where = f" at {os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else ""  # noqa: PTH119
    click.echo(f"error: chart_py itself is at fault: {type(error).__name__}{where}", err=True)
    click.echo(
        "   Please report it with the command; CHART_PY_TRACEBACK=1 shows where it came from.",
        err=True,
    )
    return 2
