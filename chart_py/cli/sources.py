"""Owns the answer to one question: of which values files does a verb speak, where the command names some or none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import click

from chart_py.cli.screen import tell
from chart_py.editions import TODAY
from chart_py.errors import UsageError

USUAL = "config.yaml"
"""The file that is taken from the current folder where none is named."""
_SHOWN = 5


@dataclass(frozen=True)
class Given:
    """What the options of values say: `-f`, `--set`, `--set-file`, `--chart-version`, `--at` and `--defaults`."""

    files: tuple[str, ...] = ()
    settings: tuple[str, ...] = ()
    file_settings: tuple[str, ...] = ()
    chart_version: str = ""
    at: str = ""
    defaults: bool = False

    @property
    def version(self) -> str:
        """The chart version that is meant where no release says one."""
        return self.chart_version or TODAY

    @property
    def says_nothing(self) -> bool:
        """Whether no option names any value."""
        return not (self.files or self.settings or self.file_settings or self.defaults)


def chosen(given: Given, *, or_defaults: bool = False) -> Given:
    """`given` with the files that are meant: those named by `-f`, else ./config.yaml, which is told.

    Where there is neither, the built-in defaults count only if somebody has said so: by `--defaults`, or by a verb that
    changes and judges nothing (`or_defaults`), which then says so. Raises UsageError with the command to type.
    """
    if given.defaults and given.files:
        raise UsageError("--defaults means no file at all; leave out either --defaults or -f")
    if given.files or given.defaults:
        return given
    if files := usual():
        tell(f"note: using ./{USUAL}; name other files with -f", err=True)
        return replace(given, files=files)
    if not or_defaults:
        raise UsageError(_refusal())
    tell("note: no -f given and no ./config.yaml here: using the built-in defaults", err=True)
    return given


def usual() -> tuple[str, ...]:
    """The files that are meant where nobody names one: what is called so and cannot be read counts too."""
    here = Path(USUAL)
    return (USUAL,) if here.exists() or here.is_symlink() else ()


def _refusal() -> str:
    """What to type where nobody has said which values are meant."""
    verb = click.get_current_context().command_path
    found = sorted(each.name for each in Path().glob("*.y*ml") if each.suffix in (".yaml", ".yml") and each.is_file())
    lines = [f"no configuration: -f is missing and this folder has no {USUAL}"]
    lines.append(f"   {verb} -f {found[0] if len(found) == 1 else 'FILE'}")
    if len(found) > 1:
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        lines.append(f"   YAML files here: {', '.join(found[:_SHOWN])}{more}")
    lines.append(f"   For a hub on the built-in defaults: {verb} --defaults")
    return "\n".join(lines)
