"""`chart-py migrate`: rewrite a configuration in older words into today's."""

from __future__ import annotations

import codecs
import json
import os
import shutil
from pathlib import Path

import click

from chart_py.cli import suggestions
from chart_py.cli.options import say
from chart_py.context import check_names
from chart_py.errors import FileError, UsageError
from chart_py.finding import Finding
from chart_py.migrate.migration import Migration
from chart_py.migrate.migration import migrate as migrate_text
from chart_py.values.load import read_text


@click.command()
@click.argument("file", metavar="FILE", shell_complete=suggestions.file)
@click.option(
    "-o", "--to", "target", metavar="FILE", shell_complete=suggestions.file, help="Write the new configuration to FILE."
)
@click.option("--in-place", is_flag=True, help="Write it over the old one.")
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 where there is something to do.")
@click.option(
    "--from",
    "chart_version",
    metavar="VERSION",
    shell_complete=suggestions.chart_version,
    help="The chart that it was written for: 1.0.0 or newer, 0.7 or 0.6. Not given: 0.7 if it has older words.",
)
@click.option("--release", default="jhub", show_default=True, metavar="NAME", help="The release's name.")
@click.option("--output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to list.")
def migrate(
    file: str, target: str | None, in_place: bool, check: bool, chart_version: str | None, release: str, output: str
) -> int:
    """Rewrite FILE (- is standard input) into the words of today's chart, and prove that it renders the same.

    Comments, order, quotes and anchors stay, and every line that has no older word. What keeps the meaning where
    defaults have changed is added, with a comment that says what happens without it. Prints the new configuration
    unless -o, --in-place or --check is given, and a table of what was done. Exit code 1 where something differs.

    \b
    Examples:
      chart-py migrate config.yaml --from 0.7 -o new.yaml
      chart-py migrate config.yaml --in-place
      chart-py migrate --check config.yaml
    """
    if sum((bool(target), in_place, check)) > 1:
        raise UsageError("-o, --in-place and --check exclude each other")
    if in_place and file == "-":
        raise UsageError("--in-place needs a file; standard input has none\n   Give -o FILE, or neither.")
    check_names(release, release)
    name = "<stdin>" if file == "-" else file
    done = migrate_text(read_text(file), name, chart_version=chart_version, release=release)
    say(done.findings)
    to = file if in_place else target
    if to:
        _write(Path(to), done.after, Path(file))
    # Data goes to standard output: the new text unless it went to a file, else the table.
    if output == "json":
        click.echo(_json(done, name, with_text=not to and not check))
    else:
        click.echo(_table(done, name), err=not to and not check)
        if not to and not check:
            click.echo(done.after, nl=False)
    if to:
        click.echo(f"written to {to}", err=True)
    return int(bool(done.remaining) or (check and done.after != done.before))


def _table(done: Migration, name: str) -> str:
    if done.after == done.before and not done.changes:
        return f"{name}: nothing to do, all words are today's"
    rows = [("line", "old word", "today's", "why")]
    for change in done.changes:
        first, *more = change.new or ("(not needed)",)
        rows.append((str(change.line), change.old or "(added)", first, change.why))
        rows += [("", "", word, "") for word in more]
    wide = [min(max(len(row[column]) for row in rows), most) for column, most in enumerate((6, 44, 60))]
    lines = [f"{name}, written for chart {done.chart_version}:", ""]
    for line, old, new, why in rows:
        lines.append(f"{line:>{wide[0]}}  {old:{wide[1]}}  {new:{wide[2]}}  {why}".rstrip())
    if any(change.is_added for change in done.changes):
        lines += ["", "Lines of added words are those of the new text."]
    lines.append("")
    if done.remaining:
        count = len(done.remaining)
        lines.append(f"{count} field{'s are' if count > 1 else ' is'} rendered otherwise than before:")
        lines += [f"  {left.object}  {left.field}\n      {left.reason}" for left in done.remaining]
    else:
        lines.append("Both render the same objects, field by field.")
    return "\n".join(lines)


def _json(done: Migration, name: str, *, with_text: bool) -> str:
    changes = [{"line": c.line, "old": c.old or None, "new": list(c.new), "why": c.why} for c in done.changes]
    found = {
        "file": name,
        "from": done.chart_version,
        "changed": done.after != done.before,
        "changes": changes,
        "differences": [{"object": d.object, "field": d.field, "reason": d.reason} for d in done.remaining],
        "findings": [_finding(finding) for finding in done.findings],
    }
    return json.dumps({**found, "text": done.after} if with_text else found, indent=2, ensure_ascii=False)


def _finding(finding: Finding) -> dict[str, object]:
    place = str(finding.place) if finding.place else None
    return {"level": finding.level.value, "code": finding.code, "place": place, "message": finding.message}


def _write(file: Path, text: str, source: Path) -> None:
    """Write the new text in one step, with the rights of the old file, which may hold secrets. Raises FileError."""
    file = file.resolve() if file.is_symlink() else file
    beside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        mark = codecs.BOM_UTF8 if source.is_file() and source.read_bytes()[:3] == codecs.BOM_UTF8 else b""
        beside.write_bytes(mark + text.encode())
        if source.is_file():
            shutil.copymode(source, beside)
        beside.replace(file)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise FileError(str(file), error.strerror or str(error)) from None
