"""Findings that somebody does not want to hear: codes silenced in the file or by a flag, warnings raised to errors."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace

from chart_py.finding import Finding, Level, Place
from chart_py.pattern import Pattern
from chart_py.values.load import UNKNOWN
from chart_py.values.sources import Sources

_COMMENT = Pattern(r"(?:^|\s)#\s*chart-py:\s*ignore=([\w-]+(?:\s*,\s*[\w-]+)*)")


def heard(
    findings: Iterable[Finding], sources: Sources, *, ignored: Collection[str] = (), strict: bool = False
) -> list[Finding]:
    """The findings that remain; with `strict`, warnings as errors.

    `# chart-py: ignore=CODE` after a setting silences the code for its line, on a line of its own for the next line,
    and above the first setting of a file for the whole file. Several codes have commas between them.
    """
    lines = {layer.name: layer.lines for layer in sources.layers if layer.lines}
    kept = []
    for finding in findings:
        place = finding.place
        silenced = place is not None and place.line and finding.code in _codes(lines.get(place.file, []), place.line)
        is_known = finding.code in UNKNOWN or not sources.is_unknown(finding.path)
        if finding.code not in ignored and not silenced and is_known:
            raised = strict and finding.level is Level.WARNING
            kept.append(replace(finding, level=Level.ERROR) if raised else finding)
    return kept


def named(sources: Sources) -> Iterator[tuple[str, Place]]:
    """Every code that a comment of a file names, and where it stands."""
    for layer in sources.layers:
        for number, line in enumerate(layer.lines, 1):
            for comment in _COMMENT.finditer(line):
                start = comment.start(1)
                for part in comment[1].split(","):
                    code = part.strip()
                    column = start + part.index(code) + 1
                    yield code, Place(layer.name, number, column, len(code), line)
                    start += len(part) + 1


def _codes(lines: list[str], number: int) -> set[str]:
    """The codes that are silenced for line `number`, which counts from 1."""
    said = [lines[number - 1]] if number <= len(lines) else []
    above = number - 2
    while 0 <= above < len(lines) and lines[above].lstrip().startswith("#"):
        said.append(lines[above])
        above -= 1
    for line in lines:
        if line.strip() and not line.lstrip().startswith("#") and line.strip() != "---":
            break
        said.append(line)
    return {code.strip() for line in said for found in _COMMENT.finditer(line) for code in found[1].split(",")}
