"""All checks, one after the other: values, contradictions, the hub's Python, its traits, certificates, objects."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path as FilePath
from typing import IO

from chart_py.checks.silence import heard
from chart_py.context import Context
from chart_py.editions import TODAY
from chart_py.errors import FileError, ValuesError
from chart_py.finding import Finding, Level, in_order
from chart_py.values.load import Loaded, Source, listed, load_values, read_text


@dataclass(frozen=True)
class Result:
    """All findings in the order of the file; whether the values were `refused`, so that nothing was rendered; how many
    objects were checked, against which Kubernetes versions, and by which program; `too_old` says that the chart is for
    newer ones.
    """

    findings: tuple[Finding, ...]
    refused: bool = False
    objects: int = 0
    versions: tuple[str, ...] = ()
    by: str = ""
    note: str = ""
    too_old: str = ""


def validate(
    files: Source | Iterable[Source] = (),
    *,
    settings: Sequence[str] = (),
    file_settings: Sequence[str] = (),
    chart_version: str = TODAY,
    at: str = "",
    context: Context | None = None,
    kube_version: str | None = None,
    ignored: Collection[str] = (),
    strict: bool = False,
    assertions: Sequence[str | FilePath | IO[str]] = (),
    placeholders: bool = False,
) -> Result:
    """Check a configuration as far as that is possible without a cluster.

    With `placeholders`, places that are to be filled in (`${domain}`, `<your domain>`, `{{ x }}`) are told once and
    the rest is checked as if they were.

    `assertions` are files of sentences about who reaches whom, as `reach` has them. Raises UsageError for an unknown
    version; everything else is a finding.
    """
    from chart_py.checks.objects.schemas import LATEST, version_range

    versions = version_range(kube_version or LATEST)
    try:
        wanted = [(read_text(each), _name(each)) for each in assertions]
        said: list[Finding] = []
        if placeholders:
            files = _filled(files, said)
        loaded = load_values(files, settings=settings, file_settings=file_settings, chart_version=chart_version, at=at)
    except FileError as error:
        advice = (error.advice,) if error.advice else ()
        unread = Finding(Level.ERROR, "unreadable", (), error.reason, error.place, advice)
        return Result((unread,), refused=True)
    except ValuesError as error:
        return Result((*said, *error.findings, *_left_open(files, error, placeholders)), refused=True)
    result = check(loaded, context or Context(), versions, chart_version, wanted)
    findings = heard([*said, *result.findings], loaded.sources, ignored=ignored, strict=strict)
    return replace(result, findings=tuple(in_order(findings, loaded.sources.files)))


def _filled(files: Source | Iterable[Source], said: list[Finding]) -> list[Source]:
    """Values files with a stand-in for each place that is to be filled in."""
    from chart_py.checks.written.placeholders import filled

    made: list[Source] = []
    for each in listed(files):
        is_text = isinstance(each, (str, FilePath)) or hasattr(each, "read")
        made.append(filled(read_text(each), _name(each), said.append) if is_text else each)  # type: ignore[arg-type]
    return made


def _left_open(files: Source | Iterable[Source], error: ValuesError, placeholders: bool) -> list[Finding]:
    """Beside findings about places that are not filled in, what to type to have the rest checked."""
    from chart_py.checks.written.placeholders import REST

    if placeholders or not any(_has_placeholder(each) for each in error.findings):
        return []
    return [
        Finding(Level.NOTE, "not-filled-in", (), "some places of this configuration are not filled in", None, (REST,))
    ]


def _has_placeholder(finding: Finding) -> bool:
    import re

    from chart_py.checks.written.placeholders import KINDS

    line = finding.place.source if finding.place else ""
    return any(re.search(kind.pattern, line) for kind in KINDS)


def of_values(loaded: Loaded) -> list[Finding]:
    """What can be said without rendering: contradictions, comments, the hub's Python and its words, certificates."""
    from chart_py.checks import codes, rules, traps
    from chart_py.checks.hub import entries as hub_entries
    from chart_py.checks.hub import python as hub_python
    from chart_py.checks.hub import traits as hub_traits
    from chart_py.checks.network import certificates

    found = [*loaded.findings, *rules.contradictions(loaded), *codes.unknown(loaded.sources)]
    for part in (hub_python, hub_traits, hub_entries, traps, certificates):
        found += part.check(loaded)
    return [loaded.sources.in_own_words(finding) for finding in found]


def _name(file: str | FilePath | IO[str]) -> str:
    named = str(file) if isinstance(file, (str, FilePath)) else str(getattr(file, "name", "assertions"))
    return "<stdin>" if named == "-" else named


def _too_old(loaded: Loaded, versions: Sequence[str]) -> str:
    """What to say where the chart is for newer versions of Kubernetes than those that are asked about."""
    if loaded.edition.version == TODAY:
        # Whatever can be asked about is new enough.
        return ""
    from chart_py.editions.order import key
    from chart_py.editions.releases import RELEASES

    release = RELEASES.get(loaded.edition.version)
    if release is None or key(versions[0]) >= key(release.kubernetes):
        return ""
    return f"chart {release.version} is for Kubernetes {release.kubernetes} and newer"


def check(
    loaded: Loaded,
    context: Context,
    versions: Sequence[str],
    chart_version: str = TODAY,
    assertions: Sequence[tuple[str, str]] = (),
) -> Result:
    """Check loaded values, what they render against the schemas of the Kubernetes `versions`, and who reaches whom."""
    from chart_py.checks import policies
    from chart_py.checks.objects.against_schemas import check as check_objects
    from chart_py.checks.objects.origin import Origins
    from chart_py.rendering import context_for, render

    found = of_values(loaded)
    context = context_for(loaded, context)
    try:
        objects = render(loaded, context)
    except ValuesError as error:
        return Result((*found, *error.findings), refused=True)
    checked = check_objects(objects, versions, Origins(loaded, context, chart_version))
    reached = policies.check(loaded, objects, context, assertions)
    return Result(
        (*found, *checked.findings, *map(loaded.sources.in_own_words, reached)),
        objects=len(objects),
        versions=tuple(versions),
        by=checked.by,
        note=checked.note,
        too_old=_too_old(loaded, versions),
    )
