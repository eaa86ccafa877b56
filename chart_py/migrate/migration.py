"""A migration from beginning to end: read, translate, rewrite, add what keeps the meaning, prove."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from chart_py.checks.login import login
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.editions import TODAY, edition
from chart_py.errors import ValuesError
from chart_py.finding import Finding, Level, Path, dotted, in_order
from chart_py.manifest import Manifest
from chart_py.manifest.difference import differences, is_checksum
from chart_py.manifest.embedded import opened
from chart_py.manifest.key import key_of
from chart_py.manifest.shown import lines
from chart_py.migrate import additions
from chart_py.migrate.rewrite import rewritten
from chart_py.migrate.source import data, document
from chart_py.rendering import context_for, render
from chart_py.values.layer import Layer, from_text
from chart_py.values.load import Loaded, default_tree, from_layers
from chart_py.values.old_meaning import LET_IN, translate
from chart_py.values.place import umbrellas
from chart_py.values.translation import Step

GUIDE = "0.7"
UNEXPLAINED = "the rewriting lost it, which is a fault of chart_py: please report it with both files"


@dataclass(frozen=True)
class Change:
    """One row of the table: the line, the old word, the new words, and why.

    `line` counts in the old text; for a word that was added, whose `old` is empty, in the new one. `new` is empty for a
    word that nothing reads any more, or that today's defaults say already.
    """

    line: int
    old: str
    new: tuple[str, ...]
    why: str

    @property
    def is_added(self) -> bool:
        """Whether the word stands only in the new text."""
        return not self.old


@dataclass(frozen=True)
class Remaining:
    """A field that the old and the new text do not render alike, and the reason."""

    object: str
    field: str
    reason: str


@dataclass(frozen=True)
class Migration:
    """What became of one text: `after` is the new one, the same as `before` where there was nothing to do."""

    before: str
    after: str
    chart_version: str
    changes: tuple[Change, ...] = ()
    findings: tuple[Finding, ...] = ()
    remaining: tuple[Remaining, ...] = ()


def migrate(text: str, name: str, *, chart_version: str | None = None, release: str = "jhub") -> Migration:
    """The configuration `text`, called `name`, in today's words.

    `chart_version` is the version whose defaults it was written for; None takes the guide's where the text has a word
    of an older chart, today's where it has none. Raises UsageError for a version that is not known, ValuesError where
    the text, or what became of it, would not load.
    """
    if chart_version is not None:
        edition(chart_version)
    breaks = "\r\n" if "\r\n" in text and text.count("\n") == text.count("\r\n") else "\n"
    plain = text.replace("\r\n", "\n") if breaks == "\r\n" else text
    findings: list[Finding] = []
    layer = from_text(plain, name, findings.append)
    _refuse(findings)
    done = Migration(plain, plain, chart_version or TODAY)
    for prefix in prefixes(layer.tree):
        done = _below(done, layer, prefix, chart_version, release)
    return replace(done, before=text, after=done.after.replace("\n", breaks) if breaks == "\r\n" else done.after)


def prefixes(tree: dict[str, Any]) -> list[Path]:
    """Where the chart's own settings begin: at the top, or below `jupyterhub` in the file of an umbrella chart."""
    return umbrellas(tree) or [()]


def _refuse(findings: list[Finding]) -> None:
    if any(finding.level is Level.ERROR for finding in findings):
        raise ValuesError(in_order(findings))


def _below(done: Migration, whole: Layer, prefix: Path, version: str | None, release: str) -> Migration:
    """`done` with the part of the text below `prefix` migrated too."""
    layer = whole.below(prefix)
    version = version or _version(layer)
    old = from_layers([layer], chart_version=version, release=release)
    found = translate([layer], default_tree((), version), _ignore, chart_version=version, release=release)[0]
    after = rewritten(done.after, found.steps, found.layer, prefix)
    changes = [_change(layer, step, prefix) for step in found.steps if step.row is not LET_IN]
    new = _loaded(after, prefix, release)
    words = additions.overlay(new.tree, old.tree)
    groups = list(additions.groups(words, data(after, prefix)))
    after = additions.added(after, words, version, prefix)
    if words:
        new = _loaded(after, prefix, release)
    changes += _added(after, groups, prefix)
    findings = [f for f in old.findings if f.code != "old-words"]
    return Migration(
        done.before,
        after,
        version,
        (*done.changes, *sorted(changes, key=lambda change: (change.is_added, change.line))),
        (*done.findings, *in_order([*findings, *login(old)])),
        (*done.remaining, *prove(old, new, release)),
    )


def _version(layer: Layer) -> str:
    found = translate([layer], default_tree(), _ignore)
    return GUIDE if found[0].steps else TODAY


def _ignore(_: Finding) -> None:
    """Findings that are said elsewhere."""


def _loaded(text: str, prefix: Path, release: str) -> Loaded:
    findings: list[Finding] = []
    layer = from_text(text, "the migrated configuration", findings.append)
    _refuse(findings)
    return from_layers([layer.below(prefix)], release=release)


def _change(layer: Layer, step: Step, prefix: Path) -> Change:
    new = tuple(dotted(prefix + path) for path in step.new)
    return Change(layer.place(step.old).line, dotted(prefix + step.old), new, step.row.why)


def _added(text: str, groups: list[Path], prefix: Path) -> list[Change]:
    doc, changes = document(text), []
    for path in groups:
        entry = doc.entry(prefix + path)
        then, today = additions.meaning(path) or ("the same value", "another one")
        why = f"keeps {then}; take it out for today's default: {today}"
        changes.append(Change(doc.line(entry.key.start) if entry else 0, "", (dotted(prefix + path),), why))
    return changes


def prove(old: Loaded, new: Loaded, release: str = "jhub") -> list[Remaining]:
    """Render both for the same release with the same secrets: the fields that differ, none where all is kept.

    Checksums are left out: they follow from what they are of, and from the order in which its words were written.
    """
    context = Context(release=release)
    before, after = (_objects(loaded, context) for loaded in (old, new))
    found: list[Remaining] = []
    for key in [*before, *(key for key in after if key not in before)]:
        for difference in differences(before.get(key, {}), after.get(key, {})):
            if not is_checksum(difference.path):
                found += [Remaining(key, line, UNEXPLAINED) for line in lines(difference)]
    return found


def _objects(loaded: Loaded, context: Context) -> dict[str, Manifest]:
    objects = render(loaded, context_for(loaded, context, token=lambda: MASK))
    return {str(key_of(manifest)): opened(manifest) for manifest in objects}
