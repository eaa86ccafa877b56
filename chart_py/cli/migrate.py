"""`chart-py migrate`: rewrite the files of a hub that have older settings with today's."""

from __future__ import annotations

import codecs
import json
import os
import shutil
from pathlib import Path

import click

from chart_py.cli import suggestions
from chart_py.cli.options import say
from chart_py.cli.screen import tell
from chart_py.context import check_names
from chart_py.editions import GUIDE, TODAY, versions
from chart_py.errors import FileError, UsageError
from chart_py.finding import Finding
from chart_py.migrate.migration import Migration, migrate_layers
from chart_py.values.load import read_text


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=suggestions.file)
@click.option(
    "-o",
    "--output-file",
    "target",
    metavar="FILE",
    shell_complete=suggestions.file,
    help="Write the new configuration to FILE.",
)
@click.option(
    "--output-dir",
    "folder",
    metavar="DIR",
    shell_complete=suggestions.folder,
    help="Write each new file to DIR, by its name.",
)
@click.option("--in-place", is_flag=True, help="Write each new file over the old one.")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where there is something to do.")
@click.option(
    "--from",
    "chart_version",
    metavar="VERSION",
    shell_complete=suggestions.chart_version,
    help="The chart that the files were written for; needed where they have settings of charts before 1.0.",
)
@click.option(
    "--to",
    "newer",
    metavar="VERSION",
    shell_complete=suggestions.chart_version,
    help=f"The chart whose settings to write; {TODAY} where not given.",
)
@click.option("--whole", is_flag=True, help="One FILE is the whole configuration, who may log in included.")
@click.option("--release", default="jhub", show_default=True, metavar="NAME", help="The release's name.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to list.")
def migrate(
    files: tuple[str, ...],
    target: str | None,
    folder: str | None,
    in_place: bool,
    check: bool,
    chart_version: str | None,
    newer: str | None,
    whole: bool,
    release: str,
    output: str,
) -> int:
    """Rewrite the files of one hub with the settings of another chart, and prove that they render the same.

    Give all files of the hub, the lowest layer first (- is standard input); each is rewritten on its own, and all of
    them together are compared. One FILE is taken for a part, which lets nobody in, unless --whole is given.

    Comments, order, quotes and anchors stay, and every line without an older setting. Defaults are those of the new
    chart, which `upgrade` explains; for files of charts 0.6 and 0.7 the old ones are written out, with comments. Prints
    the new configuration unless told where to write it, and a table. Exit code 1 where something differs.

    \b
    Examples:
      chart-py migrate config.yaml --from 0.7 --whole -o new.yaml
      chart-py migrate base.yaml prod.yaml secrets.yaml --from 0.7 --in-place
      chart-py migrate config.yaml --from 3.3.8 --to 4.4.0 --in-place
    """
    _need_one_way(files, target, folder, in_place, check)
    check_names(release, release)
    texts = [(read_text(file), "<stdin>" if file == "-" else file) for file in files]
    whole = whole or len(files) > 1
    found = migrate_layers(texts, chart_version=chart_version, to=newer, release=release, whole=whole)
    say([finding for done in found for finding in done.findings])
    targets = _targets(files, target, folder, in_place)
    _write_all([(to, done.after, Path(file)) for to, done, file in zip(targets, found, files, strict=False)])
    shows_text = not targets and not check
    # Data goes to standard output: the new text unless it went to a file, else the table.
    if output == "json":
        facts = [_facts(done, name, with_text=shows_text) for done, (_, name) in zip(found, texts, strict=True)]
        click.echo(json.dumps(facts[0] if len(facts) == 1 else facts, indent=2, ensure_ascii=False))
    else:
        for done, (_, name) in zip(found, texts, strict=True):
            click.echo(_table(done, name, is_last=done is found[-1]), err=shows_text)
        if shows_text:
            click.echo(found[0].after, nl=False)
    _say_what_else(files, targets, chart_version, newer or TODAY)
    has_changed = any(done.after != done.before for done in found)
    return int(any(done.remaining for done in found) or (check and has_changed))


def _say_what_else(files: tuple[str, ...], targets: list[Path], older: str | None, newer: str) -> None:
    """Say what was written, and which verb explains what changes beside the settings, where both charts are known."""
    for to in targets:
        click.echo(f"written to {to}", err=True)
    if older and older not in GUIDE and older in versions() and older != newer:
        named = " ".join(f"-f {file}" for file in files)
        tell(f"chart-py upgrade --from {older} --to {newer} {named}\n   explains what else changes.", err=True)


def _need_one_way(files: tuple[str, ...], target: str | None, folder: str | None, in_place: bool, check: bool) -> None:
    """Refuse ways to write that exclude each other, or that do not fit the number of files."""
    ways = sum((bool(target), bool(folder), in_place, check))
    if ways > 1:
        raise UsageError("-o, --output-dir, --in-place and --check exclude each other")
    if in_place and "-" in files:
        raise UsageError("--in-place needs files; standard input is none\n   Give -o FILE, or neither.")
    if len(files) > 1 and (target or not ways):
        raise UsageError("several files are written with --in-place or --output-dir DIR, or looked at with --check")
    if len({Path(file).name for file in files}) < len(files) and folder:
        raise UsageError("--output-dir needs files with different names")


def _targets(files: tuple[str, ...], target: str | None, folder: str | None, in_place: bool) -> list[Path]:
    """Where each new file goes; nowhere if none is written."""
    if folder:
        return [Path(folder) / Path(file).name for file in files]
    return [Path(file) for file in files] if in_place else [Path(target)] if target else []


def _table(done: Migration, name: str, *, is_last: bool) -> str:
    if done.after == done.before and not done.changes:
        return f"{name}: nothing to do, all settings are today's"
    rows = [("line", "old setting", "today's", "why")]
    for change in done.changes:
        first, *more = change.new or ("(not needed)",)
        rows.append((str(change.line), change.old or "(added)", first, change.why))
        rows += [("", "", word, "") for word in more]
    wide = [min(max(len(row[column]) for row in rows), most) for column, most in enumerate((6, 44, 60))]
    lines = [f"{name}, written for chart {done.chart_version}:", ""]
    for line, old, new, why in rows:
        lines.append(f"{line:>{wide[0]}}  {old:{wide[1]}}  {new:{wide[2]}}  {why}".rstrip())
    if any(change.is_added for change in done.changes):
        lines += ["", "Lines of added settings are those of the new text."]
    lines.append("")
    if done.remaining:
        count = len(done.remaining)
        lines.append(f"{count} field{'s are' if count > 1 else ' is'} rendered otherwise than before:")
        lines += [f"  {left.object}  {left.field}\n      {left.reason}" for left in done.remaining]
    elif is_last:
        lines.append("Both render the same objects, field by field.")
    return "\n".join(lines)


def _facts(done: Migration, name: str, *, with_text: bool) -> dict[str, object]:
    changes = [{"line": c.line, "old": c.old or None, "new": list(c.new), "why": c.why} for c in done.changes]
    found = {
        "file": name,
        "from": done.chart_version,
        "changed": done.after != done.before,
        "changes": changes,
        "differences": [{"object": d.object, "field": d.field, "reason": d.reason} for d in done.remaining],
        "findings": [_finding(finding) for finding in done.findings],
    }
    return {**found, "text": done.after} if with_text else found


def _finding(finding: Finding) -> dict[str, object]:
    place = str(finding.place) if finding.place else None
    return {"level": finding.level.value, "code": finding.code, "place": place, "message": finding.message}


def _write_all(files: list[tuple[Path, str, Path]]) -> None:
    """Write all new texts or none, each with the rights of its old file (it can contain secrets). Raises FileError."""
    written: list[tuple[Path, Path]] = []
    file = Path()
    try:
        for to, text, source in files:
            file = to.resolve() if to.is_symlink() else to
            beside = file.with_name(f".{file.name}.{os.getpid()}")
            written.append((beside, file))
            mark = codecs.BOM_UTF8 if source.is_file() and source.read_bytes()[:3] == codecs.BOM_UTF8 else b""
            beside.write_bytes(mark + text.encode())
            if source.is_file():
                shutil.copymode(source, beside)
        for beside, file in written:
            beside.replace(file)
    except OSError as error:
        for beside, _ in written:
            beside.unlink(missing_ok=True)
        raise FileError(str(file), error.strerror or str(error)) from None
