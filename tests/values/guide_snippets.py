"""What becomes of each YAML snippet of the guide of 2018: for the tests, and for the page docs/guide-snippets.md."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

import yaml

from chart_py.checks.everything import of_values
from chart_py.errors import ValuesError
from chart_py.finding import Finding, Level, dotted
from chart_py.migrate.migration import migrate
from chart_py.rendering import context_for, render
from chart_py.values.load import load_values

MADE = "<!-- Made by scripts/make-docs; a test fails when it is stale. -->"


@dataclass(frozen=True)
class Snippet:
    """One snippet: its line in the guide, what it is about, its text."""

    line: int
    about: str
    text: str


SNIPPETS = [
    Snippet(**said)
    for said in yaml.safe_load((Path(__file__).parent / "guide_snippets.yaml").read_text(encoding="utf-8"))
]


@dataclass(frozen=True)
class Outcome:
    """What became of a snippet with the guide's defaults: how many objects, its findings, its words in today's."""

    objects: int
    findings: tuple[Finding, ...]
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()


def outcome(snippet: Snippet) -> Outcome:
    """Render a snippet as a whole configuration would be, and look at it as `validate` does."""
    file = io.StringIO(snippet.text)
    file.name = "snippet.yaml"
    try:
        loaded = load_values([file], chart_version="0.7")
    except ValuesError as error:
        return Outcome(0, error.findings)
    done = migrate(snippet.text, "snippet.yaml", chart_version="0.7")
    assert done.remaining == ()
    words = tuple((change.old, change.new) for change in done.changes if not change.is_added)
    findings = tuple(f for f in of_values(loaded) if f.code != "old-settings")
    return Outcome(len(render(loaded, context_for(loaded))), tuple(dict.fromkeys(findings)), words)


def page() -> str:
    """The table of all snippets."""
    lines = ["# The guide's snippets", "", MADE, ""]
    lines += [
        "The guide of 2018 shows these configurations. Each is a test: it renders with `--chart-version 0.7`, and",
        "`migrate --from 0.7` rewrites it so that it renders the same without; or it is refused with a finding that",
        "says what to write. The lines are those of the guide's text. Words that only older charts had are shown with",
        "today's; a snippet without any has today's settings as it stands.",
        "",
        "| line | about | what became of it |",
        "| --- | --- | --- |",
    ]
    for snippet in SNIPPETS:
        told = "<br>".join(_told(outcome(snippet))).replace("|", "\\|")
        lines.append(f"| {snippet.line} | {snippet.about} | {told} |")
    return "\n".join(lines) + "\n"


def _told(found: Outcome) -> list[str]:
    if not found.objects:
        return [f"refused: {_said(finding)}" for finding in found.findings if finding.level is Level.ERROR]
    rows = ["renders"]
    for old, new in found.words:
        rows.append(f"`{old}` is {' and '.join(f'`{word}`' for word in new) or 'not needed any more'}")
    return rows + [f"{finding.level.value}: {_said(finding)}" for finding in found.findings]


def _said(finding: Finding) -> str:
    word = f"`{dotted(finding.path)}`: " if finding.path else ""
    return f"{word}{finding.message} ({finding.code})".replace("<", "&lt;")
