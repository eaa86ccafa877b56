"""A migration from beginning to end: read, translate, rewrite, add what keeps the meaning, prove."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import yaml

from chart_py.checks.login.allowed import login
from chart_py.context import Context
from chart_py.credentials import MASK
from chart_py.editions import edition
from chart_py.errors import UsageError, ValuesError
from chart_py.finding import Finding, Level, Path, dotted, in_order
from chart_py.manifest import Manifest
from chart_py.manifest.difference import MISSING, Difference, differences, is_checksum
from chart_py.manifest.embedded import opened
from chart_py.manifest.key import key_of
from chart_py.manifest.shown import lines
from chart_py.migrate import additions
from chart_py.migrate.rewrite import rewritten
from chart_py.migrate.source import data, document
from chart_py.migrate.versions import Guess, Way, guess, protections, way
from chart_py.rendering import context_for, render
from chart_py.values.layer import Layer, from_text
from chart_py.values.load import Loaded, default_tree, from_layers
from chart_py.values.old_meaning import ALLOW_ALL, LET_IN, translate
from chart_py.values.place import umbrellas
from chart_py.values.translation import Step

LEFT_OUT = "left out on purpose: this file alone does not say who may log in"
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


def migrate(
    text: str,
    name: str,
    *,
    chart_version: str | None = None,
    to: str | None = None,
    release: str = "jhub",
    whole: bool = True,
) -> Migration:
    """The configuration `text`, called `name`, with the settings of the chart `to`, today's where that is None.

    `chart_version` is the chart that it was written for; None where it has no setting of an older chart. Without
    `whole`, the text is one of several that make a hub: nothing is added that lets anybody in, and what only another
    file can explain stays as it is. Raises UsageError for a version that is not known, or that has to be given;
    ValuesError where the text, or what became of it, would not load.
    """
    [done] = migrate_layers([(text, name)], chart_version=chart_version, to=to, release=release, whole=whole)
    return done


def migrate_layers(
    texts: Sequence[tuple[str, str]],
    *,
    chart_version: str | None = None,
    to: str | None = None,
    release: str = "jhub",
    whole: bool = True,
) -> list[Migration]:
    """All files of one hub, each as (text, name), the lowest first: each rewritten, their sum proven to be the same.

    What keeps the meaning of the guide's defaults is added to the first; the defaults of charts since then are left to
    the new chart, and `upgrade` explains them. What would open what was closed is written out. What differs in the
    sum is in the last one's `remaining`. Arguments and errors are those of `migrate`.
    """
    going = way(chart_version, to)
    files = [_File.read(text, name) for text, name in texts]
    every = [prefixes(file.layer.tree) for file in files]
    # A file of several umbrella charts has several hubs; files that are laid over each other have one.
    for number in range(max(len(found) for found in every)):
        chosen = [found[min(number, len(found) - 1)] for found in every]
        _together(files, chosen, going, release, whole)
    return [file.migration(going.older or going.newer) for file in files]


@dataclass
class _File:
    """One file while it is migrated: its text with plain line ends, what became of it, and what is to be told."""

    before: str
    breaks: str
    text: str
    layer: Layer
    version: str = ""
    changes: list[Change] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    remaining: list[Remaining] = field(default_factory=list)

    @classmethod
    def read(cls, text: str, name: str) -> _File:
        """The file `name` with its `text`. Raises ValuesError."""
        breaks = "\r\n" if "\r\n" in text and text.count("\n") == text.count("\r\n") else "\n"
        plain = text.replace("\r\n", "\n") if breaks == "\r\n" else text
        findings: list[Finding] = []
        layer = from_text(plain, name, findings.append)
        _refuse(findings)
        if not isinstance(layer.node, yaml.MappingNode):
            # A null that is written out says nothing, and nothing can be put below it.
            plain = "".join(f"{line}\n" for line in layer.lines if line.startswith("#"))
            layer = from_text(plain, name, findings.append)
        return cls(text, breaks, plain, layer)

    def migration(self, version: str) -> Migration:
        """What became of it."""
        after = self.text.replace("\n", self.breaks) if self.breaks != "\n" else self.text
        told = (tuple(self.changes), tuple(self.findings), tuple(self.remaining))
        return Migration(self.before, after, self.version or version, *told)


def _together(files: list[_File], prefix: list[Path], going: Way, release: str, whole: bool) -> None:
    """Migrate what the files say below their prefixes, as one hub."""
    layers = [file.layer.below(path) for file, path in zip(files, prefix, strict=True)]
    if not going.older:
        _need_version(layers)
    guessed = Guess() if going.older else guess(layers)
    version = going.older or guessed.newest or going.newer
    # What the files mean: with the guide's defaults, or with those of the chart that they go to.
    meaning = going.older if going.keeps_defaults else going.newer
    guards = protections(layers, going._replace(older=going.older or guessed.newest))
    own = [Layer("what stays closed", guards), *layers] if guards else layers
    old = from_layers(own, chart_version=meaning, release=release)
    found = translate(layers, default_tree((), meaning), _ignore, edition=edition(meaning), release=release)
    lets_in = any(step.row is LET_IN for each in found for step in each.steps)
    kept = not whole and _needs_another(layers)
    for file, layer, each, path in zip(files, layers, found, prefix, strict=True):
        steps = [step for step in each.steps if not (kept and step.old[0] == "auth")]
        file.version = guessed.text or version
        file.text = rewritten(file.text, steps, each.layer, path, going.newer)
        file.changes += sorted(
            (_change(layer, step, path) for step in steps if step.row is not LET_IN), key=lambda change: change.line
        )
    wanted = old.tree if whole or kept or not lets_in else _without(old.tree, ALLOW_ALL)
    _add(files, prefix, wanted, version, release, going.newer)
    new = _loaded([file.text for file in files], prefix, release, going.newer)
    last = files[-1]
    last.findings += [f for f in in_order([*old.findings, *login(old)]) if f.code != "old-settings"]
    if kept:
        last.findings.append(_said(layers, "auth stays as it is: only a file with auth.type says what it means"))
    elif lets_in and not whole:
        message = (
            "everyone who passes the login was let in by this file alone; that is not written, as another may say who"
        )
        last.findings.append(_said(layers, message))
    last.remaining += prove(old, new, release)


def _said(layers: Sequence[Layer], message: str) -> Finding:
    layer = next((each for each in reversed(layers) if each.has(("auth",))), layers[-1])
    advice = (
        "Give all files of the hub at once, the lowest first: chart-py migrate base.yaml prod.yaml",
        "If this file is the whole configuration, add --whole.",
    )
    return Finding(Level.WARNING, "part-of-a-login", ("auth",), message, layer.place(("auth",)), advice)


def _needs_another(layers: Sequence[Layer]) -> bool:
    """Whether there is a login of old settings here, but not what kind of login it is."""
    trees = [auth for layer in layers if isinstance(auth := layer.tree.get("auth"), dict)]
    return bool(trees) and not any("type" in auth for auth in trees)


def _without(tree: dict[str, Any], path: Path) -> dict[str, Any]:
    if path[0] not in tree:
        return tree
    if len(path) == 1:
        return {key: value for key, value in tree.items() if key != path[0]}
    below = _without(tree[path[0]], path[1:]) if isinstance(tree[path[0]], dict) else tree[path[0]]
    return {key: below if key == path[0] else value for key, value in tree.items() if key != path[0] or below}


def _add(
    files: list[_File], prefix: list[Path], wanted: dict[str, Any], version: str, release: str, newer: str
) -> None:
    """Add what keeps the meaning of old defaults: to the first file, and to the last what others would hide there."""
    for number in dict.fromkeys((0, len(files) - 1)):
        words = additions.overlay(_loaded([file.text for file in files], prefix, release, newer).tree, wanted)
        if words:
            file, path = files[number], prefix[number]
            groups = list(additions.groups(words, data(file.text, path)))
            file.text = additions.added(file.text, words, version, path)
            file.changes += sorted(_added(file.text, groups, path), key=lambda change: change.line)


def prefixes(tree: dict[str, Any]) -> list[Path]:
    """Where the chart's own settings begin: at the top, or below `jupyterhub` in the file of an umbrella chart."""
    return umbrellas(tree) or [()]


def _refuse(findings: list[Finding]) -> None:
    if any(finding.level is Level.ERROR for finding in findings):
        raise ValuesError(in_order(findings))


def _need_version(layers: Sequence[Layer]) -> None:
    """Raise UsageError for files with a setting of a chart before 1.0: they have to say their version."""
    steps = [step for each in translate(layers, default_tree(), _ignore) for step in each.steps]
    old = [step.old for step in steps if step.row.is_before_1]
    if not old:
        return
    names = " ".join(dict.fromkeys(layer.name for layer in layers))
    later = next((word for layer in layers for word in _LATER if layer.has(word)), None)
    seen = f"{dotted(old[0])} is a setting of charts before 1.0"
    seen += f", and {dotted(later)} one of later charts" if later else ""
    guide = "" if later else f"\n   chart-py migrate {names} --from 0.7      for the guide of 2018"
    raise UsageError(
        f"cannot tell which chart {names} was written for: {seen}{guide}\n"
        f"   chart-py migrate {names} --from VERSION  for another; `helm list` shows it as CHART"
    )


# Settings that the charts of the guide did not have.
_LATER: tuple[Path, ...] = (
    ("hub", "config"),
    *(
        (*pods, "networkPolicy", "egressAllowRules")
        for pods in (("hub",), ("proxy", "chp"), ("proxy", "traefik"), ("singleuser",))
    ),
    ("prePuller", "continuous"),
    ("proxy", "traefik"),
    ("scheduling", "userScheduler", "pdb"),
)


def _ignore(_: Finding) -> None:
    """Findings that are said elsewhere."""


def _loaded(texts: Sequence[str], prefix: Sequence[Path], release: str, version: str) -> Loaded:
    findings: list[Finding] = []
    layers = [from_text(text, "the migrated configuration", findings.append) for text in texts]
    _refuse(findings)
    below = [layer.below(path) for layer, path in zip(layers, prefix, strict=True)]
    return from_layers(below, chart_version=version, release=release)


def _change(layer: Layer, step: Step, prefix: Path) -> Change:
    new = tuple(dotted(prefix + path) for path in step.new)
    return Change(layer.place(step.old).line, dotted(prefix + step.old), new, step.row.why)


def _added(text: str, groups: list[Path], prefix: Path) -> list[Change]:
    doc, changes = document(text), []
    for path in groups:
        entry = doc.entry(prefix + path)
        then, today = additions.meaning(path) or ("the same value", "another one")
        why = f"as before: {then}; remove it for today's default: {today}"
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
                reason = LEFT_OUT if _only_lets_in(difference) else UNEXPLAINED
                found += [Remaining(key, line, reason) for line in lines(difference)]
    return found


def _only_lets_in(difference: Difference) -> bool:
    """Whether all that differs is that everybody was let in, and now is not."""
    for depth in range(len(ALLOW_ALL)):
        value: Any = True
        for step in reversed(ALLOW_ALL[len(ALLOW_ALL) - depth :]):
            value = {step: value}
        where = ALLOW_ALL[: len(ALLOW_ALL) - depth]
        if difference.path[-len(where) :] == where and difference.before == value and difference.after is MISSING:
            return True
    return False


def _objects(loaded: Loaded, context: Context) -> dict[str, Manifest]:
    objects = render(loaded, context_for(loaded, context, token=lambda: MASK))
    return {str(key_of(manifest)): opened(manifest) for manifest in objects}
